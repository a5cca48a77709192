"""Joint answers of the respondents of a topic to all its correlates, and which correlates a model can hold."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from coproduction.statistics.methods.counts import KEYS, NUMBER, TEXT
from coproduction.statistics.methods.inference import SIGNIFICANCE
from coproduction.statistics.methods.regressions.regression import COLLINEAR, Rows

# A model needs so many respondents, and of an outcome that is 0 or 1 so many in the rarer one, for each correlate.
FEWEST_PER_CORRELATE = 10
FEWEST_OF_RARER_PER_CORRELATE = 5
# A correlate of up to so many answers needs so many respondents who gave each of them.
FEW_ANSWERS = 3
FEWEST_PER_ANSWER = 10
# With more than this share of its answers missing, a correlate is not imputed.
MOST_MISSING = 0.5

NOT_VARYING = "the correlate does not vary"
THIN = f"left out: fewer than {FEWEST_PER_ANSWER} respondents gave one of its answers"
ONE_LEFT = "fewer than two correlates vary: see r"
CONSTANT_OUTCOME = "the outcome does not vary"
TOO_FEW_RESPONDENTS = f"fewer than {FEWEST_PER_CORRELATE} respondents for each correlate"
TOO_FEW_OF_RARER = f"fewer than {FEWEST_OF_RARER_PER_CORRELATE} respondents with the rarer outcome for each correlate"
TOO_MANY_MISSING = "more than half of the answers to a correlate are missing: nothing is imputed"


@dataclass(frozen=True)
class JointAnswers:
    """Answers of one council, wave, theme and topic; one row for each combination that occurs.

    `scores` has one column per construct and `outcomes` one per outcome, on 0-1; NaN is missing. `n` counts respondents
    and `weight` is the weight of each of them, NaN where nobody has one. `is_share` says for each outcome whether it
    can lie between 0 and 1.
    """

    keys: tuple[str, ...]
    construct_ids: list[str]
    correlate_topic_ids: list[str]
    outcome_ids: list[str]
    outcome_construct_ids: list[str]
    scores: np.ndarray
    outcomes: np.ndarray
    is_share: np.ndarray
    n: np.ndarray
    weight: np.ndarray

    def candidates(self, outcome: int) -> np.ndarray:
        """Return the places of the constructs that can be a correlate of an outcome: all but its own."""
        own = self.outcome_construct_ids[outcome]
        return np.array([place for place, name in enumerate(self.construct_ids) if name != own], dtype=np.int64)


def read_joint_answers(counts: pd.DataFrame) -> Iterator[JointAnswers]:
    """Check a frame of joint answers and yield it topic by topic, each in one order of rows.

    Args: `counts` as `estimate_joint_correlates` describes them. Raises ValueError if a column is missing, a number of
    respondents is not whole, or a list has another length than its names.
    """
    columns = [*KEYS, "outcome_ids", "outcome_construct_ids", "construct_ids", "correlate_topic_ids"]
    missing = [name for name in [*columns, "n_positive", "n_answered", "scores", "n_respondents"] if name not in counts]
    if missing:
        raise ValueError(f"The frame of counts has no column {', '.join(missing)}.")
    respondents = counts["n_respondents"].astype(NUMBER)
    if not (respondents.ge(0) & respondents.mod(1).eq(0)).all():
        raise ValueError("n_respondents must be a whole number of respondents, 0 or more, in every row.")
    known = counts[respondents > 0].astype(dict.fromkeys(columns, TEXT))
    for key, frame in known.groupby(list(KEYS), dropna=False, sort=True):
        yield _of_topic(tuple(map(str, key)), frame)


def read_pieces(pieces: Iterable[pd.DataFrame]) -> Iterator[JointAnswers]:
    """Yield the topics of each frame (`read_joint_answers`), without keeping a frame while its topics are used.

    The lists of a frame take several times the memory of the numbers that are read from them.
    """
    for piece in pieces:
        topics = list(read_joint_answers(piece))
        del piece
        while topics:
            yield topics.pop(0)


def _of_topic(key: tuple[str, ...], frame: pd.DataFrame) -> JointAnswers:
    named: dict[str, str] = {}
    for pair in frame[["outcome_ids", "outcome_construct_ids"]].drop_duplicates().itertuples(index=False, name=None):
        named |= dict(zip(*(str(names).split(",") for names in pair), strict=True))
    outcome_ids = sorted(named)
    positive, answered = (np.full((len(frame), len(outcome_ids)), np.nan) for _ in range(2))
    for ids, rows in frame.reset_index(drop=True).groupby("outcome_ids"):
        columns = np.array([outcome_ids.index(name) for name in str(ids).split(",")])
        places = np.ix_(rows.index.to_numpy(np.int64), columns)
        positive[places], answered[places] = _matrix(rows["n_positive"]), _matrix(rows["n_answered"])
    (construct_ids,) = frame["construct_ids"].unique()
    (topics,) = frame["correlate_topic_ids"].unique()
    scores = _matrix(frame["scores"])
    if scores.shape[1] != len(construct_ids.split(",")):
        raise ValueError("scores must have one value for each construct.")
    with np.errstate(invalid="ignore", divide="ignore"):
        outcomes = np.where(answered > 0, positive / answered, np.nan)
    n = frame["n_respondents"].to_numpy(NUMBER)
    total = frame["sum_weight"].to_numpy(NUMBER) if "sum_weight" in frame else np.full(len(frame), np.nan)
    order = np.lexsort((n, total, *outcomes.T, *scores.T))
    return JointAnswers(
        key,
        construct_ids.split(","),
        topics.split(","),
        outcome_ids,
        [named[name] for name in outcome_ids],
        scores[order],
        outcomes[order],
        np.nanmax(answered, axis=0, initial=0) > 1,
        n[order],
        (total / n)[order],
    )


def _matrix(lists: pd.Series) -> np.ndarray:
    return np.array(lists.tolist(), dtype=np.float64).reshape(len(lists), -1)


@dataclass(frozen=True)
class Groups:
    """Answers of each correlate among some respondents: how many different ones, and their smallest groups.

    `n_fewest` is the smallest number of respondents with one answer. `n_fewest_side` is the smallest number of
    respondents with one answer who have the outcome, or who do not (for a share: the sum of the shares).
    """

    n_answers: np.ndarray
    n_fewest: np.ndarray
    n_fewest_side: np.ndarray

    @property
    def is_thin(self) -> np.ndarray:
        """Whether one of few answers was given by too few respondents."""
        return (self.n_answers > 1) & (self.n_answers <= FEW_ANSWERS) & (self.n_fewest < FEWEST_PER_ANSWER)


def groups_of_answers(scores: np.ndarray, outcome: np.ndarray, n: np.ndarray) -> Groups:
    """Return the groups of each column of scores, among the respondents whose score is known."""
    numbers = np.zeros((3, scores.shape[1]))
    for place, score in enumerate(scores.T):
        is_known = ~np.isnan(score)
        answers, answer = np.unique(score[is_known], return_inverse=True)
        size = np.bincount(answer, weights=n[is_known], minlength=1)
        n_with = np.bincount(answer, weights=(n * outcome)[is_known], minlength=1)
        numbers[:, place] = len(answers), size.min(), np.minimum(n_with, size - n_with).min()
    return Groups(*numbers)


@dataclass(frozen=True)
class Chosen:
    """The respondents and correlates of a model.

    `is_row` says which rows of the joint answers it has, `used` which of its candidates it holds, `reasons` why it does
    not hold the others, and `reason` why there is no model at all.
    """

    is_row: np.ndarray
    used: np.ndarray
    reasons: list[str | None]
    groups: Groups
    reason: str | None


def choose(answers: JointAnswers, outcome: int, is_row: np.ndarray, is_imputed: bool) -> Chosen:
    """Choose the correlates of a model: those that vary, and whose few answers were each given by enough respondents.

    Complete answers are those to the correlates that the model holds, so that leaving one out can add respondents. The
    correlate with the smallest group is left out first.

    Args:
        answers: of a topic.
        outcome: place of the outcome.
        is_row: the rows whose respondents have the outcome (and a weight, where they are weighted).
        is_imputed: whether missing answers are imputed. Then respondents need not be complete.

    """
    candidates = answers.candidates(outcome)
    scores, y, n = answers.scores[:, candidates], answers.outcomes[:, outcome], answers.n
    used = np.ones(len(candidates), dtype=bool)
    while True:
        is_complete = is_row & (is_imputed | ~np.isnan(scores[:, used]).any(axis=1))
        groups = groups_of_answers(scores[is_complete], y[is_complete], n[is_complete])
        out = used & (groups.is_thin | (groups.n_answers < 2))
        if not out.any():
            break
        used[np.argmin(np.where(out, groups.n_fewest, np.inf))] = False
    reasons = [
        None if is_used else THIN if is_thin else NOT_VARYING
        for is_used, is_thin in zip(used, groups.is_thin, strict=True)
    ]
    reason = _why_none(scores[is_complete][:, used], y[is_complete], n[is_complete], bool(answers.is_share[outcome]))
    return Chosen(is_complete, used, reasons, groups, reason)


def _why_none(scores: np.ndarray, y: np.ndarray, n: np.ndarray, is_share: bool) -> str | None:
    """Why these respondents and correlates have no model; None if they have one."""
    n_used, n_respondents = scores.shape[1], n.sum()
    with_outcome = n @ y
    if n_used < 2:
        return ONE_LEFT
    if (y == y[0]).all():
        return CONSTANT_OUTCOME
    if n_respondents < FEWEST_PER_CORRELATE * n_used:
        return TOO_FEW_RESPONDENTS
    if not is_share and min(with_outcome, n_respondents - with_outcome) < FEWEST_OF_RARER_PER_CORRELATE * n_used:
        return TOO_FEW_OF_RARER
    is_known = ~np.isnan(scores)
    if (n @ is_known < MOST_MISSING * n_respondents).any():
        return TOO_MANY_MISSING
    is_complete = is_known.all(axis=1)
    if is_complete.sum() < 2 or _follows(scores[is_complete], y[is_complete], n[is_complete]):
        return COLLINEAR
    return None


def _follows(scores: np.ndarray, y: np.ndarray, n: np.ndarray) -> bool:
    """Whether one correlate follows from the others, among respondents with complete answers."""
    rows = Rows(scores, y, n)
    if (rows.scale[1][:-1] == 0).any():
        return True
    x = rows.standardised().x
    eigenvalues = np.linalg.eigvalsh((x * n[:, None]).T @ x / n.sum())
    return bool(eigenvalues[0] < 1e-9)


def change_when_held_constant(row: dict[str, Any]) -> str | None:
    """Return how a correlate changes when the others are held constant; None where one of the two has no p."""
    if np.isnan(row["p_value"]) or np.isnan(row["correlation_p_value"]):
        return None
    was, is_now = row["correlation_p_value"] <= SIGNIFICANCE, row["p_value"] <= SIGNIFICANCE
    if was and is_now:
        return "turns" if row["correlation"] * row["estimate"] < 0 else "stays"
    return "vanishes" if was else "appears" if is_now else "neither"
