"""Counts under every choice of the multiverse: the tables of correlate by outcome that its specifications use.

Many choices lead to the same table (nobody is a duplicate, nobody answered Don't Know), so each distinct table is built
once, and `place` gives the table that each specification uses.
"""

from dataclasses import dataclass

import numpy as np

from coproduction.statistics.estimates.multiverse.est_multiverse_axes import COLLECTIVE, DONT_KNOW_RULES, INDEX

# Columns of the counts: flags that decide which rows are included, and the answers.
SAMPLE_FLAGS = ("is_duplicate", "is_excluded", "is_straight_line")
ANSWERS = (
    "n_asked",
    "n_answered",
    "n_positive",
    "n_often",
    "n_dont_know",
    "collective_participation",
    "collective_often",
    "collective_score",
    "collective_dont_know",
    "score",
)
# The answers in the counts of an outcome that has no readings of its own.
MEASURED = ("n_positive", "n_answered", "score")


@dataclass(frozen=True)
class SpecificationTables:
    """The distinct tables of counts of one correlate and outcome.

    `tables` has the shape (tables, values of x, values of y); `x` are the values of the correlate and `y` those of the
    outcome, ascending. `place` has the shape (Don't Know rules, outcome rules, duplicate rules, outlier rules) and
    holds the number of the table that each combination leads to.
    """

    x: np.ndarray
    y: np.ndarray
    tables: np.ndarray
    place: np.ndarray


def specification_tables(of: dict[str, np.ndarray], outcome_id: str) -> SpecificationTables:
    """Count the respondents of one correlate by correlate and outcome, under every choice.

    Args:
        of: columns of the counts, one entry per row: SAMPLE_FLAGS (boolean), ANSWERS (MEASURED for an outcome without
            readings of its own), n_respondents, and `is_valid` and `is_dont_know` about the answer to the correlate.
        outcome_id: the outcome.

    Returns:
        The distinct tables and the table of each combination of choices.

    """
    outcomes = _outcomes_by_rule(of, outcome_id)
    samples = _samples_by_rule(of)
    distinct, place = _distinct_rows(samples.reshape(-1, samples.shape[-1]))
    has_score = of["is_valid"] & ~np.isnan(of["score"])
    x = np.unique(of["score"][has_score])
    has_dont_know = bool(of["is_dont_know"].any()) and len(x) > 0
    if has_dont_know:
        x = np.unique([*x, (x[0] + x[-1]) / 2])
    y = np.unique(outcomes[~np.isnan(outcomes)])
    is_in = (has_score | (of["is_dont_know"] & has_dont_know)) & ~np.isnan(outcomes) & distinct[:, None]
    # Don't Know is an extra last value of x until one of DONT_KNOW_RULES replaces it.
    where_x = np.where(has_score, np.searchsorted(x, of["score"]), max(len(x), 1))
    counts = _counted(is_in, where_x, np.searchsorted(y, outcomes), of["n_respondents"], max(len(x), 1), max(len(y), 1))
    by_rule = _by_dont_know_rule(counts, x) if has_dont_know else [counts[:, :, :-1]]
    numbers = np.arange(len(by_rule) * len(distinct) * len(outcomes)).reshape(len(by_rule), len(distinct), -1)
    numbers = numbers[:, place].reshape(len(by_rule), *samples.shape[:2], len(outcomes))
    shape = (len(DONT_KNOW_RULES), len(outcomes), *samples.shape[:2])
    return SpecificationTables(
        x,
        y,
        np.stack(by_rule).reshape(-1, max(len(x), 1), max(len(y), 1)),
        np.broadcast_to(np.moveaxis(numbers, 3, 1), shape),
    )


def _outcomes_by_rule(of: dict[str, np.ndarray], outcome_id: str) -> np.ndarray:
    """Value of the outcome in each row of counts under each rule, NaN where it is missing; shape (rules, rows)."""
    if outcome_id == COLLECTIVE:
        participation = of["collective_participation"]
        as_no = np.where(np.isnan(participation) & (of["collective_dont_know"] > 0), 0.0, participation)
        return np.stack([participation, of["collective_often"], of["collective_score"], as_no])
    if outcome_id != INDEX:
        with np.errstate(invalid="ignore", divide="ignore"):
            return (of["n_positive"] / of["n_answered"])[None]
    asked, answered, positive, often = (of[name] for name in ("n_asked", "n_answered", "n_positive", "n_often"))
    answered_or_not = answered + of["n_dont_know"]
    is_half = (answered > 0) & (2 * answered >= asked)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = positive / answered
        return np.stack(
            [
                np.where(is_half, share, np.nan),
                np.where(answered > 0, share, np.nan),
                np.where((answered > 0) & (answered == asked), share, np.nan),
                np.where(is_half, often / answered, np.nan),
                np.where(is_half, (positive + often) / (2 * answered), np.nan),
                np.where((answered_or_not > 0) & (2 * answered_or_not >= asked), positive / answered_or_not, np.nan),
                np.where(is_half, (positive > 0).astype(np.float64), np.nan),
                np.where(answered > 0, positive, np.nan),
            ]
        )


def _samples_by_rule(of: dict[str, np.ndarray]) -> np.ndarray:
    """Whether each row of counts is included under each rule; shape (duplicate rules, outlier rules, rows)."""
    everybody = np.ones_like(of["is_excluded"])
    by_duplicates = np.stack([~of["is_excluded"], ~of["is_duplicate"], everybody])
    by_outliers = np.stack([everybody, ~of["is_straight_line"]])
    return by_duplicates[:, None] & by_outliers[None]


def _distinct_rows(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the distinct rows in order of appearance, and the number of the distinct row that each row equals."""
    numbers: dict[bytes, int] = {}
    place = [numbers.setdefault(row.tobytes(), len(numbers)) for row in rows]
    first = [place.index(number) for number in range(len(numbers))]
    return rows[first], np.array(place)


def _counted(
    is_in: np.ndarray, where_x: np.ndarray, where_y: np.ndarray, n_respondents: np.ndarray, n_x: int, n_y: int
) -> np.ndarray:
    """Add up respondents: shape (samples, rules, n_x and Don't Know, n_y); `is_in`: (samples, rules, rows)."""
    sample, rule, row = np.nonzero(is_in)
    n_samples, n_rules = is_in.shape[:2]
    where = ((sample * n_rules + rule) * (n_x + 1) + where_x[row]) * n_y + where_y[rule, row]
    counts = np.bincount(where, weights=n_respondents[row], minlength=n_samples * n_rules * (n_x + 1) * n_y)
    return counts.reshape(n_samples, n_rules, n_x + 1, n_y)


def _by_dont_know_rule(counts: np.ndarray, x: np.ndarray) -> list[np.ndarray]:
    """Add Don't Know, the last value of x, to the value that each of DONT_KNOW_RULES names; `leave_out` drops it."""
    by_rule = [counts[:, :, :-1]]
    for position in (0, int(np.searchsorted(x, (x[0] + x[-1]) / 2)), len(x) - 1):
        moved = counts[:, :, :-1].copy()
        moved[:, :, position] += counts[:, :, -1]
        by_rule.append(moved)
    return by_rule
