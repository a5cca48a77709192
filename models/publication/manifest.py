# One row per fact about the published file: its build, inputs, tools, tables with their rows, and guarding tests.
def model(dbt, session):
    from coproduction.publishing.publication import publish

    return publish(session, str(dbt.this), dbt.config.meta_get("publish_respondents"))
