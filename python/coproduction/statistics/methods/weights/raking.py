"""Raking: weights that bring a survey to known shares of its population. Reads one row per respondent."""

import json
from dataclasses import dataclass

import numpy as np
import pandas as pd

from coproduction.codebook.checks.characteristics import SHARES_ADD_UP, margin_variable
from coproduction.statistics.methods.counts import COUNT_OR_NULL, NUMBER, SURVEY, TEXT, typed

MARGIN_TOLERANCE = 1e-10
MAXIMUM_SWEEPS = 2_000
# Weights above this multiple of the median weight are cut.
TRIMMING = 5
MAXIMUM_TRIMS = 100
TRIMMED_TO = 1e-6
MISSING = "(missing)"

# Columns of respondents that a margin cannot name as its variable.
NO_VARIABLES = ("respondent_key", *SURVEY, "weight")
MARGIN_COLUMNS = [*SURVEY, "variable", "category", "share"]
TYPES = {
    "respondent_key": TEXT,
    "council_id": TEXT,
    "wave_id": TEXT,
    "weight_raked": NUMBER,
    "margin_cell": TEXT,
    "n_margin_cell": COUNT_OR_NULL,
    "n_iterations": COUNT_OR_NULL,
    "is_trimmed": "boolean",
    "reason": TEXT,
}


@dataclass(frozen=True)
class Raked:
    """Weights (mean 1) of one survey, sweeps over its margins and trimmed respondents; or the reason for no weights.

    `margin_cell` and `n_margin_cell` are as in `rake_weights`.
    """

    weight: np.ndarray | None = None
    n_iterations: int | None = None
    is_trimmed: np.ndarray | None = None
    reason: str | None = None
    margin_cell: np.ndarray | None = None
    n_margin_cell: np.ndarray | None = None


def weights_from_margins(
    respondents: pd.DataFrame, characteristics: pd.DataFrame, margins: pd.DataFrame
) -> pd.DataFrame:
    """Rake respondents whose characteristics are given as rows, one per respondent and construct.

    Args:
        respondents: respondent_key, council_id, wave_id, weight; one row per respondent who is to be weighted.
        characteristics: respondent_key, construct_id, characteristic_label; one row per respondent and construct.
        margins: as for `rake_weights`. A variable without characteristics is missing for every respondent.

    Returns:
        The result of `rake_weights`.

    Raises:
        ValueError: as `rake_weights`, or a respondent has two rows for one construct.

    """
    variables = characteristics["construct_id"].map(margin_variable).rename("variable")
    labels = characteristics.assign(variable=variables).pivot(
        index="respondent_key", columns="variable", values="characteristic_label"
    )
    labels = labels.reindex(columns=sorted(margins["variable"].dropna().unique()))
    keys = [column for column in NO_VARIABLES if column in respondents.columns]
    return rake_weights(respondents[keys].join(labels, on="respondent_key"), margins)


