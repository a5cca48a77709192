"""Nudges: effects of the randomised wordings on the outcomes (the paper's Table 5)."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from coproduction.statistics.methods.adjustment import NO_FIT, GroupedCells, fractional_logit, lin_means
from coproduction.statistics.methods.contrasts import (
    CONTROL,
    INTERACTION,
    TIE,
    Experiment,
    arm_moments,
    bell_mccaffrey_df,
    contrast_moments,
    read_experiment,
    split_groups,
)
from coproduction.statistics.methods.counts import (
    COUNT,
    COUNT_OR_NULL,
    KEYS,
    NUMBER,
    TEXT,
    UNWEIGHTED,
    outcome_values,
    read_counts,
    typed,
)
from coproduction.statistics.methods.inference import UPPER, p_value_of_t, t_half_width, t_quantile
from coproduction.statistics.methods.moments import sums
from coproduction.statistics.methods.multiplicity import HOLM, adjust, nudge_families
from coproduction.statistics.methods.randomisation import (
    N_PERMUTATIONS,
    monte_carlo_error,
    randomisation_p_values,
    seed_of,
    share_as_extreme,
    survey_statistics,
)
from coproduction.statistics.methods.weighting import (
    FOURTH_POWERS,
    WEIGHTED,
    WeightedMoments,
    degrees_of_freedom,
    read_weighted_counts,
    weighted_contrast,
    weighted_moments,
)

POWER = 0.8
POINTS = 100
# Below these, in any arm of a contrast, the permutation p is the headline.
SMALL_ARM = 60
FEW_EVENTS = 10

HC2 = "HC2 Bell-McCaffrey"
ROBUST = "HC0 delta method"
SATTERTHWAITE = "linearised Satterthwaite"

GROUP = (*KEYS, "outcome_id")
SURVEY = ("council_id", "wave_id")
COVARIATES = ("age_band", "gender_score")
TYPES = dict.fromkeys(GROUP, TEXT) | {
    "contrast_id": TEXT,
    "model_id": TEXT,
    "weighting_id": TEXT,
    "n_respondents": COUNT,
    "n_arm": COUNT,
    "n_control": COUNT,
    "n_effective_arm": NUMBER,
    "n_effective_control": NUMBER,
    "design_effect": NUMBER,
    "estimate": NUMBER,
    "std_error": NUMBER,
    "std_error_type": TEXT,
    "df": NUMBER,
    "ci_lower": NUMBER,
    "ci_upper": NUMBER,
    "p_value": NUMBER,
    "p_value_randomisation": NUMBER,
    "p_value_randomisation_error": NUMBER,
    "p_value_max_t": NUMBER,
    "p_value_max_t_survey": NUMBER,
    "headline_p_value": NUMBER,
    "headline_p_value_type": TEXT,
    "p_value_adjusted": NUMBER,
    "family_id": TEXT,
    "n_family": COUNT_OR_NULL,
    "minimum_detectable": NUMBER,
    "reason": TEXT,
}


def estimate_nudge_effects(
    counts: pd.DataFrame, covariates: pd.DataFrame | None = None, profiles: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Effect of each arm against no nudge, in points of a 0-100 outcome, by several models.

    `dummies` is the headline: the regression of the outcome on one dummy per arm, which has closed forms (1: the arm,
    0: `none`):

        estimate  = (m1 - m0) * 100
        std_error = sqrt(s1^2/n1 + s0^2/n0) * 100                                             (HC2)
        df        = (1/n0 + 1/n1)^2 / (1/(n0^2*(n0-1)) + 1/(n1^2*(n1-1)))                    (Bell-McCaffrey)
        minimum_detectable = (t(0.975, df) + t(0.8, df)) * std_error       (true effect found with 80 % power at 5 %)

    Interval and p_value are Student's with that df. Beside it:

    | model_id | what differs |
    | --- | --- |
    | `lin` | means adjusted for age band and gender, where the export has them (adjustment.lin_means); HC2, own df |
    | `logit` | average marginal effect of a fractional logit on the arms: the same estimate, HC0 error, normal |
    | `logit_adjusted` | the same with age band and gender (adjustment.fractional_logit) |

    The contrast `interaction`, both - a - b + none, exists where these four arms do; its error and df are its own.

    p_value_randomisation permutes all arms' labels over the respondents of the group (sharp null of no effect on
    anyone) and counts how often |difference/std_error| is at least the observed one; p_value_max_t compares with the
    largest over the group's arms, p_value_max_t_survey with the largest over arms and themes of the survey, a
    respondent's arm moving with all of their outcomes. All are seeded; p_value_randomisation_error is the Monte Carlo
    error sqrt(p*(1-p)/N_PERMUTATIONS), at most 0.011. headline_p_value is p_value (headline_p_value_type `t`) unless an
    arm of the contrast has fewer than 60 respondents or 10 events: then p_value_randomisation (`randomisation`).
    p_value_adjusted is Holm's, on p_value, over the family (families.nudge_families).

    Weighted, where respondents have weights: `dummies` alone, arms as strata (`weighting.weighted_contrast`):

        estimate  = (m1 - m0) * 100,  m = sum(w*y)/sum(w)
        std_error = sqrt(se1^2 + se0^2) * 100,  se^2 = n/(n-1) * sum(w^2*(y-m)^2) / sum(w)^2
        df        = (1/e1 + 1/e0)^2 / (1/(e1^2*d1) + 1/(e0^2*d0)),  e = sum(w)^2/sum(w^2),  d = sum(w^2)^2/sum(w^4) - 1

    Equal weights give the unweighted numbers. Labels cannot be permuted over sums of weights, so there is no
    randomisation p; where an arm is small (60 and 10 as above, counted by Kish's e) there is no headline p either.
    Weights that leave less than one degree of freedom, where the linearised error is far too small, leave no standard
    error. The other models have no weighted rows (docs/decisions, weighted nudges).

    Args:
        counts: council_id, wave_id, theme_id, topic_id, outcome_id, arm_id (`none` is the control; null: not in the
            experiment), n_positive, n_answered (null or 0: no outcome, takes no part), n_respondents. Where there are
            weights, also sum_weight, sum_weight_squared, sum_weight_fourth and n_weighted, as `read_weighted_counts`
            describes them.
        covariates: the same with age_band and gender_score. Respondents without a covariate that the survey has leave
            `lin` and `logit_adjusted`. None: neither model.
        profiles: council_id, wave_id, arm_id, outcomes (`theme/topic/outcome=n_positive/n_answered`, joined by `;`),
            n_respondents. None: no p_value_max_t_survey.

    Returns:
        One row per council, wave, theme, topic, outcome, contrast, model and weighting, sorted by them. `n_respondents`
        counts all arms of the group (those with a weight where weighted); `n_arm` is the smallest nudged arm of an
        interaction. `n_effective_arm` and `n_effective_control` are Kish's, n_arm and n_control where unweighted;
        `design_effect` is what the weights alone multiply the contrast's variance by, 1 where unweighted. Where an arm
        of the contrast has fewer than two respondents or no variation, the estimate stays, std_error, df, interval,
        p_value and minimum_detectable are NaN, and `reason` says why; the permutation p stays where each side has two
        respondents, since it needs no variance within an arm. An adjusted model that cannot be fitted is NaN with a
        reason.

    Raises:
        ValueError: a column is missing, counts are not whole numbers, or sums are no sums of weights.

    R: `estimatr::lm_robust(y ~ arm, clusters = respondent, se_type = "CR2")`, which for one-respondent clusters is HC2
    with Bell-McCaffrey df; `estimatr::lm_lin(y ~ arm, ~ age_band + gender, clusters = respondent, se_type = "CR2")`;
    `glm(y ~ arm, quasibinomial)` with `sandwich::vcovHC(type = "HC0")`; `p.adjust(p, "holm")`. Weighted: `svycontrast`,
    see `weighting.weighted_contrast`.
    Sources: Bell and McCaffrey 2002, Survey Methodology 28:169; Imbens and Kolesar 2016, REStat 98:701; Lin 2013,
    Annals of Applied Statistics 7:295; Papke and Wooldridge 1996, Journal of Applied Econometrics 11:619; Wu and Ding
    2021, JASA 116:1898 (studentised permutation); Phipson and Smyth 2010, SAGMB 9:39.

    """
    cells = read_counts(counts, text=(*GROUP, "arm_id"), numbers=("n_positive", "n_answered"))
    cells = cells[cells["arm_id"].notna()]
    rows = []
    for key, of_group in split_groups(cells, GROUP):
        experiment = read_experiment(of_group)
        of_models = [*_dummies(experiment, seed_of(key)), *_logit(experiment)]
        rows += [dict(zip(GROUP, key, strict=True)) | row for row in of_models]
    if covariates is not None:
        rows += _adjusted_rows(covariates)
    rows = [
        _UNWEIGHTED | {f"n_effective_{side}": row[f"n_{side}"] for side in ("arm", "control")} | row for row in rows
    ]
    rows += _weighted_rows(counts)
    effects = pd.DataFrame(rows, columns=[*GROUP, *_COLUMNS])
    effects = effects.sort_values([*GROUP, "contrast_id", "model_id", "weighting_id"], ignore_index=True)
    effects = effects.assign(**_inference(effects))
    effects = effects.assign(family_id=nudge_families(effects))
    effects = effects.assign(p_value_max_t_survey=_survey_p_values(effects, profiles))
    return typed(adjust(effects, "p_value", HOLM), TYPES)


