"""Assumptions where nothing is printed, in parts of 1,000: distributions, missing answers, unclaimed columns."""

from dataclasses import dataclass, field

SEED = 20141107  # the bundled data; a seed without a solution is refused with its reason

# Shares of the five points of a correlate, from the lowest score to the highest.
SHAPES = {
    "conditions": (60, 150, 250, 390, 150),
    "satisfaction_response": (90, 200, 300, 330, 80),
    "satisfaction_information": (120, 250, 300, 270, 60),
    "satisfaction_consultation": (140, 260, 340, 210, 50),
    "political_self_efficacy": (60, 140, 270, 380, 150),
}
AGES = {16: 40, 25: 110, 35: 160, 45: 190, 55: 220, 65: 190, 75: 90}  # first age of a band: share
OLDEST = 92


@dataclass(frozen=True)
class ExportPlan:
    """The plan of one export. Keys of the dictionaries are (theme, construct) unless said otherwise."""

    columns_before: tuple[str, ...]  # columns before the questions, the respondent column among them
    columns_after: tuple[str, ...]
    shapes: dict[tuple[str, str], tuple[int, ...]] = field(default_factory=dict)
    dont_know: dict[tuple[str, str], int] = field(default_factory=dict)  # all missing answers of a correlate
    group_missing: tuple[int, int] = (20, 50)  # least and most missing answers to a group item
    skipped: int = 12  # respondents who leave out a whole theme
    group_levels: dict[tuple[str, str], int] = field(default_factory=dict)  # (theme, topic): level not printed
    male: int = 480
    white: int = 700
    refused: dict[str, int] = field(default_factory=dict)  # by construct about the person


PLANS = {
    "barnet": ExportPlan(
        columns_before=("RespondentID", "CollectorID", "StartTime"),
        columns_after=("Q19_comment", "Device"),
        group_missing=(10, 95),
        group_levels={("community_safety", "crime"): 85, ("community_safety", "asb"): 100},
        white=660,
        refused={"ethnicity": 205},
    ),
    "bristol": ExportPlan(
        columns_before=("batch", "serial"),
        columns_after=("returned_by", "minutes", "comment_code"),
        dont_know={
            ("environment", "satisfaction_information"): 205,
            ("community_safety", "satisfaction_information"): 6,
        },
    ),
    "derbyshire_dales": ExportPlan(
        columns_before=("Received", "panel_no"),
        columns_after=("Comments", "Entered_on_sheet"),
        shapes={("community_safety", "political_self_efficacy"): (240, 300, 130, 180, 150)},
        male=490,
    ),
    "swansea": ExportPlan(
        columns_before=("Completed",),
        columns_after=("Sylwadau_Comments", "Language", "Ref"),
        dont_know={("environment", "conditions"): 6},
        group_missing=(9, 14),
        skipped=7,
    ),
    "wolverhampton": ExportPlan(
        columns_before=("mailing", "respondent_number"),
        columns_after=("other_comments", "completed_at", "reminder_sent"),
        dont_know={("community_safety", "satisfaction_information"): 150},
        group_missing=(15, 80),
        white=710,
        refused={"ethnicity": 60},
    ),
}
