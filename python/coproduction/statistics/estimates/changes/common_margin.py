"""Changes between waves of equal composition: the later wave raked to the gender and age bands of the earlier one."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from coproduction.statistics.estimates.changes.compared_waves import COMMON_MARGINS, COMPARISON, Means, Overlap
from coproduction.statistics.methods.counts import NUMBER, number_groups
from coproduction.statistics.methods.weights.raking import raked_cells
from coproduction.statistics.methods.weights.weighting import degrees_of_freedom, effective_number

EARLIER_MARGIN = "earlier_margin"
NAN = float("nan")
NO_MARGIN = "not reweighted: no two genders or age bands with ten people in both waves"


class Margin(NamedTuple):
    """One variable, with one entry per cell for the category in either wave.

    `earlier` and `later` have shape (cells, listed categories): 1[c] - s_c * 1[listed], s_c being the earlier wave's
    share of c among the listed. `code` numbers the later wave's categories, and `target` has their people.
    """

    earlier: np.ndarray
    later: np.ndarray
    is_listed_earlier: np.ndarray
    is_listed_later: np.ndarray
    code: np.ndarray
    target: np.ndarray


class Reweighted(NamedTuple):
    """What one comparison gives to the rows: means of both waves and the overlap as numbers, and a reason or None."""

    earlier: tuple[float, ...]
    later: tuple[float, ...]
    overlap: tuple[float, ...]
    reason: str | None


def reweighted_changes(cells: pd.DataFrame, fewest: int) -> tuple[pd.DataFrame, tuple[Means, Means], Overlap]:
    """Mean of the earlier wave, and of the later wave raked to its gender and age bands.

    Let r be the raked weight with mean 1, x the columns of `Margin`, and B the coefficients of the regression of the
    later value on x. A person of the later wave has the influence r*(y2 - m2 - x*B) / n2. A person of the earlier wave
    has (y1 - m1)/n1 less the sum over variables of L*x*B / (n1 listed), L being the later wave's share of the listed
    categories: the margins are estimated by the earlier wave, and m2 moves with them. The variance of the change is the
    sum of the squared differences of the two influences over all people, each wave with its factor sqrt(n/(n-1)).

    Categories with fewer than `fewest` people in a wave, and people without an answer, keep their share.

    Args:
        cells: as `read_changes` returns them, comparable ones only.
        fewest: people whom a category needs in both waves.

    Returns:
        One row of keys per comparison with a reason; means of both waves; the overlap.

    Sources: Deville, Sarndal and Sautory 1993, JASA 88:1013; Deville 1999, Survey Methodology 25:193.

    """
    groups, group = number_groups(cells, COMPARISON)
    columns = [*COMPARISON, "comparison_id", "is_outcome"]
    groups = groups.merge(cells.drop_duplicates(list(COMPARISON))[columns], on=list(COMPARISON))
    found = [_reweighted(cells[group == place], fewest) for place in range(len(groups))]
    earlier, later, overlap = (
        np.array([getattr(one, name) for one in found], dtype=NUMBER).reshape(len(found), width).T
        for name, width in (("earlier", 6), ("later", 6), ("overlap", 3))
    )
    groups = groups.assign(weighting_id=EARLIER_MARGIN, reason=pd.Series([one.reason for one in found], dtype="object"))
    return groups, (_means(earlier), _means(later)), Overlap(*overlap)


def _means(of: np.ndarray) -> Means:
    n, mean, variance, df, n_effective, is_constant = of
    return Means(n, mean, variance, df, n_effective, is_constant > 0, np.empty(0))


def _reweighted(cells: pd.DataFrame, fewest: int) -> Reweighted:
    """One comparison."""
    n = cells["n_respondents"].to_numpy(NUMBER)
    values = [cells[name].to_numpy(NUMBER) for name in ("earlier_value", "later_value")]
    before, after = (np.where(np.isnan(value), 0.0, n) for value in values)
    y1, y2 = (np.nan_to_num(value) for value in values)
    margins = [margin for names in COMMON_MARGINS.items() if (margin := _margin(cells, *names, before, after, fewest))]
    r, reason = _weights(margins, after)
    n1, n2 = before.sum(), after.sum()
    if reason is not None or not n1:
        m1 = before @ y1 / n1 if n1 else NAN
        return Reweighted((n1, m1, NAN, NAN, n1, 0), (n2, *[NAN] * 4, 0), (0, 0, 0), reason or NO_MARGIN)
    u1, u2 = _influences(margins, before, after, r, y1, y2)
    both = np.where((before > 0) & (after > 0), n, 0.0)
    df2, df_both = (float(degrees_of_freedom(part @ r**2, part @ r**4)) for part in (after, both))
    n_effective = float(effective_number(n2, after @ r, after @ r**2))
    return Reweighted(
        (n1, before @ y1 / n1, before @ u1**2, n1 - 1, n1, float(np.ptp(y1[before > 0]) == 0)),
        (n2, (after * r) @ y2 / n2, after @ u2**2, df2, n_effective, float(np.ptp(y2[after > 0]) == 0)),
        (both.sum(), both @ (u1 * u2), min(both.sum() - 1, df_both)),
        None,
    )


def _weights(margins: list[Margin], after: np.ndarray) -> tuple[np.ndarray, str | None]:
    """Raked weight of each cell, mean 1 over the later wave and 0 outside it; or the reason why there is none."""
    weights, here = np.zeros(len(after)), after > 0
    if not margins:
        return weights, NO_MARGIN
    raked = raked_cells(after[here], [margin.code[here] for margin in margins], [margin.target for margin in margins])
    if raked.weight is not None:
        weights[here] = raked.weight
    return weights, None if raked.weight is not None else raked.reason


def _influences(
    margins: list[Margin], before: np.ndarray, after: np.ndarray, r: np.ndarray, y1: np.ndarray, y2: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Influence of a person of each cell on the mean of the earlier wave less what it adds to the later, and on that.

    The formulas are those of `reweighted_changes`; a cell without people of a wave has no meaningful entry for it.
    """
    n1, n2 = before.sum(), after.sum()
    x = np.column_stack([np.ones(len(after)), *(margin.later for margin in margins)])
    root = np.sqrt(after)
    residual = y2 - (after * r) @ y2 / n2
    coefficients = np.linalg.lstsq(root[:, None] * x, root * residual, rcond=None)[0]
    u2 = r * (residual - x @ coefficients) / n2
    u1, first = (y1 - before @ y1 / n1) / n1, 1
    for margin in margins:
        last = first + margin.later.shape[1]
        share = (after * r) @ margin.is_listed_later / n2
        u1 = u1 - share * margin.earlier @ coefficients[first:last] / (before @ margin.is_listed_earlier)
        first = last
    return u1 * np.sqrt(n1 / max(n1 - 1, 1)), u2 * np.sqrt(n2 / max(n2 - 1, 1))