# What the models below say about a contrast; `_inference` adds what follows from it.
_COLUMNS = (
    *("contrast_id", "model_id", "weighting_id", "n_respondents", "n_arm", "n_control"),
    *("n_effective_arm", "n_effective_control", "design_effect", "estimate", "std_error", "std_error_type"),
    *("reference_df", "p_value_randomisation", "p_value_max_t", "headline_p_value_type", "reason"),
)
_UNWEIGHTED = {"weighting_id": UNWEIGHTED, "design_effect": 1.0}


def _dummies(experiment: Experiment, seed: int) -> Iterator[dict[str, object]]:
    """Yield the headline model's row of each contrast."""
    contrasts = _matrix(experiment)
    value, std_error = contrast_moments(*arm_moments(experiment.table, experiment.values), contrasts)
    is_arm = np.array([contrast_id != INTERACTION for contrast_id in experiment.contrasts], dtype=bool)
    p_values, p_values_max_t = randomisation_p_values(experiment, contrasts, is_arm, seed)
    for place, (contrast_id, weights) in enumerate(experiment.contrasts.items()):
        reason = _reason(experiment, contrast_id, weights)
        used = weights != 0
        is_small = (experiment.n[used] < SMALL_ARM).any() or (experiment.n_events[used] < FEW_EVENTS).any()
        yield _sizes(experiment.n, experiment.control, weights) | {
            "contrast_id": contrast_id,
            "model_id": "dummies",
            "estimate": value[place] * POINTS,
            "std_error": np.nan if reason else std_error[place] * POINTS,
            "std_error_type": HC2,
            "reference_df": bell_mccaffrey_df(experiment.n, weights),
            "p_value_randomisation": p_values[place],
            "p_value_max_t": p_values_max_t[place],
            "headline_p_value_type": "randomisation" if is_small else "t",
            "reason": reason,
        }


