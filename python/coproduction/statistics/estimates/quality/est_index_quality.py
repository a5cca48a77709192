"""Quality of the individual index: how strongly its items correlate, together and one by one."""

from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from coproduction.statistics.methods.counts import (
    COUNT,
    KEYS,
    NUMBER,
    TEXT,
    UNWEIGHTED,
    number_groups,
    read_counts,
    typed,
)
from coproduction.statistics.methods.inference import UPPER
from coproduction.statistics.methods.moments import NO_SQUARES
from coproduction.statistics.methods.multiplicity import HOLM, adjusted_p_values

# The item_id of the row for the whole index.
ALL_ITEMS = "all"

TYPES = dict.fromkeys(KEYS, TEXT) | {
    "item_id": TEXT,
    "weighting_id": TEXT,
    "n_respondents": COUNT,
    "n_items": COUNT,
    "share_positive": NUMBER,
    "item_rest_correlation": NUMBER,
    "item_rest_p_value": NUMBER,
    "item_rest_p_value_adjusted": NUMBER,
    "estimate": NUMBER,
    "ci_lower": NUMBER,
    "ci_upper": NUMBER,
    "reason": TEXT,
}


def estimate_index_quality(counts: pd.DataFrame) -> pd.DataFrame:
    """KR-20 of the index's items with Feldt's interval; for each item its item-rest correlation and KR-20 without it.

    C is the covariance matrix of the 0/1 items, each pair over the respondents with both answers (n-1 in it):

        KR-20 = k/(k-1) * (1 - sum(diag C) / sum(C))                      (Cronbach's alpha of 0/1 items)
        interval 1 - (1-KR-20) * F(0.975 and 0.025; n-1, (n-1)(k-1)),     n: the smallest number for a pair
        item_rest_correlation of i = sum_{j != i} C_ij / sqrt(C_ii * sum_{j,l != i} C_jl)
        item_rest_p_value: |atanh(item_rest_correlation)| * sqrt(n-3) as a standard normal, two-sided (Fisher's z)

    KR-20 asks whether the items measure one thing. An index of activities counts activities, which need not be
    correlated, so a low KR-20 does not make it invalid (it is closer to a formative index). A negative item-rest
    correlation, however, may mean that the item is coded in reverse.

    Args:
        counts: council_id, wave_id, theme_id, topic_id, item_a, item_b (item_a <= item_b; equal: the item itself),
            is_positive_a, is_positive_b (null: no valid answer), n_respondents.

    Returns:
        One row per council, wave, theme, topic and item, sorted by them; item_id `all` is the whole index. `estimate`,
        at most 1, is the KR-20 of the n_items items, in the row of an item that of the other items. share_positive is
        0-1, item_rest_correlation -1 to 1, item_rest_p_value_adjusted Holm's over all items of the frame (null with
        fewer than 4 respondents or a perfect correlation). n_respondents counts those who answered the item, in the row
        `all` the smallest number who answered both items of a pair. `reason` says why a number is missing.

    Raises:
        ValueError: a column is missing, or a number of respondents is not whole.

    R: `psych::alpha(items)$total$raw_alpha`, `$alpha.drop$raw_alpha`, `$item.stats$r.drop`, with missing answers on
    `cov(items, use = "pairwise")`; `psych::alpha.ci(alpha, n, k)`.
    Sources: Kuder and Richardson 1937, Psychometrika 2:151; Feldt 1965, Psychometrika 30:357.

    """
    answers = counts.assign(
        **{name: counts[name].astype(NUMBER) for name in ("is_positive_a", "is_positive_b") if name in counts}
    )
    cells = read_counts(answers, text=(*KEYS, "item_a", "item_b"), numbers=("is_positive_a", "is_positive_b"))
    groups, group = number_groups(cells, KEYS)
    bounds = np.searchsorted(group, np.arange(len(groups) + 1))
    of_groups = [
        _quality(cells.iloc[start:end]).assign(place=place) for place, (start, end) in enumerate(pairwise(bounds))
    ]
    empty = pd.DataFrame({"item_id": pd.Series(dtype=TEXT), "place": pd.Series(dtype=COUNT)})
    items = pd.concat([empty, *of_groups], ignore_index=True)
    quality = groups.loc[items.pop("place").astype(COUNT)].reset_index(drop=True).join(items)
    quality = quality.assign(weighting_id=UNWEIGHTED, **_p_values(quality))
    return typed(quality, TYPES).sort_values([*KEYS, "item_id"], ignore_index=True)


