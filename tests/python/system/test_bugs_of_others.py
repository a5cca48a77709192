"""Mistakes that other survey programs made, tried on ours.

| mistake | found in | tried by |
| --- | --- | --- |
| a bootstrap that drops people drawn twice | duckreg#19 | `test_a_bootstrap_keeps_people_drawn_twice` |
| a null status that becomes a valid answer | svy#85 | `test_an_erased_answer_is_blank_and_no_value` |
| a middle answer sorted to an end | sjPlot#109 | `test_the_middle_answer_stands_in_the_middle` |
| a category that nobody chose | likert#103 | `test_an_empty_category_between_others_changes_nothing` |
| a declared missing code in a mean | haven#588 | `test_a_declared_missing_code_enters_no_mean` |
| labels unlike the export's | qualtRics#343 | `test_message_names_file_column_value_and_what_to_do` |
| a confidence level ignored by group | srvyr#44 | `test_the_interval_of_a_group_is_that_of_its_members` |
| degrees of freedom ignored | srvyr#212 | `test_the_degrees_of_freedom_are_those_of_the_group` |
| a factor derived and left unpermuted | ri2#39 | `test_permutations_move_the_respondents_of_all_arms` |
| labels of values that do not occur | datawizard#334 | `test_a_missing_answer_changes_no_other_result` |
| missing values that are missing rows | pingouin#206 | `test_an_erased_answer_is_blank_and_no_value` |
| a gap in a column that is not asked about | pingouin#74 | `test_a_missing_answer_changes_no_other_result` |
"""

import ast
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from scipy import stats

from building import Project, read_reports
from coproduction.statistics.estimates.levels.est_levels import estimate_levels
from coproduction.statistics.methods.small_samples import bootstrap_interval

KEYS = ["council_id", "theme_id", "topic_id", "construct_id"]
CHANGED = ("bristol", "community_safety", "all", "satisfaction_response")


# The reports in which nothing may change but the correlations of the question that was changed.
COMPARED = ("levels", "nudge_effects", "hypotheses", "study_areas", "paper_comparison", "correlates")


@pytest.fixture(scope="module")
def altered(tmp_path_factory) -> Project:
    """One question of Bristol with every third answer erased, and a label in the codebook that nobody chose."""
    project = Project.copy_to(tmp_path_factory.mktemp("altered"))
    header, *rows = project.read_export("bristol")
    place = header.index("cs_sat_resp")
    for row in rows[::3]:
        row[place] = ""
    project.write_export("bristol", [header, *rows])
    project.append_codebook("answers", ["frequency,Once in a blue moon,valid,0,false,false,Never"])
    parts = ["+fct_answer", *(f"+rpt_{name}" for name in COMPARED)]
    build = project.build("--select", *parts, "--exclude-resource-type", "test", "unit_test")
    assert build.succeeded, build.output
    return project


def of_changed_question(report: pd.DataFrame) -> pd.Series:
    return pd.Series(list(report[KEYS].itertuples(index=False, name=None)), index=report.index) == CHANGED


def test_a_missing_answer_changes_no_other_result(built, altered):
    """Listwise deletion by a column that is not in the question (pingouin#74); labels that do not occur
    (datawizard#334)."""
    before, after = read_reports(built, COMPARED), read_reports(altered, COMPARED)
    for name in COMPARED[:-1]:
        if name == "paper_comparison":
            before[name], after[name] = (f[f["construct_id"] != CHANGED[-1]] for f in (before[name], after[name]))
        assert_frame_equal(before[name].reset_index(drop=True), after[name].reset_index(drop=True), obj=name)
    correlates = before["correlates"], after["correlates"]
    # The family's other p-values are adjusted for the changed one too.
    others = [f[~of_changed_question(f)].drop(columns="p_value_adjusted").reset_index(drop=True) for f in correlates]
    assert_frame_equal(*others)
    n_before, n_after = (f.loc[of_changed_question(f), "n_respondents"].max() for f in correlates)
    assert n_after < n_before


def test_an_erased_answer_is_blank_and_no_value(built, altered):
    """A null that became a valid answer (svy#85); a missing value that is a missing row (pingouin#206)."""
    query = """
        select count(*), count(*) filter (where answer_kind = 'blank'), count(answer_score)
        from marts.fct_answer where export_id = 'bristol' and column_name = 'cs_sat_resp'
    """
    (n_before, blank_before, scores_before), (n_after, blank_after, scores_after) = (
        project.query(query).iloc[0] for project in (built, altered)
    )
    assert n_before == n_after == 953
    assert blank_after > blank_before
    assert scores_after <= scores_before - 0.25 * 953


