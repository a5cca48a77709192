"""How many specifications support the counts of positive and negative areas that the paper's text claims."""

import numpy as np
import pandas as pd

from coproduction.statistics.estimates.multiverse.est_multiverse_areas import AREA_CORRELATION, unite_topics
from coproduction.statistics.estimates.multiverse.specification_signs import PRINTED, specification_signs
from coproduction.statistics.methods.counts import COUNT, NUMBER, TEXT, typed

DIRECTIONS = ("positive", "negative")

TYPES = (
    dict.fromkeys(("claim_id", "construct_id", "outcome_id"), TEXT)
    | {"n_areas": COUNT, "n_specifications": COUNT}
    | dict.fromkeys(("share_supporting", "share_same_direction"), NUMBER)
    | {
        f"n_{direction}_{what}": NUMBER if what == "median" else COUNT
        for direction in DIRECTIONS
        for what in ("claimed", "min", "median", "max")
    }
)


def estimate_multiverse_claims(multiverse: pd.DataFrame, areas: pd.DataFrame, claims: pd.DataFrame) -> pd.DataFrame:
    """Count the areas with a significant correlation in every specification, and compare the counts with the claim.

        n_positive (n_negative) of a specification = number of areas that are positive (negative) in it
        share_supporting = mean over specifications of [n_positive and n_negative are the claimed numbers]

    An area is positive (negative) if any of its topics is, see `estimate_multiverse_areas`.

    Args:
        multiverse: est_multiverse: one row per correlation and combination of choices.
        areas: est_multiverse_areas: one row per area and correlate; those that the paper prints are counted.
        claims: paper_claims: one row per claim, of which the kind `correlates` is read: claim_id, construct_id,
            outcome_id, claimed_positive and claimed_negative.

    Returns:
        One row per claim about a correlate that the build has, sorted. `n_areas` is the number of areas that are
        counted: fewer than in the paper where the build lacks a council. Shares are 0-1. `share_supporting`:
        specifications with exactly the claimed counts; `share_same_direction`: specifications in which n_positive -
        n_negative has the same sign as in the claim. n_positive_min, ..._median and ..._max describe the counts over
        the specifications.

    Raises:
        ValueError: a correlation lacks a combination of choices that another one of its outcome has.

    R: `tapply(is_positive, specification, sum)`, then `mean(n_positive == claimed & n_negative == claimed_negative)`.
    Source: Simonsohn et al. 2020, Nature Human Behaviour 4:1208 (share of specifications by sign and significance).

    """
    printed = areas.loc[areas["source_id"].eq(PRINTED), list(AREA_CORRELATION)]
    found = []
    for signs in specification_signs(multiverse):
        keys, is_positive, is_negative = unite_topics(signs)
        is_printed = keys.merge(printed, on=list(AREA_CORRELATION), how="left", indicator=True)["_merge"].eq("both")
        of_outcome = claims["claim_kind"].eq("correlates") & claims["outcome_id"].eq(keys["outcome_id"].iloc[0])
        for claim in claims[of_outcome].to_dict("records"):
            is_in = (is_printed & keys["construct_id"].eq(claim["construct_id"])).to_numpy()
            if is_in.any():
                found.append(_compared(claim, is_positive[is_in], is_negative[is_in]))
    return typed(pd.DataFrame(found).sort_values("claim_id") if found else pd.DataFrame(), TYPES)


def _compared(claim: dict, is_positive: np.ndarray, is_negative: np.ndarray) -> dict:
    """Compare the counts of areas in every specification with those of the claim."""
    counts = {"positive": is_positive.sum(axis=0), "negative": is_negative.sum(axis=0)}
    claimed = {direction: int(claim[f"claimed_{direction}"]) for direction in DIRECTIONS}
    is_equal = (counts["positive"] == claimed["positive"]) & (counts["negative"] == claimed["negative"])
    leaning = np.sign(counts["positive"] - counts["negative"])
    row = {name: claim[name] for name in ("claim_id", "construct_id", "outcome_id")} | {
        "n_areas": len(is_positive),
        "n_specifications": is_equal.size,
        "share_supporting": is_equal.mean(),
        "share_same_direction": (leaning == np.sign(claimed["positive"] - claimed["negative"])).mean(),
    }
    for direction, count in counts.items():
        row |= {
            f"n_{direction}_claimed": claimed[direction],
            f"n_{direction}_min": count.min(),
            f"n_{direction}_median": np.median(count),
            f"n_{direction}_max": count.max(),
        }
    return row
