"""Peer in polars, from counts: the files of a project to levels, correlations and effects of the nudges.

    python polars_counts.py PROJECT RESULTS

polars streams each export into one byte for each answer; numpy counts people by pairs of these bytes, and all
statistics are computed from these small tables.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from codebook import NO_ANSWER, Answer, Column, Export, Measure, read_exports, survey, write_results
from scipy import stats

Row = dict[str, object]
UNKNOWN = 255


@dataclass(frozen=True)
class Coded:
    """A small number for each respondent, and what each number means: NaN or None for no value."""

    codes: np.ndarray
    values: np.ndarray

    def meaning(self, function: Callable[[Answer], object]) -> Coded:
        """Return the same respondents with something else that their answers mean."""
        return Coded(self.codes, np.array([function(answer) for answer in self.values], dtype=object))


@dataclass(frozen=True)
class Moments:
    """Respondents with a value in each group, their mean and their variance."""

    n: np.ndarray
    mean: np.ndarray
    variance: np.ndarray


def coded(export: Export) -> dict[str, Coded]:
    """Return the answers to each claimed column as places in a list of answers."""
    # The spellings of the codebook come first. If a file has others, it is read again with these.
    labels: dict[str, list[str | None]] = {column.name: [None, ""] for column in export.columns}
    for column in export.columns:
        labels[column.name] += column.labels
    frame = _codes(export, labels)
    odd = [column.name for column in export.columns if (frame[column.name] == UNKNOWN).any()]
    if odd:
        printed = pl.scan_csv(export.file, infer_schema=False).select(pl.col(odd).unique().implode()).collect()
        for name in odd:
            labels[name] += [label for label in printed[name][0].to_list() if label not in labels[name]]
        frame = _codes(export, labels)
    return {column.name: _answers(column, labels[column.name], frame[column.name]) for column in export.columns}


def _codes(export: Export, labels: dict[str, list[str | None]]) -> pl.DataFrame:
    numbers = [
        pl.col(name).replace_strict(
            pl.Series(listed, dtype=pl.String), range(len(listed)), default=UNKNOWN, return_dtype=pl.UInt8
        )
        for name, listed in labels.items()
    ]
    return pl.scan_csv(export.file, infer_schema=False).select(numbers).collect(engine="streaming")


def _answers(column: Column, labels: list[str | None], codes: pl.Series) -> Coded:
    """Put labels with the same meaning together, so that there are few numbers."""
    meanings = [column.answer(label) for label in labels]
    distinct = list(dict.fromkeys([NO_ANSWER, *meanings]))
    values = np.empty(len(distinct), dtype=object)
    values[:] = distinct
    return Coded(np.array([distinct.index(meaning) for meaning in meanings], dtype=np.uint8)[codes.to_numpy()], values)


def measured(measure: Measure, answers: dict[str, Coded]) -> Coded:
    """Return the value of a measure for each respondent: a share of items, or 0 and 1."""
    counts_often = measure.counts.endswith("often")
    n_people, n_items = len(answers[measure.columns[0]].codes), len(measure.columns)
    n_valid, n_positive, n_often = (np.zeros(n_people, dtype=np.uint8) for _ in range(3))
    for name in measure.columns:
        codes, meanings = answers[name].codes, answers[name].values
        is_valid = [(a.is_often if counts_often else a.is_positive) is not None for a in meanings]
        n_valid += np.array(is_valid, dtype=np.uint8)[codes]
        n_positive += np.array([bool(a.is_positive) for a in meanings], dtype=np.uint8)[codes]
        if not measure.is_index:
            n_often += np.array([bool(a.is_often) for a in meanings], dtype=np.uint8)[codes]
    has_value = (n_valid > 0) & (n_valid >= measure.least_share * n_items)
    if measure.is_index:
        # Number a * (items + 1) + b is the share b of a.
        shares = np.full((n_items + 1, n_items + 1), np.nan)
        for of in range(1, n_items + 1):
            shares[of, : of + 1] = np.arange(of + 1) / of
        number = n_valid.astype(np.uint16) * (n_items + 1) + n_positive
        return Coded(np.where(has_value, number, 0).astype(np.uint16), shares.ravel())
    is_one = {
        "positive": n_positive > 0,
        "often": n_often > 0,
        "positive_not_often": (n_positive > 0) & (n_often == 0),
    }[measure.counts]
    return Coded(np.where(has_value, 1 + is_one, 0).astype(np.uint8), np.array([np.nan, 0, 1]))


def crosstab(of: Coded, by: Coded) -> np.ndarray:
    """Return how many respondents have each pair of numbers."""
    shape = len(of.values), len(by.values)
    return np.bincount(of.codes.astype(np.int64) * shape[1] + by.codes, minlength=shape[0] * shape[1]).reshape(shape)


def moments(value: Coded, by: Coded) -> Moments:
    """Return the moments of a value in each group."""
    has_value = ~np.isnan(value.values)
    count, values = crosstab(value, by)[has_value], value.values[has_value]
    n = count.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = values @ count / n
        variance = ((values[:, None] - mean) ** 2 * count).sum(axis=0) / (n - 1)
    return Moments(n, mean, variance)


def levels(export: Export, measures: dict[Measure, Coded], groups: dict[str, Coded]) -> Iterator[Row]:
    """Yield the mean of each measure, of everybody and by breakdown, with its standard error."""
    for measure, value in measures.items():
        for breakdown, by in groups.items():
            of = moments(value, by)
            for group, n, mean, variance in zip(by.values, of.n, of.mean, of.variance, strict=True):
                if group is not None and n:
                    yield {
                        **survey(export, measure),
                        "measure_id": measure.measure,
                        "breakdown_id": breakdown,
                        "breakdown_value": group,
                        "n_respondents": n,
                        "estimate": mean,
                        "std_error": ((variance if measure.is_index else mean * (1 - mean)) / n) ** 0.5,
                    }


def correlates(export: Export, measures: dict[Measure, Coded], answers: dict[str, Coded]) -> Iterator[Row]:
    """Yield Pearson's correlation of each outcome of a whole theme with each correlate, with the p of its t test."""
    scores = {}
    for name in {correlate.column for correlate in export.correlates}:
        score = answers[name].meaning(lambda answer: np.nan if answer.score is None else answer.score)
        scores[name] = Coded(score.codes, score.values.astype(float))
    for outcome, value in measures.items():
        for correlate in export.correlates:
            if outcome.is_outcome and outcome.topic == "all" and correlate.theme == outcome.theme:
                n, r = correlation(value, scores[correlate.column])
                yield {
                    **survey(export, outcome),
                    "topic_id": correlate.topic,
                    "construct_id": correlate.construct,
                    "outcome_id": outcome.measure,
                    "n_respondents": n,
                    "estimate": r,
                    "p_value_t": 2 * stats.t.sf(abs(r) * ((n - 2) / (1 - r * r)) ** 0.5, n - 2),
                }


