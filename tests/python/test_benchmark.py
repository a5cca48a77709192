"""The benchmark: larger surveys that are like the bundled ones, peers that compute our numbers, and how things grow."""

import csv

import duckdb
import pytest

from building import PROJECT
from coproduction.exports.leaving_out import check_exports
from workbench.benchmark import analysts_part
from workbench.benchmark.agreement import TOLERANCE, agreements
from workbench.benchmark.growth import Point, Unmeasured, exponents, rows_of
from workbench.benchmark.growth_chart import chart_of
from workbench.benchmark.made_up_study import Size, questions_of, write_made_up_study
from workbench.benchmark.peers import peers
from workbench.benchmark.processes import Usage, middle
from workbench.benchmark.repeated_exports import repeat_exports


def test_repeated_exports_have_the_same_answers_of_new_respondents(tmp_path):
    (tmp_path / "seeds/exports").mkdir(parents=True)
    n_rows = repeat_exports(tmp_path, 2)

    def size_and_ids(project):
        file = project / "seeds/exports/barnet.csv"
        counted = "count(*), count(distinct RespondentID), count(distinct Q2)"
        return duckdb.execute(f"select {counted} from read_csv('{file}', all_varchar = true)").fetchone()

    (n_bundled, n_ids, n_answers), repeated = size_and_ids(PROJECT), size_and_ids(tmp_path)
    assert repeated == (2 * n_bundled, 2 * n_ids, n_answers)
    assert n_rows > 2 * n_bundled


SMALL = Size(60, n_exports=2, n_questions=70, n_waves=2)


@pytest.fixture(scope="module")
def made_up(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made_up") / "study"
    write_made_up_study(folder, SMALL)
    return folder


def test_a_made_up_study_has_its_size_and_passes_the_check(made_up):
    files = sorted((made_up / "seeds/exports").glob("*.csv"))
    tables = [list(csv.reader(file.open(encoding="utf-8", newline=""))) for file in files]
    assert [len(table) for table in tables] == [31, 31]
    assert {len(row) for table in tables for row in table} == {71}
    assert len(questions_of(SMALL)) == 70
    checked = check_exports(made_up, {})
    assert checked.errors == []
    assert len(checked.feeding) == 2


def test_a_made_up_study_is_synthetic_and_the_same_each_time(made_up, tmp_path):
    write_made_up_study(tmp_path / "again", SMALL)
    for name in ("seeds/exports/town_001.csv", "seeds/exports/town_002.csv", "seeds/codebook/questions.csv"):
        assert (made_up / name).read_bytes() == (tmp_path / "again" / name).read_bytes()
    with (made_up / "seeds/codebook/exports.csv").open(encoding="utf-8", newline="") as file:
        exports = list(csv.DictReader(file))
    assert {row["provenance"] for row in exports} == {"synthetic"}
    assert [(row["council_id"], row["wave_id"]) for row in exports] == [
        ("council_001", "wave_1"),
        ("council_001", "wave_2"),
    ]


@pytest.mark.parametrize("peer", peers(), ids=lambda peer: peer.file)
def test_a_peer_computes_our_numbers_of_the_bundled_study(built, tmp_path, peer):
    if peer.why_not:
        pytest.skip(peer.why_not)
    peer.run(PROJECT, tmp_path)
    for found in agreements(built.warehouse_path, tmp_path):
        assert found.n_rows > 40
        assert found.holds, found


@pytest.fixture
def warehouse_and_results(tmp_path):
    """Estimates of two levels, and the same as a peer writes them; of the other results there is one each."""
    survey = "'c' as council_id, 'w' as wave_id, 't' as theme_id, 'all' as topic_id, 'unweighted' as weighting_id"
    shared = f"{survey}, 'o' as outcome_id, 10 as n_respondents, 0.5 as estimate"
    tables = {
        "levels": f"""select {survey}, measure_id, 'all' as breakdown_id, 'all' as breakdown_value,
            10 as n_respondents, estimate, std_error
            from (values ('a', 0.25, 0.1), ('b', 0.5, 'nan'::double)) as levels (measure_id, estimate, std_error)""",
        "correlates": f"select {shared}, 'age' as construct_id, 'pearson' as method_id, 0.01 as p_value_t",
        "nudge_effects": f"""select {shared}, 'a' as contrast_id, 'dummies' as model_id, 5 as n_arm, 5 as n_control,
            2.5 as std_error, 0.04 as p_value""",
    }
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as connection:
        connection.execute("create schema estimates")
        for name, sql in tables.items():
            connection.execute(f"create table estimates.est_{name} as {sql}")
            connection.execute(f"copy estimates.est_{name} to '{tmp_path / name}.csv' (header)")
    (tmp_path / "nudge_effects.csv").rename(tmp_path / "nudges.csv")
    return tmp_path / "warehouse.duckdb", tmp_path


def test_equal_results_agree(warehouse_and_results):
    assert [(found.name, found.n_rows, found.holds) for found in agreements(*warehouse_and_results)] == [
        ("levels", 2, True),
        ("correlates", 1, True),
        ("nudges", 1, True),
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("0.25", str(0.25 + 3 * TOLERANCE)),
        ("0.25", ""),
        ("nan", "0.1"),
        (",a,", ",another,"),
    ],
)
def test_other_results_do_not_agree(warehouse_and_results, before, after):
    warehouse, results = warehouse_and_results
    text = (results / "levels.csv").read_text(encoding="utf-8")
    assert before in text
    (results / "levels.csv").write_text(text.replace(before, after, 1), encoding="utf-8")
    assert [found.holds for found in agreements(warehouse, results)] == [False, True, True]


def test_the_empty_graph_has_the_same_models_and_reads_nothing(built, tmp_path):
    analysts_part.write_empty_graph(built.directory, tmp_path / "empty")
    models = {path.stem for path in (PROJECT / "models").rglob("*") if path.suffix in (".sql", ".py")}
    empty = list((tmp_path / "empty/models").rglob("*.sql"))
    assert {path.stem for path in empty} == models
    assert all(path.read_text(encoding="utf-8").endswith("select 1 as one\n") for path in empty)
    assert "ref('cnt_levels')" in (tmp_path / "empty/models/estimates/est_levels.sql").read_text(encoding="utf-8")
    exports = list((tmp_path / "empty/seeds/exports").glob("*.csv"))
    assert {len(export.read_text(encoding="utf-8").splitlines()) for export in exports} == {2}


def grown(number, cpu):
    return Point(number, Usage(1, 1, 100), Usage(cpu + 5, 9, 200), Usage(5, 5, 100))


POINTS = [grown(1_000, 2), grown(10_000, 20), grown(100_000, 20), Unmeasured(1_000_000, "no time left")]


def test_the_exponent_says_how_our_part_grows():
    assert exponents(POINTS) == ["", "1.00", "0.00", ""]
    assert rows_of("respondents", POINTS)[-1] == [
        "respondents",
        "1,000,000",
        "",
        "",
        "",
        "",
        "not measured: no time left",
    ]


def test_the_chart_shows_what_was_measured():
    svg = chart_of({"respondents": POINTS}, "Synthetic data.")
    assert all(text in svg for text in ("10,000", "100,000", "by respondents", "Synthetic data."))
    assert "1,000,000" not in svg


def test_the_middle_of_several_runs_has_the_highest_peak():
    assert middle([Usage(3, 30, 10), Usage(1, 50, 90), Usage(2, 40, 20)]) == Usage(2, 40, 90)