def _logit(experiment: Experiment) -> Iterator[dict[str, object]]:
    """Yield the unadjusted fractional logit's row of each contrast.

    With one dummy per arm it predicts the arms' means, so the delta method leaves their variances: s^2/n without the
    n-1 (HC0).
    """
    mean, squared_error = arm_moments(experiment.table, experiment.values)
    n = np.maximum(experiment.n, 1)
    value, std_error = contrast_moments(mean, squared_error * (n - 1) / n, _matrix(experiment))
    for place, (contrast_id, weights) in enumerate(experiment.contrasts.items()):
        reason = _reason(experiment, contrast_id, weights)
        yield _sizes(experiment.n, experiment.control, weights) | {
            "contrast_id": contrast_id,
            "model_id": "logit",
            "estimate": value[place] * POINTS,
            "std_error": np.nan if reason else std_error[place] * POINTS,
            "std_error_type": ROBUST,
            "reference_df": np.inf,
            "reason": reason,
        }


def _weighted_rows(counts: pd.DataFrame) -> list[dict[str, object]]:
    """Rows of the headline model with weights, for the groups in which anybody has one."""
    cells = read_weighted_counts(counts, (*GROUP, "arm_id"), ("n_positive", "n_answered"), with_fourth_powers=True)
    cells = cells[cells["arm_id"].notna()]
    if cells.empty:
        return []
    # An arm without anybody who has a weight is still an arm, and its contrast gets a reason.
    arms = counts[[*GROUP, "arm_id"]].dropna(subset="arm_id").astype(TEXT)
    arm_ids = arms.groupby(list(GROUP), dropna=False)["arm_id"].unique()
    return [
        dict(zip(GROUP, key, strict=True)) | row
        for key, of_group in split_groups(cells, GROUP)
        for row in _weighted_dummies(of_group, arm_ids[key])
    ]


