"""Several correlates at once: the association of each with an outcome when the others are held constant."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from coproduction.statistics.estimates.correlates.joint_answers import (
    Chosen,
    JointAnswers,
    change_when_held_constant,
    choose,
    read_pieces,
)
from coproduction.statistics.estimates.correlates.joint_models import (
    FITS,
    LOGIT,
    FittedModels,
    fitted_to_imputations,
    models_of,
)
from coproduction.statistics.methods.counts import COUNT_OR_NULL, KEYS, NUMBER, TEXT, TRUTH_OR_NULL, UNWEIGHTED, typed
from coproduction.statistics.methods.inference import CONFIDENCE, p_value_of_t, t_half_width
from coproduction.statistics.methods.multiplicity import BENJAMINI_HOCHBERG, adjust
from coproduction.statistics.methods.registration import study_ids
from coproduction.statistics.methods.regressions.importance import (
    r_squared,
    resampled_correlations,
    shares_of_r_squared,
)
from coproduction.statistics.methods.regressions.imputation import pooled
from coproduction.statistics.methods.regressions.regression import (
    Rows,
    variance_inflation,
)
from coproduction.statistics.methods.resampling import seed_of
from coproduction.statistics.methods.weights.weighting import (
    WEIGHTED,
    degrees_of_freedom,
    effective_number,
    weighted_correlation,
    why_few_weights,
)

GROUP = (*KEYS, "outcome_id", "construct_id", "model_id", "missing_id", "weighting_id")
COMPLETE, IMPUTED = "complete", "imputed"
ERRORS = {"ols": "HC2", LOGIT: "HC0, delta method"}
TYPES = dict.fromkeys(GROUP, TEXT) | {
    "correlate_topic_id": TEXT,
    "is_in_model": TRUTH_OR_NULL,
    **dict.fromkeys(("n_respondents", "n_answers", "n_fewest"), COUNT_OR_NULL),
    **dict.fromkeys(("n_fewest_side", "n_effective", "estimate", "std_error"), NUMBER),
    "std_error_type": TEXT,
    **dict.fromkeys(("df", "ci_lower", "ci_upper", "p_value", "p_value_adjusted"), NUMBER),
    "family_id": TEXT,
    "n_family": COUNT_OR_NULL,
    **dict.fromkeys(("standardised", "standardised_lower", "standardised_upper"), NUMBER),
    **dict.fromkeys(("correlation", "correlation_p_value"), NUMBER),
    "change_id": TEXT,
    **dict.fromkeys(("share_of_r_squared", "share_lower", "share_upper", "r_squared", "variance_inflation"), NUMBER),
    "reason": TEXT,
}


def estimate_joint_correlates(
    counts: pd.DataFrame | Iterable[pd.DataFrame], studies: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Hold all correlates of a topic constant at once, by OLS and for a 0/1 outcome also by a logit.

    | | ols | logit_marginal |
    | --- | --- | --- |
    | estimate | change of the outcome for one step of the correlate | average marginal effect of one step |
    | std_error | HC2; weighted: linearised | HC0 and the delta method; weighted: linearised |
    | df of interval and p | n - p - 1; weighted: sum(w^2)^2/sum(w^4) - p - 1 | normal; weighted: as ols |
    | standardised | estimate * SD(correlate) / SD(outcome) | the same |
    | share_of_r_squared | Shapley's (LMG), interval from 499 resamples | none |

    The unit of `estimate` is the outcome's 0-1 for one step of the correlate's score. SDs count as known in the
    interval of `standardised`. `correlation` is r of the same respondents. change_id compares it with the coefficient:
    `vanishes` (only r is significant), `turns` (both are, with opposite signs), `appears` (only the coefficient is),
    `stays` (both are, with one sign) or `neither`.

    Rows with missing_id `complete` are of the respondents with the outcome and all answers; those with `imputed` of all
    with the outcome, whose missing answers are drawn 20 times (`imputed`) and pooled by Rubin's rules. Imputed rows
    have no interval of the share, and exist without weights only. Shares, variance inflation and R2 are means over the
    imputations; r is pooled on Fisher's scale with variance 1/(n-3), as mice does.

    A correlate that does not vary, or of whose two or three answers one was given by fewer than 10 respondents, is left
    out (is_in_model is false). There is no model with fewer than 10 respondents for each correlate, for a 0/1 outcome
    also with fewer than 5 in the rarer one for each, or if one correlate follows from the others.

    Args:
        counts: council_id, wave_id, theme_id, topic_id; outcome_ids and outcome_construct_ids (joined by commas) with
            the lists n_positive and n_answered (0: missing); construct_ids and correlate_topic_ids (joined by commas)
            with the list scores (NaN: missing); n_respondents and, where there are weights, sum_weight. All respondents
            of a row have the same weight. One frame, or several that have no topic in common.
        studies: council_id, wave_id, study_id: the surveys of each study (registration.study_ids). None: one study.

    Returns:
        One row per council, wave, theme, topic, outcome, construct, model, rule for missing answers and weighting.
        n_answers, n_fewest and n_fewest_side are for the disclosure plan (`Groups`).

    Raises:
        ValueError: a column is missing, counts are not whole numbers, or a list has a wrong length.

    R: `estimatr::lm_robust(y ~ ., se_type = "HC2")`; `margins::margins(fit, vcov = sandwich::vcovHC(fit, "HC0"))` with
    `fit <- glm(y ~ ., binomial)`; `relaimpo::boot.relimp(fit, type = "lmg")`; `car::vif(fit)`; `survey::svyglm`.
    Sources: MacKinnon and White 1985, Journal of Econometrics 29:305; Groemping 2007, American Statistician 61:139;
    Rubin 1987, Multiple Imputation for Nonresponse in Surveys; and those of regression, importance and imputation.

    """
    frames = [counts] if isinstance(counts, pd.DataFrame) else counts
    rows = [row for answers in read_pieces(frames) for row in _of_topic(answers)]
    estimates = pd.DataFrame(rows, columns=[name for name in TYPES if name not in {"p_value_adjusted", "n_family"}])
    estimates = estimates.sort_values(list(GROUP), ignore_index=True)
    return typed(adjust(estimates, "p_value", BENJAMINI_HOCHBERG, study_ids(estimates, studies)), TYPES)


