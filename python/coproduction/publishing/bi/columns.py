"""Columns of the tables of the schema `bi`: what a row is about, and what it says of each quantity."""

from __future__ import annotations

from typing import NamedTuple


class Key(NamedTuple):
    """A column that says what a row is about; without a meaning, it has that of the column in the report.

    `is_key` columns identify the row; the others are labels, dates and places.
    """

    name: str
    expression: str
    meaning: str = ""
    is_key: bool = False


class Cell(NamedTuple):
    """A column of a quantity: the end of its name, the column of the report, and its meaning."""

    suffix: str
    column: str
    meaning: str


def _key(name: str, expression: str = "", meaning: str = "") -> Key:
    return Key(name, expression or name, meaning, is_key=True)


def _label(name: str) -> Key:
    return Key(name, name)


_INTERVAL = (
    Cell("low", "ci_lower", "lower end of the 95 per cent interval"),
    Cell("high", "ci_upper", "upper end of the 95 per cent interval"),
)
_BASE = Cell("base", "n_respondents", "respondents behind it; one person can be in several rows, so do not add up")
_STARS = Cell("stars", "stars", "`**` for p at most 0.01, `*` for p at most 0.05, two-sided; empty otherwise")
_P_ADJUSTED = Cell("p_adjusted", "p_value_adjusted", "two-sided p, adjusted for the number of tests in the family")
INTERVAL_AND_BASE = (*_INTERVAL, _BASE)
SHARE_CELL = Cell("pct", "estimate", "per cent of those with a valid answer")
CORRELATION_CELLS = (
    Cell("r", "estimate", "Pearson's correlation with it, -1 to 1"),
    *_INTERVAL,
    _STARS,
    _P_ADJUSTED,
    _BASE,
)
EFFECT_CELLS = (
    Cell("points", "estimate", "effect of the nudge, in points of 0 to 100"),
    *_INTERVAL,
    _STARS,
    Cell("p", "headline_p_value", "two-sided p"),
    _P_ADJUSTED,
    Cell("detectable", "minimum_detectable", "smallest effect that would have been found with a chance of 80 per cent"),
    Cell("arm_base", "n_arm", "respondents who read this wording"),
    Cell("control_base", "n_control", "respondents who read no nudge"),
)
CHANGE_CELLS = (
    Cell("earlier", "earlier_level", "level of the earlier wave"),
    Cell("later", "later_level", "level of the later wave"),
    Cell("change", "estimate", "change from the earlier wave to the later one, in points or in the unit of a score"),
    *_INTERVAL,
    _STARS,
    Cell("p", "p_value", "two-sided p"),
    _P_ADJUSTED,
    Cell("base", "n_respondents", "respondents of the smaller wave"),
)

SURVEY_KEYS = (
    _key("council_id"),
    _label("council_label"),
    _key("wave_id"),
    Key("wave_label", "waves.wave_label", "Name of the wave."),
    Key("wave_order", "waves.wave_order", "The place of the wave among those of its council."),
    Key("fieldwork_start", "waves.fieldwork_start", "First day of the fieldwork; empty if waves.csv does not say it."),
    Key("fieldwork_end", "waves.fieldwork_end", "Last day of the fieldwork; empty if waves.csv does not say it."),
)
EARLIER_WAVE_KEYS = (_key("earlier_wave_id"), _label("earlier_wave_label"))
THEME_KEYS = (_key("theme_id"), _label("theme_label"))
TOPIC_KEYS = (_key("topic_id"), _label("topic_label"))
GROUP_KEYS = (_key("group_label", "breakdown_value", "The group of respondents, such as an age band."),)
CONSTRUCT_KEYS = (_key("construct_id"), _label("construct_label"))
CONTRAST_KEYS = (_key("contrast_id"), _label("contrast_label"))
QUESTION_KEYS = (
    *THEME_KEYS,
    *TOPIC_KEYS,
    _key("respondent_role"),
    *CONSTRUCT_KEYS,
    _key("column_name"),
    _key("scale_id"),
    _label("question_text"),
    Key("is_reversed", "is_reversed", "Whether a high score means little of what the question measures."),
)
ANSWER_KEYS = (
    _key("answer_order"),
    _label("answer_name"),
    _label("answer_score"),
    Key(
        "position",
        "position",
        "Where the answer lies between the low end (0) and the high end (1) of what the question measures, whichever "
        "way it is worded; empty if the answers have no order, and for questions about the person. Colour and sort a "
        "chart by it, not by the answer.",
    ),
)

STATISTICS = (
    ("mean", "Mean", Cell("value", "estimate", "mean score or number")),
    (
        "top_two",
        "Gave one of the two highest answers",
        Cell("pct", "estimate", "per cent of those with a valid answer"),
    ),
    ("dont_know", "Don't Know", Cell("pct", "estimate", "per cent of those asked")),
    ("refused", "Refused", Cell("pct", "estimate", "per cent of those asked")),
    ("response_rate", "Answered", Cell("pct", "estimate", "per cent of those asked")),
)