def _weighted_dummies(cells: pd.DataFrame, arm_ids: np.ndarray) -> Iterator[dict[str, object]]:
    """Yield the weighted headline's row of each contrast of one group."""
    experiment = read_experiment(cells, arm_ids)
    arms, df_of_arms = _weighted_arms(cells, experiment)
    with np.errstate(invalid="ignore"):
        n_events = np.minimum(arms.mean, 1 - arms.mean) * arms.n_effective
        is_small_arm = ~((arms.n_effective >= SMALL_ARM) & (n_events >= FEW_EVENTS))
    for contrast_id, contrast in experiment.contrasts.items():
        estimate, std_error, df, design_effect = weighted_contrast(contrast, arms, df_of_arms)
        reason = _reason(experiment, contrast_id, contrast)
        # Equal weights leave at least one: two respondents in each arm.
        if reason is None and df < 1 - TIE:
            reason = "a few large weights decide: less than one degree of freedom"
        is_nudged = (contrast != 0) & (np.arange(len(contrast)) != experiment.control)
        yield _sizes(experiment.n, experiment.control, contrast) | {
            "contrast_id": contrast_id,
            "model_id": "dummies",
            "weighting_id": WEIGHTED,
            "n_effective_arm": arms.n_effective[is_nudged].min(),
            "n_effective_control": arms.n_effective[experiment.control],
            "design_effect": design_effect,
            "estimate": 0.0 if abs(estimate) < TIE else estimate * POINTS,
            "std_error": np.nan if reason else std_error * POINTS,
            "std_error_type": SATTERTHWAITE,
            "reference_df": df,
            "headline_p_value_type": None if is_small_arm[contrast != 0].any() else "t",
            "reason": reason,
        }


def _weighted_arms(cells: pd.DataFrame, experiment: Experiment) -> tuple[WeightedMoments, np.ndarray]:
    """Weighted moments of each arm's outcomes, and the degrees of freedom of their variances."""
    value = outcome_values(cells)
    cells, value = cells[~np.isnan(value)], value[~np.isnan(value)]
    arm = np.searchsorted(experiment.arm_ids, cells["arm_id"].to_numpy(dtype=str))
    columns = ("n_respondents", "sum_weight", "sum_weight_squared", FOURTH_POWERS)
    count, weight, squared, fourth = (cells[column].to_numpy(dtype=NUMBER) for column in columns)
    n_arms = len(experiment.arm_ids)
    moments = weighted_moments(arm, n_arms, count, weight, squared, value)
    return moments, degrees_of_freedom(sums(arm, n_arms, squared), sums(arm, n_arms, fourth))


def _matrix(experiment: Experiment) -> np.ndarray:
    return np.array(list(experiment.contrasts.values())).reshape(-1, len(experiment.arm_ids))


def _sizes(n: np.ndarray, control: int, weights: np.ndarray) -> dict[str, int]:
    is_nudged = (weights != 0) & (np.arange(len(n)) != control)
    return {"n_respondents": n.sum(), "n_arm": n[is_nudged].min(), "n_control": n[control]}


