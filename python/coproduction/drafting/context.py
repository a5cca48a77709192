"""What the rows of a draft say about each other: themes of neighbours, topics, routing, primary questions, scales."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace

from coproduction.drafting.draft import Draft, DraftRow
from coproduction.drafting.recognition.answers.answer_scales import DraftScale
from coproduction.drafting.recognition.confidence import CERTAIN, DOUBTFUL, LIKELY, Confidence
from coproduction.drafting.recognition.constructs import WEAKLY, guess_topic
from coproduction.drafting.recognition.shapes import find_routing
from coproduction.drafting.recognition.survey_file import SurveyColumn, SurveyFile
from coproduction.drafting.recognition.vocabulary import Vocabulary
from coproduction.drafting.recognition.words import prefix_of

# A theme of this share of a survey's questions is the theme of those that name none.
_MAIN_THEME = 0.8
_NEAR = 3
# Fewer questions that name a theme say little about the survey.
_FEW_NAMED = 3
# So many other rows of a grid that name one theme, and no other, leave little doubt about the theme of the grid.
_OF_A_GRID = 3
_OF_THINGS = ("individual_activity", "satisfaction_response", "conditions")
_ONE_VALUE_ROLES = ("correlate", "demographic", "design", "weight")


def settle(draft: Draft, survey: SurveyFile, vocabulary: Vocabulary) -> None:
    """Complete the rows of a draft by what their neighbours say."""
    rows = [row for row in draft.claimed() if vocabulary.roles.get(row.construct) in ("correlate", "outcome")]
    _find_activities(rows)
    _find_themes(rows)
    _find_topics([row for row in rows if not _is_known(row)], survey, vocabulary)
    _find_routing(draft, survey)
    _find_repeated([row for row in rows if not _is_known(row)], survey)
    _find_primary(draft.claimed(), vocabulary)
    _name_scales(draft.rows)


def _is_known(row: DraftRow) -> bool:
    return row.scale is not None and row.scale.concept == "known"


def _find_activities(rows: Sequence[DraftRow]) -> None:
    """Take a question that only says how often for an activity, if those around it with the same answers are some."""
    for place, row in enumerate(rows):
        doubts = [reason for reason in row.reasons if "does not say of what" in reason[1]]
        near = [
            other
            for other in rows[max(0, place - _NEAR) : place + 1 + _NEAR]
            if other is not row and not _doubts(other)
        ]
        same = [other for other in near if other.construct == row.construct and _content(other) == _content(row)]
        if doubts and len(same) >= 2:
            row.reasons = [reason for reason in row.reasons if reason not in doubts]
            row.because(LIKELY, "the questions around it with the same answers ask for activities")


def _doubts(row: DraftRow) -> bool:
    return any("does not say of what" in reason[1] for reason in row.reasons)


def _content(row: DraftRow) -> object:
    return row.scale and (row.scale.content() if row.scale.is_new else row.scale.scale_id)


def _find_themes(rows: Sequence[DraftRow]) -> None:
    """Give a question without a sure theme the theme of its grid, of both neighbours, or of the whole survey."""
    sure = [bool(row.theme) and not any(_doubts_theme(reason) for reason in row.reasons) for row in rows]
    is_strong = [not any(WEAKLY in reason[1] for reason in row.reasons) for row in rows]
    themes = [row.theme if sure[place] and is_strong[place] else "" for place, row in enumerate(rows)]
    by_grid: dict[str, Counter[str]] = defaultdict(Counter)
    for row, theme in zip(rows, themes, strict=True):
        if theme and prefix_of(row.column):
            by_grid[prefix_of(row.column)][theme] += 1
    named = Counter(filter(None, themes))
    # Where few questions name a theme plainly, those that perhaps do count half.
    hinted = Counter({theme: 2 * n_times for theme, n_times in named.items()})
    hinted.update(row.theme for place, row in enumerate(rows) if row.theme and sure[place] and not is_strong[place])
    votes = named if sum(named.values()) >= _FEW_NAMED else hinted
    main = next((theme for theme, n_times in votes.items() if n_times >= _MAIN_THEME * sum(votes.values())), "")
    for place, row in enumerate(rows):
        grid = by_grid[prefix_of(row.column)].most_common(1) if prefix_of(row.column) else []
        if row.theme and not is_strong[place] and row.theme == (grid[0][0] if grid else main):
            _confirm_theme(row)
            continue
        if main and is_strong[place] and sure[place] and row.theme != main and not grid:
            row.because(LIKELY, f"nearly all other questions are about {main.replace('_', ' ')}")
        if sure[place] and not (not is_strong[place] and main and row.theme != main):
            continue
        before = next(filter(None, reversed(themes[max(0, place - _NEAR) : place])), "")
        after = next(filter(None, themes[place + 1 : place + 1 + _NEAR]), "")
        if grid:
            is_whole = grid[0][1] >= _OF_A_GRID and len(by_grid[prefix_of(row.column)]) == 1
            # A grid may hold a thing of no theme: takeaways among deeds for health, parking among services.
            is_whole = is_whole and row.construct not in _OF_THINGS
            _set_theme(row, grid[0][0], "the theme of its grid", CERTAIN if is_whole else LIKELY)
        elif before and before == after:
            _set_theme(row, before, "the theme of the questions around it")
        elif main and sum(votes.values()) >= _FEW_NAMED:
            _set_theme(row, main, "the theme of nearly all questions")
        elif before and not row.theme:
            row.theme, row.topic = before, "all"


def _confirm_theme(row: DraftRow) -> None:
    """Say that the theme which a question's words suggest is the one of its grid, or of nearly all questions."""
    row.reasons = [
        (CERTAIN, f"{text}, as its grid or the whole survey is") if WEAKLY in text else (confidence, text)
        for confidence, text in row.reasons
    ]


