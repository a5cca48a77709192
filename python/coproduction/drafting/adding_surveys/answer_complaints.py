"""What a person may get wrong in the answers of a draft: scores, missing answers, labels and codes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from coproduction.codebook.labels import normalise_label, parse_number
from coproduction.drafting.adding_surveys.completed import Completed
from coproduction.drafting.folder import ANSWER_ROWS, SCALES
from coproduction.drafting.recognition.answers.concepts import concept_of, place_of
from coproduction.drafting.recognition.answers.meanings import BAD_IF_HIGH
from coproduction.drafting.recognition.answers.printed_answers import VALID, missing_kind
from coproduction.drafting.recognition.lexicon import BAD_THING
from coproduction.drafting.recognition.survey_file import SurveyFile
from coproduction.drafting.recognition.words import words_of
from coproduction.files.finding import Finding, quoted, shortened

# Codes that usually stand for no answer, if they are far above the others.
_USUALLY_MISSING = (9, 99, 999, 98, 97, -1, -9, -99)


def complaints_about_answers(draft: Completed, survey: SurveyFile) -> list[Finding]:
    """Return what is wrong with the answers of a completed draft."""
    checks = (_without_a_score, _turned_scales, _odd_codes, _swapped)
    return [finding for check in checks for finding in check(draft, survey)]


def _without_a_score(draft: Completed, survey: SurveyFile) -> Iterator[Finding]:
    """Find answers of an ordered scale that have no score: they would silently be in no mean and no correlation."""
    ordered = {row["scale_id"] for row, _ in draft.rows(SCALES) if row["kind"] == "ordinal"}
    used = {row["scale_id"] for row, _ in draft.claimed()}
    for row, line in draft.rows(ANSWER_ROWS):
        if row["scale_id"] in ordered & used and row["answer_kind"] == VALID and not row["answer_score"].strip():
            yield draft.error(
                ANSWER_ROWS,
                f"{quoted(row['answer_label'])} of the scale {row['scale_id']} is an answer and has no score",
                "write its place in the order of the answers, or in answer_kind why it is none (dont_know, refused, "
                "not_applicable, blank)",
                line,
                "answer_score",
            )


def _scores(draft: Completed) -> dict[str, list[tuple[str, float, str, int]]]:
    """Return the valid answers of each new scale: label, score, name and line."""
    found: dict[str, list[tuple[str, float, str, int]]] = defaultdict(list)
    for row, line in draft.rows(ANSWER_ROWS):
        score = parse_number(row["answer_score"])
        if row["answer_kind"] == "valid" and score is not None:
            found[row["scale_id"]].append((row["answer_label"], score, row["answer_name"], line))
    return found


def _turned_scales(draft: Completed, survey: SurveyFile) -> Iterator[Finding]:
    """Refuse scores that run against the words: the best answer with the lowest score.

    Where a question asks how much there is of something bad, the most of it is the worst.
    """
    of_bad = {
        row["scale_id"]
        for row, _ in draft.claimed()
        if row["construct_id"] == "conditions" and BAD_THING.search(words_of(row["question_text"]))
    }
    for scale_id, answers in _scores(draft).items():
        words = [name if label.lstrip("-").isdigit() else label for label, _, name, _ in answers]
        concept = concept_of(words)
        if not concept or len(answers) < 3 or scale_id in of_bad:
            continue
        sign = -1 if concept in BAD_IF_HIGH else 1
        places = [sign * place_of(word, concept) for word in words]
        ordered = [
            place
            for place, _ in sorted(
                zip(places, (score for _, score, _, _ in answers), strict=True), key=lambda pair: pair[1]
            )
        ]
        if ordered == sorted(ordered, reverse=True) and len(set(ordered)) > 2:
            best = max(range(len(words)), key=lambda place: places[place])
            yield draft.error(
                ANSWER_ROWS,
                f"the scale {scale_id} is turned round: {quoted(words[best])} has the lowest score",
                "give the highest score to the answer that means most; a question worded the other way "
                "round has is_reversed "
                "true instead",
                answers[best][3],
                "answer_score",
                f"{answers[best][1]:g}",
            )


def _odd_codes(draft: Completed, survey: SurveyFile) -> Iterator[Finding]:
    """Refuse a code such as 99 as a valid answer far above the others, and words for Don't Know with a score."""
    for scale_id, answers in _scores(draft).items():
        codes = sorted(float(label) for label, _, _, _ in answers if parse_number(label) is not None)
        for label, _, name, line in answers:
            code = parse_number(label)
            others = [other for other in codes if other != code]
            is_far = (
                code is not None
                and others
                and code in _USUALLY_MISSING
                and (code - max(others) >= 3 or code < min(min(others), 0))
            )
            kind = missing_kind(label) or missing_kind(name)
            if is_far or kind:
                yield draft.error(
                    ANSWER_ROWS,
                    f"{quoted(label)} of the scale {scale_id} counts as an answer with a score, and "
                    f"usually means that there is none",
                    f"make answer_kind {kind or 'dont_know'} (or refused, not_applicable, blank) and clear "
                    f"answer_score",
                    line,
                    "answer_kind",
                    "valid",
                )


def _swapped(draft: Completed, survey: SurveyFile) -> Iterator[Finding]:
    """Refuse a new scale none of whose labels is in its columns, as when labels and codes are exchanged."""
    labels: dict[str, set[str]] = defaultdict(set)
    first: dict[str, int] = {}
    for row, line in draft.rows(ANSWER_ROWS):
        labels[row["scale_id"]].add(normalise_label(row["answer_label"]))
        first.setdefault(row["scale_id"], line)
    kinds = {row["scale_id"]: row["kind"] for row, _ in draft.rows(SCALES)}
    for row, _ in draft.claimed():
        column, listed = survey.column(row["column_name"]), labels.get(row["scale_id"], set())
        if (
            column is None
            or not listed
            or row.get("option")
            or kinds.get(row["scale_id"]) in ("integer", "decimal")
            or "*" in listed
        ):
            continue
        if column.filled and not set(column.filled) & listed:
            yield draft.error(
                ANSWER_ROWS,
                f"none of the answers of {quoted(row['column_name'])} is in the scale {row['scale_id']}: the file has "
                f"{shortened(map(quoted, column.counts), 4)}",
                "write what the file holds into answer_label and what it means into answer_name; perhaps "
                "the two are exchanged",
                first[row["scale_id"]],
                "answer_label",
            )
            labels.pop(row["scale_id"])