def _reason(experiment: Experiment, contrast_id: str, weights: np.ndarray) -> str | None:
    """Say why a contrast has no standard error, None where it has one."""
    n, is_constant, control = experiment.n, experiment.is_constant, experiment.control
    arms = np.flatnonzero((weights != 0) & (np.arange(len(n)) != control))
    where = "one arm of the interaction" if contrast_id == INTERACTION else "the arm"
    if n[control] < 2:
        return "fewer than two respondents without a nudge"
    if (n[arms] < 2).any():
        return f"fewer than two respondents in {where}"
    # One constant side is enough: it would add nothing to the standard error, and five zeros in an arm would look
    # significant.
    if is_constant[arms].any() and is_constant[control]:
        return f"the outcome varies neither in {where} nor without a nudge"
    if is_constant[arms].any():
        return f"the outcome does not vary in {where}"
    return "the outcome does not vary without a nudge" if is_constant[control] else None


def _adjusted_rows(covariates: pd.DataFrame) -> list[dict[str, object]]:
    """Rows of the models that use covariates, for the groups whose survey has any."""
    text, numbers = (*GROUP, "arm_id", "age_band"), ("gender_score", "n_positive", "n_answered")
    cells = read_counts(covariates, text=text, numbers=numbers)
    cells = cells[cells["arm_id"].notna()]
    rows = []
    for key, of_group in split_groups(cells, GROUP):
        asked = [column for column in COVARIATES if of_group[column].notna().any()]
        complete = of_group[of_group[asked].notna().all(axis=1)]
        if asked and len(complete):
            rows += [dict(zip(GROUP, key, strict=True)) | row for row in _adjusted(complete, asked)]
    return rows


def _adjusted(cells: pd.DataFrame, asked: list[str]) -> Iterator[dict[str, object]]:
    """Yield the rows of Lin's regression and of the adjusted fractional logit for one group."""
    experiment = read_experiment(cells)
    grouped = _grouped(cells, asked, experiment)
    reasons = {
        contrast_id: _reason(experiment, contrast_id, weights) for contrast_id, weights in experiment.contrasts.items()
    }
    lin = lin_means(grouped) if len(grouped.n) else None
    logit = fractional_logit(grouped) if len(grouped.n) and (experiment.n > 0).all() else None
    for contrast_id, weights in experiment.contrasts.items():
        sizes = _sizes(experiment.n, experiment.control, weights) | {"contrast_id": contrast_id}
        value, std_error, df, reason = lin.contrast(weights) if lin else (np.nan, np.nan, np.nan, None)
        reason = reasons[contrast_id] or reason
        yield sizes | {
            "model_id": "lin",
            "estimate": value * POINTS,
            "std_error": np.nan if reason else std_error * POINTS,
            "std_error_type": HC2,
            "reference_df": df,
            "reason": reason,
        }
        value, std_error = logit.contrast(weights) if logit else (np.nan, np.nan)
        reason = reasons[contrast_id] or (None if logit else NO_FIT)
        yield sizes | {
            "model_id": "logit_adjusted",
            "estimate": value * POINTS,
            "std_error": np.nan if reason else std_error * POINTS,
            "std_error_type": ROBUST,
            "reference_df": np.inf,
            "reason": reason,
        }


def _grouped(cells: pd.DataFrame, asked: list[str], experiment: Experiment) -> GroupedCells:
    """Cells of one group with one dummy per level of each covariate but its first."""
    value = outcome_values(cells)
    cells, value = cells[~np.isnan(value)], value[~np.isnan(value)]
    profiles = cells[asked].drop_duplicates().sort_values(asked)
    dummies = [
        (profiles[column].to_numpy()[:, None] == np.unique(profiles[column])[None, 1:]).astype(NUMBER)
        for column in asked
    ]
    profile = pd.MultiIndex.from_frame(profiles).get_indexer(pd.MultiIndex.from_frame(cells[asked]))
    arm = np.searchsorted(experiment.arm_ids, cells["arm_id"].to_numpy(dtype=str))
    n = cells["n_respondents"].to_numpy()
    return GroupedCells(arm, profile, value, n, np.hstack(dummies), len(experiment.arm_ids))


