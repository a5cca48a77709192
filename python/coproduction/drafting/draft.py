"""The draft of a codebook: a row for each column of a survey, and the scales that the codebook does not have yet."""

from __future__ import annotations

from dataclasses import dataclass, field

from coproduction.drafting.recognition.answers.answer_scales import DraftScale
from coproduction.drafting.recognition.confidence import CERTAIN, Confidence, least
from coproduction.drafting.recognition.survey_file import SurveyColumn
from coproduction.drafting.recognition.words import plain_text

# More different answers than this are no printed list.
MOST_LISTED = 40


@dataclass
class DraftRow:
    """What a draft says about one column, or about one option of it.

    A blank ``construct`` leaves the column out. ``reasons`` are pairs of a confidence and its evidence; the row is as
    sure as the least of them. ``keeps_topic`` says that the topic is that of the same question in the codebook.
    """

    column: str
    construct: str = ""
    theme: str = ""
    topic: str = ""
    scale: DraftScale | None = None
    is_reversed: bool = False
    is_primary: bool = True
    wording: str = ""
    asked_when_column: str = ""
    asked_when_answers: str = ""
    option: str = ""
    separator: str = ""
    number_format: str = ""
    answers: str = ""
    keeps_topic: bool = False
    reasons: list[tuple[Confidence, str]] = field(default_factory=list)

    @property
    def confidence(self) -> Confidence:
        """The confidence of the row."""
        return least(confidence for confidence, _ in self.reasons)

    @property
    def evidence(self) -> str:
        """What the draft saw, the most doubtful part first."""
        reasons = sorted(self.reasons, key=lambda reason: reason[0])
        return "; ".join(
            text if confidence == CERTAIN else f"{confidence.word}: {text}" for confidence, text in reasons if text
        )

    def because(self, confidence: Confidence, evidence: str) -> DraftRow:
        """Add a reason and return the row."""
        self.reasons.append((confidence, evidence))
        return self


@dataclass
class Draft:
    """All rows of a draft in the order of the file, its new scales, and the settings of the export.

    ``filters`` are columns with several values that may divide the file, such as its waves, each with what it holds.
    """

    path: str
    tool: str
    rows: list[DraftRow]
    respondent_column: str = ""
    filters: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def claimed(self) -> list[DraftRow]:
        """Return the rows with a construct."""
        return [row for row in self.rows if row.construct]

    def new_scales(self) -> dict[str, DraftScale]:
        """Return the new scales that the rows use, by id, each once."""
        used = [row.scale for row in self.rows if row.scale is not None and row.scale.is_new]
        return {scale.scale_id: scale for scale in used}

    def by_doubt(self) -> list[DraftRow]:
        """Return the rows as the draft prints them: what is claimed and doubtful first, what is left out last."""
        return sorted(self.rows, key=lambda row: (not row.construct, row.confidence))


def claim(column: SurveyColumn, construct: str) -> DraftRow:
    """Return the row of a column that measures a construct, with its wording and its answers."""
    wording = plain_text(column.wording) or (column.name if "?" in column.name or " " in column.name else "")
    return DraftRow(column.name, construct, wording=wording, answers=column.with_counts(MOST_LISTED))


def left_out(column: SurveyColumn, confidence: Confidence, reason: str) -> DraftRow:
    """Return the row that leaves a column out, and says why."""
    row = claim(column, "")
    if "personal" in reason or "names the respondents" in reason or "an id" in reason:
        row.answers = ""
    return row.because(confidence, f"left out: {reason}")
