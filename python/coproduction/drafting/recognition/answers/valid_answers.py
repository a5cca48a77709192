"""Which answers of a column say something, and which stand for no answer."""

from __future__ import annotations

import re
from collections.abc import Sequence

from coproduction.codebook.labels import normalise_label
from coproduction.drafting.recognition.answers.concepts import BOTH_ENDS, COUNTED, concept_of
from coproduction.drafting.recognition.answers.meanings import meanings_of
from coproduction.drafting.recognition.answers.printed_answers import aside_kind, missing_kind
from coproduction.drafting.recognition.survey_file import SurveyColumn

# Codes that often stand for Don't Know or no answer, where no other code is near.
OFTEN_MISSING = frozenset(
    {8, 9, 77, 88, 97, 98, 99, 777, 888, 996, 997, 998, 999, -1, -2, -8, -9, -77, -88, -97, -98, -99, -999}
)
# What answers are about that stand between much and nothing in words of several kinds.
_MIXED, _FEWEST_OF_A_SCALE = "extent", 3


def valid_and_missing(column: SurveyColumn) -> tuple[list[str], dict[str, str]]:
    """Return the printed answers of a column in the order of their codes, and the kind of each missing one."""
    seen = {normalise_label(label): label for label in column.answers}
    for label in (*column.counts, *column.also):
        seen.setdefault(normalise_label(label), label)
    declared = {normalise_label(label) for label in column.missing}
    missing = {label: missing_kind(label) or ("refused" if key in declared else "") for key, label in seen.items()}
    missing |= {label: "refused" for label in seen.values() if label in column.unread}
    missing |= dict.fromkeys(_codes_beside_words(list(seen.values())), "dont_know")
    kinds = {label: kind for label, kind in missing.items() if kind}
    valid = [label for label in seen.values() if label not in kinds]
    mixed = concept_of(valid)
    if mixed not in ("", _MIXED):
        return valid, kinds
    aside = {label: kind for label in valid if (kind := aside_kind(label))}
    others = [label for label in valid if label not in aside]
    concept = concept_of(others)
    # Half a scale would also be about something.
    is_whole = not mixed or (len(others) >= _FEWEST_OF_A_SCALE and concept != "yes_no")
    if concept not in ("", mixed) and is_whole:
        # "Not at all" beside numbers of times is one of them.
        kinds |= {label: kind for label, kind in aside.items() if not _is_read(label, concept)}
    return [label for label in valid if label not in kinds], kinds


def _codes_beside_words(labels: Sequence[str]) -> list[str]:
    """Return codes such as 9 and 99 that stand beside words: they say that there is no answer."""
    codes = [label for label in labels if re.fullmatch(r"-?\d{1,3}(\.0)?", label)]
    is_few = len(labels) - len(codes) >= _FEWEST_OF_A_SCALE
    return codes if is_few and all(float(code) in OFTEN_MISSING for code in codes) else []


def _is_read(label: str, concept: str) -> bool:
    concepts = {concept} if concept in COUNTED else {concept, BOTH_ENDS}
    return any(meaning.concept in concepts for meaning in meanings_of(label))
