"""Peer in pandas, scipy and statsmodels: the files of a project to levels, correlations and effects of the nudges.

    python pandas_rows.py PROJECT RESULTS

Each export is read as categories, which become numbers by a dictionary. pandas computes means by group, scipy the
correlations, and statsmodels the regressions of the outcomes on the arms.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import statsmodels.api as sm
from codebook import Export, Measure, read_exports, survey, write_results
from scipy import stats

Row = dict[str, object]


def coded(export: Export) -> pd.DataFrame:
    """Return a row for each respondent: scores, groups, and whether answers are positive and often (1, 0, missing)."""
    names = [column.name for column in export.columns]
    frame = pd.read_csv(export.file, usecols=names, dtype="category", keep_default_na=False)
    is_measured = {name for measure in export.measures for name in measure.columns}
    parts = {}
    for column in export.columns:
        labels = frame[column.name]
        answers = [column.answer(str(label)) for label in labels.cat.categories]

        def value(kind: str) -> np.ndarray:
            meant = [getattr(answer, kind) for answer in answers]  # noqa: B023
            numbers = np.array([np.nan if number is None else number for number in meant], dtype=np.float32)
            return numbers[labels.cat.codes]  # noqa: B023

        if column.name in is_measured:
            parts[f"{column.name} is_positive"] = value("is_positive")
            parts[f"{column.name} is_often"] = value("is_often")
        else:
            parts[f"{column.name} score"] = value("score")
        if column.role in ("demographic", "design"):
            parts[f"{column.name} group"] = labels.map(
                dict(zip(labels.cat.categories, [answer.group for answer in answers], strict=True))
            )
    return pd.DataFrame(parts)


def measured(measure: Measure, people: pd.DataFrame) -> pd.Series:
    """Return the value of a measure for each respondent: a share of items, or 0 and 1."""
    positive = people[[f"{name} is_positive" for name in measure.columns]]
    often = people[[f"{name} is_often" for name in measure.columns]]
    n_valid = (often if measure.counts.endswith("often") else positive).count(axis=1)
    n_positive, n_often = positive.sum(axis=1), often.sum(axis=1)
    if measure.is_index:
        value = n_positive.astype(float) / n_valid
    elif measure.counts == "positive":
        value = (n_positive > 0).astype(float)
    elif measure.counts == "often":
        value = (n_often > 0).astype(float)
    else:
        value = ((n_positive > 0) & (n_often == 0)).astype(float)
    return value.where((n_valid > 0) & (n_valid >= measure.least_share * len(measure.columns)))


def levels(export: Export, people: pd.DataFrame, names: dict[str, Measure]) -> Iterator[Row]:
    """Yield the mean of each measure, of everybody and by breakdown, with its standard error."""
    values = people[list(names)]
    for breakdown, column in {"all": None, **export.breakdowns}.items():
        by = pd.Series("all", index=people.index) if column is None else people[f"{column} group"]
        table = values.groupby(by, observed=True).agg(["count", "mean", "var"])
        for name, measure in names.items():
            for group, n, mean, variance in table[name].itertuples(name=None):
                if n:
                    yield {
                        **survey(export, measure),
                        "measure_id": measure.measure,
                        "breakdown_id": breakdown,
                        "breakdown_value": group,
                        "n_respondents": n,
                        "estimate": mean,
                        "std_error": ((variance if measure.is_index else mean * (1 - mean)) / n) ** 0.5,
                    }


def correlates(export: Export, people: pd.DataFrame, names: dict[str, Measure]) -> Iterator[Row]:
    """Yield Pearson's correlation of each outcome of a whole theme with each correlate, with the p of its t test."""
    for name, outcome in names.items():
        for correlate in export.correlates:
            if outcome.is_outcome and outcome.topic == "all" and correlate.theme == outcome.theme:
                pair = people[[name, f"{correlate.column} score"]].dropna().to_numpy(dtype=float)
                r = stats.pearsonr(pair[:, 0], pair[:, 1]) if len(pair) > 2 else None
                yield {
                    **survey(export, outcome),
                    "topic_id": correlate.topic,
                    "construct_id": correlate.construct,
                    "outcome_id": outcome.measure,
                    "n_respondents": len(pair),
                    "estimate": r.statistic if r else np.nan,
                    "p_value_t": r.pvalue if r else np.nan,
                }


def nudges(export: Export, people: pd.DataFrame, names: dict[str, Measure]) -> Iterator[Row]:
    """Yield the effect of each arm compared with none: regression on the arms, HC2 error, Bell and McCaffrey's df."""
    for name, outcome in names.items():
        if outcome.is_outcome:
            answered = people[[name, f"{export.arm} group"]].dropna()
            arms = pd.get_dummies(answered[f"{export.arm} group"], dtype=float)
            n = arms.sum()
            fit = sm.OLS(100 * answered[name], sm.add_constant(arms.drop(columns="none"))).fit(cov_type="HC2")
            for arm in arms.columns.drop("none"):
                n0, n1, estimate, error = n["none"], n[arm], fit.params[arm], fit.bse[arm]
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


def main(project: Path, results: Path) -> None:
    """Compute the results of every export of a project, and write them."""
    found: dict[str, list[Row]] = {"levels": [], "correlates": [], "nudges": []}
    for export in read_exports(project):
        names = {f"measure {place}": measure for place, measure in enumerate(export.measures)}
        people = coded(export)
        people = people.assign(**{name: measured(measure, people) for name, measure in names.items()})
        found["levels"] += levels(export, people, names)
        found["correlates"] += correlates(export, people, names)
        if export.arm:
            found["nudges"] += nudges(export, people, names)
    for name, rows in found.items():
        write_results(results, name, rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
