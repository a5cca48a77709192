"""What a reader of two published files of a survey works out about the one person by whom they differ.

Written from the published files and their documentation, like `outsider.py`: a question has a mean with an interval and
a share for each answer, of a base that is rounded down. One person more changes them; each answer that the person can
have given, or none, is tried.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np
import pandas as pd
from scipy import stats

_QUESTION = ["council_id", "wave_id", "theme_id", "topic_id", "column_name", "scale_id"]
# How far a printed figure is from the exact one.
_MEAN, _PERCENT, _SLACK = 0.005, 0.5, 1e-9
NO_ANSWER = None


@dataclass(frozen=True)
class Answer:
    """The answers to a question that the person can have given; NO_ANSWER is one of them where that is possible."""

    survey: tuple[str, str]
    column_name: str
    values: frozenset
    n_answers: int

    @property
    def is_certain(self) -> bool:
        """Whether one answer is left, which the file before does not say of everybody."""
        return len(self.values) == 1


def answers_of_one_more(before: duckdb.DuckDBPyConnection, after: duckdb.DuckDBPyConnection) -> list[Answer]:
    """Return what can be worked out about the person who is in the second file and not in the first."""
    old, new = _questions(before), _questions(after)
    found = []
    for key in sorted(set(old) & set(new)):
        question, later = old[key], new[key]
        mean, mean_later = question.get("mean"), later.get("mean")
        if mean is None or mean_later is None or not question["scores"]:
            continue
        possible = {
            value
            for value in (NO_ANSWER, *question["scores"])
            if any(_prints(n, value, question, later) for n in range(mean["n"], mean["n"] + 10))
        }
        if possible:
            found.append(Answer(key[:2], key[4], frozenset(possible), len(question["scores"]) + 1))
    return found


def _questions(file: duckdb.DuckDBPyConnection) -> dict[tuple, dict]:
    """Return the mean of each question with its interval, and the shares of its answers by score."""
    rows = file.execute(
        "from reports.rpt_answer_shares where weighting_id = 'unweighted' and breakdown_id = 'all' "
        "and respondent_role = 'citizen' and statistic_id in ('mean', 'share')"
    ).df()
    found = {}
    for key, of_question in rows.groupby(_QUESTION):
        means = of_question[of_question.statistic_id.eq("mean") & of_question.estimate.notna()]
        shares = of_question[of_question.statistic_id.eq("share")]
        scores = set(shares.answer_score.dropna())
        if means.empty or (len(shares) and shares.answer_score.isna().any()):
            continue
        mean = means.iloc[0]
        found[key] = {
            "mean": {"n": int(mean.n_respondents), "m": mean.estimate, "low": mean.ci_lower, "high": mean.ci_upper},
            "scores": sorted(scores),
            "shares": _shares_by_score(shares),
        }
    return found


def _shares_by_score(shares: pd.DataFrame) -> dict[float, float]:
    """Return the printed share of each score that one answer has; two answers of one score are no single share."""
    single = shares[~shares.answer_score.duplicated(keep=False) & shares.estimate.notna()]
    return dict(zip(single.answer_score, single.estimate, strict=True))


def _prints(n: int, value: float | None, before: dict, after: dict) -> bool:
    """Whether a survey of n people, and this answer more, can have printed both files."""
    n_after, added = (n, 0.0) if value is NO_ANSWER else (n + 1, value)
    later = after["mean"]
    if not later["n"] <= n_after < later["n"] + 10:
        return False
    total = np.arange(np.ceil(n * (before["mean"]["m"] - _MEAN) - _SLACK), n * (before["mean"]["m"] + _MEAN) + _SLACK)
    total = total[np.abs((total + added) / n_after - later["m"]) <= _MEAN + _SLACK]
    if not len(total) or not _intervals_print(n, n_after, total, added, before["mean"], later):
        return False
    return all(
        _share_prints(n, n_after, value == score, share, after["shares"][score])
        for score, share in before["shares"].items()
        if score in after["shares"]
    )


def _intervals_print(n: int, n_after: int, total: np.ndarray, added: float, before: dict, after: dict) -> bool:
    """Whether the squares behind the first interval, and the square of one answer more, can print the second one."""
    widths = [np.array([side["high"] - side["low"]]) / 2 for side in (before, after)]
    squares = []
    for width, size in zip(widths, (n, n_after), strict=True):
        ends = np.maximum(width + np.array([-_MEAN, _MEAN]), 0) * np.sqrt(size) / stats.t.ppf(0.975, size - 1)
        squares.append((size - 1) * ends**2)
    first = squares[0][:, None] + total**2 / n + added**2 - (total + added) ** 2 / n_after
    if n_after == n:
        first = squares[0][:, None] + 0 * total
    return bool(((first[0] <= squares[1][1] + _SLACK) & (first[1] >= squares[1][0] - _SLACK)).any())


def _share_prints(n: int, n_after: int, is_given: bool, before: float, after: float) -> bool:
    """Whether some number who gave an answer, and one more if it was given, have the printed shares."""
    given = np.arange(n + 1)
    fits = np.abs(100 * given / n - before) <= _PERCENT + _SLACK
    return bool((fits & (np.abs(100 * (given + is_given) / n_after - after) <= _PERCENT + _SLACK)).any())
