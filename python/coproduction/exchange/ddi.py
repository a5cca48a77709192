"""The codebook of a survey as DDI-Codebook 2.5, the XML that data archives and Nesstar, Dataverse and R read.

Elements stand in the order of the schema ddi:codebook:2_5 (https://ddialliance.org/Specification/DDI-Codebook/2.5).
There are no counts in it: a codebook says nothing about anybody.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from coproduction.exchange.coded_survey import CHARACTER, QUANTITY, SERIAL, CodedSurvey, Variable, text_of

_NAMESPACE = "ddi:codebook:2_5"
# What XML cannot hold.
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def ddi_text(survey: CodedSurvey, data_file: str) -> str:
    """Return the codebook of a survey as DDI. ``data_file`` is the file that it describes, '' if there is none."""
    root = Element("codeBook", {"xmlns": _NAMESPACE, "version": "2.5", "ID": _id(survey.export_id)})
    study = SubElement(root, "stdyDscr")
    titles = SubElement(SubElement(study, "citation"), "titlStmt")
    _add(titles, "titl", survey.title)
    _add(titles, "IDNo", survey.export_id)
    info = SubElement(study, "stdyInfo")
    if survey.provenance == "synthetic":
        _add(info, "abstract", "Synthetic data: the answers are made up and are no council's own.")
    summary = SubElement(info, "sumDscr")
    if survey.year:
        _add(summary, "collDate", survey.year, date=survey.year)
    if survey.country:
        _add(summary, "nation", survey.country)
    _add(summary, "geogCover", survey.council)
    _add(summary, "anlyUnit", "Person")
    _add(summary, "universe", f"{survey.role}s who answered the survey")
    if survey.notes:
        _add(study, "notes", survey.notes)
    if data_file:
        file = SubElement(SubElement(root, "fileDscr", ID="F1"), "fileTxt")
        _add(file, "fileName", data_file)
        dimensions = SubElement(file, "dimensns")
        _add(dimensions, "caseQnty", str(survey.n_rows))
        _add(dimensions, "varQnty", str(len(survey.variables)))
    data = SubElement(root, "dataDscr")
    for number, variable in enumerate(survey.variables, start=1):
        _add_variable(data, variable, number, bool(data_file))
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _add_variable(data: Element, variable: Variable, number: int, has_file: bool) -> None:
    attributes = {"ID": f"V{number}", "name": variable.name}
    attributes |= {"files": "F1"} if has_file else {}
    attributes["intrvl"] = "contin" if variable.kind == QUANTITY else "discrete"
    attributes |= {"wgt": "wgt"} if variable.is_weight else {}
    made = SubElement(data, "var", attributes)
    _add(made, "labl", variable.wording or variable.column)
    if variable.wording:
        _add(SubElement(made, "qstn"), "qstnLit", variable.wording)
    if variable.minimum is not None or variable.maximum is not None:
        ends = {"min": variable.minimum, "max": variable.maximum}
        given = {name: text_of(value) for name, value in ends.items() if value is not None}
        SubElement(SubElement(made, "valrng"), "range", given)
    if variable.asked_column:
        _add(made, "universe", f"Asked where {variable.asked_column} is {variable.asked_answers}")
    for category in variable.categories:
        missing = {"missing": "Y"} if category.is_missing else {}
        listed = SubElement(made, "catgry", missing)
        _add(listed, "catValu", str(category.code))
        _add(listed, "labl", category.label)
        if category.is_missing:
            _add(listed, "txt", category.kind)
    for concept in filter(None, (variable.construct, variable.theme)):
        _add(made, "concept", concept)
    is_text = variable.kind in (CHARACTER, SERIAL)
    SubElement(made, "varFormat", type="character" if is_text else "numeric")
    if variable.column != variable.name:
        _add(made, "notes", f"Column of the export: {variable.column}")


def _add(parent: Element, name: str, text: str, **attributes: str) -> None:
    SubElement(parent, name, attributes).text = in_xml(text)


def in_xml(text: str) -> str:
    """Return a text without the characters that XML cannot hold."""
    return _NOT_IN_XML.sub("", text)


def _id(text: str) -> str:
    return text if re.match(r"[A-Za-z_]", text) else f"_{text}"
