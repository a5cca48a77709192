"""Answer shares: how the answers to each question are distributed, in each group of respondents."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from coproduction.statistics.methods.counts import (
    COUNT,
    COUNT_OR_NULL,
    KEYS,
    NUMBER,
    TEXT,
    number_groups,
    read_counts,
    typed,
)
from coproduction.statistics.methods.means import unweighted_means, weighted_means
from coproduction.statistics.methods.weights.weighting import read_weighted_counts

QUESTION = (*KEYS, "respondent_role", "construct_id", "column_name", "scale_id")
GROUP = (*QUESTION, "breakdown_id", "breakdown_value")
ANSWER = ("score", "answer_name")
TEXT_COLUMNS = (*GROUP, "scale_kind", "answer_kind", "answer_name")
NUMBERS = ("scale_minimum", "scale_maximum", "score")
MARGINS = ("margin_cell", "n_margin_cell")
# Scales whose answers are listed one by one; the others hold numbers.
LISTED = ("ordinal", "nominal")
# What a reason says does not vary.
THE_ANSWER = "the answer"
# The two highest answers say something only where there is another one.
FEWEST_SCORES = 3
TOP = 2

SHARE, MEAN, TOP_TWO, RESPONSE = "share", "mean", "top_two", "response_rate"
# Shares of the people who were asked. The first two are the kinds of answers that they count.
MISSING_KINDS = ("dont_know", "refused")
TYPES = dict.fromkeys(GROUP, TEXT) | {
    "statistic_id": TEXT,
    "answer_order": COUNT_OR_NULL,
    "answer_name": TEXT,
    "answer_score": NUMBER,
    "weighting_id": TEXT,
    "n_respondents": COUNT,
    "n_effective": NUMBER,
    "design_effect": NUMBER,
    "estimate": NUMBER,
    "std_error": NUMBER,
    "std_error_type": TEXT,
    "df": NUMBER,
    "ci_lower": NUMBER,
    "ci_upper": NUMBER,
    "reason": TEXT,
}


def estimate_answer_shares(counts: pd.DataFrame) -> pd.DataFrame:
    """Distribution of each question's answers in each group, with 95 % intervals; also weighted, where weights exist.

    | statistic_id | value of a respondent | among | for scales |
    | --- | --- | --- | --- |
    | share | 1 if this answer, else 0 | valid answers | ordinal, nominal |
    | top_two | 1 if one of the two highest scores, else 0 | valid answers | ordinal, three scores or more |
    | mean | the score, or the number | valid answers with a score | ordinal, integer, decimal |
    | dont_know, refused | 1 if this kind of answer, else 0 | all who were asked | that list the kind |
    | response_rate | 1 if the answer is valid, else 0 | all who were asked | all |

    Everybody was asked except those whose cell is `not_asked`; a blank cell, `not_applicable` and an uncoded answer
    lower the response rate. Scores are those of the scale as printed, also for a question with `is_reversed`: the top
    two are the answers with the two highest scores that the scale lists ("Strongly agree" and "Agree"), whatever
    agreeing says about the construct. All answers of the scale have a share, 0 if nobody gave them. A valid answer
    without a score is in the base of the top two, but never among them.

    Means and shares, unweighted and weighted, have the standard errors and intervals of levels (`unweighted_means`,
    `weighted_means`): Wilson's for a share, Student's for a mean, linearised for weights. An interval of a mean ends at
    the limits of the scale.

    Args:
        counts: rows of cnt_answers: QUESTION, breakdown_id, breakdown_value, scale_kind, scale_minimum, scale_maximum,
            answer_kind, answer_name, score, n_respondents (0 for an answer that the scale lists and nobody gave), and
            where there are weights the columns of `estimate_levels`.

    Returns:
        One row per question, breakdown value, weighting, statistic and answer (answer_order, answer_name, answer_score
        in the rows `share`, null in others), sorted by them. `estimate` is on 0-1, for `mean` in units of the score. A
        group in which nobody has a valid answer has no shares and no mean, and a group in which nobody was asked has no
        row. `reason` says why there is no interval.

    Raises:
        ValueError: a column is missing, counts are not whole numbers, or sums of weights are impossible.

    R: `prop.test(k, n, correct = FALSE)$conf.int`, `t.test(x)`, `svyciprop`, `svymean`, as for `estimate_levels`.
    Sources: Wilson 1927, JASA 22:209; Student 1908, Biometrika 6:1; Sarndal, Swensson and Wretman 1992, section 5.6.

    """
    cells = read_counts(counts, text=TEXT_COLUMNS, numbers=NUMBERS)
    counts = counts if set(MARGINS) <= set(counts.columns) else counts.assign(**dict.fromkeys(MARGINS))
    weighted = read_weighted_counts(counts, (*TEXT_COLUMNS, MARGINS[0]), (*NUMBERS, MARGINS[1]))
    listed = _listed_answers(counts)
    shares = [_estimated(cells, listed, _unweighted)]
    if len(weighted):  # Most surveys have no weights.
        shares.append(_estimated(weighted, listed, _weighted))
    order = [*GROUP, "weighting_id", "statistic_id", "answer_order"]
    return typed(pd.concat(shares).sort_values(order, kind="stable"), TYPES)


def _listed_answers(counts: pd.DataFrame) -> pd.DataFrame:
    """Answers of each question, given or not: kind, name, score, `answer_order` (by score, then name), `is_top_two`.

    Kinds other than `valid` and valid answers without a score have no part in the order of scores.
    """
    columns = [*QUESTION, "scale_kind", "answer_kind", *ANSWER]
    types = dict.fromkeys(columns, TEXT) | {"score": NUMBER}
    listed = counts[columns].astype(types).drop_duplicates()
    is_listed = listed["answer_kind"].isin(MISSING_KINDS) | (
        listed["answer_kind"].eq("valid") & listed["scale_kind"].isin(LISTED)
    )
    listed = listed[is_listed].sort_values([*QUESTION, "answer_kind", *ANSWER], ignore_index=True)
    of_question = listed.groupby([*QUESTION, "answer_kind"])
    rank = of_question["score"].rank(method="dense", ascending=False)
    n_scores = of_question["score"].transform("nunique")
    is_top_two = listed["scale_kind"].eq("ordinal") & (n_scores >= FEWEST_SCORES) & (rank <= TOP)
    return listed.assign(answer_order=of_question.cumcount() + 1, is_top_two=is_top_two)


def _estimated(cells: pd.DataFrame, listed: pd.DataFrame, means: Callable[..., dict[str, Any]]) -> pd.DataFrame:
    """All statistics of all groups, by one of the two ways to compute a mean."""
    groups, group = number_groups(cells, GROUP)
    values = _values(cells, listed, group).sort_values(["group", "statistic_id", "answer", "place"])
    rows, row = number_groups(values, ("group", "statistic_id", "answer"))
    of_row = cells.iloc[values["place"]]
    is_share = rows["statistic_id"].ne(MEAN).to_numpy()
    first = ~values.duplicated(["group", "statistic_id", "answer"])
    limits = of_row.loc[first.to_numpy(), ["scale_minimum", "scale_maximum"]]
    lowest, highest = (limits[name].fillna(end).to_numpy() for name, end in zip(limits, (-np.inf, np.inf), strict=True))
    bounds = np.where(is_share, 0, lowest), np.where(is_share, 1, highest)
    answers = listed[["answer_order", "answer_name", "score"]].rename(columns={"score": "answer_score"})
    statistics = groups.iloc[rows["group"]].reset_index(drop=True).assign(statistic_id=rows["statistic_id"])
    # Rows that are about no single answer have the number -1, which no answer has.
    statistics = statistics.join(answers.reindex(rows["answer"]).reset_index(drop=True))
    return statistics.assign(**means(of_row, row, len(rows), values["value"].to_numpy(), is_share, *bounds))


def _values(cells: pd.DataFrame, listed: pd.DataFrame, group: np.ndarray) -> pd.DataFrame:
    """Value of each cell in each statistic: place of the cell, group, statistic_id, answer (row of `listed`), value."""
    question = pd.concat([listed[list(QUESTION)], cells[list(QUESTION)]]).groupby(list(QUESTION)).ngroup().to_numpy()
    listed = listed.assign(question=question[: len(listed)], answer=np.arange(len(listed)))
    cells = cells.assign(question=question[len(listed) :], group=group, place=np.arange(len(cells)))
    keys = ["question", "answer_kind", *ANSWER]
    cells = cells.merge(listed[[*keys, "answer", "is_top_two"]], how="left", on=keys, validate="m:1")
    kind, is_valid = cells["answer_kind"], cells["answer_kind"].eq("valid")
    is_asked = kind.ne("not_asked")
    has_top_two = cells["question"].isin(listed.loc[listed["is_top_two"], "question"])
    has_mean = is_valid & cells["score"].notna() & cells["scale_kind"].ne("nominal")
    of_all = {
        RESPONSE: (is_asked, is_valid),
        MEAN: (has_mean, cells["score"]),
        TOP_TWO: (is_valid & has_top_two, cells["is_top_two"].eq(True)),
    }
    for missing in MISSING_KINDS:
        offers = cells["question"].isin(listed.loc[listed["answer_kind"].eq(missing), "question"])
        of_all[missing] = (is_asked & offers, kind.eq(missing))
    frames = [
        cells.loc[here, ["group", "place"]].assign(statistic_id=name, answer=-1, value=value[here].astype(NUMBER))
        for name, (here, value) in of_all.items()
    ]
    return pd.concat([*frames, _value_of_each_answer(cells[is_valid & cells["answer"].notna()], listed)])


def _value_of_each_answer(given: pd.DataFrame, listed: pd.DataFrame) -> pd.DataFrame:
    """For each cell with a valid answer and each valid answer of its question: 1 if it is this answer, else 0."""
    valid = listed.loc[listed["answer_kind"].eq("valid"), ["question", "answer"]]
    pairs = given.rename(columns={"answer": "given"})[["question", "group", "place", "given"]].merge(
        valid, on="question"
    )
    value = pairs["given"].eq(pairs["answer"]).astype(NUMBER)
    return pairs[["group", "place", "answer"]].assign(statistic_id=SHARE, value=value)


def _unweighted(cells: pd.DataFrame, row: np.ndarray, n_rows: int, value: np.ndarray, *of_rows: Any) -> dict[str, Any]:
    is_share, lowest, highest = of_rows
    count = cells["n_respondents"].to_numpy()
    return unweighted_means(row, n_rows, count, value, is_share, THE_ANSWER, lowest, highest)


def _weighted(cells: pd.DataFrame, row: np.ndarray, n_rows: int, value: np.ndarray, *of_rows: Any) -> dict[str, Any]:
    is_share, lowest, highest = of_rows
    return weighted_means(cells, row, n_rows, value, is_share, THE_ANSWER, lowest, highest)
