# One row per export: its file as it lies on disk, counted by Python's CSV parser, not by the warehouse.
def model(dbt, session):
    from coproduction.frames import computed
    from coproduction.project import project_directory

    export_ids = [export_id for (export_id,) in dbt.ref("stg_exports").select("export_id").fetchall()]
    return computed(session, "exports.reading:count_export_files", project_directory(), export_ids)
