"""Answers that columns share: what nobody chose in one row of a grid, somebody chose in another."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from coproduction.codebook.labels import normalise_label
from coproduction.drafting.recognition.answers.concepts import concept_of
from coproduction.drafting.recognition.answers.meanings import meanings_of
from coproduction.drafting.recognition.answers.printed_answers import missing_kind
from coproduction.drafting.recognition.answers.valid_answers import valid_and_missing
from coproduction.drafting.recognition.shapes import stem_of
from coproduction.drafting.recognition.survey_file import SurveyColumn
from coproduction.drafting.recognition.words import prefix_of

_MOST_ANSWERS = 13
# An answer that no list explains stands beside at least so many others that are read, in lists about so many things.
_FEWEST_READ, _SEVERAL, _MOST_UNREAD = 2, 3, 2
# Columns share their answers if this part of the shorter list is in the longer one.
_ALIKE = 0.6


def share_stems(columns: Sequence[SurveyColumn]) -> None:
    """Tell each column of a grid which words of its question are those of the whole grid."""
    n_columns = Counter(stem_of(column.wording) for column in columns)
    for column in columns:
        stem = stem_of(column.wording)
        column.stem = stem if stem and n_columns[stem] > 1 else ""


def share_answers(columns: Sequence[SurveyColumn]) -> None:
    """Tell each column of a closed question what the columns with nearly the same answers offer in addition."""
    # The labels, the columns, and for codes the beginning of the names: the same codes mean different things elsewhere.
    lists: list[tuple[dict[str, str], list[SurveyColumn], str]] = []
    for column in columns:
        own = {normalise_label(label): label for label in column.counts}
        if column.answers or not 2 <= len(own) <= _MOST_ANSWERS:
            continue
        grid = prefix_of(column.name) if all(key.lstrip("-").isdigit() for key in own) else ""
        for labels, members, of_grid in lists:
            if grid == of_grid and _is_same_list(own, labels):
                for key, label in own.items():
                    labels.setdefault(key, label)
                members.append(column)
                break
        else:
            lists.append((dict(own), [column], grid))
    for labels, members, _ in lists:
        for column in members:
            own_keys = {normalise_label(label) for label in column.counts}
            column.also = tuple(label for key, label in labels.items() if key not in own_keys)


def share_unread(columns: Sequence[SurveyColumn]) -> None:
    """Tell columns which of their answers nothing explains, and stand beside answers about several things in the file.

    An answer beside "Very safe" and beside "Every week" belongs to neither list: clerks write Ref, n/s or Spoilt.
    """
    beside: dict[str, set[str]] = defaultdict(set)
    for column in columns:
        if column.box or not 2 <= len(column.counts) <= _MOST_ANSWERS:
            continue
        valid, _ = valid_and_missing(column)
        unread = [label for label in valid if not meanings_of(label) and not label.lstrip("-").isdigit()]
        concept = concept_of([label for label in valid if label not in unread])
        if concept and len(unread) <= _MOST_UNREAD and len(valid) - len(unread) >= _FEWEST_READ:
            for label in unread:
                beside[normalise_label(label)].add(concept)
    several = {key for key, concepts in beside.items() if len(concepts) >= _SEVERAL}
    for column in columns:
        column.unread = frozenset(
            label for label in [*column.answers, *column.counts] if normalise_label(label) in several
        )


def _is_same_list(own: dict[str, str], labels: dict[str, str]) -> bool:
    valid, others = _valid(own), _valid(labels)
    common = valid & others
    if not valid or any(label.lstrip("-").isdigit() for label in valid):
        # Codes are the same list only if no code is new but for those that stand for no answer.
        return len(common) >= 4 and max(map(len, (valid, others))) - len(common) <= 1
    if all({"yes", "no"} <= answers or {"y", "n"} <= answers for answers in (valid, others)):
        # Yes and No are part of many lists.
        return valid == others
    return len(common) >= 2 and len(common) >= _ALIKE * min(len(valid), len(others))


def _valid(labels: dict[str, str]) -> set[str]:
    return {key for key in labels if not missing_kind(key)}