def _of_topic(answers: JointAnswers) -> Iterator[dict[str, Any]]:
    """Yield the rows of one topic."""
    has_outcome = ~np.isnan(answers.outcomes.T)
    imputed_models = [choose(answers, outcome, is_row, is_imputed=True) for outcome, is_row in enumerate(has_outcome)]
    fitted = fitted_to_imputations(answers, imputed_models)
    for outcome, is_row in enumerate(has_outcome):
        complete = choose(answers, outcome, is_row, is_imputed=False)
        yield from _complete(answers, outcome, complete, UNWEIGHTED)
        yield from _imputed(answers, outcome, imputed_models[outcome], fitted[outcome])
        is_weighted = is_row & (answers.weight > 0)
        if is_weighted.any():
            yield from _complete(answers, outcome, choose(answers, outcome, is_weighted, is_imputed=False), WEIGHTED)


def _complete(answers: JointAnswers, outcome: int, chosen: Chosen, weighting_id: str) -> Iterator[dict[str, Any]]:
    """Yield the rows of the models of complete answers."""
    rows = _rows(answers, outcome, chosen, answers.scores, weighting_id)
    common = _common(rows, chosen)
    seed = seed_of(*answers.keys, answers.outcome_ids[outcome], weighting_id, "shares")
    about = _about(rows, seed) if chosen.reason is None else {}
    for model_id in models_of(answers, outcome):
        found = dict(about) if model_id == "ols" else {name: about[name] for name in OF_ALL_MODELS if name in about}
        if chosen.reason is None:
            found |= _coefficients(rows, model_id, common)
        yield from _as_rows(answers, outcome, chosen, model_id, COMPLETE, weighting_id, common | found)


def _rows(
    answers: JointAnswers, outcome: int, chosen: Chosen, scores: np.ndarray, weighting_id: str = UNWEIGHTED
) -> Rows:
    places = answers.candidates(outcome)[chosen.used]
    weight = answers.weight[chosen.is_row] if weighting_id == WEIGHTED else None
    x = scores[chosen.is_row][:, places]
    return Rows(x, answers.outcomes[chosen.is_row, outcome], answers.n[chosen.is_row], weight)