def pairwise_covariance(cells: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Items of one group with the numbers, means and covariances of their pairs.

    Args:
        cells: item_a, item_b, is_positive_a, is_positive_b (0, 1 or NaN), n_respondents.

    Returns:
        The names of the k items; respondents with both answers (k x k); the share positive of each item; covariances
        with n-1 (k x k, NaN below two respondents). R: `cov(items, use = "pairwise")`.

    """
    names = np.unique([*cells["item_a"], *cells["item_b"]]).astype(object)
    a, b = (np.searchsorted(names.astype(str), cells[item].astype(str)) for item in ("item_a", "item_b"))
    x, y = cells["is_positive_a"].to_numpy(), cells["is_positive_b"].to_numpy()
    is_pair = ~np.isnan(x) & ~np.isnan(y)
    a, b, x, y, count = a[is_pair], b[is_pair], x[is_pair], y[is_pair], cells["n_respondents"].to_numpy()[is_pair]

    def add_up(values: np.ndarray) -> np.ndarray:
        table = np.zeros((len(names), len(names)))
        np.add.at(table, (a, b), values)
        return table

    n, sum_x, sum_y, sum_xy = (add_up(count * value) for value in (1, x, y, x * y))
    upper = np.triu(np.ones_like(n, dtype=bool))
    with np.errstate(invalid="ignore", divide="ignore"):
        # n * sum(xy) - sum(x) * sum(y) is a difference of whole numbers: exact, and 0 where an item does not vary.
        covariance = (n * sum_xy - sum_x * sum_y) / np.where(n < 2, np.nan, n * (n - 1))
        share = np.diag(sum_x) / np.diag(n)
    symmetric = np.where(upper, covariance, covariance.T)
    return names, np.where(upper, n, n.T), share, symmetric


def _quality(cells: pd.DataFrame) -> pd.DataFrame:
    names, n, share, covariance = pairwise_covariance(cells)
    k = len(names)
    rows = [_kr20(covariance, n) | {"item_id": ALL_ITEMS}]
    for item, name in enumerate(names):
        others = np.delete(np.arange(k), item)
        between, within = covariance[item, others].sum(), covariance[np.ix_(others, others)].sum()
        own = covariance[item, item]
        row = _kr20(covariance[np.ix_(others, others)], n[np.ix_(others, others)]) | {"item_id": name}
        row |= {"n_respondents": n[item, item], "share_positive": share[item]}
        is_defined = k > 1 and own > 0 and within > NO_SQUARES
        row["item_rest_correlation"] = between / np.sqrt(own * within) if is_defined else np.nan
        if own == 0:
            row["reason"] = "the item does not vary"
        rows.append(row)
    return pd.DataFrame(rows)


def _p_values(quality: pd.DataFrame) -> dict[str, np.ndarray]:
    """The p of each item-rest correlation against 0, and Holm's over all of them."""
    r, n = (
        quality.get(name, pd.Series(dtype=NUMBER)).to_numpy(NUMBER)
        for name in ("item_rest_correlation", "n_respondents")
    )
    has_test = (n > 3) & (np.abs(r) < 1)
    p = np.full(len(r), np.nan)
    p[has_test] = 2 * stats.norm.sf(np.abs(np.arctanh(r[has_test])) * np.sqrt(n[has_test] - 3))
    return {"item_rest_p_value": p, "item_rest_p_value_adjusted": adjusted_p_values(p[:, None], HOLM)[:, 0]}


def _kr20(covariance: np.ndarray, n: np.ndarray) -> dict[str, Any]:
    """KR-20 of some items with its interval, from their covariances and numbers of respondents."""
    k, smallest = len(covariance), int(n.min(initial=n.max(initial=0)))
    about = {"n_items": k, "n_respondents": smallest, "estimate": np.nan, "ci_lower": np.nan, "ci_upper": np.nan}
    if k < 2:
        return about | {"reason": "fewer than two items"}
    if smallest < 2:
        return about | {"reason": "fewer than two respondents with both answers to some pair of items"}
    total, own = covariance.sum(), np.trace(covariance)
    if total <= NO_SQUARES * max(own, 1):
        return about | {"reason": "the sum of the items does not vary"}
    # For identical items rounding could give more than 1.
    estimate = min(k / (k - 1) * (1 - own / total), 1.0)
    df = smallest - 1, (smallest - 1) * (k - 1)
    lower, upper = (1 - (1 - estimate) * stats.f.ppf(probability, *df) for probability in (UPPER, 1 - UPPER))
    return about | {"estimate": estimate, "ci_lower": lower, "ci_upper": upper, "reason": None}