def test_a_declared_missing_code_enters_no_mean(warehouse):
    """9 for Don't Know averaged with 1 to 5 (haven#588)."""
    assert warehouse.sql("from marts.fct_answer where answer_kind = 'dont_know'").limit(1).fetchall()
    assert not warehouse.sql(
        "from marts.fct_answer where answer_kind <> 'valid' and answer_score is not null"
    ).fetchall()
    assert not warehouse.sql(
        "from marts.fct_respondent_correlate where answer_kind <> 'valid' and score is not null"
    ).fetchall()


def test_the_middle_answer_stands_in_the_middle(warehouse):
    """A neutral category sorted to an end (sjPlot#109)."""
    rows = warehouse.sql("""
        select answer_label, answer_score from codebook.answers
        where scale_id = 'satisfaction' and answer_kind = 'valid' order by cast(answer_score as double)
    """).fetchall()
    assert [label for label, _ in rows] == [
        "Very dissatisfied",
        "Fairly dissatisfied",
        "Neither satisfied nor dissatisfied",
        "Fairly satisfied",
        "Very satisfied",
    ]


def test_the_interval_of_a_group_is_that_of_its_members(warehouse):
    """A confidence level or degrees of freedom of the whole sample used for a group (srvyr#44)."""
    counts = warehouse.sql("from counts.cnt_levels where breakdown_id = 'gender' and council_id = 'barnet'").df()
    together = estimate_levels(counts).set_index(["theme_id", "topic_id", "measure_id", "breakdown_value"])
    women = estimate_levels(counts[counts["breakdown_value"] == "Female"])
    assert len(women) > 5
    for _, alone in women.iterrows():
        group = together.loc[(alone["theme_id"], alone["topic_id"], alone["measure_id"], "Female")]
        assert (group["ci_lower"], group["ci_upper"]) == (alone["ci_lower"], alone["ci_upper"])


def test_the_degrees_of_freedom_are_those_of_the_group():
    """The normal quantile, or another group's degrees of freedom, for a group of five among hundreds (srvyr#212)."""
    keys = {"council_id": "barnet", "wave_id": "wave_1", "theme_id": "health", "topic_id": "all"}
    of_all = {"measure_id": "individual_index", "breakdown_id": "age_band"}
    cells = pd.DataFrame({"n_positive": [4, 5, 6], "n_answered": 10, "n_respondents": [1, 3, 1]})
    few, many = cells.assign(breakdown_value="75+"), cells.assign(breakdown_value="16-24", n_respondents=300)
    levels = estimate_levels(pd.concat([few, many]).assign(**keys, **of_all)).set_index("breakdown_value")
    for group, df in {"75+": 4, "16-24": 899}.items():
        row = levels.loc[group]
        half_width = stats.t.ppf(0.975, df) * row["std_error"]
        assert row["ci_upper"] - row["estimate"] == pytest.approx(half_width, rel=1e-9)


def test_every_mistake_of_the_list_is_tried():
    """Twelve mistakes, each with a test that exists."""
    rows = re.findall(r"^\| [^|]+ \| ([\w]+#\d+) \| `(test_\w+)` \|$", __doc__, re.MULTILINE)
    assert len({mistake for mistake, _ in rows}) == 12
    exist = set()
    for path in Path(__file__).parents[1].rglob("test_*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        exist |= {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert {test for _, test in rows} <= exist


def test_a_bootstrap_keeps_people_drawn_twice():
    """Resamples whose duplicates were dropped have too little spread (duckreg#19): held against Fisher's error."""
    from coproduction.statistics.methods.counts import Crosstab

    random = np.random.default_rng(5)
    x = random.integers(0, 5, 250)
    y = (random.random(250) < 0.3 + 0.08 * x).astype(int)
    table = np.zeros((5, 2), dtype=np.int64)
    np.add.at(table, (x, y), 1)
    std_error, _, _ = bootstrap_interval(Crosstab(np.arange(5.0), np.arange(2.0), table), seed=1)
    r = np.corrcoef(x, y)[0, 1]
    # Without duplicates a resample is 63 % of the respondents each once, and the spread 0.76 of what it should be.
    assert std_error == pytest.approx((1 - r**2) / np.sqrt(249), rel=0.1)
