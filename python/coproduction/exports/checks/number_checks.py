"""Notes about numbers that the scale allows and that may still be no answers: codes for missing, and odd ages.

Every check takes one export and yields notes. NUMBER_CHECKS lists them in the order of their notes.
"""

from collections import Counter
from collections.abc import Iterator

from coproduction.codebook.checks.replicate_checks import REPLICATE_WEIGHT
from coproduction.codebook.labels import is_number, normalise_label, parse_number
from coproduction.codebook.scales import Scale
from coproduction.exports.checks.answer_checks import Export
from coproduction.files.finding import Finding, shortened

# Numbers that survey tools write for Don't Know, refused and not asked. 77 and 88 are common ages and are left out.
_CODES_FOR_MISSING = frozenset(
    {-1, -7, -8, -9, 97, 98, 99, -77, -88, -97, -98, -99, 777, 888, 997, 998, 999, -777, -888, -998, -999}
    | {7777, 8888, 9997, 9998, 9999, -9999, 99999}
)

# A number is far more frequent than its neighbours if it occurs at least so often, and so many times as often as each
# of the numbers next to it, in a column with at least so many different numbers.
_LEAST_FREQUENT = 5
_TIMES_AS_FREQUENT = 5
_NEIGHBOURS = 3
_LEAST_DIFFERENT = 8


def note_codes_among_numbers(export: Export) -> Iterator[Finding]:
    """Note the smallest or largest number of a column if it looks like a code and not like an answer."""
    for column, scale, counts in _numbers(export):
        ordered = sorted(counts)
        edges = [(ordered[-1], ordered[-1 - _NEIGHBOURS : -1]), (ordered[0], ordered[1 : 1 + _NEIGHBOURS])]
        for number, neighbours in edges[: len(ordered)]:
            why = _why_odd(number, counts, [counts[other] for other in neighbours], len(ordered))
            if why:
                where = "largest" if number == ordered[-1] else "smallest"
                yield export.note(
                    f"{number:g} is the {where} number in this column, in {counts[number]:,} of "
                    f"{sum(counts.values()):,} answers, and {why}: it counts as an answer",
                    f"nothing, if {number:g} is an answer; if it means Don't know or refused, add it to the scale "
                    f"{scale.scale_id} in seeds/codebook/answers.csv with that answer_kind",
                    line=_first_line(export, column, number),
                    column=column,
                )


def note_ages_without_band(export: Export) -> Iterator[Finding]:
    """Note respondents whose age in years is in no age band: they are in no group by age."""
    bands = [
        (parse_number(row["minimum_age"]), parse_number(row["maximum_age"])) for row in export.codebook["age_bands"]
    ]
    limits = [(low, high + 1) for low, high in bands if low is not None and high is not None]
    ages = {row["column_name"] for row in export.questions if row["construct_id"] == "age"}
    for column, _, counts in _numbers(export):
        outside = [age for age in sorted(counts) if not any(low <= age < high for low, high in limits)]
        if column in ages and outside:
            n_people = sum(counts[age] for age in outside)
            who = "1 respondent has an age" if n_people == 1 else f"{n_people:,} respondents have an age"
            yield export.note(
                f"{who} in no age band, and {'is' if n_people == 1 else 'are'} in no group by age: "
                f"{shortened(f'{age:g}' for age in outside)}",
                "nothing, or add a band to seeds/codebook/age_bands.csv, or correct the minimum of the scale",
                line=_first_line(export, column, outside[0]),
                column=column,
            )


NUMBER_CHECKS = (note_codes_among_numbers, note_ages_without_band)


def _numbers(export: Export) -> Iterator[tuple[str, Scale, Counter[float]]]:
    """Yield each claimed column of numbers with the numbers that count as answers, and how often each occurs."""
    scales = export.scales
    for question in export.questions:
        scale = scales[question["scale_id"]]
        # Half of a survey may have the replicate weight 0.
        if not scale.is_numeric or question["construct_id"] == REPLICATE_WEIGHT:
            continue
        listed = scale.normalised_labels()
        counts: Counter[float] = Counter()
        for cell, n_cells in export.answers(question).counts().items():
            label = normalise_label(cell)
            number = None if label in listed else scale.number_of(label)
            if number is not None and scale.is_in_range(number):
                counts[number] += n_cells
        if counts:
            yield question["column_name"], scale, counts


def _why_odd(number: float, counts: Counter[float], neighbours: list[int], n_different: int) -> str | None:
    if number in _CODES_FOR_MISSING:
        return "is often a code for missing"
    # Most people answer 0 to many questions about hours or visits.
    is_frequent = counts[number] >= max(_LEAST_FREQUENT, _TIMES_AS_FREQUENT * max(neighbours, default=0))
    if number != 0 and is_frequent and n_different >= _LEAST_DIFFERENT:
        return "is far more frequent than the numbers next to it"
    return None


def _first_line(export: Export, column: str, number: float) -> int:
    question = next(row for row in export.questions if row["column_name"] == column)

    def is_wanted(cell: str) -> bool:
        label = normalise_label(cell)
        return is_number(label) and float(label) == number

    return export.table.lines[export.answers(question).first(is_wanted)]