def rake_weights(respondents: pd.DataFrame, margins: pd.DataFrame) -> pd.DataFrame:
    """Weight the respondents of each survey to the shares of its population.

    Iterative proportional fitting (Deming and Stephan 1940, Annals of Mathematical Statistics 11:427): each margin in
    turn multiplies the weights of its categories by share / weighted share, until every share is met to 1e-10. Weights
    above five medians are cut there, the excess is spread evenly over the others and the margins are raked again, until
    no weight is above the limit. If no such weights meet the margins, the weights stay untrimmed and the reason says
    so. Every weight starts at 1; the final weights have mean 1. A survey whose export has its own weights is not raked,
    and the reason says so.

    A respondent without an answer to a variable forms a category of its own, which keeps its share of the sample;
    the given shares then apply to those who answered. The same holds for a category whose share is left blank.

    Args:
        respondents: respondent_key, council_id, wave_id, weight (the export's own, may be missing) and the variables
            named in the margins; one row per respondent who is to be weighted.
        margins: council_id, wave_id, variable (a column of respondents), category, share (0-1, above 0, or null).

    Returns:
        One row per respondent of a survey with margins, by respondent_key: weight_raked, n_iterations (sweeps over all
        margins), is_trimmed, reason; and, for `raked_errors`, margin_cell and n_margin_cell. margin_cell is a JSON list
        of the respondent's category for each variable, by the variables' names, in which a category that keeps its
        share is a list; n_margin_cell counts the respondents who share all categories and therefore the weight. A
        survey whose margins cannot be met has nulls and the reason in every row.

    Raises:
        ValueError: the margins are invalid: an unknown variable, a category twice, a share outside 0-1, shares that do
            not add up to 1, only blank shares.

    R: `rake(svydesign(ids = ~1, weights = ~1), list(~age_band, ~gender_label), margins, control = list(epsilon = 1e-10,
    maxit = 200))`, then `trimWeights(design, upper = 5 * median(w))` and `rake` again until no weight is above the
    limit.

    """
    margins = _checked(margins, [column for column in respondents.columns if column not in NO_VARIABLES])
    by_survey = dict(list(respondents.groupby(list(SURVEY))))
    rows = [pd.DataFrame(columns=list(TYPES))]
    for survey, of_survey in margins.groupby(list(SURVEY)):
        # Sorted, so that the order of the rows cannot change any bit of a result.
        people = by_survey.get(survey, respondents.iloc[:0]).sort_values("respondent_key")
        raked = _rake_survey(people, of_survey) if len(people) else Raked()
        rows.append(
            people[["respondent_key", *SURVEY]].assign(
                weight_raked=raked.weight if raked.weight is not None else np.nan,
                n_iterations=raked.n_iterations,
                is_trimmed=raked.is_trimmed,
                margin_cell=raked.margin_cell,
                n_margin_cell=raked.n_margin_cell,
                reason=raked.reason,
            )
        )
    raked_rows = pd.concat([typed(part, TYPES) for part in rows])
    return typed(raked_rows.sort_values("respondent_key"), TYPES)


def _checked(margins: pd.DataFrame, variables: list[str]) -> pd.DataFrame:
    """Refuse margins that no population can have; the given shares of each variable are scaled to add up to 1."""
    missing = [column for column in MARGIN_COLUMNS if column not in margins.columns]
    if missing:
        raise ValueError(f"The margins have no column {', '.join(missing)}.")
    types = dict.fromkeys(MARGIN_COLUMNS, TEXT) | {"share": NUMBER}
    margins = margins[MARGIN_COLUMNS].astype(types).sort_values(MARGIN_COLUMNS, ignore_index=True)
    keys = [*SURVEY, "variable"]
    if margins[[*keys, "category"]].isna().any(axis=None):
        raise ValueError("weight_margins: council_id, wave_id, variable and category are needed in every row.")
    for column, is_wrong, problem in (
        ("variable", ~margins["variable"].isin(variables), f"is none of {', '.join(variables)}"),
        ("category", margins.duplicated([*keys, "category"]), "is listed twice"),
        ("share", margins["share"].le(0) | margins["share"].gt(1), "is not above 0 and at most 1"),
    ):
        if is_wrong.any():
            row = margins[is_wrong].iloc[0]
            raise ValueError(
                f"weight_margins: {column} {row[column]} of {row['council_id']}, {row['wave_id']}, {row['variable']} "
                f"{problem}."
            )
    totals = margins.groupby(keys)["share"].transform("sum")
    if (totals.sub(1).abs() > SHARES_ADD_UP).any():
        wrong = totals.sub(1).abs() > SHARES_ADD_UP
        row = margins[wrong].iloc[0]
        raise ValueError(
            f"weight_margins: the shares of {row['council_id']}, {row['wave_id']}, {row['variable']} add up to "
            f"{totals[wrong].iloc[0]:.4f}, not to 1."
        )
    return margins.assign(share=margins["share"] / totals)