def _margin(
    cells: pd.DataFrame, of_later: str, of_earlier: str, before: np.ndarray, after: np.ndarray, fewest: int
) -> Margin | None:
    """Lay out one variable; None where fewer than two categories have enough people in both waves."""
    late, early = (cells[name].fillna("").to_numpy(dtype=object) for name in (of_later, of_earlier))
    people = {category: (before[early == category].sum(), after[late == category].sum()) for category in {*late}}
    listed = [category for category in sorted(people) if category and min(people[category]) >= fewest]
    if len(listed) < 2:
        return None
    shares = np.array([people[category][0] for category in listed])
    shares = shares / shares.sum()
    is_early, is_late = (side[:, None] == np.array(listed, dtype=object) for side in (early, late))
    listed_early, listed_late = is_early.any(axis=1), is_late.any(axis=1)
    # Category 0 keeps its share; without anybody in it there is no such category.
    kept = after[~listed_late].sum()
    code = np.where(listed_late, is_late.argmax(axis=1) + 1, 0)
    target = np.array([kept, *(shares * (after.sum() - kept))])
    return Margin(
        is_early - shares * listed_early[:, None],
        is_late - shares * listed_late[:, None],
        listed_early,
        listed_late,
        code if kept else np.maximum(code - 1, 0),
        target if kept else target[1:],
    )
