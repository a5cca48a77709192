"""Recognises how the numbers of a column are spelt, and refuses a column in which a cell could mean two numbers."""

from collections.abc import Iterator

from coproduction.codebook.labels import is_number, normalise_label, parse_number
from coproduction.codebook.numbers import POINT, formats_of, is_same_in_both, number_text
from coproduction.codebook.tables import CodebookRow
from coproduction.exports.checks.answer_checks import Export
from coproduction.files.finding import Finding, quoted, shortened

_DECLARE = "set number_format of the column in seeds/codebook/questions.csv to point (1,234.5) or comma (1.234,5)"


def recognised_formats(export: Export) -> tuple[dict[str, str], list[Finding]]:
    """Return the format of each column that needs one and does not state it, with notes and errors about columns.

    A column needs a format if a cell is neither a plain number nor listed by the scale, such as 0,85 or a code 1 that
    is written as 1.0.
    """
    formats: dict[str, str] = {}
    findings: list[Finding] = []
    for question in export.questions:
        if question["number_format"] or question["option"]:
            continue
        labels = _unclear_labels(export, question)
        possible = formats_of(labels) if labels else ()
        if len(possible) == 1 or (possible and is_same_in_both(labels)):
            formats[question["column_name"]] = possible[0]
            findings += _note(export, question, labels, possible[0])
        elif possible:
            findings.append(_ambiguous(export, question, labels))
        elif labels and all(formats_of([label]) for label in labels):
            findings.append(_mixed(export, question, labels))
    return formats, findings


def _unclear_labels(export: Export, question: CodebookRow) -> list[str]:
    """Return the labels of a column that are no answers as they stand, if every one could be a number."""
    scale = export.scales[question["scale_id"]]
    listed = scale.normalised_labels() | {""}
    labels = {normalise_label(cell) for cell in export.cells(question["source_column"]).distinct()} - listed
    # A tolerated label says nothing of how the others are spelt.
    labels = {label for label in labels if not _is_tolerated(export, question, label)}
    if scale.is_numeric:
        is_clear = all(parse_number(label) is not None and number_text(label, POINT) not in listed for label in labels)
        return [] if is_clear else sorted(labels)
    codes = {label for label in labels if any(number_text(label, form) in listed for form in formats_of([label]))}
    # Where the label * stands for every other answer, codes may stand beside answers in people's own words.
    return sorted(codes) if codes == labels or scale.has_catch_all else []


def _is_tolerated(export: Export, question: CodebookRow, label: str) -> bool:
    is_spelt = bool(formats_of([label]))
    return (
        not is_spelt and export.codebook.tolerated_share(export.export_id, question["column_name"], label) is not None
    )


def _note(export: Export, question: CodebookRow, labels: list[str], number_format: str) -> Iterator[Finding]:
    odd = (label for label in labels if number_text(label, number_format) != label or parse_number(label) is None)
    label = next(odd, None)
    if label is not None:
        yield export.note(
            f"numbers are read in the format {number_format}, such as {quoted(label)} as "
            f"{float(number_text(label, number_format)):.12g}, because every cell of the column agrees with it",
            f"nothing, or {_DECLARE}",
            column=question["column_name"],
        )


def _ambiguous(export: Export, question: CodebookRow, labels: list[str]) -> Finding:
    label = next(label for label in labels if not is_same_in_both([label]))
    meanings = " or ".join(sorted(number_text(label, form) for form in ("point", "comma")))
    problem = f"{quoted(label)} could mean {meanings}, and no other cell of the column shows which"
    return export.error(problem, _DECLARE, line=_line(export, question, label), column=question["column_name"])


def _mixed(export: Export, question: CodebookRow, labels: list[str]) -> Finding:
    unusual = [label for label in labels if not is_number(label)]
    problem = (
        f"the column has numbers with a decimal comma and with a decimal point: {shortened(map(quoted, unusual))} "
        "and others"
    )
    return export.error(problem, _DECLARE, line=_line(export, question, unusual[0]), column=question["column_name"])


def _line(export: Export, question: CodebookRow, label: str) -> int:
    cells = export.cells(question["source_column"])
    return export.table.lines[cells.first(lambda cell: normalise_label(cell) == label)]
