# One row per export: its file as it lies on disk, counted by Python's CSV parser, not by the warehouse.
def model(dbt, session):
    from coproduction.exports.reading import count_export_files
    from coproduction.frames import to_relation
    from coproduction.project import project_directory

    exports = dbt.ref("stg_exports").df()
    return to_relation(session, count_export_files(project_directory(), list(exports["export_id"])))
