"""What speaks against a row of which words, examples and answers agree: with it, the row is likely and no more.

Each rule stands for a kind of question that looked certain and was wrong when nobody had seen it before, or that was
written to be mistaken: it is about another object, another time or somebody else, or one of two constructs look alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from re import Pattern

from coproduction.drafting.recognition.constructs import Guess, text_of
from coproduction.drafting.recognition.survey_file import SurveyColumn
from coproduction.drafting.recognition.wording import look_alikes
from coproduction.drafting.recognition.words import plain_text, words_of

_TIME = frozenset({"time_willing", "time_current", "time_extra"})
_BELIEFS = frozenset({"political_self_efficacy", "personal_self_efficacy"})
_CONDITIONS, _RESPONSE = frozenset({"conditions"}), frozenset({"satisfaction_response"})
_INFORMATION, _CONSULTATION = frozenset({"satisfaction_information"}), frozenset({"satisfaction_consultation"})
_POLITICAL, _ALONE = frozenset({"political_self_efficacy"}), frozenset({"individual_activity"})
_GROUPS = frozenset({"group_participation"})
_AT_ANY_TIME = _CONDITIONS | _RESPONSE | _INFORMATION | _CONSULTATION | _BELIEFS | _ALONE | _GROUPS

# Words that speak against constructs: in the whole question, and in the row of a grid alone.
_AGAINST = (
    (_CONDITIONS, look_alikes.NAMED_SERVICE, "it may judge a service and not the area"),
    (_RESPONSE | _INFORMATION, look_alikes.ASKING, "it may ask about consultation"),
    (_RESPONSE | _CONSULTATION, look_alikes.TELLING, "it may ask about information"),
    (_ALONE | _GROUPS, look_alikes.KNOWN_OF, "it may ask what people know of"),
    (_GROUPS, look_alikes.OF_MEMBERS, "it may be a group for something else"),
    (_ALONE, look_alikes.SERVICE_USED, "it may be something that people use"),
    (_ALONE, look_alikes.WORSE, "it may be something that is better not done"),
    (_POLITICAL, look_alikes.OTHER_AGENTS, "it may ask what others than residents can do"),
    (_CONDITIONS | _ALONE, look_alikes.OF_SOME, "it may be about some people or things only"),
    (_TIME, look_alikes.SPENT, "it may be time that is not given"),
    (_BELIEFS, look_alikes.COUNTED_ON, "it may ask on whom or what people can count"),
    (_AT_ANY_TIME, look_alikes.NOT_YET, "it may ask about a wish or a plan"),
    (_AT_ANY_TIME, look_alikes.OTHER_TIMES, "it may compare with another time or place"),
)
_AGAINST_IN_ROW = (
    (_POLITICAL, look_alikes.ASKING, "it may ask about consultation"),
    (_ALONE, look_alikes.NOTICED, "it may be something that people notice or get"),
)
# Words that a question must have.
_NEEDED = (
    (_BELIEFS, look_alikes.EFFECT, "names no effect that somebody has"),
    (_POLITICAL, look_alikes.AGENTS, "names nobody who can do it"),
    (_TIME, look_alikes.GIVEN, "does not say that time is given"),
    (_RESPONSE, look_alikes.PROVIDER, "names nobody who provides it"),
)


def doubt_construct(column: SurveyColumn, construct: str, theme: Guess) -> str:
    """Return why a question may measure something that only looks like a construct, '' if nothing says so.

    ``theme`` is what its own words say about the theme, not what its neighbours say.
    """
    text, row = text_of(column), _words_of_row(column)
    lacking = next((why for known, pattern, why in _NEEDED if construct in known and not pattern.search(text)), "")
    return (
        _found_in(text, construct, _AGAINST)
        or _found_in(row, construct, _AGAINST_IN_ROW)
        or lacking
        or (_doubt_activity(text, row, theme.found) if construct in _ALONE else "")
    )


def _words_of_row(column: SurveyColumn) -> str:
    """Return the words of the row of a grid, or of the box; those of the whole question where it is neither."""
    row = words_of(column.box or plain_text(column.wording).removeprefix(plain_text(column.stem)))
    return row if row.strip() else text_of(column)


def _found_in(words: str, construct: str, rules: Sequence[tuple[frozenset[str], Pattern[str], str]]) -> str:
    found = ((why, pattern.search(words)) for constructs, pattern, why in rules if construct in constructs)
    return next((f'{why}: "{hit[0].strip()}"' for why, hit in found if hit), "")


def _doubt_activity(text: str, row: str, theme: str) -> str:
    """Return why an activity may be none, or one for another theme: help for somebody is of that person's need."""
    used, helped, sick = (
        look_alikes.USED.search(row),
        look_alikes.SOMEBODY.search(row),
        look_alikes.OF_THE_SICK.search(text),
    )
    if used and not theme:
        return f'it may be something that people use: "{used[0].strip()}"'
    if helped and theme in ("health", "environment"):
        return f'it may be help for somebody: "{helped[0].strip()}"'
    if sick and theme == "wellbeing" and look_alikes.SOMEBODY.search(text):
        return f'it may be about health: "{sick[0].strip()}"'
    return ""
