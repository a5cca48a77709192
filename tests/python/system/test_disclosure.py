"""An outsider with the whole published file cannot work out what is withheld; undo one rule, and he can."""

import shutil
from contextlib import contextmanager
from functools import cache
from types import SimpleNamespace

import duckdb
import numpy as np
import pytest

import true_counts
from coproduction.build import publication
from coproduction.publishing.disclosure.attack import _bounded, attack
from coproduction.publishing.disclosure.bounds import InfeasibleError, Unknowns
from coproduction.publishing.disclosure.level_relations import know_level
from coproduction.publishing.disclosure.rounding_windows import Measure, numbers_that_print
from coproduction.publishing.plan import PublicationError

LEVEL = (
    "council_id",
    "wave_id",
    "theme_id",
    "topic_id",
    "measure_id",
    "breakdown_id",
    "breakdown_value",
    "weighting_id",
)
PAIR = ("council_id", "wave_id", "theme_id", "topic_id", "construct_id", "outcome_id", "weighting_id")
ANSWER = (*PAIR, "answer_kind", "score")
SPECIFICATION = (*PAIR, "method_id", "dont_know_rule_id", "outcome_rule_id", "duplicates_rule_id", "outliers_rule_id")
FLAG = ("council_id", "wave_id", "theme_id", "outcome_id", "flag_id")
ARM = ("council_id", "wave_id", "theme_id", "topic_id", "outcome_id", "contrast_id", "model_id", "weighting_id")


def published(project):
    return project.warehouse_path.with_name("published.duckdb")


@cache
def counts_found(path, with_intervals_and_tests=True):
    """Return what the attack finds out about each withheld count of a published file, once for all tests."""
    with duckdb.connect(str(path), read_only=True) as connection:
        return list(attack(connection, with_intervals_and_tests))


@contextmanager
def writable_copy(project, directory):
    """Give a copy of the published file to write to, beside a copy of the build file."""
    path = shutil.copy(published(project), directory / "published.duckdb")
    path.chmod(0o600)
    build = shutil.copy(project.warehouse_path, directory / "build.duckdb")
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"attach '{build}' as build (read_only)")
        yield connection


def keep_council(connection, council):
    """Delete the rows of the other councils from the reports that the attack reads."""
    for table in ("rpt_levels", "rpt_answer_levels", "rpt_correlates", "rpt_multiverse", "rpt_nudge_effects"):
        connection.execute(f"delete from reports.{table} where council_id <> ?", [council])


def reveal(connection, table, estimates, keys, columns, where="true"):
    """Give the columns of a published report their true values, where they are withheld or rounded."""
    on = " and ".join(f"report.{key} is not distinct from truth.{key}" for key in keys)
    changes = ", ".join(f"{column} = {value}" for column, value in columns.items())
    connection.execute(
        f"update reports.{table} as report set {changes} from build.estimates.{estimates} as truth "
        f"where {on} and ({where})"
    )


def exact_bases(connection):
    """Undo the rounding of the bases that are not withheld."""
    reveal(connection, "rpt_levels", "est_levels", LEVEL, {"n_respondents": "truth.n_respondents"}, "not is_withheld")
    reveal(connection, "rpt_answer_levels", "est_answer_levels", ANSWER, {"n_respondents": "truth.n_respondents"},
         "not is_withheld")  # fmt: skip
    reveal(
        connection, "rpt_correlates", "est_correlates", (*PAIR, "method_id"), {"n_respondents": "truth.n_respondents"}
    )
    flagged = {column: f"truth.{column}" for column in ("n_respondents", "n_flagged")}
    reveal(connection, "rpt_respondent_quality", "est_respondent_quality", FLAG, flagged, "not is_withheld")
    sizes = {column: f"truth.{column}" for column in ("n_respondents", "n_arm", "n_control")}
    reveal(connection, "rpt_nudge_effects", "est_nudge_effects", ARM, sizes, "not is_withheld")
    reveal(connection, "rpt_multiverse", "est_multiverse", SPECIFICATION, {"n_respondents": "truth.n_respondents"},
         "not is_withheld")  # fmt: skip
    connection.execute(
        """
        update quality.expectation_results as report set n_checked = truth.n_checked
        from build.quality.expectation_results as truth
        where report.export_id = truth.export_id and report.column_name = truth.column_name
            and report.expectation_id = truth.expectation_id
        """
    )
    connection.execute("delete from publication.manifest where item = 'minimum_base'")


