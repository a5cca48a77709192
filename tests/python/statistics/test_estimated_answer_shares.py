"""Answer shares against one row per respondent, computed with scipy and statsmodels."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.weightstats import DescrStatsW
from survey_examples import KEYS, weighted_counts

from coproduction.statistics.estimates.levels.est_answer_shares import TYPES, estimate_answer_shares

pytestmark = pytest.mark.filterwarnings("error")

NAMES = {1.0: "Disagree", 2.0: "Neither", 3.0: "Agree"}
QUESTION = {
    "respondent_role": "citizen",
    "construct_id": "efficacy",
    "column_name": "Q1",
    "scale_id": "agreement",
    "scale_kind": "ordinal",
    "scale_minimum": 1.0,
    "scale_maximum": 3.0,
    "breakdown_id": "all",
    "breakdown_value": "all",
}
# Two in 19 were not asked.
KINDS = ["valid"] * 12 + ["dont_know", "dont_know", "refused", "blank", "not_applicable", "not_asked", "not_asked"]


def people(n=300, **columns):
    random = np.random.default_rng(5)
    kind = np.array(KINDS)[random.integers(0, len(KINDS), n)]
    score = np.where(kind == "valid", random.integers(1, 4, n).astype(float), np.nan)
    answers = pd.DataFrame({"answer_kind": kind, "score": score})
    return answers.assign(answer_name=answers["score"].map(NAMES), **KEYS | QUESTION | columns)


def count(respondents):
    cells = respondents.groupby(list(respondents.columns), dropna=False, as_index=False)
    return cells.size().rename(columns={"size": "n_respondents"})


def rows_of(counts):
    return estimate_answer_shares(counts).set_index(["weighting_id", "statistic_id", "answer_name"])


def test_shares_of_answers_and_of_those_asked_with_wilsons_interval():
    answers = people()
    rows = rows_of(count(answers)).loc["unweighted"]
    kind = answers["answer_kind"]
    valid, asked = answers[kind.eq("valid")], answers[kind.ne("not_asked")]
    expected = {("share", name): (valid["answer_name"].eq(name).sum(), len(valid)) for name in NAMES.values()}
    expected["top_two", np.nan] = (valid["score"].ge(2).sum(), len(valid))
    expected["response_rate", np.nan] = (len(valid), len(asked))
    expected |= {(name, np.nan): (kind.eq(name).sum(), len(asked)) for name in ("dont_know", "refused")}
    assert len(rows) == len(expected) + 1
    for key, (n_yes, n) in expected.items():
        (row,) = [row for index, row in rows.iterrows() if str(index) == str(key)]
        assert row["n_respondents"] == row["n_effective"] == n
        assert row["estimate"] == pytest.approx(n_yes / n, abs=1e-12)
        assert row["std_error"] == pytest.approx(np.sqrt(n_yes / n * (1 - n_yes / n) / n), abs=1e-12)
        interval = proportion_confint(n_yes, n, method="wilson")
        assert (row["ci_lower"], row["ci_upper"]) == pytest.approx(interval, abs=1e-12)
        assert row["std_error_type"] == "wilson"


def test_the_mean_has_students_interval():
    answers = people()
    row = rows_of(count(answers)).loc[("unweighted", "mean")].iloc[0]
    score = answers["score"].dropna()
    interval = stats.t.interval(0.95, len(score) - 1, score.mean(), stats.sem(score))
    assert row["estimate"] == pytest.approx(score.mean(), abs=1e-12)
    assert row["std_error"] == pytest.approx(stats.sem(score), abs=1e-12)
    assert (row["ci_lower"], row["ci_upper"]) == pytest.approx(interval, abs=1e-12)
    assert (row["std_error_type"], row["df"]) == ("mean", len(score) - 1)


def test_weighted_shares_and_means_are_linearised():
    answers = people()
    # Whole ten-thousandths, as the counts hold them.
    weight = pd.Series(np.resize([0.4, 0.75, 1, 1.3333, 2.5, 1.2, 0.9], len(answers)))
    rows = rows_of(weighted_counts(answers, weight)).loc["weighted"]
    valid = answers["answer_kind"].eq("valid")
    w = weight[valid]
    df = (w**2).sum() ** 2 / (w**4).sum() - 1
    values = {("share", name): answers["answer_name"][valid].eq(name) for name in NAMES.values()}
    values["top_two", np.nan], values["mean", np.nan] = answers["score"][valid].ge(2), answers["score"][valid]
    for (statistic_id, name), value in values.items():
        (row,) = [row for index, row in rows.iterrows() if str(index) == str((statistic_id, name))]
        mean = np.average(value, weights=w)
        error = np.sqrt(len(w) / (len(w) - 1) * (w**2 * (value - mean) ** 2).sum()) / w.sum()
        assert row["estimate"] == pytest.approx(mean, abs=1e-12)
        assert row["estimate"] == pytest.approx(DescrStatsW(value.astype(float), weights=w).mean, abs=1e-12)
        assert row["std_error"] == pytest.approx(error, rel=1e-10)
        assert row["df"] == pytest.approx(df, rel=1e-10)
        assert row["n_effective"] == pytest.approx(w.sum() ** 2 / (w**2).sum(), rel=1e-10)
        half = stats.t.ppf(0.975, df) * error
        interval = (mean - half, mean + half)
        if statistic_id != "mean":
            odds, half = np.log(mean / (1 - mean)), half / (mean * (1 - mean))
            interval = tuple(1 / (1 + np.exp(-end)) for end in (odds - half, odds + half))
        assert (row["ci_lower"], row["ci_upper"]) == pytest.approx(interval, rel=1e-10)


def test_an_answer_that_nobody_gave_has_0_per_cent_in_every_group():
    women = count(people(40, breakdown_id="gender", breakdown_value="Female"))
    women = women[women["answer_name"].ne("Agree")]
    not_given = count(people(200)).query("answer_name == 'Agree'").assign(n_respondents=0)
    shares = estimate_answer_shares(pd.concat([women, not_given])).query("statistic_id == 'share'")
    assert shares[["answer_order", "answer_name"]].to_numpy().tolist() == [
        [place, name] for place, name in enumerate(NAMES.values(), 1)
    ]
    assert shares["estimate"].iloc[2] == shares["ci_lower"].iloc[2] == 0
    assert shares["ci_upper"].iloc[2] > 0


@pytest.mark.parametrize(
    ("kind", "statistics"),
    [
        ("nominal", {"share", "dont_know", "refused", "response_rate"}),
        ("integer", {"mean", "dont_know", "refused", "response_rate"}),
        ("decimal", {"mean", "dont_know", "refused", "response_rate"}),
        ("ordinal", {"share", "mean", "top_two", "dont_know", "refused", "response_rate"}),
    ],
)
def test_each_kind_of_scale_has_its_statistics(kind, statistics):
    assert set(estimate_answer_shares(count(people(scale_kind=kind)))["statistic_id"]) == statistics


def test_two_answers_have_no_top_two_and_the_interval_of_a_mean_ends_with_the_scale():
    answers = people(8, scale_maximum=2.0)
    answers = answers[answers["score"].isna() | answers["score"].le(2)]
    found = estimate_answer_shares(count(answers)).set_index("statistic_id")
    assert "top_two" not in found.index
    assert found.loc["mean", "ci_lower"] >= 1
    assert found.loc["mean", "ci_upper"] <= 2


def test_a_scale_without_limits_cuts_nothing_off():
    found = estimate_answer_shares(count(people(30, scale_kind="decimal", scale_minimum=np.nan, scale_maximum=np.nan)))
    assert found.loc[found["statistic_id"].eq("mean"), ["ci_lower", "ci_upper"]].notna().all(axis=None)


def test_a_question_that_nobody_answered_has_a_response_rate_and_one_that_nobody_was_asked_has_no_row():
    nobody = people(20).assign(answer_kind="blank", score=np.nan, answer_name=None)
    found = estimate_answer_shares(count(nobody))
    assert found[["statistic_id", "estimate", "n_respondents"]].to_numpy().tolist() == [["response_rate", 0, 20]]
    assert estimate_answer_shares(count(nobody.assign(answer_kind="not_asked"))).empty


def test_one_person_and_equal_answers_have_no_error_of_the_mean_but_a_reason():
    alike = people(40)
    alike = alike[alike["answer_kind"].eq("valid")].assign(score=3.0, answer_name="Agree")
    for answers, reason in ((alike.iloc[:1], "one respondent"), (alike, "the answer does not vary")):
        mean = estimate_answer_shares(weighted_counts(answers, pd.Series(1.0, answers.index)))
        mean = mean[mean["statistic_id"].eq("mean")]
        assert mean["std_error"].isna().all()
        assert mean["reason"].str.startswith(reason).all()
        assert len(mean) == 2


def test_order_and_grain_of_the_counts_change_no_bit_and_no_counts_give_the_same_types():
    answers = pd.concat([people(200), people(100, column_name="Q0", breakdown_id="gender", breakdown_value="Female")])
    weight = pd.Series(np.resize([0.4, 1, 1.7], len(answers)))
    counts = weighted_counts(answers.reset_index(drop=True), weight)
    expected = estimate_answer_shares(counts)
    pd.testing.assert_frame_equal(estimate_answer_shares(counts.sample(frac=1, random_state=3)), expected)
    plain = counts[[name for name in counts if "weight" not in name and name != "n_weighted"]]
    one_by_one = plain.loc[plain.index.repeat(plain["n_respondents"])].assign(n_respondents=1)
    pd.testing.assert_frame_equal(estimate_answer_shares(one_by_one), estimate_answer_shares(plain))
    for empty in (counts.iloc[:0], pd.DataFrame({name: pd.Series([], dtype=object) for name in counts})):
        found = estimate_answer_shares(empty)
        assert len(found) == 0
        pd.testing.assert_series_equal(found.dtypes, expected.dtypes)
    assert list(expected) == list(TYPES)


def test_a_missing_column_is_named():
    counts = count(people(20))
    for column in counts.columns:
        with pytest.raises(ValueError, match=f"no column {column}"):
            estimate_answer_shares(counts.drop(columns=column))
