# One row per fact about the published file: its build, inputs, tools, tables with their rows, and guarding tests.
def model(dbt, session):
    from coproduction.build.publication import publish

    # dbt looks for these calls, each with a name, before it runs the model.
    return publish(
        session,
        str(dbt.this),
        with_respondents=dbt.config.meta_get("publish_respondents"),
        minimum_base=dbt.config.meta_get("minimum_base"),
        small_base=dbt.config.meta_get("small_base"),
    )
