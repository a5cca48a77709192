"""One council's bad export stops the others, unless somebody asks that it should not; then all says who is missing."""

import duckdb
import pytest

from coproduction.build import publication
from coproduction.cli.warehouse_text import left_out_sentences
from coproduction.exports.leaving_out import check_exports
from coproduction.publishing.plan import NOTHING, PublicationError
from studies import BUNDLED, LEAVE_OUT, break_exports

BROKEN = ["barnet", "bristol", "swansea", "wolverhampton"]


def test_the_others_are_built_and_published(built, left_out):
    project, _ = left_out
    query = "from reports.rpt_levels where council_id = 'derbyshire_dales' order by all"
    assert project.query(query).equals(built.query(query))
    for table in ("rpt_levels", "rpt_correlates", "rpt_study_areas", "rpt_paper_comparison"):
        councils = set(project.query(f"select distinct council_id from reports.{table}").council_id)
        assert councils - {"oddtown"} == {"derbyshire_dales"}


def test_the_build_says_loudly_who_is_missing(left_out):
    _, build = left_out
    for council in ("Barnet", "Bristol", "Swansea", "Wolverhampton"):
        assert f"NOT IN THESE RESULTS: {council}, export " in build.output
    assert "LEFT OUT: bristol, because leave_out_exports names it." in build.output
    assert "seeds/exports/wolverhampton.csv, line 8: the row has 43 cells, the header 41" in build.output
    assert "column Q3_1: 1 cell(s) break the rule labels_within_scale: 'Oftenish' (1)" in build.output


def test_the_printed_levels_say_who_is_missing(left_out):
    project, _ = left_out
    levels = project.run("coproduction", "levels").output
    assert "Derbyshire Dales" in levels
    assert "Not in these results: Barnet, export barnet, left out: 1 cell(s) break 1 rule(s)" in levels


def test_the_report_and_the_manifest_say_why(left_out):
    project, _ = left_out
    exports = project.query("from reports.rpt_exports").set_index("export_id")
    assert list(exports.index[~exports.is_included]) == list(exports.index[exports.is_left_out]) == BROKEN
    assert exports.reason["barnet"].startswith("left out: 1 cell(s) break 1 rule(s) of the codebook")
    assert exports.reason["bristol"] == "left out: leave_out_exports names it"
    assert all("refused by the check of the files" in exports.reason[export] for export in ("swansea", "wolverhampton"))
    assert exports.n_respondents["derbyshire_dales"] == 496
    assert exports.n_respondents[BROKEN].isna().all()
    with duckdb.connect(str(project.warehouse_path.with_name("published.duckdb")), read_only=True) as published:
        facts = published.execute("select item, value from publication.manifest where part_id = 'export'").fetchall()
    told = dict(facts)
    assert told == exports.reason.where(exports.reason.notna(), "in the results").to_dict()


def test_nothing_of_a_file_that_is_left_out_is_loaded(left_out):
    project, _ = left_out
    for export_id in ("bristol", "swansea", "wolverhampton"):
        assert project.query(f"from raw.{export_id}").empty


def test_nothing_is_left_out_unless_asked(project):
    break_exports(project)
    build = project.build()
    assert not build.succeeded
    assert "Nothing was built: 2 error(s) in the exports or the codebook." in build.output
    assert not project.warehouse_path.exists()


def test_a_build_without_any_export_left_is_refused(project):
    everything = ", ".join(BUNDLED)
    build = project.build("--vars", f"{{leave_out_exports: [{everything}]}}")
    assert not build.succeeded
    assert f"every export would be left out: {everything}" in build.output


def test_nothing_is_published_where_the_gate_refuses_every_export_whatever_the_wording_of_the_reason(project):
    sentences = project.directory / "seeds" / "codebook" / "sentences.csv"
    sentences.write_text(sentences.read_text(encoding="utf-8").replace("left out: ", "ar goll: "), encoding="utf-8")
    for export_id in BUNDLED:
        # A few rows of each are enough: nothing is counted.
        header, *rows = project.read_export(export_id)[:40]
        scales = project.scales_of(export_id)
        place = next(number for number, name in enumerate(header) if scales.get(name, "").startswith("frequency"))
        project.write_export(export_id, [header, *rows])
        identifier = project.respondent_column(export_id)
        respondent = rows[5][header.index(identifier)].strip()
        project.spoil_while_loading(export_id, header[place], f"{identifier}={respondent}", "Oftenish")
    parts = ["+rpt_exports", "--exclude-resource-type", "test", "unit_test"]
    build = project.build("--select", *parts, "--vars", "{when_an_export_is_refused: leave_out}")
    assert build.succeeded, build.output
    assert build.output.count("NOT IN THESE RESULTS: ") == 5
    assert build.output.count("ar goll: 1 cell(s) break 1 rule(s)") == 5
    published = project.warehouse_path.with_name("published.duckdb")
    with project.connect() as session, pytest.raises(PublicationError, match="Not published: every export is left out"):
        publication._facts_of_exports(session, published, NOTHING)
    with project.connect() as session:
        assert len(left_out_sentences(session)) == 5


def test_the_check_reads_the_same_variables(project):
    break_exports(project)
    checked = project.run("coproduction", "check", "--vars", LEAVE_OUT)
    assert checked.returncode == 0
    assert (
        "dbt can read every export but bristol, swansea, wolverhampton, which the build leaves out." in checked.output
    )
    path = project.directory / "dbt_project.yml"
    text = path.read_text(encoding="utf-8").replace("refused: stop", "refused: leave_out")
    path.write_text(text, encoding="utf-8")
    assert list(check_exports(project.directory).left_out) == ["swansea", "wolverhampton"]
    assert check_exports(project.directory, {"when_an_export_is_refused": "stop"}).errors


@pytest.mark.parametrize(
    ("variables", "problem"),
    [
        ({"leave_out_exports": ["bristoll"]}, 'names "bristoll", which is no export of this project'),
        ({"leave_out_exports": "bristol"}, "leave_out_exports is no list"),
        ({"when_an_export_is_refused": "ignore"}, 'when_an_export_is_refused is "ignore"'),
    ],
)
def test_a_mistyped_variable_is_refused(project, variables, problem):
    errors = check_exports(project.directory, variables).errors
    assert [problem in error.problem for error in errors] == [True]