def _rake_survey(people: pd.DataFrame, margins: pd.DataFrame) -> Raked:
    """Rake the respondents of one survey."""
    if "weight" in people and people["weight"].notna().any():
        return Raked(reason="not raked: the export has weights of its own")
    names = sorted(margins["variable"].unique())
    labelled = {
        name: np.unique(people[name].astype(TEXT).fillna(MISSING).to_numpy(dtype=str), return_inverse=True)
        for name in names
    }
    # Respondents who agree in all variables get the same weight, so raking works on combinations, not on respondents.
    _, first, cell = np.unique(
        np.ravel_multi_index(
            [code for _, code in labelled.values()], [len(categories) for categories, _ in labelled.values()]
        ),
        return_index=True,
        return_inverse=True,
    )
    n = np.bincount(cell).astype(NUMBER)

    codes, targets, printed = [], [], []
    for name, (categories, code_of_person) in labelled.items():
        shares = margins[margins["variable"] == name].set_index("category")["share"]
        code = code_of_person[first]
        unlisted = [category for category in categories if category not in shares.index and category != MISSING]
        unmet = [category for category in shares.index if category not in categories]
        if unlisted:
            return Raked(reason=f"{name}: no margin for {', '.join(unlisted)} (list it; a blank share keeps its own)")
        if unmet:
            return Raked(reason=f"{name}: nobody in the survey is {', '.join(unmet)}")
        sample = np.bincount(code, weights=n) / n.sum()
        share = shares.reindex(categories).to_numpy()
        is_kept = np.isnan(share)
        codes.append(code)
        printed.append([[name] if keeps else name for name, keeps in zip(categories.tolist(), is_kept, strict=True)])
        targets.append(np.where(is_kept, sample, share * (1 - sample[is_kept].sum())) * n.sum())
    raked = raked_cells(n, codes, targets)
    if raked.weight is None or raked.is_trimmed is None:
        return raked
    margin_cell = np.array(
        [
            json.dumps([names[place] for names, place in zip(printed, places, strict=True)])
            for places in zip(*codes, strict=True)
        ]
    )
    return Raked(
        raked.weight[cell], raked.n_iterations, raked.is_trimmed[cell], raked.reason, margin_cell[cell], n[cell]
    )


def raked_cells(n: np.ndarray, codes: list[np.ndarray], targets: list[np.ndarray]) -> Raked:
    """Rake cells of respondents, cut weights at five medians, and rake again until no weight is above the limit.

    Iterative proportional fitting as in `rake_weights`, which calls this function for each survey.

    Args:
        n: respondents in each cell.
        codes: for each variable, the category (0, 1, ...) of each cell.
        targets: for each variable, the respondents that each of its categories is to have, all adding up to the sum
            of n.

    Returns:
        One weight per cell, mean 1 over respondents; or the reason why there are none.

    """
    weight, sweeps = _rake(np.ones(len(n)), n, codes, targets)
    is_trimmed = np.zeros(len(n), dtype=bool)
    limit = TRIMMING * _median(weight, n)
    untrimmed = weight, sweeps
    if weight is None:
        return Raked(reason="the margins contradict each other in this survey: raking does not converge")
    for _ in range(MAXIMUM_TRIMS):
        if weight is None:
            break
        is_above = weight > limit * (1 + TRIMMED_TO)
        if not is_above.any():
            return Raked(weight, sweeps, is_trimmed)
        is_trimmed |= is_above
        excess = n[is_above] @ (weight[is_above] - limit)
        weight = np.where(is_above, limit, weight + excess / n[~is_above].sum())
        weight, more_sweeps = _rake(weight, n, codes, targets)
        sweeps += more_sweeps
    reason = f"not trimmed: the margins cannot be met with every weight below {TRIMMING} medians"
    return Raked(*untrimmed, np.zeros(len(n), dtype=bool), reason)


def _rake(
    weight: np.ndarray, n: np.ndarray, codes: list[np.ndarray], targets: list[np.ndarray]
) -> tuple[np.ndarray | None, int]:
    """Fit all margins in turn until each is met to 1e-10; None where that is never reached."""
    for sweep in range(MAXIMUM_SWEEPS):
        totals = [np.bincount(code, weights=n * weight) for code in codes]
        pairs = list(zip(totals, targets, strict=True))
        if all((np.abs(total / target - 1) < MARGIN_TOLERANCE).all() for total, target in pairs):
            return weight, sweep
        for code, target in zip(codes, targets, strict=True):
            total = np.bincount(code, weights=n * weight)
            if not total.all():
                return None, sweep
            weight = weight * (target / total)[code]
    return None, MAXIMUM_SWEEPS


def _median(weight: np.ndarray | None, n: np.ndarray) -> float:
    """Median weight of the respondents."""
    return np.nan if weight is None else float(np.median(np.repeat(weight, n.astype(int))))
