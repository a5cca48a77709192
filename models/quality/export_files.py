# One row per export: its rows in the file on disk, counted by Python's CSV parser, not by the warehouse.
def model(dbt, session):
    from dbt_common.invocation import get_invocation_id

    from coproduction.build.checked_exports import counted_by_check
    from coproduction.build.handover import computed
    from coproduction.build.project import project_directory, target_directory
    from coproduction.exports.counting import count_export_files

    export_ids = [export_id for (export_id,) in dbt.ref("stg_exports").select("export_id").fetchall()]
    by_check = counted_by_check(target_directory(), get_invocation_id())
    return computed(session, count_export_files, project_directory(), export_ids, by_check)
