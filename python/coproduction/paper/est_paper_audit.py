"""Audit of the published tables: whether the printed numbers, stars and sentences are consistent.

The audit uses only the printed numbers and text of the manuscript that we read. It uses no result of the warehouse and
no answer of any export.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd

from coproduction.paper.claims import Recount, recount_claim
from coproduction.paper.printed import (
    FIVE_PER_CENT,
    PLAUSIBLE_SHARE,
    largest_sd_for_star,
    n_for_star,
    one_edit_corrections,
    p_of_coefficient,
    p_of_correlation,
    sd_of_share,
    stars_as_read,
)
from coproduction.statistics.methods.counts import COUNT_OR_NULL, KEYS, NUMBER, TEXT, typed

CONSISTENT, IF_FEWER = "consistent", "consistent_if_fewer"
IMPOSSIBLE, INCONSISTENT_CLAIM = "impossible", "inconsistent_claim"
ALL = "all"
CORRELATION_TABLES, LEVEL_TABLE, NUDGE_TABLE = ("3", "4"), "2", "5"
THEME = ["council_id", "wave_id", "theme_id"]
CELL = (*KEYS, "outcome_id", "measure_id", "construct_id", "contrast_id")
YES_OR_NO = "collective_participation"

TYPES = (
    {"table_number": TEXT, "claim_id": TEXT}
    | dict.fromkeys(CELL, TEXT)
    | {
        "printed_label": TEXT,
        "printed_value": NUMBER,
        "printed_stars": TEXT,
        "n_council": COUNT_OR_NULL,
        "p_at_n": NUMBER,
        "n_for_star_min": COUNT_OR_NULL,
        "n_for_star_max": COUNT_OR_NULL,
        "sd_for_star_max": NUMBER,
        "sd_implied": NUMBER,
        "recount_from_stars": TEXT,
        "recount_from_values": TEXT,
        "arithmetic_verdict": TEXT,
        "interpretation": TEXT,
        "suggested_value": TEXT,
        "reason": TEXT,
    }
)


def estimate_paper_audit(cells: pd.DataFrame, claims: pd.DataFrame) -> pd.DataFrame:
    """Judge every printed correlation, nudge coefficient and claim by arithmetic.

    Correlations: the numbers of respondents, from 3 to the council's, for which the printed star is right for some
    value that rounds to the printed one; two-sided t test with n-2 df; three stars read as two. `consistent`: right at
    the council's full number. `consistent_if_fewer`: right only if fewer answered. `impossible`: right for no n.

    Nudges: the largest standard deviation of the outcome at which the star can arise with four equal arms, sd = |b| /
    (t* sqrt(8/N)), in points of 0-100, compared with the one that the printed level of the theme implies. A yes-or-no
    outcome at share p has sqrt(p(1-p)), so a star that needs a smaller standard deviation is impossible; a share of
    several activities can have any smaller one.

    Claims: recounted from the printed stars, which decide, and from the printed values (at the council's full number).
    A council's theme is one area, for any number of topics. A wrong count or denominator is an `inconsistent_claim`.

    Args:
        cells: the seed paper_cells: keys, outcome_id, measure_id, construct_id, contrast_id, printed_value (null: a
            dash), printed_label, printed_stars; measure `respondents` gives the number of respondents of each council.
        claims: the seed paper_claims.

    Returns:
        One row per printed correlation and coefficient (dashes left out) and one per claim (claim_id; council, theme
        and topic `all` where it is about several). `suggested_value`: printed labels one edit away that would be right,
        where the cell is impossible or needs more missing answers than is plausible. `reason` says which numbers are
        missing.

    Raises:
        ValueError: a claim has an unknown kind.

    R: `2 * pt(-abs(r) * sqrt((n - 2) / (1 - r^2)), n - 2)`; `abs(b) / (qt(0.975, N - 4) * sqrt(8 / N))`.
    Source of the idea: Brown and Heathers 2017, SPPS 8:363 (what printed numbers can be right together).

    """
    cells = _read_cells(cells)
    correlations = cells[cells["table_number"].isin(CORRELATION_TABLES) & cells["printed_value"].notna()]
    nudges = cells[cells["table_number"].eq(NUDGE_TABLE) & cells["printed_value"].notna()]
    records = [{str(name): value for name, value in row.items()} for row in cells.to_dict("records")]
    audited = [
        *_judged(correlations, _judge_correlation),
        *_judged(nudges, _judge_nudge),
        *[_judge_claim(claim, recount_claim(claim, records)) for claim in claims.to_dict("records")],
    ]
    order = ["table_number", "claim_id", *CELL]
    return typed(pd.DataFrame(audited), TYPES).sort_values(order, na_position="first", ignore_index=True)


def _read_cells(cells: pd.DataFrame) -> pd.DataFrame:
    """Add columns for the judgements: respondents of the council, stars as read, significance by star and by value."""
    # Missing text becomes None, because DuckDB and CSV files represent it differently.
    text = cells.drop(columns="printed_value").astype(object)
    cells = text.where(text.notna(), None).assign(printed_value=cells["printed_value"].astype(NUMBER))
    respondents = cells[cells["measure_id"].eq("respondents") & cells["table_number"].eq("1")]
    n_of = dict(zip(respondents["council_id"], respondents["printed_value"], strict=True))
    cells = cells.assign(
        printed_stars=[stars_as_read(stars) for stars in cells["printed_stars"]],
        n_council=cells["council_id"].map(n_of).astype(NUMBER),
    )
    # Levels are printed only for whole themes, so each topic is judged by the level of its theme.
    levels = cells[cells["table_number"].eq(LEVEL_TABLE)].set_index([*THEME, "measure_id"])["printed_value"]
    level = levels.reindex(pd.MultiIndex.from_frame(cells[[*THEME, "outcome_id"]])).to_numpy(NUMBER)
    value, n_council = cells["printed_value"].to_numpy(), cells["n_council"].to_numpy(NUMBER)
    is_yes_or_no = cells["table_number"].eq(NUDGE_TABLE) & cells["outcome_id"].eq(YES_OR_NO)
    p_at_n = np.full(len(cells), np.nan)
    correlations = np.flatnonzero(cells["table_number"].isin(CORRELATION_TABLES))
    p_at_n[correlations] = p_of_correlation(value[correlations], n_council[correlations])
    nudges = np.flatnonzero(is_yes_or_no)
    p_at_n[nudges] = p_of_coefficient(value[nudges], sd_of_share(level[nudges]), n_council[nudges])
    return cells.assign(level=level, sd_binary=sd_of_share(level), p_at_n=p_at_n)


def _judged(cells: pd.DataFrame, judge: Callable[[dict], dict]) -> list[dict]:
    """Judge each cell of a council with a printed number of respondents; give a reason for the other cells."""
    rows = []
    for cell in cells.to_dict("records"):
        n_council = cell["n_council"]
        if np.isnan(n_council):
            judgement = {"n_council": None, "reason": "the number of respondents of the council is not printed"}
        else:
            judgement = judge(cell | {"n_council": int(n_council)})
        rows.append(cell | judgement)
    return rows


def _judge_correlation(cell: dict) -> dict:
    r, stars, n_council = cell["printed_value"], cell["printed_stars"], cell["n_council"]
    found = n_for_star(r, stars, n_council)
    lowest, highest = found or (None, None)
    star = f"the star {stars}" if stars else "no star"
    reason, suggested = None, None
    if found is None:
        verdict, interpretation = (
            IMPOSSIBLE,
            f"{star} is right for no number of respondents: value or star is misprinted",
        )
        reason = f"no number of respondents from 3 to {n_council} makes the star right"
    elif highest == n_council:
        verdict, interpretation = CONSISTENT, f"{star} is right at all {n_council} respondents"
    elif highest >= PLAUSIBLE_SHARE * n_council:
        verdict = IF_FEWER
        interpretation = f"{star} is right if at most {highest} of {n_council} answered: ordinary missing answers do"
    else:
        verdict = IF_FEWER
        interpretation = (
            f"{star} is right only if at most {highest} of {n_council} answered: value or star is probably misprinted"
        )
    if found is None or highest < PLAUSIBLE_SHARE * n_council:
        suggested = "; ".join(one_edit_corrections(cell["printed_label"], n_council)) or None
    return {
        "n_council": n_council,
        "n_for_star_min": lowest,
        "n_for_star_max": highest,
        "arithmetic_verdict": verdict,
        "interpretation": interpretation,
        "suggested_value": suggested,
        "reason": reason,
    }


def _judge_nudge(cell: dict) -> dict:
    coefficient, stars, n_council = cell["printed_value"], cell["printed_stars"], cell["n_council"]
    is_yes_or_no = cell["outcome_id"] == YES_OR_NO
    level, sd_binary = cell["level"], cell["sd_binary"]
    sd_max = largest_sd_for_star(coefficient, stars, n_council)
    judgement = {
        "n_council": n_council,
        "sd_for_star_max": sd_max if stars else None,
        "sd_implied": sd_binary if is_yes_or_no else None,
        "reason": "the range of n is a matter of correlations; a nudge is judged by the standard deviation"
        + ("" if is_yes_or_no else ", and the level of an index implies none"),
    }
    if np.isnan(level):
        return judgement | {"arithmetic_verdict": None, "reason": "the level of the theme is not printed"}
    if not stars:
        is_right = is_yes_or_no and cell["p_at_n"] <= FIVE_PER_CENT
        words = f"no star, as at the standard deviation of a yes-or-no outcome at {level:.0f} %"
        return judgement | (
            {"arithmetic_verdict": IMPOSSIBLE, "interpretation": "a star is missing: the coefficient is significant"}
            if is_right
            else {"arithmetic_verdict": CONSISTENT, "interpretation": words}
        )
    needs = f"the star {stars} needs a standard deviation of at most {sd_max:.1f} points"
    if is_yes_or_no and sd_max < sd_binary:
        return judgement | {
            "arithmetic_verdict": IMPOSSIBLE,
            "interpretation": f"{needs}; a yes-or-no outcome at the printed level of {level:.0f} % has at least "
            f"{sd_binary:.1f}: another outcome, scale or test was used, or the star is misprinted",
        }
    if is_yes_or_no:
        return judgement | {"arithmetic_verdict": CONSISTENT, "interpretation": f"{needs}; the level implies less"}
    # Uncorrelated, equally common activities would give sd_binary / sqrt(items); real activities are correlated.
    n_items = int(np.ceil((sd_binary / sd_max) ** 2))
    return judgement | {
        "arithmetic_verdict": CONSISTENT,
        "interpretation": f"{needs}: not impossible for a share of activities, but at {level:.0f} % it takes {n_items} "
        "or more equally common activities that do not go together",
    }


def _judge_claim(claim: dict, recount: Recount) -> dict:
    is_text = {name: value if value == value else None for name, value in claim.items()}
    of_one_council = is_text["council_id"] is not None
    return {
        "table_number": str(is_text["table_number"]),
        "claim_id": is_text["claim_id"],
        "council_id": is_text["council_id"] or ALL,
        "wave_id": recount.wave_id,
        "theme_id": is_text["theme_id"] or ALL,
        "topic_id": is_text["topic_id"] or ALL,
        "outcome_id": is_text["outcome_id"],
        "measure_id": is_text["measure_id"],
        "construct_id": is_text["construct_id"],
        "contrast_id": is_text["contrast_id"],
        "printed_label": is_text["quote"],
        "n_council": recount.n_council if of_one_council else None,
        "recount_from_stars": recount.from_stars,
        "recount_from_values": recount.from_values,
        "arithmetic_verdict": CONSISTENT if recount.is_consistent else INCONSISTENT_CLAIM,
        "interpretation": recount.interpretation,
        "suggested_value": recount.suggested,
        "reason": "a claim is recounted: it has no value, star or p of its own",
    }