PERCENT = "round(100 * truth.estimate)"
REVEALED = {"n_respondents": "truth.n_respondents", "estimate": PERCENT, "is_withheld": "false"}
IS_LARGE = "is_withheld and truth.n_respondents >= 10"


def bases_of_withheld_groups(connection):
    reveal(connection, "rpt_levels", "est_levels", LEVEL, {"n_respondents": "truth.n_respondents"}, "is_withheld")


def only_the_small_groups_withheld(connection):
    exact_bases(connection)
    reveal(connection, "rpt_levels", "est_levels", LEVEL, REVEALED, IS_LARGE)


def only_the_small_groups_withheld_and_bases_rounded(connection):
    rounded = REVEALED | {"n_respondents": "truth.n_respondents - truth.n_respondents % 10"}
    reveal(connection, "rpt_levels", "est_levels", LEVEL, rounded, IS_LARGE)


def only_the_rare_answers_withheld(connection):
    exact_bases(connection)
    reveal(connection, "rpt_answer_levels", "est_answer_levels", ANSWER, REVEALED, IS_LARGE)


def often_and_sometimes_revealed_where_taking_part_is_withheld(connection):
    exact_bases(connection)
    reveal(connection, "rpt_levels", "est_levels", LEVEL, REVEALED,
         "is_withheld and truth.measure_id in ('collective_often', 'collective_sometimes')")  # fmt: skip


def weighted_groups_revealed_where_unweighted_are_withheld(connection):
    reveal(connection, "rpt_levels", "est_levels", LEVEL, {"n_respondents": "truth.n_respondents"},
         "is_withheld and truth.weighting_id = 'weighted'")  # fmt: skip


def answers_about_the_person_revealed_where_the_group_is_withheld(connection):
    reveal(connection, "rpt_answer_levels", "est_answer_levels", ANSWER, REVEALED,
         "is_withheld and truth.construct_id in ('gender', 'age', 'ethnicity')")  # fmt: skip
    bases_of_withheld_groups(connection)


def share_of_dont_know(connection):
    reveal(connection, "rpt_correlates", "est_correlates", (*PAIR, "method_id"),
         {"dont_know_share": "round(truth.dont_know_share, 3)"})  # fmt: skip


def readings_of_dont_know(connection):
    exact_bases(connection)
    reveal(connection, "rpt_multiverse", "est_multiverse", SPECIFICATION,
         {"n_respondents": "truth.n_respondents", "estimate": "round(truth.estimate, 3)"})  # fmt: skip


def sizes_of_all_arms_but_the_small_one(connection):
    exact_bases(connection)


# Which counts of which council are then found: the attack of every council would take a minute longer.
UNPROTECTED = {
    bases_of_withheld_groups: ("rpt_levels", "barnet"),
    only_the_small_groups_withheld: ("rpt_levels", "barnet"),
    only_the_small_groups_withheld_and_bases_rounded: ("rpt_levels", "barnet"),
    only_the_rare_answers_withheld: ("rpt_answer_levels", "wolverhampton"),
    often_and_sometimes_revealed_where_taking_part_is_withheld: ("rpt_levels", "barnet"),
    weighted_groups_revealed_where_unweighted_are_withheld: ("rpt_levels", "derbyshire_dales"),
    answers_about_the_person_revealed_where_the_group_is_withheld: ("rpt_levels", "barnet"),
    share_of_dont_know: ("rpt_answer_levels", "bristol"),
    readings_of_dont_know: ("rpt_answer_levels", "wolverhampton"),
    sizes_of_all_arms_but_the_small_one: ("rpt_nudge_effects", "bristol"),
}


def truth_of(project):
    """True counts by what an attack calls them; of the headline reports from the estimates and not from the plan."""
    with project.connect() as connection:
        truth = true_counts.truth_of(connection)
        for table, keys, count in (
            ("est_levels", LEVEL[:-1], "n_respondents"),
            ("est_answer_levels", (*PAIR[:-1], "answer_kind", "score"), "n_respondents"),
            ("est_nudge_effects", ARM[:6], "n_arm"),
        ):
            share = "null" if count == "n_arm" else "estimate"
            where = "weighting_id = 'unweighted'" + (" and model_id = 'dummies'" if count == "n_arm" else "")
            rows = connection.execute(
                f"select {', '.join(keys)}, {count}, {share} from estimates.{table} where {where}"
            )
            for *key, n, estimate in rows.fetchall():
                truth["n", *key] = n
                if estimate is not None:
                    truth["k", *key] = round(n * estimate)
    return truth


