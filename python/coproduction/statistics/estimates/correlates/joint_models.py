"""The models of joint answers, and their fits to imputations of missing answers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from coproduction.statistics.estimates.correlates.joint_answers import Chosen, JointAnswers
from coproduction.statistics.methods.regressions.imputation import imputed
from coproduction.statistics.methods.regressions.regression import Fit, Rows, least_squares, marginal_effects
from coproduction.statistics.methods.resampling import seed_of

LOGIT = "logit_marginal"
FITS = {"ols": least_squares, LOGIT: marginal_effects}


def models_of(answers: JointAnswers, outcome: int) -> list[str]:
    """Return the models of an outcome: a logit only of one that is 0 or 1."""
    return ["ols"] if answers.is_share[outcome] else ["ols", LOGIT]


def _imputed_scores(answers: JointAnswers, row: np.ndarray) -> Iterator[np.ndarray]:
    """Yield imputations of all scores of a topic, with one row per respondent: `row` is that of the joint answers.

    All outcomes help to impute, and none is imputed. Correlates that hardly vary or are mostly missing are left as they
    are: no model of imputed answers holds them.
    """
    scores = answers.scores[row]
    values = np.column_stack([scores, answers.outcomes[row]])
    varies = np.array([len(np.unique(column[~np.isnan(column)])) > 1 for column in values.T])
    varies &= ~np.isnan(values).all(axis=0)
    if not np.isnan(scores).any() or not varies.any():
        yield scores
        return
    seed = seed_of(*answers.keys, "imputations")
    of_scores = varies[: scores.shape[1]]
    for filled in imputed(values[:, varies], seed):
        scores[:, of_scores] = filled[:, : int(of_scores.sum())]
        yield scores


@dataclass(frozen=True)
class FittedModels:
    """The models of one outcome, fitted to one imputation: correlations, standard deviations and each model's fit."""

    n_respondents: int
    correlations: np.ndarray
    deviations: np.ndarray
    fits: dict[str, Fit]


def fitted_to_imputations(answers: JointAnswers, chosen: Sequence[Chosen]) -> list[list[FittedModels]]:
    """Fit the models of each outcome to each imputation. One imputation at a time is in memory.

    Args: `chosen` has the model of each outcome. An outcome without a model has no fits.
    """
    row = np.repeat(np.arange(len(answers.n)), answers.n.astype(np.int64))
    fitted: list[list[FittedModels]] = [[] for _ in chosen]
    for scores in _imputed_scores(answers, row):
        for outcome, of in enumerate(chosen):
            if of.reason is not None:
                continue
            is_row = of.is_row[row]
            y = answers.outcomes[row[is_row], outcome]
            rows = Rows(scores[is_row][:, answers.candidates(outcome)[of.used]], y, np.ones(len(y)))
            fits = {model_id: FITS[model_id](rows.standardised()) for model_id in models_of(answers, outcome)}
            fitted[outcome].append(FittedModels(len(y), rows.correlations(), rows.scale[1], fits))
    return fitted
