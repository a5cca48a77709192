"""Checks of the placeholders in braces, such as {reason}, that reports replace by a number or a text."""

import re
from collections.abc import Collection, Iterator

from coproduction.codebook.checks.row_errors import error_at
from coproduction.codebook.tables import Codebook, CodebookRow
from coproduction.files.finding import Finding

# column_name and id of the labels with placeholders, and what the reports replace in them.
_OF_LABELS = {("measure_id", "population"): ["population_year"]}

# What a family's template may contain, and the placeholder of its sentence that goes with it.
_OF_FAMILIES = {"outcome_id": "outcome", "method_id": "method"}

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def placeholders_of(text: str) -> list[str]:
    """Return the names of the placeholders in a text; a brace without its partner counts as a placeholder too."""
    return list(dict.fromkeys([*_PLACEHOLDER.findall(text), *re.findall(r"[{}]", _PLACEHOLDER.sub("", text))]))


def check_sentences(codebook: Codebook) -> Iterator[Finding]:
    """Require in each sentence the placeholders that its row lists, and the same list in every language."""
    listed: dict[str, CodebookRow] = {}
    for row in codebook["sentences"]:
        first = listed.setdefault(row["sentence_id"], row)
        if row["placeholders"].split() != first["placeholders"].split():
            problem = f"the placeholders of this sentence are others in line {first.line}"
            yield error_at(row, "placeholders", problem, "write the same in every row of it", [first["placeholders"]])
        else:
            yield from _wrong_placeholders(row, "template", row["placeholders"].split())


def check_labels(codebook: Codebook) -> Iterator[Finding]:
    """Require the placeholders that a report replaces in a label; most labels have none."""
    for row in codebook["labels"]:
        yield from _wrong_placeholders(row, "label", _OF_LABELS.get((row["column_name"], row["id"]), []))


def check_families(codebook: Codebook) -> Iterator[Finding]:
    """Require for each family of tests a sentence that names what its template names."""
    sentences = {row["sentence_id"]: row["placeholders"].split() for row in codebook["sentences"]}
    for row in codebook["families"]:
        found = placeholders_of(row["family_template"])
        unknown = [name for name in found if name not in _OF_FAMILIES]
        if unknown:
            problem = f"{_in_braces(unknown)} stands for nothing in a family_template"
            allowed = [f"{{{name}}}" for name in _OF_FAMILIES]
            yield error_at(row, "family_template", problem, "write one of the allowed placeholders, or none", allowed)
        elif row["sentence_id"] not in sentences:
            problem = "no row of sentences.csv has this sentence_id"
            remedy = "correct it, or add a row to seeds/codebook/sentences.csv"
            yield error_at(row, "sentence_id", problem, remedy, sentences)
        elif {_OF_FAMILIES[name] for name in found} != set(sentences[row["sentence_id"]]):
            of_sentence = _in_braces(sentences[row["sentence_id"]]) or "no placeholder"
            of_family = _in_braces([_OF_FAMILIES[name] for name in found]) or "nothing"
            problem = f"the sentence has {of_sentence}, and the families of this template differ in {of_family}"
            yield error_at(row, "sentence_id", problem, "name a sentence that says in what these families differ")


PLACEHOLDER_CHECKS = (check_sentences, check_labels, check_families)


def _wrong_placeholders(row: CodebookRow, column: str, expected: Collection[str]) -> Iterator[Finding]:
    """Find the placeholders that no report replaces, and those whose number or text readers would miss."""
    found = placeholders_of(row[column])
    unknown = [name for name in found if name not in expected]
    missing = [name for name in expected if name not in found]
    problems = []
    if unknown:
        problems.append(f"no report replaces {_in_braces(unknown)}, so readers would see it as it is written")
    if missing:
        problems.append(f"{_in_braces(missing)} is missing, so readers would not see what belongs there")
    if problems:
        remedy = "write each allowed placeholder where it belongs, and no other braces"
        allowed = [f"{{{name}}}" for name in expected] or ["no braces"]
        yield error_at(row, column, "; ".join(problems), remedy, allowed)


def _in_braces(names: Collection[str]) -> str:
    return ", ".join(name if name in ("{", "}") else f"{{{name}}}" for name in names)
