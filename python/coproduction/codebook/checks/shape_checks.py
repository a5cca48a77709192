"""Checks of what the codebook says about shapes of files: header rows, filters, routing, options, tick boxes, numbers.

Every check takes the codebook and yields findings. SHAPE_CHECKS lists the checks in the order of their findings.
"""

import re
from collections import defaultdict
from collections.abc import Iterator

from coproduction.codebook.checks.row_errors import error_at
from coproduction.codebook.labels import normalise_label
from coproduction.codebook.numbers import NUMBER_FORMATS
from coproduction.codebook.tables import ANY_ANSWER, TICKED, Codebook, CodebookRow, listed_answers, tick_group
from coproduction.files.finding import Finding, quoted

# The warehouse reads no other digits, and no file has more rows than this above its answers.
_HEADER_ROWS = re.compile(r"[0-9]{1,3}")


def check_files(codebook: Codebook) -> Iterator[Finding]:
    """Require one number of header rows for a file, and a filter for each export of a file that several share."""
    header_rows: dict[str, CodebookRow] = {}
    filtered = set(codebook.ids("row_filters", "export_id"))
    for row in codebook["exports"]:
        file = row["file"] or row["export_id"]
        if row["header_rows"] and not _HEADER_ROWS.fullmatch(row["header_rows"]):
            problem = "header_rows is the number of rows below the first that explain the header"
            yield error_at(row, "header_rows", problem, "write a whole number such as 2, or leave it blank")
        first = header_rows.setdefault(file, row)
        if row["header_rows"] != first["header_rows"]:
            problem = f"{first['export_id']} in line {first.line} is of the same file and says otherwise"
            yield error_at(row, "header_rows", problem, "write the same number for each export of a file")
        if row["export_id"] not in filtered and len(codebook.exports_of_file(file)) > 1:
            problem = f"{row['export_id']} is one of several exports of the file {file} and would take all of its rows"
            remedy = "say in seeds/codebook/row_filters.csv which rows it takes"
            yield error_at(row, "export_id", problem, remedy)


def check_questionnaires(codebook: Codebook) -> Iterator[Finding]:
    """Require that the questionnaire an export names has questions, and that questions belong to an export."""
    written = codebook.ids("questions", "questionnaire_id")
    unknown = [row for row in codebook["exports"] if row["questionnaire_id"] not in ("", *written)]
    for row in unknown:
        problem = "no row of questions.csv has this questionnaire_id as its export_id"
        yield error_at(row, "questionnaire_id", problem, "correct it here or in questions.csv", written)
    named = {row["questionnaire_id"] or row["export_id"] for row in codebook["exports"]}
    exports = codebook.ids("exports", "export_id")
    for questionnaire_id in written if not unknown else ():
        if questionnaire_id in exports and questionnaire_id not in named:
            row = next(row for row in codebook["questions"] if row["questionnaire_id"] == questionnaire_id)
            problem = f"the export {questionnaire_id} names another questionnaire, so these rows are of no export"
            yield error_at(row, "export_id", problem, "delete these rows, or the questionnaire_id in exports.csv")


def check_conditions(codebook: Codebook) -> Iterator[Finding]:
    """Require a column and its answers together where a question was put to some respondents only."""
    with_options = {
        (row["export_id"], row["source_column"]) for row in codebook["questions"] if row["option"] and row["separator"]
    }
    circular = _in_a_circle(codebook)
    for row in codebook["questions"]:
        column, answers = row["asked_when_column"], row["asked_when_answers"]
        if bool(column) != bool(listed_answers(answers)):
            missing = "asked_when_answers" if column else "asked_when_column"
            problem = f"who was asked {quoted(row['column_name'])} needs a column and its answers"
            remedy = "fill in both (answers with semicolons between them, or * for any answer), or leave both blank"
            yield error_at(row, missing, problem, remedy)
        if (row["export_id"], column) in with_options and listed_answers(answers) != (ANY_ANSWER,):
            problem = f"{quoted(column)} has several answers in a cell, so no cell of it is one of these answers"
            remedy = "write * (any answer), or name a column that has one answer in a cell"
            yield error_at(row, "asked_when_answers", problem, remedy)
        if column and column == row["source_column"]:
            problem = "whether a question was put to somebody cannot depend on the answer to it"
            yield error_at(row, "asked_when_column", problem, "name the column of the question before it")
        elif column and (row["export_id"], row["source_column"]) in circular:
            problem = (
                f"who was asked depends in a circle: {quoted(column)} depends on {quoted(row['source_column'])} too"
            )
            yield error_at(row, "asked_when_column", problem, "name the column of a question that was put before")


