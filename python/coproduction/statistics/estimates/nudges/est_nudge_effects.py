"""Nudges: effects of the randomised wordings on the outcomes (the paper's Table 5)."""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import pandas as pd

from coproduction.statistics.estimates.nudges.designed_nudges import rows_by_design
from coproduction.statistics.estimates.nudges.nudge_models import (
    COLUMNS_OF_MODELS,
    GROUP,
    adjusted_rows,
    unweighted_rows,
    weighted_rows,
)
from coproduction.statistics.estimates.nudges.replicated_nudges import rows_by_replicates
from coproduction.statistics.methods.contrasts import CONTROL, split_groups
from coproduction.statistics.methods.counts import (
    COUNT,
    COUNT_OR_NULL,
    NUMBER,
    SURVEY,
    TEXT,
    UNWEIGHTED,
    first_reason,
    read_counts,
    typed,
)
from coproduction.statistics.methods.inference import (
    NOTHING_DETECTABLE,
    POWER,
    UPPER,
    p_value_of_t,
    t_half_width,
    t_quantile,
    within,
)
from coproduction.statistics.methods.multiplicity import HOLM, nudge_families
from coproduction.statistics.methods.registration import NUDGE, adjust_registered
from coproduction.statistics.methods.resampling import monte_carlo_error, seed_of, share_as_extreme
from coproduction.statistics.methods.survey_maximum import survey_statistics

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
    "n_permutations": COUNT_OR_NULL,
    "headline_p_value": NUMBER,
    "headline_p_value_type": TEXT,
    "p_value_adjusted": NUMBER,
    "family_id": TEXT,
    "n_family": COUNT_OR_NULL,
    "minimum_detectable": NUMBER,
    "n_merged_levels": COUNT_OR_NULL,
    "reason": TEXT,
}