def correlation(of: Coded, by: Coded) -> tuple[int, float]:
    """Return the respondents with both values, and the correlation of these."""
    rows, columns = ~np.isnan(of.values), ~np.isnan(by.values)
    count, x, y = crosstab(of, by)[rows][:, columns], of.values[rows], by.values[columns]
    n, of_x, of_y = count.sum(), count.sum(axis=1), count.sum(axis=0)
    x, y = x - of_x @ x / n, y - of_y @ y / n
    with np.errstate(invalid="ignore"):
        return int(n), float(x @ count @ y / np.sqrt((of_x @ x**2) * (of_y @ y**2)))


def nudges(export: Export, measures: dict[Measure, Coded], arms: Coded) -> Iterator[Row]:
    """Yield the effect of each arm compared with none: difference of means, HC2 error, Bell and McCaffrey's df."""
    control = list(arms.values).index("none")
    for outcome, value in measures.items():
        if outcome.is_outcome:
            of = moments(value, arms)
            n0, m0, v0 = of.n[control], of.mean[control], of.variance[control]
            for arm, n1, m1, v1 in zip(arms.values, of.n, of.mean, of.variance, strict=True):
                if arm not in (None, "none"):
                    estimate, error = 100 * (m1 - m0), 100 * (v1 / n1 + v0 / n0) ** 0.5
                    df = (1 / n0 + 1 / n1) ** 2 / (1 / (n0**2 * (n0 - 1)) + 1 / (n1**2 * (n1 - 1)))
                    yield {
                        **survey(export, outcome),
                        "outcome_id": outcome.measure,
                        "contrast_id": arm,
                        "n_arm": n1,
                        "n_control": n0,
                        "estimate": estimate,
                        "std_error": error,
                        "p_value": 2 * stats.t.sf(abs(estimate / error), df),
                    }


def grouped(coded_column: Coded) -> Coded:
    """Return respondents by the group or arm that their answer means, each group with one number."""
    named = [answer.group for answer in coded_column.values]
    names = list(dict.fromkeys(named))
    number = np.array([names.index(name) for name in named], dtype=np.uint8)
    return Coded(number[coded_column.codes], np.array(names, dtype=object))


def main(project: Path, results: Path) -> None:
    """Compute the results of every export of a project, and write them."""
    found: dict[str, list[Row]] = {"levels": [], "correlates": [], "nudges": []}
    for export in read_exports(project):
        answers = coded(export)
        measures = {measure: measured(measure, answers) for measure in export.measures}
        n_people = len(next(iter(answers.values())).codes)
        groups = {"all": Coded(np.zeros(n_people, dtype=np.uint8), np.array(["all"], dtype=object))}
        groups |= {breakdown: grouped(answers[name]) for breakdown, name in export.breakdowns.items()}
        found["levels"] += levels(export, measures, groups)
        found["correlates"] += correlates(export, measures, answers)
        if export.arm:
            found["nudges"] += nudges(export, measures, grouped(answers[export.arm]))
    for name, rows in found.items():
        write_results(results, name, rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