def _common(rows: Rows, chosen: Chosen) -> dict[str, Any]:
    """Return the numbers of respondents of a model, and for weighted rows why a few of them decide."""
    n, n_slopes = rows.n.sum(), int(chosen.used.sum())
    if rows.weight is None:
        return {"n_respondents": n, "n_effective": n, "df": n - n_slopes - 1, "why_few": None}
    power = [rows.n @ rows.weight**exponent for exponent in (1, 2, 4)]
    n_effective = effective_number(np.array([n]), np.array([power[0]]), np.array([power[1]]))
    df = degrees_of_freedom(np.array([power[1]]), np.array([power[2]])) - n_slopes
    why = why_few_weights(n_effective, df)[0]
    return {"n_respondents": n, "n_effective": n_effective[0], "df": df[0], "why_few": why}


# What `_about` says of the data, whatever the model.
OF_ALL_MODELS = ("correlation", "correlation_p_value", "variance_inflation")


def _about(rows: Rows, seed: int) -> dict[str, Any]:
    """Return r of each correlate, its share of R2 with the interval, and its variance inflation."""
    correlations = rows.correlations()
    shares = shares_of_r_squared(correlations[None])[0]
    resampled = shares_of_r_squared(resampled_correlations(rows, seed))
    tail = (1 - CONFIDENCE) / 2
    lower, upper = np.quantile(resampled, [tail, 1 - tail], axis=0)
    return {
        "correlation": correlations[:-1, -1],
        "correlation_p_value": _p_values_of_r(rows, correlations[:-1, -1]),
        "variance_inflation": variance_inflation(correlations[:-1, :-1]),
        "share_of_r_squared": shares,
        "share_lower": lower,
        "share_upper": upper,
        "r_squared": r_squared(correlations[None])[0],
    }


def _p_values_of_r(rows: Rows, r: np.ndarray) -> np.ndarray:
    """P of each r: of the t test, as printed; weighted as `est_correlates`, from the linearised error."""
    n = rows.n.sum()
    if rows.weight is None:
        return p_value_of_t(r * np.sqrt((n - 2) / np.maximum(1 - r**2, np.finfo(float).tiny)), n - 2)
    n_slopes, n_rows = rows.x.shape[1], len(rows.y)
    group = np.repeat(np.arange(n_slopes), n_rows)
    count, weight, squares = (np.tile(rows.n * rows.weight**power, n_slopes) for power in (0, 1, 2))
    of = weighted_correlation(group, n_slopes, count, weight, squares, rows.x.T.ravel(), np.tile(rows.y, n_slopes))
    df = degrees_of_freedom(np.array([rows.n @ rows.weight**2]), np.array([rows.n @ rows.weight**4]))
    return p_value_of_t(np.arctanh(of.estimate) * of.unexplained / of.standard_error, df)


def _coefficients(rows: Rows, model_id: str, common: dict[str, Any]) -> dict[str, Any]:
    """Return the coefficients of one model with errors, intervals and p."""
    fit = FITS[model_id](rows.standardised())
    deviation = rows.scale[1]
    why = fit.reason or common["why_few"]
    std_error = np.sqrt(np.diag(fit.covariance)) * (np.nan if why else 1.0)
    df = np.inf if model_id == LOGIT and rows.weight is None else common["df"]
    error_type = "linearised" if rows.weight is not None else ERRORS[model_id]
    return _columns(fit.slopes, std_error, np.full(len(std_error), df), deviation) | {
        "std_error_type": error_type,
        "why": why,
    }


def _columns(slopes: np.ndarray, std_error: np.ndarray, df: np.ndarray, deviation: np.ndarray) -> dict[str, Any]:
    """Return the columns of coefficients that are given for one standard deviation of each correlate."""
    half_width = t_half_width(std_error, df)
    of_x, of_y = deviation[:-1], deviation[-1]
    return {
        "estimate": slopes / of_x,
        "std_error": std_error / of_x,
        "df": np.where(np.isinf(df), np.nan, df),
        "ci_lower": (slopes - half_width) / of_x,
        "ci_upper": (slopes + half_width) / of_x,
        "p_value": p_value_of_t(slopes / std_error, df),
        "standardised": slopes / of_y,
        "standardised_lower": (slopes - half_width) / of_y,
        "standardised_upper": (slopes + half_width) / of_y,
    }