def estimate_nudge_effects(
    counts: pd.DataFrame,
    covariates: pd.DataFrame | None = None,
    profiles: pd.DataFrame | Iterable[pd.DataFrame] | None = None,
    clusters: pd.DataFrame | None = None,
    studies: pd.DataFrame | None = None,
    hypotheses: pd.DataFrame | None = None,
    replicates: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Effect of each arm compared with no nudge, in points of a 0-100 outcome, by several models.

    `dummies` is the headline: the regression of the outcome on one dummy per arm, which has closed forms (1: the arm,
    0: `none`):

        estimate  = (m1 - m0) * 100
        std_error = sqrt(s1^2/n1 + s0^2/n0) * 100                                             (HC2)
        df        = (1/n0 + 1/n1)^2 / (1/(n0^2*(n0-1)) + 1/(n1^2*(n1-1)))                    (Bell-McCaffrey)
        minimum_detectable = (t(0.975, df) + t(0.8, df)) * std_error       (true effect found with 80 % power at 5 %)

    Interval and p_value are Student's with that df; the interval is cut off at -100 and 100, beyond which no effect can
    be (an interaction: -200 and 200). minimum_detectable is NaN, with a reason, where it lies beyond them, since then
    no possible effect could have been found. The other models:

    | model_id | difference from `dummies` |
    | --- | --- |
    | `lin` | means adjusted for age band and gender, where the export has them (adjustment.lin_means); HC2, own df |
    | `logit` | average marginal effect of a fractional logit on the arms: the same estimate, HC0 error, normal |
    | `logit_adjusted` | the same with age band and gender (adjustment.fractional_logit) |

    The contrast `interaction`, both - a - b + none, exists where these four arms exist; its error and df are computed
    from all four.

    p_value_randomisation permutes all arms' labels over the respondents of the group (sharp null of no effect on
    anyone) and counts how often |difference/std_error| is at least the observed one; p_value_max_t uses the largest
    permuted statistic over the group's arms, p_value_max_t_survey the largest over arms and themes of the survey; there
    all outcomes of a respondent stay together, and in surveys of more than LARGE_SURVEY respondents the limit of the
    permutations is drawn (`survey_maximum`). All are seeded; p_value_randomisation_error is the Monte Carlo error
    sqrt(p*(1-p)/n_permutations), at most 0.011. headline_p_value is p_value (headline_p_value_type `t`) unless an arm
    of the contrast has fewer than 60 respondents or 10 events: then p_value_randomisation (`randomisation`), which also
    tests an arm whose members all have one value. n_permutations is 1,999; a headline p that is at most 0.05 by these
    is drawn anew with 400 for each test of its study and outcome, since Holm could not star it otherwise.
    p_value_adjusted is Holm's adjustment of headline_p_value over the family (multiplicity.nudge_families), within the
    study; a registered hypothesis has a family of its own (registration.adjust_registered).

    Weighted, where respondents have weights: `dummies` alone, arms as strata (`weighting.weighted_contrast`):

        estimate  = (m1 - m0) * 100,  m = sum(w*y)/sum(w)
        std_error = sqrt(se1^2 + se0^2) * 100,  se^2 = n/(n-1) * sum(w^2*(y-m)^2) / sum(w)^2
        df        = (1/e1 + 1/e0)^2 / (1/(e1^2*d1) + 1/(e0^2*d0)),  e = sum(w)^2/sum(w^2),  d = sum(w^2)^2/sum(w^4) - 1

    Equal weights give the unweighted numbers. Labels cannot be permuted over sums of weights, so there is no
    randomisation p; where an arm is small (60 and 10 as above, counted by Kish's e) there is no headline p either.
    Weights with less than one degree of freedom have no standard error, because the linearised error would be far too
    small. The other models have no weighted rows (docs/decisions, weighted nudges).

    Args:
        counts: council_id, wave_id, theme_id, topic_id, outcome_id, arm_id (`none` is the control; null: not in the
            experiment), n_positive, n_answered (null or 0: no outcome, left out), n_respondents. Where there are
            weights, also sum_weight, sum_weight_squared, sum_weight_fourth and n_weighted, as `read_weighted_counts`
            describes them.
        covariates: the same with age_band and gender_score. Respondents without a covariate that the survey has are
            left out of `lin` and `logit_adjusted`. None: neither model.
        profiles: council_id, wave_id, arm_id, outcomes (`theme/topic/outcome=n_positive/n_answered`, joined by `;`),
            n_respondents; or a frame of each survey. None: no p_value_max_t_survey.
        clusters: rows of cnt_clusters: arms and outcomes by cluster and stratum, of the surveys that declare a design.
            Their errors and permutations follow it (`rows_by_design`), and they have no p_value_max_t_survey.
        studies: council_id, wave_id, study_id: the surveys of each study (registration.study_ids). None: one study.
        hypotheses: rows of hypotheses.csv (registration.adjust_registered). None: nothing is registered.
        replicates: rows of cnt_replicate_levels, for the errors of weighted rows (`rows_by_replicates`). None: no
            survey has replicate weights.

    Returns:
        One row per council, wave, theme, topic, outcome, contrast, model and weighting, sorted by them. `n_respondents`
        counts all arms of the group (those with a weight where weighted); `n_arm` is the smallest nudged arm of an
        interaction. `n_effective_arm` and `n_effective_control` are Kish's, n_arm and n_control where unweighted;
        `design_effect` is the factor by which the weights increase the contrast's variance, 1 where unweighted. Where
        an arm of the contrast has fewer than two respondents or no variation, the estimate is kept, but std_error, df,
        interval, p_value and minimum_detectable are NaN, and `reason` says why; the permutation p is kept where each
        side has two respondents, since it needs no variance within an arm. An adjusted model that cannot be fitted is
        NaN with a reason. `n_merged_levels` is the number of age bands and genders that were merged with a neighbour
        for `lin` (nudge_models.merge_sparse_levels), null in the other models.

    Raises:
        ValueError: a column is missing, counts are not whole numbers, or sums of weights are impossible.

    R: `estimatr::lm_robust(y ~ arm, clusters = respondent, se_type = "CR2")`, which for one-respondent clusters is HC2
    with Bell-McCaffrey df; `estimatr::lm_lin(y ~ arm, ~ age_band + gender, clusters = respondent, se_type = "CR2")`;
    `glm(y ~ arm, quasibinomial)` with `sandwich::vcovHC(type = "HC0")`; `p.adjust(p, "holm")`. Weighted: `svycontrast`,
    see `weighting.weighted_contrast`.
    Sources: Bell and McCaffrey 2002, Survey Methodology 28:169; Imbens and Kolesar 2016, REStat 98:701; Lin 2013,
    Annals of Applied Statistics 7:295; Papke and Wooldridge 1996, Journal of Applied Econometrics 11:619; Wu and Ding
    2021, JASA 116:1898 (studentised permutation); Phipson and Smyth 2010, SAGMB 9:39.

    """
    rows = unweighted_rows(counts, studies, hypotheses) + weighted_rows(counts)
    if covariates is not None:
        rows += adjusted_rows(covariates)
    if replicates is not None and len(replicates):
        rows = rows_by_replicates(rows, replicates)
    if clusters is not None and len(clusters):
        rows = rows_by_design(rows, clusters)
    effects = pd.DataFrame(rows, columns=[*GROUP, *COLUMNS_OF_MODELS])
    effects = effects.sort_values([*GROUP, "contrast_id", "model_id", "weighting_id"], ignore_index=True)
    effects = effects.assign(**_inference(effects))
    effects = effects.assign(family_id=nudge_families(effects))
    effects = effects.assign(p_value_max_t_survey=_survey_p_values(effects, profiles, _divided_surveys(clusters)))
    return typed(adjust_registered(effects, "headline_p_value", HOLM, NUDGE, studies, hypotheses), TYPES)


def _divided_surveys(clusters: pd.DataFrame | None) -> set[tuple[str, ...]]:
    """Return the surveys with clusters or several strata, which forbid the permutations of the survey's maximum."""
    if clusters is None or not len(clusters):
        return set()
    is_divided = clusters["cluster_number"].notna() | clusters["stratum_number"].gt(1)
    return set(clusters.loc[is_divided, list(SURVEY)].astype(str).itertuples(index=False, name=None))


def _inference(effects: pd.DataFrame) -> dict[str, Any]:
    """Build the columns that follow from the estimate, its standard error and the reference distribution."""
    estimate, std_error = effects["estimate"].to_numpy(NUMBER), effects["std_error"].to_numpy(NUMBER)
    # Infinite degrees of freedom mean the normal distribution.
    df = np.where(np.isnan(std_error), np.nan, effects["reference_df"].to_numpy(NUMBER))
    half_width = t_half_width(std_error, df)
    p_value = p_value_of_t(estimate / std_error, df)
    randomisation = effects["p_value_randomisation"].to_numpy(NUMBER)
    headline = effects["headline_p_value_type"].map({"randomisation": 0.0, "t": 1.0}).to_numpy(NUMBER)
    lowest, highest = (effects[name].to_numpy(NUMBER) for name in ("lowest", "highest"))
    detectable = (t_quantile(UPPER, df) + t_quantile(POWER, df)) * std_error
    is_undetectable = detectable > highest
    return {
        "df": np.where(np.isinf(df), np.nan, df),
        "ci_lower": within(estimate - half_width, estimate, lowest, highest),
        "ci_upper": within(estimate + half_width, estimate, lowest, highest),
        "p_value": p_value,
        "p_value_randomisation_error": monte_carlo_error(randomisation, effects["n_permutations"].to_numpy(NUMBER)),
        "headline_p_value": np.select([headline == 0, headline == 1], [randomisation, p_value], default=np.nan),
        "minimum_detectable": np.where(is_undetectable, np.nan, detectable),
        "reason": first_reason([is_undetectable], [NOTHING_DETECTABLE], default=effects["reason"]),
    }


def _survey_p_values(
    effects: pd.DataFrame, profiles: pd.DataFrame | Iterable[pd.DataFrame] | None, left_out: set[tuple[str, ...]]
) -> pd.Series:
    """Max-t permutation p over the themes and arms of a survey, per outcome, for the effects that have a family."""
    p_values = pd.Series(np.nan, index=effects.index)
    if profiles is None:
        return p_values
    families = effects[effects["family_id"].notna() & effects["weighting_id"].eq(UNWEIGHTED)]
    of_surveys = dict(list(families.groupby(list(SURVEY), sort=True)))
    for key, of_survey in _profiles_by_survey(profiles):
        if key not in of_surveys or key in left_out:
            continue
        family = of_surveys[key]
        arm_ids = [CONTROL, *sorted(set(family["contrast_id"]))]
        arm = pd.Index(arm_ids).get_indexer(of_survey["arm_id"])
        n = of_survey["n_respondents"].to_numpy()
        names = (family["theme_id"] + "/" + family["topic_id"] + "/" + family["outcome_id"]).to_numpy()
        columns, column = np.unique(names.astype(str), return_inverse=True)
        outcomes, unit = read_profiles(of_survey["outcomes"], columns), np.eye(len(arm_ids))
        observed, permuted = survey_statistics(outcomes, arm, n, unit[1:] - unit[0], seed_of(*key))
        contrast = pd.Index(arm_ids[1:]).get_indexer(family["contrast_id"])
        is_testable = family["p_value_randomisation"].notna().to_numpy()
        for outcome_id in sorted(set(family["outcome_id"])):
            here = is_testable & family["outcome_id"].eq(outcome_id).to_numpy()
            if here.any():
                largest = permuted[contrast[here], :, column[here]].max(axis=0)
                p = share_as_extreme(largest, observed[contrast[here], column[here]][:, None])
                p_values[family.index[here]] = p
    return p_values


def _profiles_by_survey(
    profiles: pd.DataFrame | Iterable[pd.DataFrame],
) -> Iterator[tuple[tuple[str, ...], pd.DataFrame]]:
    """Yield each survey and its profiles. Of a large survey, nearly every respondent has a profile of their own."""
    for piece in [profiles] if isinstance(profiles, pd.DataFrame) else profiles:
        cells = read_counts(piece, text=(*SURVEY, "outcomes", "arm_id"), numbers=())
        yield from split_groups(cells[cells["arm_id"].notna()], SURVEY)


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
    # A survey of a million profiles has only some hundred different outcomes, so each is read once.
    read: dict[str, tuple[int, float] | None] = {"": None}
    for row, profile in enumerate(profiles):
        for outcome in str(profile).split(";"):
            if outcome not in read:
                name, _, share = outcome.partition("=")
                positive, _, answered = share.partition("/")
                is_named = name in place and float(answered) > 0
                read[outcome] = (place[name], float(positive) / float(answered)) if is_named else None
            if (found := read[outcome]) is not None:
                values[row, found[0]] = found[1]
    return values