def _in_a_circle(codebook: Codebook) -> set[tuple[str, str]]:
    """Return the columns, with their exports, whose conditions lead back to themselves. Each is looked at once."""
    condition: dict[tuple[str, str], tuple[str, str]] = {}
    for row in codebook["questions"]:
        if row["asked_when_column"] and not row["option"]:
            column = (row["export_id"], row["source_column"])
            condition.setdefault(column, (row["export_id"], row["asked_when_column"]))
    circular: set[tuple[str, str]] = set()
    reached_from: dict[tuple[str, str], tuple[str, str]] = {}
    for start in condition:
        path, column = [], start
        while column in condition and column not in reached_from:
            reached_from[column] = start
            path.append(column)
            column = condition[column]
        if reached_from.get(column) == start:
            circular.update(path[path.index(column) :])
    return circular


def check_options(codebook: Codebook) -> Iterator[Finding]:
    """Require that a column with several answers in a cell is claimed by options only, and with one separator."""
    claims: dict[tuple[str, str], list[CodebookRow]] = defaultdict(list)
    scales = codebook.scales()
    for row in codebook["questions"]:
        claims[row["export_id"], row["source_column"].lower()].append(row)
        if row["separator"] and not row["option"]:
            problem = "a separator stands between several answers, and this row claims the whole cell"
            yield error_at(row, "separator", problem, "name the answer in option, or leave the separator blank")
        if row["separator"] and row["separator"] in row["option"]:
            problem = f"the option contains the separator {quoted(row['separator'])}, so no cell could have it"
            yield error_at(
                row, "option", problem, "name what stands between two separators, or claim it by the option *"
            )
        scale = scales.get(row["scale_id"])
        if row["option"] and scale and TICKED not in scale.normalised_labels():
            problem = f"an option of a cell is ticked or blank, and the scale {row['scale_id']} does not list Ticked"
            yield error_at(row, "scale_id", problem, "write tick_box, or add the answer Ticked to the scale")
        if row["option"] and row["number_format"]:
            problem = "an option is ticked or not, and no number"
            yield error_at(row, "number_format", problem, "leave it blank")
    for rows in claims.values():
        if not any(row["option"] for row in rows):
            continue
        for row in rows[1:]:
            if not row["option"] or not rows[0]["option"]:
                problem = f"line {rows[0].line} claims another part of the same column"
                yield error_at(row, "option", problem, "fill in option in every row of this column, or keep one row")
            elif row["separator"] != rows[0]["separator"]:
                problem = f"line {rows[0].line} names another separator for the same column"
                yield error_at(row, "separator", problem, "write the same separator in every row of this column")


def check_number_formats(codebook: Codebook) -> Iterator[Finding]:
    """Require a known format of numbers."""
    for row in codebook["questions"]:
        if row["number_format"] and row["number_format"] not in NUMBER_FORMATS:
            remedy = "write point for 1,234.5 or comma for 1.234,5, or leave it blank"
            yield error_at(row, "number_format", "unknown number_format", remedy, NUMBER_FORMATS)


def check_tick_boxes(codebook: Codebook) -> Iterator[Finding]:
    """Refuse a single tick box of which nothing says who saw it: only people who ticked it would be counted."""
    for row in codebook["questions"]:
        if codebook.blank_kind(row["scale_id"]) != "valid" or row["asked_when_column"] or row["option"]:
            continue
        boxes = tick_group(row, codebook.questions_of(row["export_id"]))
        if len({box["source_column"] for box in boxes}) == 1:
            problem = (
                f"a blank cell of {quoted(row['column_name'])} means an answer, but nothing says who saw the question: "
                "nobody who left it blank could be counted"
            )
            remedy = (
                "name in asked_when_column a column that is filled in for everybody who saw it, and * (any answer) in "
                "asked_when_answers; if everybody saw it, the column of the ids will do"
            )
            yield error_at(row, "asked_when_column", problem, remedy)


def check_catch_alls(codebook: Codebook) -> Iterator[Finding]:
    """Allow the label * on nominal scales only: an answer that nobody has read has no place in an order."""
    kinds = {row["scale_id"]: row["kind"] for row in codebook["scales"]}
    for row in codebook["answers"]:
        if normalise_label(row["answer_label"]) == ANY_ANSWER and kinds.get(row["scale_id"], "nominal") != "nominal":
            problem = f"the label * stands for all other answers, and the scale {row['scale_id']} has an order"
            yield error_at(row, "answer_label", problem, "list the answers, or make the scale nominal")


def check_filters(codebook: Codebook) -> Iterator[Finding]:
    """Require a column in every row of a filter."""
    for row in codebook["row_filters"]:
        if row["column_name"] == "":
            yield error_at(row, "column_name", "a filter without a column", "write the name of the column in the file")


SHAPE_CHECKS = (
    check_files,
    check_filters,
    check_questionnaires,
    check_conditions,
    check_options,
    check_number_formats,
    check_tick_boxes,
    check_catch_alls,
)