def _inference(effects: pd.DataFrame) -> dict[str, object]:
    """Build the columns that follow from the estimate, its standard error and the reference distribution."""
    estimate, std_error = effects["estimate"].to_numpy(NUMBER), effects["std_error"].to_numpy(NUMBER)
    # Infinite degrees of freedom are the normal distribution.
    df = np.where(np.isnan(std_error), np.nan, effects["reference_df"].to_numpy(NUMBER))
    half_width = t_half_width(std_error, df)
    p_value = p_value_of_t(estimate / std_error, df)
    randomisation = effects["p_value_randomisation"].to_numpy(NUMBER)
    headline = effects["headline_p_value_type"].map({"randomisation": 0.0, "t": 1.0}).to_numpy(NUMBER)
    return {
        "df": np.where(np.isinf(df), np.nan, df),
        "ci_lower": estimate - half_width,
        "ci_upper": estimate + half_width,
        "p_value": p_value,
        "p_value_randomisation_error": monte_carlo_error(randomisation, N_PERMUTATIONS),
        "headline_p_value": np.select([headline == 0, headline == 1], [randomisation, p_value], default=np.nan),
        "minimum_detectable": (t_quantile(UPPER, df) + t_quantile(POWER, df)) * std_error,
    }


def _survey_p_values(effects: pd.DataFrame, profiles: pd.DataFrame | None) -> pd.Series:
    """Max-t permutation p over the themes and arms of a survey, per outcome, for the effects that have a family."""
    p_values = pd.Series(np.nan, index=effects.index)
    if profiles is None:
        return p_values
    cells = read_counts(profiles, text=(*SURVEY, "outcomes", "arm_id"), numbers=())
    cells = cells[cells["arm_id"].notna()]
    families = effects[effects["family_id"].notna() & effects["weighting_id"].eq(UNWEIGHTED)]
    of_surveys = dict(list(families.groupby(list(SURVEY), sort=True)))
    for key, of_survey in split_groups(cells, SURVEY):
        if key not in of_surveys:
            continue
        family = of_surveys[key]
        arm_ids = [CONTROL, *sorted(set(family["contrast_id"]))]
        arm = pd.Index(arm_ids).get_indexer(of_survey["arm_id"])
        n = of_survey["n_respondents"].to_numpy()
        names = (family["theme_id"] + "/" + family["topic_id"] + "/" + family["outcome_id"]).to_numpy()
        columns, column = np.unique(names.astype(str), return_inverse=True)
        outcomes = np.repeat(read_profiles(of_survey["outcomes"], columns), n, axis=0)
        unit = np.eye(len(arm_ids))
        observed, permuted = survey_statistics(outcomes, np.repeat(arm, n), unit[1:] - unit[0], seed_of(key))
        contrast = pd.Index(arm_ids[1:]).get_indexer(family["contrast_id"])
        is_testable = family["p_value_randomisation"].notna().to_numpy()
        for outcome_id in sorted(set(family["outcome_id"])):
            here = is_testable & family["outcome_id"].eq(outcome_id).to_numpy()
            if here.any():
                largest = permuted[contrast[here], :, column[here]].max(axis=0)
                p = share_as_extreme(largest, observed[contrast[here], column[here]][:, None])
                p_values[family.index[here]] = p
    return p_values


def read_profiles(profiles: pd.Series, columns: np.ndarray) -> np.ndarray:
    """Values of the named outcomes in each profile.

    Args:
        profiles: texts `theme/topic/outcome=n_positive/n_answered` joined by `;`; missing outcomes are left out.
        columns: sorted names `theme/topic/outcome`.

    Returns:
        Shape (profiles, columns) on 0-1, NaN where missing.

    """
    place = {name: column for column, name in enumerate(columns)}
    values = np.full((len(profiles), len(columns)), np.nan)
    for row, profile in enumerate(profiles):
        for outcome in filter(None, str(profile).split(";")):
            name, _, share = outcome.partition("=")
            positive, _, answered = share.partition("/")
            if name in place and float(answered) > 0:
                values[row, place[name]] = float(positive) / float(answered)
    return values