def _doubts_theme(reason: tuple[Confidence, str]) -> bool:
    return reason[0] == DOUBTFUL and reason[1].startswith(("about", WEAKLY))


def _set_theme(row: DraftRow, theme: str, why: str, confidence: Confidence = LIKELY) -> None:
    row.theme, row.topic = theme, "all"
    row.reasons = [
        reason
        for reason in row.reasons
        if "theme of the codebook" not in reason[1]
        and "no theme" not in reason[1]
        and WEAKLY not in reason[1]
        and not (reason[0] == DOUBTFUL and reason[1].startswith("about"))
    ]
    row.because(confidence, why)


def _find_topics(rows: Sequence[DraftRow], survey: SurveyFile, vocabulary: Vocabulary) -> None:
    """Divide a theme into topics where a survey asks the same of two of them; otherwise it is the whole theme."""
    columns = {column.name: column for column in survey.columns}
    named = [_topic_of(row, columns[row.column], vocabulary) for row in rows]
    asked: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row, topic in zip(rows, named, strict=True):
        if row.construct != "individual_activity" and topic not in ("", "all"):
            asked[row.theme, row.construct].add(topic)
    divided = {theme for (theme, _), topics in asked.items() if len(topics) >= 2}
    by_grid: dict[str, Counter[str]] = defaultdict(Counter)
    for row, topic in zip(rows, named, strict=True):
        if topic not in ("", "all") and row.theme in divided:
            by_grid[prefix_of(row.column)][topic] += 1
    for row, topic in zip(rows, named, strict=True):
        if row.theme not in divided:
            row.topic = "all" if row.keeps_topic else row.topic
            continue
        if topic == "all" and row.construct == "individual_activity" and not row.keeps_topic:
            grid = by_grid[prefix_of(row.column)].most_common(1) if prefix_of(row.column) else []
            if grid:
                row.topic = grid[0][0]
                row.because(LIKELY, "the topic of its grid")
        else:
            row.topic = topic


