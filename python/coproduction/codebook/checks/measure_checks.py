"""Checks that every measure says what it needs, and that the scales of its questions have it.

Every check takes the codebook and yields findings. MEASURE_CHECKS lists the checks in the order of their findings.
"""

from collections import defaultdict
from collections.abc import Iterator

from coproduction.codebook.checks.row_errors import error_at
from coproduction.codebook.labels import parse_number
from coproduction.codebook.scales import Scale
from coproduction.codebook.tables import Codebook, CodebookRow
from coproduction.files.finding import Finding, quoted

MEASURE_KINDS = ("share_of_items", "any_item", "at_least", "mean_score", "mean_of_items", "net_score")
COUNTED_ANSWERS = ("positive", "often", "positive_not_often")
MEAN_KINDS = ("mean_score", "mean_of_items")

# The columns that each kind needs, and that the others leave blank.
_NEEDED = {
    "share_of_items": ("counts_answer",),
    "any_item": ("counts_answer",),
    "at_least": ("minimum_score",),
    "net_score": ("minimum_score", "maximum_score"),
}


def check_settings(codebook: Codebook) -> Iterator[Finding]:
    """Require what the kind of a measure needs, and nothing that it would ignore."""
    for row in codebook["measures"]:
        needed = _NEEDED.get(row["kind"], ())
        for column in ("counts_answer", "minimum_score", "maximum_score"):
            if column in needed and row[column] == "":
                problem = f"a measure of the kind {row['kind']} needs a {column}"
                yield error_at(row, column, problem, "fill it in", COUNTED_ANSWERS if column == "counts_answer" else ())
            if column not in needed and row[column] != "":
                yield error_at(row, column, f"a measure of the kind {row['kind']} has no {column}", "leave it blank")
        yield from _wrong_numbers(row)


def _wrong_numbers(row: CodebookRow) -> Iterator[Finding]:
    """Require bounds in order, and a share between 0 and 1."""
    share = parse_number(row["minimum_share_answered"])
    if share is not None and not 0 <= share <= 1:
        yield error_at(
            row, "minimum_share_answered", "the share lies outside 0 to 1", "write 0.5 for half, or leave it blank"
        )
    lowest, highest = parse_number(row["unit_minimum"]), parse_number(row["unit_maximum"])
    if (lowest is None) != (highest is None) or (lowest is not None and highest is not None and lowest >= highest):
        problem = "unit_minimum and unit_maximum are the values of the lowest and the highest level, in this order"
        yield error_at(row, "unit_minimum", problem, "write both, such as 0 and 100, or leave both blank for per cent")
    top, bottom = parse_number(row["minimum_score"]), parse_number(row["maximum_score"])
    if row["kind"] == "net_score" and top is not None and bottom is not None and bottom >= top:
        problem = "the highest score that counts as nothing reaches the lowest score that counts"
        yield error_at(row, "maximum_score", problem, "write a maximum_score below the minimum_score")


def check_names_of_columns(codebook: Codebook) -> Iterator[Finding]:
    """Refuse ids that cannot be part of a name of the schema `bi`, or would give two columns or tables one name."""
    for table, id_column in (("measures", "measure_id"), ("breakdowns", "breakdown_id")):
        first_rows: dict[str, CodebookRow] = {}
        for row in sorted(codebook[table], key=lambda row: len(row[id_column])):
            name = row[id_column].lower()
            first = first_rows.setdefault(name, row)
            if name and not name.isidentifier():
                problem = f"a table for BI tools would have {quoted(row[id_column])} in its name"
                yield error_at(row, id_column, problem, "write letters, digits and underscores, and a letter first")
            # An id that is described twice is an error of its own.
            if first[id_column] != row[id_column]:
                problem = f"a table for BI tools would have one name for this and for {first[id_column]}"
                yield error_at(row, id_column, problem, "give it another id")
            if table == "measures":
                first_rows.setdefault(f"{name}_weighted", row)


def check_scales_of_means(codebook: Codebook) -> Iterator[Finding]:
    """Require a lowest and a highest score on the scale of every question whose mean is a measure."""
    for question, scale, measure in _questions_of(codebook, MEAN_KINDS):
        if scale.minimum is None or scale.maximum is None or scale.minimum >= scale.maximum:
            problem = (
                f"the measure {measure['measure_id']} is a mean, and the scale {scale.scale_id} has no lowest and "
                "highest score"
            )
            remedy = "fill in minimum and maximum of the scale in seeds/codebook/scales.csv"
            yield error_at(question, "scale_id", problem, remedy)


def check_units_of_means(codebook: Codebook) -> Iterator[Finding]:
    """Refuse a mean in the unit of a scale if a question of the measure is on another scale."""
    for question, scale, measure in _questions_of(codebook, MEAN_KINDS):
        unit = (parse_number(measure["unit_minimum"]), parse_number(measure["unit_maximum"]))
        bounds = (scale.minimum, scale.maximum)
        if None in bounds or unit in ((None, None), (0, 100), bounds):
            continue
        problem = (
            f"the measure {measure['measure_id']} is printed from {measure['unit_minimum']} to "
            f"{measure['unit_maximum']}, but the scale {scale.scale_id} runs from {scale.minimum:g} to "
            f"{scale.maximum:g}"
        )
        remedy = "write the bounds of the scale in measures.csv, or 0 and 100 for per cent of the range of any scale"
        yield error_at(question, "scale_id", problem, remedy)


def check_single_questions(codebook: Codebook) -> Iterator[Finding]:
    """Refuse two questions about one topic for a mean_score, which is the score of one question."""
    first_rows: dict[tuple[str, ...], CodebookRow] = {}
    for question, _, measure in _questions_of(codebook, MEAN_KINDS):
        place = tuple(question[column] for column in ("export_id", "theme_id", "topic_id", "construct_id"))
        first = first_rows.setdefault(place, question)
        if measure["kind"] == "mean_score" and first is not question:
            problem = f"{measure['measure_id']} is the score of one question, and line {first.line} has one already"
            remedy = "make the kind mean_of_items in measures.csv, or give the question another construct"
            yield error_at(question, "construct_id", problem, remedy)


MEASURE_CHECKS = (
    check_settings,
    check_names_of_columns,
    check_scales_of_means,
    check_units_of_means,
    check_single_questions,
)


def _questions_of(codebook: Codebook, kinds: tuple[str, ...]) -> Iterator[tuple[CodebookRow, Scale, CodebookRow]]:
    """Yield each question that a measure of these kinds reads, with its scale and the measure."""
    scales, measures = codebook.scales(), defaultdict(list)
    for measure in codebook["measures"]:
        if measure["kind"] in kinds:
            measures[measure["construct_id"]].append(measure)
    for question in codebook["questions"]:
        for measure in measures[question["construct_id"]]:
            if question["scale_id"] in scales:
                yield question, scales[question["scale_id"]], measure