@pytest.mark.parametrize("fixture", ["built", pytest.param("small", marks=pytest.mark.slow)])
@pytest.mark.parametrize("with_intervals_and_tests", [pytest.param(False, marks=pytest.mark.thorough), True])
def test_nothing_withheld_can_be_worked_out(request, fixture, with_intervals_and_tests):
    project = request.getfixturevalue(fixture)
    targets = counts_found(published(project), with_intervals_and_tests)
    assert [target for target in targets if target.is_recovered or target.is_contradicted] == []
    # The attack looked at what is withheld, and its bounds hold.
    assert len(targets) >= (20 if fixture == "built" else 300)
    truth = truth_of(project)
    for target in targets:
        assert target.lower <= truth[target.quantity, *target.cell] <= target.upper, target


@pytest.mark.parametrize("fixture", ["built", "small", "town"])
def test_the_true_counts_meet_all_statements_of_the_attack(request, fixture):
    """A relation that does not hold, or a bound that is too narrow, would make the attack believe what is not so."""
    project = request.getfixturevalue(fixture)
    with duckdb.connect(str(published(project)), read_only=True) as file, project.connect() as warehouse:
        # Not rounded: the sums of the values of 0-1 of an index are in the statements, too.
        truth = true_counts.truth_of(warehouse)
        assert true_counts.untrue_statements(file, truth) == []
        cell = next(cell for quantity, *cell in truth if quantity == "k" and truth["n", *cell] == truth["k", *cell] + 9)
        assert len(true_counts.untrue_statements(file, truth | {("k", *cell): truth["n", *cell] + 1})) == 1


def test_no_rare_answer_can_be_worked_out_of_the_distribution_of_answers(small, tmp_path):
    """Of one council and theme, because the attack takes most of its time for the answers."""
    of_theme = "council_id = 'barnet' and theme_id = 'wellbeing'"
    with writable_copy(small, tmp_path) as connection:
        connection.execute(f"delete from reports.rpt_answer_shares where not ({of_theme})")
        for table in ("rpt_levels", "rpt_answer_levels", "rpt_correlates", "rpt_multiverse", "rpt_nudge_effects"):
            connection.execute(f"delete from reports.{table} where not ({of_theme})")
        targets = [
            target for target in attack(connection, with_answer_shares=True) if target.table == "rpt_answer_shares"
        ]
        assert [target for target in targets if target.is_recovered or target.is_contradicted] == []
        truth = connection.execute(
            f"""
            select * exclude (n_respondents, n_with, rule_id, is_withheld, is_mean_withheld), n_with
            from build.disclosure.plan_answers where {of_theme}
            """
        ).fetchall()
        counts = {tuple(cell): n for *cell, n in truth}
        assert sum(target.quantity == "k" for target in targets) > 100
        for target in targets:
            if target.quantity == "k":
                assert target.lower <= counts[target.cell] <= target.upper, target


def test_every_kind_of_cell_is_withheld_somewhere(small):
    targets = counts_found(published(small))
    assert {(target.table, target.quantity) for target in targets} >= {
        ("rpt_levels", "n"), ("rpt_levels", "k"), ("rpt_answer_levels", "n"), ("rpt_answer_levels", "k"),
        ("rpt_nudge_effects", "n"),
    }  # fmt: skip
    assert {"gender", "age_band", "ethnicity"} & {target.cell[5] for target in targets if target.table == "rpt_levels"}


@pytest.mark.parametrize("change", UNPROTECTED, ids=lambda change: change.__name__)
def test_a_file_in_which_one_rule_is_undone_is_broken(built, small, tmp_path, change):
    # A small share is exact in a large survey.
    with writable_copy(built if change is share_of_dont_know else small, tmp_path) as connection:
        change(connection)
        table, council = UNPROTECTED[change]
        keep_council(connection, council)
        assert any(target.is_recovered and target.table == table for target in attack(connection))