def _topic_of(row: DraftRow, column: SurveyColumn, vocabulary: Vocabulary) -> str:
    if row.keeps_topic or not row.theme:
        return row.topic
    return guess_topic(_with_option(column, row), row.theme, vocabulary)


def _with_option(column: SurveyColumn, row: DraftRow) -> SurveyColumn:
    return SurveyColumn(column.name, [], column.wording, box=row.option) if row.option else column


def _find_routing(draft: Draft, survey: SurveyFile) -> None:
    """Say to whom a question was put, where an earlier answer explains all its blank cells."""
    rows = [row for row in draft.claimed() if not row.option and not row.asked_when_column and not _is_known(row)]
    plain = [row for row in rows if row.scale is None or row.scale.concept != "tick"]
    for name, (gate, answers, n_left) in find_routing(plain, survey.columns).items():
        for row in plain:
            if row.column == name:
                row.asked_when_column, row.asked_when_answers = gate, ";".join(answers)
                _follow_gate(row, next((other for other in plain if other.column == gate), None))
                row.because(
                    LIKELY, f"put only to those with {', '.join(answers)} in {gate}: the {n_left} others are blank"
                )


def _follow_gate(row: DraftRow, gate: DraftRow | None) -> None:
    """Let "and how often?" measure what the question before it asked."""
    activities = ("individual_activity", "group_participation")
    if (
        gate is not None
        and gate.construct in activities
        and row.construct in activities
        and gate.construct != row.construct
    ):
        row.construct = gate.construct
        row.because(LIKELY, f"asks more about {gate.column}")
        if not row.theme or any("theme" in text for _, text in row.reasons):
            _set_theme(row, gate.theme, f"the theme of {gate.column}")


def _find_primary(rows: Sequence[DraftRow], vocabulary: Vocabulary) -> None:
    """Let one of several questions about the same enter the correlations: the first of the surest."""
    groups: dict[tuple[str, str, str], list[DraftRow]] = defaultdict(list)
    for row in rows:
        if vocabulary.roles.get(row.construct) in _ONE_VALUE_ROLES:
            groups[row.construct, row.theme, row.topic].append(row)
    for group in groups.values():
        if len(group) < 2 or sum(row.is_primary for row in group) == 1:
            continue
        first = max(group, key=lambda row: row.confidence)
        for row in group:
            row.is_primary = row is first
            row.because(
                CERTAIN,
                f"one of {len(group)} questions about the same, {first.column} is primary",
            )


def _find_repeated(rows: Sequence[DraftRow], survey: SurveyFile) -> None:
    """Doubt a question that the same people answered before in the same words: both answers would count."""
    keys = {column.name: column.keys for column in survey.columns}
    first: dict[tuple[str, ...], DraftRow] = {}
    for row in rows:
        if not row.wording or (row.scale is not None and row.scale.concept == "tick"):
            continue
        asked = first.setdefault((row.wording.lower(), row.construct, row.theme, row.topic, row.option), row)
        is_repeated = asked is not row and any(map(all, zip(keys[asked.column], keys[row.column], strict=True)))
        if is_repeated:
            row.because(DOUBTFUL, f"the same question as {asked.column}: leave one of them out, or both count")


def _name_scales(rows: Sequence[DraftRow]) -> None:
    """Give equal new scales one id, and different ones with the same id a number."""
    ids: dict[tuple[object, ...], str] = {}
    n_named: Counter[str] = Counter()
    for row in rows:
        if row.scale is None or not row.scale.is_new or not row.construct:
            continue
        content = row.scale.content()
        if content not in ids:
            n_named[row.scale.scale_id] += 1
            number = n_named[row.scale.scale_id]
            ids[content] = row.scale.scale_id + (f"_{number}" if number > 1 else "")
        row.scale = _renamed(row.scale, ids[content])


def _renamed(scale: DraftScale, scale_id: str) -> DraftScale:
    return replace(scale, scale_id=scale_id)
