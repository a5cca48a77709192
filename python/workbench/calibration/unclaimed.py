"""Respondent ids, and the columns that councils send and the codebook does not claim. All values are invented."""

import numpy as np

from workbench.calibration.streams import Stream

REMARKS = (
    "No further comment.",
    "The survey was easy to fill in.",
    "A little long, but worthwhile.",
    "More benches in the park, please.",
    "Please tell the panel what happens next.",
    'I would have liked a "not sure" box, here and there.',
)
WELSH_REMARKS = ("Diolch.", "Dim sylwadau pellach.", "Arolwg hawdd i'w lenwi.")
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def pick(stream: Stream, values: tuple[str, ...], weights: list[int], size: int) -> list[str]:
    """Draw texts, each with a probability proportional to its weight."""
    return [values[position] for position in stream.weighted(weights, size).tolist()]


def remarks(stream: Stream, size: int) -> list[str]:
    """Draw free text; most respondents leave it blank."""
    return pick(stream, ("", *REMARKS), [40, *([1] * len(REMARKS))], size)


def moments(stream: Stream, size: int) -> list[str]:
    """Draw times of day in the weeks of fieldwork; the year is not known."""
    days, minutes = stream.below(5 * 7, size).tolist(), stream.below(15 * 60, size).tolist()
    pairs = zip(days, minutes, strict=True)
    return [f"Week {d // 7 + 1} {DAYS[d % 7]} {7 + m // 60:02d}:{m % 60:02d}" for d, m in pairs]


def rising(stream: Stream, first: int, step: int, size: int) -> list[int]:
    """Draw distinct numbers in rising order, with gaps."""
    return (first + np.cumsum(1 + stream.below(step, size))).tolist()


def respondent_ids(export_id: str, stream: Stream, size: int) -> list[str]:
    """Make distinct ids in the council's own form."""
    if export_id == "barnet":
        return [f"R_{number:x}" for number in rising(stream, 0x3A41B07, 4000, size)]
    if export_id == "bristol":
        return [str(number) for number in stream.shuffled(rising(stream, 10000, 5, size))]
    if export_id == "derbyshire_dales":
        return [f"DD/{number:04d}" for number in stream.shuffled(rising(stream, 0, 4, size))]
    if export_id == "swansea":
        return [f"SW-{number}-{'CE'[number % 2]}" for number in rising(stream, 2000, 9, size)]
    return [f"{number:07d}" for number in stream.shuffled(rising(stream, 40, 6, size))]


def unclaimed(column: str, stream: Stream, size: int, is_welsh: np.ndarray) -> list[str]:
    """Draw one column that the codebook does not claim."""
    if column in ("Q19_comment", "Comments", "other_comments"):
        return remarks(stream, size)
    if column == "Sylwadau_Comments":
        english, welsh = remarks(stream, size), pick(stream, ("", *WELSH_REMARKS), [20, 1, 1, 1], size)
        return [welsh[row] if is_welsh[row] else english[row] for row in range(size)]
    if column in ("StartTime", "Received", "Completed", "completed_at"):
        return moments(stream, size)
    if column == "Language":
        return ["cy" if welsh else "en" for welsh in is_welsh.tolist()]
    choices = {
        "CollectorID": ("web", "post"),
        "Device": ("desktop", "phone", "tablet"),
        "batch": ("1", "2", "3", "4"),
        "returned_by": ("P", "O"),
        "comment_code": ("", "1", "2", "3"),
        "Entered_on_sheet": ("1", "2", "3"),
        "mailing": ("first", "second"),
        "reminder_sent": ("no", "yes"),
    }
    if column == "minutes":
        return [str(8 + minutes) for minutes in stream.below(30, size).tolist()]
    return pick(stream, choices[column], [5, 3, 1, 1][: len(choices[column])], size)
