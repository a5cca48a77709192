# One row per claimed column and rule: whether every answer in the file follows the rule. The gate of the build.
def model(dbt, session):
    from coproduction.build.handover import computed
    from coproduction.exports.expectations import validate_answers

    profile, questions, answers = dbt.ref("answer_profile"), dbt.ref("stg_questions"), dbt.ref("stg_answer_codes")
    scales, tolerated, files = dbt.ref("scales"), dbt.ref("tolerated_answers"), dbt.ref("export_files")
    relations = (profile, questions, answers, scales, tolerated, files)
    return computed(session, validate_answers, *relations)