def test_withheld_rows_reveal_nothing(small):
    """Neither in the published file nor in the build: no estimate, no base, no interval, no reason."""
    for path in (published(small), small.warehouse_path):
        with duckdb.connect(str(path), read_only=True) as connection:
            tables = connection.execute(
                "select table_name from information_schema.columns "
                "where table_schema = 'reports' and column_name = 'is_withheld'"
            ).fetchall()
            assert len(tables) >= 14
            for (table,) in tables:
                names = {row[0] for row in connection.execute(f"describe reports.{table}").fetchall()}
                revealing = names & {
                    "estimate", "estimate_label", "ci_lower", "ci_upper", "p_value", "p_value_t", "n_respondents",
                    "n_effective", "n_arm", "n_control", "n_staff", "n_citizens", "reason", "dont_know_share",
                    "verdict",
                }  # fmt: skip
                some = " or ".join(f"{name} is not null" for name in sorted(revealing))
                rows = connection.execute(f"from reports.{table} where is_withheld and ({some})").fetchall()
                assert rows == [], table


def test_bases_in_the_published_file_are_whole_tens(small):
    with duckdb.connect(str(published(small)), read_only=True) as connection:
        rows = connection.execute("select n_respondents, is_small_base from reports.rpt_levels where not is_withheld")
        bases = rows.fetchall()
        assert {base % 10 for base, _ in bases} == {0}
        # The flag says no more than the base does.
        assert all(is_small == (base < 30) for base, is_small in bases)
        text = connection.execute("select in_words from reports.rpt_hypotheses where in_words like '%respondents%'")
        assert all("at least" in words for (words,) in text.fetchall())
    with small.connect() as connection:
        exact = connection.execute("select n_respondents from reports.rpt_levels where not is_withheld").fetchall()
    assert {base % 10 for (base,) in exact} != {0}


def test_a_flag_that_would_reveal_more_than_the_base_stops_publication(monkeypatch, tmp_path):
    """The model `manifest` hands the variables over by name; everything before it in a build is left out here."""
    monkeypatch.setattr(publication, "_is_whole", lambda *_: True)
    monkeypatch.setattr(publication, "kept_record", dict)
    warehouse = str(tmp_path / "coproduction.duckdb")
    with duckdb.connect(warehouse) as session, pytest.raises(PublicationError, match="multiple of the second"):
        publication.publish(session, "manifest", with_respondents=False, minimum_base=10, small_base=25)


def test_integer_bounds_of_a_small_example():
    unknowns = Unknowns()
    for name, bounds in {"all": (50, 59), "men": (20, 29), "women": (1, 9)}.items():
        unknowns.know(name, *bounds)
    unknowns.bind({"all": 1, "men": -1, "women": -1}, 22, 22)
    assert unknowns.interval("women") == (1, 9)
    unknowns.know("all", 52, 52)
    assert unknowns.interval("women") == (1, 9)
    assert unknowns.interval("men") == (21, 29)
    unknowns.know("men", 24, 26)
    assert unknowns.interval("women") == (4, 6)
    # The solutions that were found for these three tell something of the others.
    assert unknowns.seen("all") == (52, 52)
    assert unknowns.seen("women") == (4, 6)
    unknowns.know("men", 1, 2)
    assert unknowns.seen("women") == (np.inf, -np.inf)
    with pytest.raises(InfeasibleError):
        unknowns.interval("women")


def test_nobody_bounds_a_withheld_group_but_the_size_of_the_survey():
    """Without any bound, the solver returned a largest number of 0 people with the outcome."""
    reader = SimpleNamespace(
        measures={"m": Measure(True, 0, 100, 0)}, with_intervals_and_tests=False, size_of=lambda *_: 28
    )
    row = SimpleNamespace(measure_id="m", estimate=None, n_respondents=None)
    unknowns, cell = Unknowns(), ("council", "wave_1")
    know_level(reader, unknowns, cell, row)
    assert unknowns.interval(("n", *cell)) == (1, 28)
    assert unknowns.interval(("k", *cell)) == (0, 28)


@pytest.mark.parametrize(
    ("measure", "printed", "total"),
    [
        (Measure(False, 1, 4, 2), 3.47, 30.875),
        (Measure(False, -100, 200, 0), 24, 31.0),
        (Measure(True, 0, 1, 2), 0.62, 31),
    ],
    ids=["mean from 1 to 5", "net score", "share of 1"],
)
def test_the_attack_reads_a_level_in_its_unit(measure, printed, total):
    reader = SimpleNamespace(
        measures={"m": measure}, with_intervals_and_tests=True, minimum=10, window=lambda base: (base, base)
    )
    row = SimpleNamespace(measure_id="m", estimate=printed, n_respondents=50, breakdown_id="all", ci_lower=None)
    unknowns = Unknowns()
    know_level(reader, unknowns, ("cell",), row)
    lower, upper = unknowns.interval(("k", "cell"))
    assert lower <= total <= upper
    # Half a printed digit on each side, of 50 respondents.
    assert upper - lower <= 50 * 10.0**-measure.decimals / measure.unit_range + 1e-6


