"""How many specifications support the conclusion about a correlate in an area, which is a theme of a council."""

import numpy as np
import pandas as pd

from coproduction.statistics.estimates.multiverse.specification_signs import (
    OWN_CHOICES,
    PRINTED,
    SpecificationSigns,
    conclusion_ids,
    directions,
    share_supporting,
    specification_signs,
)
from coproduction.statistics.methods.counts import COUNT, NUMBER, TEXT, typed

AREA_CORRELATION = ("council_id", "wave_id", "theme_id", "construct_id", "outcome_id")

TYPES = (
    dict.fromkeys((*AREA_CORRELATION, "source_id", "conclusion_id"), TEXT)
    | {"n_specifications": COUNT}
    | dict.fromkeys(("share_supporting", "share_positive", "share_negative"), NUMBER)
)


def estimate_multiverse_areas(multiverse: pd.DataFrame, cells: pd.DataFrame) -> pd.DataFrame:
    """Compare every specification of an area with the conclusion about the area.

    As the paper counts: an area is positive if any of its topics is, and negative if any is; it can be both.

        a topic is positive (negative) = p <= 0.05 and estimate > 0 (estimate < 0)
        share_supporting = mean over specifications of [positive as concluded and negative as concluded]

    Args:
        multiverse: est_multiverse: one row per correlation and combination of choices.
        cells: est_multiverse_cells: one row per correlation, with the conclusion about each topic.

    Returns:
        One row per AREA_CORRELATION, sorted. `source_id` is PRINTED where the paper prints a correlation of any topic.
        `conclusion_id` combines the conclusions about the topics. The shares are 0-1: `share_supporting` of the
        specifications with the concluded signs; `share_positive` (`share_negative`) of those that are positive
        (negative), for any conclusion.

    Raises:
        ValueError: a correlation lacks a combination of choices that another one of its outcome has.

    R: `ave(p <= 0.05 & estimate > 0, area, specification, FUN = any)`, then `mean(positive == concluded)`.
    Source: Simonsohn et al. 2020, Nature Human Behaviour 4:1208 (share of specifications by sign and significance).

    """
    conclusions = _conclusions(cells)
    found = [_of_outcome(signs, conclusions) for signs in specification_signs(multiverse)]
    return typed(pd.concat(found).sort_values(list(AREA_CORRELATION)) if found else pd.DataFrame(), TYPES)


def unite_topics(signs: SpecificationSigns) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """Combine the topics of each area: a specification is positive in an area if it is positive in any of the topics.

    Args:
        signs: the significant results of each specification of each correlation of one outcome.

    Returns:
        The keys (AREA_CORRELATION), sorted, and whether each specification is positive, and negative, in each area:
        shape (areas, combinations of choices, p-values).

    """
    area = signs.keys.groupby(list(AREA_CORRELATION), sort=True).ngroup().to_numpy()
    order = np.argsort(area, kind="stable")
    starts = np.flatnonzero(np.diff(area[order], prepend=-1))
    keys = signs.keys[list(AREA_CORRELATION)].take(order[starts]).reset_index(drop=True)
    is_positive, is_negative = (
        np.logical_or.reduceat(found[order], starts, axis=0) for found in (signs.is_positive, signs.is_negative)
    )
    return keys, is_positive, is_negative


def _conclusions(cells: pd.DataFrame) -> pd.DataFrame:
    """Conclusion about each area: positive (negative) if the conclusion about any of its topics is."""
    is_positive, is_negative = directions(cells["conclusion_id"])
    flags = cells.assign(is_positive=is_positive, is_negative=is_negative, is_printed=cells["source_id"].eq(PRINTED))
    areas = flags.groupby(list(AREA_CORRELATION), as_index=False)[["is_positive", "is_negative", "is_printed"]].any()
    return areas[list(AREA_CORRELATION)].assign(
        source_id=np.where(areas["is_printed"], PRINTED, OWN_CHOICES),
        conclusion_id=conclusion_ids(areas["is_positive"].to_numpy(), areas["is_negative"].to_numpy()),
    )


def _of_outcome(signs: SpecificationSigns, conclusions: pd.DataFrame) -> pd.DataFrame:
    keys, is_positive, is_negative = unite_topics(signs)
    areas = keys.merge(conclusions, on=list(AREA_CORRELATION), validate="1:1")
    return areas.assign(
        n_specifications=is_positive[0].size,
        share_supporting=share_supporting(is_positive, is_negative, areas["conclusion_id"]),
        share_positive=is_positive.mean(axis=(1, 2)),
        share_negative=is_negative.mean(axis=(1, 2)),
    )