def _imputed(
    answers: JointAnswers, outcome: int, chosen: Chosen, fitted: Sequence[FittedModels]
) -> Iterator[dict[str, Any]]:
    """Yield the rows of the models of imputed answers."""
    common = _common(_rows(answers, outcome, chosen, answers.scores), chosen)
    about = _about_imputed(fitted) if fitted else {}
    for model_id in models_of(answers, outcome):
        found = dict(about) if model_id == "ols" else {name: about[name] for name in OF_ALL_MODELS if name in about}
        if fitted:
            found |= _pooled_coefficients(fitted, model_id, common)
        yield from _as_rows(answers, outcome, chosen, model_id, IMPUTED, UNWEIGHTED, common | found)


def _about_imputed(fitted: Sequence[FittedModels]) -> dict[str, Any]:
    """Return what `_about` does, as means over the imputations; r is pooled on Fisher's scale."""
    correlations = np.stack([of.correlations for of in fitted])
    r, n = correlations[:, :-1, -1], fitted[0].n_respondents
    of_r = pooled(np.arctanh(r), np.full(r.shape, 1 / (n - 3)), np.inf)
    return {
        "correlation": np.tanh(of_r.estimate),
        "correlation_p_value": p_value_of_t(of_r.estimate / of_r.std_error, of_r.df),
        "variance_inflation": np.mean([variance_inflation(matrix[:-1, :-1]) for matrix in correlations], axis=0),
        "share_of_r_squared": shares_of_r_squared(correlations).mean(axis=0),
        "r_squared": r_squared(correlations).mean(),
    }


def _pooled_coefficients(fitted: Sequence[FittedModels], model_id: str, common: dict[str, Any]) -> dict[str, Any]:
    """Return the coefficients of one model by Rubin's rules, for one standard deviation over all imputations."""
    fits = [of.fits[model_id] for of in fitted]
    deviations = np.stack([of.deviations for of in fitted])
    deviation = np.sqrt((deviations**2).mean(axis=0))
    factor = deviation[:-1] / deviations[:, :-1]
    slopes = np.stack([fit.slopes for fit in fits]) * factor
    variances = np.stack([np.diag(fit.covariance) for fit in fits]) * factor**2
    why = next((fit.reason for fit in fits if fit.reason), None)
    df = np.inf if model_id == LOGIT else float(common["df"])
    of = pooled(slopes, variances, df)
    error_type = f"{ERRORS[model_id]}, {len(fitted)} imputations"
    return _columns(of.estimate, of.std_error, of.df, deviation) | {"std_error_type": error_type, "why": why}


def _as_rows(
    answers: JointAnswers,
    outcome: int,
    chosen: Chosen,
    model_id: str,
    missing_id: str,
    weighting_id: str,
    found: dict[str, Any],
) -> Iterator[dict[str, Any]]:
    """Yield one row for each correlate; `found` has an array for the correlates of the model, or one value for all."""
    outcome_id = answers.outcome_ids[outcome]
    is_headline = model_id == models_of(answers, outcome)[-1]
    keys = dict(zip(KEYS, answers.keys, strict=True)) | {
        "outcome_id": outcome_id,
        "model_id": model_id,
        "missing_id": missing_id,
        "weighting_id": weighting_id,
        "family_id": f"joint_correlates_{outcome_id}_{missing_id}" if is_headline else None,
        "n_respondents": found["n_respondents"],
        "n_effective": found["n_effective"],
    }
    place_in_model = np.cumsum(chosen.used) - 1
    for place, candidate in enumerate(answers.candidates(outcome)):
        is_used = bool(chosen.used[place])
        row = keys | {
            "construct_id": answers.construct_ids[candidate],
            "correlate_topic_id": answers.correlate_topic_ids[candidate],
            "is_in_model": is_used,
            "n_answers": chosen.groups.n_answers[place],
            "n_fewest": chosen.groups.n_fewest[place],
            "n_fewest_side": chosen.groups.n_fewest_side[place],
            "reason": chosen.reasons[place] or chosen.reason or found.get("why"),
        }
        if is_used and chosen.reason is None:
            of_row = {name: value for name, value in found.items() if name in TYPES and name not in keys}
            row |= {
                name: value[place_in_model[place]] if isinstance(value, np.ndarray) else value
                for name, value in of_row.items()
            }
            row["change_id"] = change_when_held_constant(row)
        yield row
