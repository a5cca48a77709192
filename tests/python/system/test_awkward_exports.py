"""Exports as they arrive: each awkward one has a defined outcome and a message that says what to do."""

import csv

import duckdb
import pytest

from coproduction.exports.leaving_out import check_exports
from studies import WOLVERHAMPTON_ID


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
    # Labels and answers are those of the codebook, and the audit reads the print, whatever is built.
    audit = {"estimates.est_paper_audit", "reports.rpt_paper_audit"}
    assert filled == {"staging.stg_answer_codes", "marts.dim_label", "reports.rpt_exports"} | audit
    verdicts = project.query("from reports.rpt_paper_audit where claim_id is null").arithmetic_verdict
    assert (len(verdicts), verdicts.eq("impossible").sum()) == (181, 12)
    reasons = set(project.query("from reports.rpt_exports").reason)
    assert reasons == {"synthetic, and include_synthetic is false"}
    assert not project.query("from reports.rpt_exports").is_left_out.any()
    types = project.query("describe reports.rpt_levels").set_index("column_name").column_type
    assert (types["estimate"], types["is_small_base"]) == ("DOUBLE", "BOOLEAN")


def test_an_empty_list_of_exports_builds_empty(project):
    # What loops over the exports, and the first table that counts their respondents.
    parts = ["+dim_survey", "+answer_reconciliation", "--exclude-resource-type", "test", "unit_test"]
    build = project.build("--select", *parts, "--vars", "{exports: []}")
    assert build.succeeded, build.output
    assert project.query("from marts.dim_survey").empty
    assert project.query("from quality.answer_reconciliation").empty


def test_header_only_export_has_no_estimates_and_stops_nobody(odd):
    project, _ = odd
    councils = set(project.query("select distinct council_id from reports.rpt_levels").council_id)
    assert councils == {"barnet", "bristol", "wolverhampton"}
    areas = project.query(
        "from reports.rpt_study_areas where council_id = 'swansea' and measure_id = 'respondents'"
    ).iloc[0]
    assert (areas.estimate, areas.is_small_base) == (0, True)
    note = project.run("coproduction", "check")
    assert note.succeeded
    assert "seeds/exports/swansea.csv" in note.output
    assert "no data rows" in note.output


def test_extra_column_and_duplicates_are_listed_flagged_and_counted(odd):
    project, _ = odd
    unclaimed = project.query("from quality.unclaimed_columns where export_id = 'wolverhampton'")
    assert "Batch" in set(unclaimed.column_name)
    flags = project.query(
        "from marts.dim_respondent where export_id = 'wolverhampton' and (is_duplicate or is_id_blank)"
    )
    assert flags.is_conflicting_duplicate.sum() == 2
    assert flags.is_excluded.sum() == 3
    assert flags.is_id_blank.sum() == 1
    header, *rows = project.read_export("wolverhampton")
    survey = project.query("from marts.dim_survey where council_id = 'wolverhampton'").iloc[0]
    # All rows, with the three that were added; the conflicting pair and one of the identical pair take no part.
    assert (survey.n_respondents, survey.n_excluded) == (len(rows), 3)

    note = project.run("coproduction", "check")
    assert note.succeeded
    place = header.index(WOLVERHAMPTON_ID)
    for part in ("seeds/exports/wolverhampton.csv", "Batch", WOLVERHAMPTON_ID, rows[0][place], rows[1][place]):
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
    rows = project.read_export("wolverhampton")
    with project.export_path("wolverhampton").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows(rows)
    return ["seeds/exports/wolverhampton.csv", "semicolon", "comma"]


def _without_a_header(project):
    project.export_path("swansea").write_text("", encoding="utf-8")
    return ["seeds/exports/swansea.csv", "empty"]


SPOILED = [_without_a_claimed_column, _in_cp1252, _with_semicolons, _without_a_header]


def test_unreadable_exports_are_refused_together_and_good_results_stay(project):
    project.warehouse_path.write_bytes(b"the previous results")
    expected = [part for spoil in SPOILED for part in spoil(project)]
    check = project.run("coproduction", "check")
    build = project.build()
    for refusal in (check, build):
        assert refusal.returncode != 0
        assert "Traceback" not in refusal.output
        for part in expected:
            assert part.lower() in refusal.output.lower(), (part, refusal.output)
    assert project.warehouse_path.read_bytes() == b"the previous results"


@pytest.mark.parametrize("spoil", SPOILED)
def test_an_unreadable_export_is_refused_by_itself(project, spoil):
    """Each alone, without dbt."""
    expected = spoil(project)
    (error,) = check_exports(project.directory, with_notes=False).errors
    for part in expected:
        assert part.lower() in str(error).lower(), (part, error)


def test_a_warehouse_in_use_is_named_and_not_touched(built, project):
    project.warehouse_path.write_bytes(built.warehouse_path.read_bytes())
    with project.connect():
        # A second process, because DuckDB shares one file within a process.
        build = project.build()
    assert build.returncode != 0
    assert "Traceback" not in build.output
    for part in ("coproduction.duckdb", "in use by process", "close that program"):
        assert part in build.output, part


def columns_with(path, part: str) -> list[str]:
    """The columns of a DuckDB file in which a text occurs. The bytes of the file may be compressed."""
    with duckdb.connect(str(path), read_only=True) as connection:
        columns = connection.execute(
            """
            select schema_name, table_name, column_name from duckdb_columns()
            where not internal and data_type in ('VARCHAR', 'VARCHAR[]')
            """
        ).fetchall()
        return [
            f"{schema}.{table}.{column}"
            for schema, table, column in columns
            if connection.execute(
                f'select count(*) from "{schema}"."{table}" where contains(cast("{column}" as varchar), ?)', [part]
            ).fetchone()
            != (0,)
        ]


def test_what_looks_like_personal_data_is_nowhere_in_the_warehouse(odd):
    project, _ = odd
    rows = project.read_export("barnet")[1:]
    assert all("@mailbox.example" in row[-1] for row in rows)
    assert columns_with(project.warehouse_path, "@mailbox.example") == []
    assert b"@mailbox.example" not in project.warehouse_path.read_bytes()
    columns = project.query("from quality.unclaimed_columns where export_id = 'barnet'").set_index("column_name")
    assert columns.loc["contact", ["looks_like", "is_loaded"]].tolist() == ["e-mail address", False]
    cells = project.query("from quality.answer_reconciliation where export_id = 'barnet'").iloc[0]
    # The comments of the bundled export look like free text.
    assert (cells.n_not_loaded, cells.is_balanced) == (2 * len(rows), True)


def test_personal_data_is_loaded_when_somebody_asks_and_loudly(built, left_out):
    project, build = left_out
    assert "WARNING: derbyshire_dales.contact: what looks like personal data is loaded" in build.output
    rows = project.read_export("derbyshire_dales")[1:]
    assert all("@mailbox.example" in row[-1] for row in rows)
    assert set(project.query("select contact from raw.derbyshire_dales").contact) == {row[-1] for row in rows}
    query = "from quality.answer_reconciliation where export_id = 'derbyshire_dales'"
    cells = project.query(query).iloc[0]
    # Nothing more is left unloaded than in the bundled export, which has no such column.
    assert (cells.n_not_loaded, cells.is_balanced) == (built.query(query).n_not_loaded[0], True)


def test_personal_data_that_is_loaded_is_not_published(left_out):
    project, _ = left_out
    assert columns_with(project.warehouse_path, "@mailbox.example") == ["raw.derbyshire_dales.contact"]
    assert columns_with(project.warehouse_path.with_name("published.duckdb"), "@mailbox.example") == []