def test_the_attack_never_excludes_what_a_report_printed():
    """A share of exactly half a per cent, such as 23 of 40, is rounded up in a report; the attack has to know it."""
    reader = SimpleNamespace(
        measures={"m": Measure(True, 0, 100, 0)},
        with_intervals_and_tests=False,
        minimum=10,
        window=lambda base: (base - base % 10, base - base % 10 + 9),
    )
    halves = [(n, k) for n in range(10, 400) for k in range(n + 1) if 200 * k % n == 0 and 200 * k // n % 2]
    assert len(halves) == 416
    share = "unnest(?) as n, unnest(?) as k"
    rounded = "round(100 * (k / n) * (1 + 1e-12)) + 0.0"
    query = f"select {rounded} from (select {share})"
    printed = duckdb.execute(query, [[n for n, _ in halves], [k for _, k in halves]]).fetchall()
    for (n, k), (estimate,) in zip(halves, printed, strict=True):
        assert estimate == (200 * k // n + 1) / 2
        row = SimpleNamespace(measure_id="m", estimate=estimate, n_respondents=n, breakdown_id="all", ci_lower=None)
        unknowns = Unknowns()
        know_level(reader, unknowns, ("cell",), row)
        unknowns.know(("n", "cell"), n, n)
        unknowns.know(("k", "cell"), k, k)
        assert unknowns.interval(("k", "cell")) == (k, k)
        assert numbers_that_print(reader.window(n), row)[1][0] <= k <= numbers_that_print(reader.window(n), row)[1][1]


def test_figures_that_contradict_each_other_do_not_stop_the_attack():
    """A wrong file, or a relation that does not hold, is reported for the counts around it."""
    unknowns = Unknowns()
    unknowns.know(("n", "all"), 10, 19)
    unknowns.know(("n", "men"), 20, 29)
    unknowns.bind({("n", "all"): 1, ("n", "men"): -1}, lower=0)
    unknowns.know(("n", "staff"), 1, 9)
    wrong = _bounded(unknowns, unknowns, "rpt_levels", ("men",), "n")
    assert wrong.is_contradicted
    assert not wrong.is_recovered
    sound = _bounded(unknowns, unknowns, "rpt_staff_gaps", ("staff",), "n")
    assert (sound.lower, sound.upper, sound.n_candidates) == (1, 9, 9)


def test_no_two_published_specifications_differ_by_few_people(built, odd):
    """With one person more, the correlations with ten questions reveal what that person answered to each of them."""
    for project in (built, odd[0]):
        exact = project.query("from estimates.est_multiverse where method_id = 'pearson'")
        shown = project.query(
            "select distinct * from (select {} from reports.rpt_multiverse where not is_withheld)".format(
                ", ".join(name for name in SPECIFICATION if name != "method_id")
            )
        )
        others = [name for name in SPECIFICATION if name not in ("method_id", "weighting_id")]
        rows = exact.merge(shown[others].assign(is_shown=True), on=others, how="left")
        rows["is_shown"] = rows["is_shown"].eq(True)
        rules = [name for name in others if name.endswith("_rule_id")]
        n_found = 0
        for rule in rules:
            own = rows.sort_values("specification_number").groupby([name for name in others if name != rule])
            n_more = (rows["n_respondents"] - own["n_respondents"].transform("first")).abs()
            n_found += n_more.between(1, 9).sum()
            assert not rows.loc[n_more.between(1, 9), "is_shown"].any(), rule
        assert n_found > 100
        assert rows.loc[rows["specification_number"].eq(1), "is_shown"].mean() > 0.9
        ranges = project.query(
            """
            select cells.estimate_min, cells.estimate_max, min(specifications.estimate) as lowest,
                max(specifications.estimate) as highest
            from reports.rpt_multiverse_cells as cells
            inner join reports.rpt_multiverse as specifications
                using (council_id, wave_id, theme_id, topic_id, construct_id, outcome_id)
            where cells.estimate_min is not null
            group by all
            """
        )
        assert (ranges["estimate_min"] == ranges["lowest"]).all()
        assert (ranges["estimate_max"] == ranges["highest"]).all()
