"""Peer in polars, row by row: the files of a project to levels, correlations and effects of the nudges.

    python polars_rows.py PROJECT RESULTS

Each export is read whole, its answers become numbers by a dictionary of the distinct labels of a column, and polars
computes means, variances and correlations of the rows.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import polars as pl
from codebook import Export, Measure, read_exports, survey, write_results
from scipy import stats

Row = dict[str, object]


def coded(export: Export) -> pl.DataFrame:
    """Return a row for each respondent: scores, names, and whether answers are positive and often."""
    frame = pl.read_csv(export.file, columns=[column.name for column in export.columns], infer_schema=False)
    is_measured = {name for measure in export.measures for name in measure.columns}
    parts = []
    for column in export.columns:
        labels = frame[column.name].unique()
        answers = [column.answer(label) for label in labels]

        def value(kind: str, type_: type[pl.DataType]) -> pl.Expr:
            meant = pl.Series([getattr(answer, kind) for answer in answers], dtype=type_)  # noqa: B023
            name = column.name  # noqa: B023
            return pl.col(name).replace_strict(labels, meant, return_dtype=type_).alias(f"{name} {kind}")  # noqa: B023

        if column.name in is_measured:
            parts += [value("is_positive", pl.Boolean), value("is_often", pl.Boolean)]
        else:
            parts += [value("score", pl.Float64)]
        if column.role in ("demographic", "design"):
            parts += [value("group", pl.String)]
    return frame.select(parts)


def measured(measure: Measure) -> pl.Expr:
    """Return the value of a measure for each respondent: a share of items, or 0 and 1."""
    positive = [pl.col(f"{name} is_positive") for name in measure.columns]
    often = [pl.col(f"{name} is_often") for name in measure.columns]
    counted = often if measure.counts.endswith("often") else positive
    n_valid = pl.sum_horizontal([answer.is_not_null().cast(pl.Int32) for answer in counted])
    n_positive = pl.sum_horizontal([answer.cast(pl.Int32) for answer in positive])
    n_often = pl.sum_horizontal([answer.cast(pl.Int32) for answer in often])
    if measure.is_index:
        value = n_positive / n_valid
    elif measure.counts == "positive":
        value = (n_positive > 0).cast(pl.Float64)
    elif measure.counts == "often":
        value = (n_often > 0).cast(pl.Float64)
    else:
        value = ((n_positive > 0) & (n_often == 0)).cast(pl.Float64)
    return pl.when((n_valid > 0) & (n_valid >= measure.least_share * len(measure.columns))).then(value)


def levels(export: Export, people: pl.DataFrame, names: dict[str, Measure]) -> Iterator[Row]:
    """Yield the mean of each measure, of everybody and by breakdown, with its standard error."""
    statistics = [
        expression
        for name in names
        for expression in (
            pl.col(name).count().alias(f"{name} n"),
            pl.col(name).mean().alias(f"{name} mean"),
            pl.col(name).var().alias(f"{name} variance"),
        )
    ]
    for breakdown, column in {"all": None, **export.breakdowns}.items():
        if column is None:
            groups = people.select(pl.lit("all").alias("value"), *statistics)
        else:
            named = people.filter(pl.col(f"{column} group").is_not_null())
            groups = named.group_by(pl.col(f"{column} group").alias("value")).agg(statistics)
        for group in groups.iter_rows(named=True):
            for name, measure in names.items():
                n, mean, variance = (group[f"{name} {statistic}"] for statistic in ("n", "mean", "variance"))
                if n:
                    if not measure.is_index:
                        variance = mean * (1 - mean)
                    yield {
                        **survey(export, measure),
                        "measure_id": measure.measure,
                        "breakdown_id": breakdown,
                        "breakdown_value": group["value"],
                        "n_respondents": n,
                        "estimate": mean,
                        "std_error": float("nan") if variance is None else (variance / n) ** 0.5,
                    }


def correlates(export: Export, people: pl.DataFrame, names: dict[str, Measure]) -> Iterator[Row]:
    """Yield Pearson's correlation of each outcome of a whole theme with each correlate, with the p of its t test."""
    pairs = [
        (name, outcome, correlate)
        for name, outcome in names.items()
        if outcome.is_outcome and outcome.topic == "all"
        for correlate in export.correlates
        if correlate.theme == outcome.theme
    ]
    expressions = []
    for place, (name, _, correlate) in enumerate(pairs):
        x, y = pl.col(name), pl.col(f"{correlate.column} score")
        both = x.is_not_null() & y.is_not_null()
        expressions += [both.sum().alias(f"n {place}"), pl.corr(x.filter(both), y.filter(both)).alias(f"r {place}")]
    computed = people.select(expressions).row(0, named=True)
    for place, (_, outcome, correlate) in enumerate(pairs):
        n, r = computed[f"n {place}"], computed[f"r {place}"]
        yield {
            **survey(export, outcome),
            "topic_id": correlate.topic,
            "construct_id": correlate.construct,
            "outcome_id": outcome.measure,
            "n_respondents": n,
            "estimate": r,
            "p_value_t": 2 * stats.t.sf(abs(r) * ((n - 2) / (1 - r * r)) ** 0.5, n - 2),
        }


def nudges(export: Export, people: pl.DataFrame, names: dict[str, Measure]) -> Iterator[Row]:
    """Yield the effect of each arm compared with none: difference of means, HC2 error, Bell and McCaffrey's df."""
    outcomes = {name: measure for name, measure in names.items() if measure.is_outcome}
    if export.arm is None:
        return
    arm = pl.col(f"{export.arm} group").alias("arm")
    statistics = [
        expression
        for name in outcomes
        for expression in (
            pl.col(name).count().alias(f"{name} n"),
            pl.col(name).mean().alias(f"{name} mean"),
            pl.col(name).var().alias(f"{name} variance"),
        )
    ]
    arms = {row["arm"]: row for row in people.group_by(arm).agg(statistics).iter_rows(named=True)}
    control = arms["none"]
    for arm_id in sorted(set(arms) - {"none", None}):
        for name, outcome in outcomes.items():
            (n0, m0, v0), (n1, m1, v1) = (
                [of[f"{name} {statistic}"] for statistic in ("n", "mean", "variance")] for of in (control, arms[arm_id])
            )
            estimate, error = 100 * (m1 - m0), 100 * (v1 / n1 + v0 / n0) ** 0.5
            df = (1 / n0 + 1 / n1) ** 2 / (1 / (n0**2 * (n0 - 1)) + 1 / (n1**2 * (n1 - 1)))
            yield {
                **survey(export, outcome),
                "outcome_id": outcome.measure,
                "contrast_id": arm_id,
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
        people = coded(export).with_columns(measured(measure).alias(name) for name, measure in names.items())
        found["levels"] += levels(export, people, names)
        found["correlates"] += correlates(export, people, names)
        found["nudges"] += nudges(export, people, names)
    for name, rows in found.items():
        write_results(results, name, rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
