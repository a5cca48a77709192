"""Writes the answers of a survey as SPSS file, as CSV with labels, and as Triple-S with its CSV data."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from coproduction.drafting.folder import as_text
from coproduction.errors import CoproductionError
from coproduction.exchange.coded_survey import CHARACTER, QUANTITY, SERIAL, SINGLE, CodedSurvey, Variable, text_of
from coproduction.exchange.ddi import in_xml

# SPSS refuses longer labels of variables and of values.
_LONGEST_LABEL, _LONGEST_VALUE_LABEL = 255, 120
# A whole number in a variable of this format shows no decimals.
_DECIMAL_PLACES = 6


def labels_csv(survey: CodedSurvey) -> str:
    """Return the answers as CSV with the words of each answer; the header has the names of the variables."""
    columns = [[as_text(variable.label_of(value)) for value in variable.values] for variable in survey.variables]
    return _csv([variable.name for variable in survey.variables], columns)


def variables_csv(survey: CodedSurvey) -> str:
    """Return the codebook as CSV: a row for each answer of each variable, or one for a variable without codes."""
    header = ("variable", "column", "wording", "construct_id", "theme_id", "code", "label", "kind", "score")
    rows: list[list[str]] = []
    for variable in survey.variables:
        described = [variable.name, variable.column, variable.wording, variable.construct, variable.theme]
        codes = [[str(found.code), found.label, found.kind, found.score] for found in variable.categories]
        rows += [described + code for code in codes or [["", "", "", ""]]]
    return _csv(header, list(zip(*([as_text(cell) for cell in row] for row in rows), strict=True)))


def write_spss(survey: CodedSurvey, path: Path) -> None:
    """Write the answers as an SPSS file, answers that do not count declared missing.

    Raises CoproductionError if pyreadstat is not installed.
    """
    try:
        import pandas as pd
        import pyreadstat
    except ImportError as reason:
        raise CoproductionError(
            "An SPSS file needs the package pyreadstat, which `make setup` installs. Or leave it out: --format csv."
        ) from reason
    frame = pd.DataFrame({variable.name: _spss_values(variable) for variable in survey.variables})
    named = [variable for variable in survey.variables if variable.categories]
    missing = {variable.name: [c.code for c in variable.categories if c.is_missing] for variable in named}
    pyreadstat.write_sav(
        frame,
        str(path),
        column_labels=[_shortened(variable.wording, _LONGEST_LABEL) for variable in survey.variables],
        variable_value_labels={
            variable.name: {found.code: _shortened(found.label, _LONGEST_VALUE_LABEL) for found in variable.categories}
            for variable in named
        },
        missing_ranges={name: _ranges(codes) for name, codes in missing.items() if codes},
        variable_measure={variable.name: _measure(variable) for variable in survey.variables},
    )


def triple_s(survey: CodedSurvey) -> tuple[str, str]:
    """Return the definition (Triple-S 2.0 XML) and the data (CSV, with a line of names) of a survey."""
    root = Element("sss", version="2.0")
    described = SubElement(root, "survey")
    SubElement(described, "name").text = survey.export_id
    SubElement(described, "title").text = in_xml(survey.title)
    record = SubElement(described, "record", ident="A", format="csv", skip="1")
    for number, variable in enumerate(survey.variables, start=1):
        _define(record, variable, number)
    ElementTree.indent(root)
    definition = '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"
    columns = [[text_of(value) for value in variable.values] for variable in survey.variables]
    return definition, _csv([variable.name for variable in survey.variables], columns)


def _define(record: Element, variable: Variable, number: int) -> None:
    kind = CHARACTER if variable.kind == SERIAL else variable.kind
    use = SERIAL if variable.kind == SERIAL else "weight" if variable.is_weight else ""
    made = SubElement(record, "variable", {"ident": str(number), "type": kind} | ({"use": use} if use else {}))
    SubElement(made, "name").text = variable.name
    SubElement(made, "label").text = in_xml(variable.wording or variable.column)
    SubElement(made, "position", start=str(number))
    if kind == CHARACTER:
        lengths = [len(text_of(value)) for value in variable.values]
        SubElement(made, "size").text = str(max([1, *lengths]))
        return
    values = SubElement(made, "values")
    if kind == QUANTITY:
        numbers = [value for value in variable.values if isinstance(value, int | float)]
        ends = [*numbers, *(end for end in (variable.minimum, variable.maximum) if end is not None)] or [0]
        SubElement(values, "range", {"from": text_of(min(ends)), "to": text_of(max(ends))})
    for found in variable.categories:
        SubElement(values, "value", code=str(found.code)).text = in_xml(found.label)


def _spss_values(variable: Variable) -> Any:
    import pandas as pd

    if variable.kind in (CHARACTER, SERIAL):
        return pd.Series([text_of(value) for value in variable.values], dtype="object")
    return pd.Series([None if value is None else float(value) for value in variable.values], dtype="float64")


def _ranges(codes: Sequence[int]) -> list[Any]:
    """Return codes as SPSS declares them missing: up to three of them, or one range."""
    return [*codes] if len(codes) <= 3 else [{"lo": min(codes), "hi": max(codes)}]


def _measure(variable: Variable) -> str:
    if variable.kind == QUANTITY:
        return "scale"
    return "ordinal" if variable.kind == SINGLE and variable.is_ordinal else "nominal"


def _shortened(text: str, most: int) -> str:
    """Return a text of at most so many bytes in UTF-8, which is how SPSS counts."""
    raw = text.encode()
    return text if len(raw) <= most else raw[: most - 3].decode(errors="ignore") + "..."


def _csv(header: Sequence[str], columns: Sequence[Sequence[str]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(zip(*columns, strict=True))
    return text.getvalue()
