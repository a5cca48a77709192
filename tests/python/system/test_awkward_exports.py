"""Exports as they arrive: each awkward one has a defined outcome and a message that says what to do."""

import pytest


def test_without_synthetic_exports_everything_builds_empty(project):
    build = project.build("--vars", "{include_synthetic: false}")
    assert build.succeeded, build.output
    tables = project.query(
        """
        select schema_name || '.' || table_name as name, estimated_size
        from duckdb_tables() where schema_name in ('staging', 'intermediate', 'marts', 'counts', 'estimates', 'reports')
        """
    )
    filled = set(tables.loc[tables.estimated_size > 0, "name"])
    assert filled == {"staging.stg_answer_codes", "reports.rpt_exports"}
    reasons = set(project.query("from reports.rpt_exports").reason)
    assert reasons == {"synthetic, and include_synthetic is false"}
    types = project.query("describe reports.rpt_levels").set_index("column_name").column_type
    assert (types["estimate"], types["is_small_base"]) == ("DOUBLE", "BOOLEAN")


def test_an_empty_list_of_exports_builds_empty(project):
    build = project.build("--vars", "{exports: []}")
    assert build.succeeded, build.output
    assert project.query("from reports.rpt_levels").empty
    assert project.query("from quality.answer_reconciliation").empty


def test_header_only_export_has_no_estimates_and_stops_nobody(project):
    header = project.read_export("swansea")[0]
    project.write_export("swansea", [header])
    build = project.build()
    assert build.succeeded, build.output
    assert set(project.query("select distinct council_id from reports.rpt_levels").council_id) == {
        "barnet",
        "bristol",
        "derbyshire_dales",
        "wolverhampton",
    }
    areas = project.query(
        "from reports.rpt_study_areas where council_id = 'swansea' and measure_id = 'respondents'"
    ).iloc[0]
    assert (areas.estimate, areas.is_small_base) == (0, True)
    note = project.run("coproduction", "check")
    assert note.succeeded
    assert "seeds/exports/swansea.csv" in note.output
    assert "no data rows" in note.output


def test_extra_column_and_duplicates_are_listed_flagged_and_counted(built, project):
    header, *rows = project.read_export("barnet")
    identifier = header.index("RespondentID")
    conflicting = list(rows[0])
    place = header.index("Q12_3")
    conflicting[place] = "Often" if conflicting[place] != "Often" else "Never"
    nobody = list(rows[2])
    nobody[identifier] = ""
    awkward = [*rows, conflicting, list(rows[1]), nobody]
    project.write_export("barnet", [[*header, "Batch"], *([*row, "7"] for row in awkward)])
    build = project.build()
    assert build.succeeded, build.output

    assert "Batch" in set(project.query("from quality.unclaimed_columns where export_id = 'barnet'").column_name)
    flags = project.query("from marts.dim_respondent where export_id = 'barnet' and (is_duplicate or is_id_blank)")
    assert flags.is_conflicting_duplicate.sum() == 2
    assert flags.is_excluded.sum() == 3
    assert flags.is_id_blank.sum() == 1
    survey = project.query("from marts.dim_survey where council_id = 'barnet'").iloc[0]
    # 430 and the three that were added; the conflicting pair and one of the identical pair take no part.
    assert (survey.n_respondents, survey.n_excluded) == (433, 3)

    note = project.run("coproduction", "check")
    assert note.succeeded
    for part in ("seeds/exports/barnet.csv", "Batch", "RespondentID", rows[0][identifier], rows[1][identifier]):
        assert part in note.output, part


def _without_a_claimed_column(project):
    rows = project.read_export("bristol")
    place = rows[0].index("env_group")
    project.write_export("bristol", [row[:place] + row[place + 1 :] for row in rows])
    return ["seeds/exports/bristol.csv", "env_group", "seeds/codebook/questions.csv"]


def _in_cp1252(project):
    path = project.export_path("derbyshire_dales")
    path.write_bytes(path.read_text(encoding="utf-8").encode("cp1252"))
    return ["seeds/exports/derbyshire_dales.csv", "line", "0x92", "UTF-8"]


def _with_semicolons(project):
    path = project.export_path("wolverhampton")
    path.write_text(path.read_text(encoding="utf-8").replace(",", ";"), encoding="utf-8")
    return ["seeds/exports/wolverhampton.csv", "semicolon", "comma"]


def _without_a_header(project):
    project.export_path("swansea").write_text("", encoding="utf-8")
    return ["seeds/exports/swansea.csv", "empty"]


@pytest.mark.parametrize("spoil", [_without_a_claimed_column, _in_cp1252, _with_semicolons, _without_a_header])
def test_unreadable_export_is_refused_and_good_results_stay(project, spoil):
    project.warehouse_path.write_bytes(b"the previous results")
    expected = spoil(project)
    check = project.run("coproduction", "check")
    build = project.build()
    for refusal in (check, build):
        assert refusal.returncode != 0
        assert "Traceback" not in refusal.output
        for part in expected:
            assert part.lower() in refusal.output.lower(), (part, refusal.output)
    assert project.warehouse_path.read_bytes() == b"the previous results"


def test_a_warehouse_in_use_is_named_and_not_touched(built, project):
    project.warehouse_path.write_bytes(built.warehouse_path.read_bytes())
    with project.connect():
        # A second process, because DuckDB shares one file within a process.
        build = project.build()
    assert build.returncode != 0
    assert "Traceback" not in build.output
    for part in ("coproduction.duckdb", "in use by process", "close that program"):
        assert part in build.output, part


def test_what_looks_like_personal_data_is_in_no_byte_of_the_warehouse(project):
    header, *rows = project.read_export("barnet")
    secrets = [f"resident{number}@mailbox.example" for number in range(len(rows))]
    rows = [[*row, secret] for row, secret in zip(rows, secrets, strict=True)]
    project.write_export("barnet", [[*header, "contact"], *rows])
    parts = ["+answer_reconciliation", "+unclaimed_columns", "--exclude-resource-type", "test", "unit_test"]
    build = project.build("--select", *parts)
    assert build.succeeded, build.output
    assert b"@mailbox.example" not in project.warehouse_path.read_bytes()
    columns = project.query("from quality.unclaimed_columns where export_id = 'barnet'").set_index("column_name")
    assert columns.loc["contact", ["looks_like", "is_loaded"]].tolist() == ["e-mail address", False]
    cells = project.query("from quality.answer_reconciliation where export_id = 'barnet'").iloc[0]
    # The comments of the bundled export look like free text.
    assert (cells.n_not_loaded, cells.is_balanced) == (2 * len(rows), True)

    build = project.build("--select", *parts, "--vars", "{load_personal_columns: [barnet.contact]}")
    assert build.succeeded, build.output
    assert "WARNING: barnet.contact: what looks like personal data is loaded" in build.output
    assert project.query("select contact from raw.barnet").contact.tolist() == secrets
    cells = project.query("from quality.answer_reconciliation where export_id = 'barnet'").iloc[0]
    assert (cells.n_not_loaded, cells.is_balanced) == (len(rows), True)
