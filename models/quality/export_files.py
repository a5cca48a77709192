# One row per export: its rows in the file on disk, counted by Python's CSV parser, not by the warehouse.
def model(dbt, session):
    from coproduction.build.handover import computed
    from coproduction.build.project import project_directory
    from coproduction.exports.counting import count_export_files

    export_ids = [export_id for (export_id,) in dbt.ref("stg_exports").select("export_id").fetchall()]
    return computed(session, count_export_files, project_directory(), export_ids)
