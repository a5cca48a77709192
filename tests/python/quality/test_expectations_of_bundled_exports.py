"""In the bundled exports, an answer damaged in one column is found there and nowhere else.

Every mutation makes an export of its own, so that one run judges them all.
"""

import csv
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from coproduction.exports.expectations import BASE, LABELS, RANGE, validate_answers

SEEDS = Path(__file__).parents[3] / "seeds"


def seed(name):
    """Read a codebook seed as text; only an empty cell is missing."""
    frame = pd.read_csv(SEEDS / "codebook" / f"{name}.csv", dtype=str, keep_default_na=False)
    return frame.mask(frame == "")


CODEBOOK = {name: seed(name) for name in ("exports", "questions", "answers", "scales", "tolerated_answers")}
EXPORTS = CODEBOOK["exports"]["export_id"].tolist()
QUESTIONS = list(CODEBOOK["questions"][["export_id", "column_name"]].itertuples(index=False, name=None))


def numeric_columns():
    numeric = CODEBOOK["scales"].query("kind in ['integer', 'decimal']")["scale_id"]
    questions = CODEBOOK["questions"]
    chosen = questions[questions["scale_id"].isin(numeric)]
    return list(chosen[["export_id", "column_name"]].itertuples(index=False, name=None))


@pytest.fixture(scope="module")
def profiles():
    """Labels with their counts, by export and claimed column, and the rows of each file."""
    counts, n_rows = {}, {}
    for export_id in EXPORTS:
        with (SEEDS / "exports" / f"{export_id}.csv").open(encoding="utf-8-sig", newline="") as file:
            header, *rows = [row for row in csv.reader(file) if row]
        claimed = [column for export, column in QUESTIONS if export == export_id]
        counts[export_id] = {column: Counter(row[header.index(column)] for row in rows) for column in claimed}
        n_rows[export_id] = len(rows)
    return counts, n_rows


def validate(cases, n_rows):
    """Judge many exports in one run.

    ``cases`` has each one's id, the export that it was made from, and the counts of the columns to judge.
    """
    profile, questions, files = [], [], []
    for case_id, export_id, columns in cases:
        for column, labels in columns.items():
            profile += [(case_id, column, label or None, n_answers) for label, n_answers in labels.items()]
        own = CODEBOOK["questions"]
        is_in_case = (own["export_id"] == export_id) & own["column_name"].isin(columns)
        questions.append(own[is_in_case].assign(export_id=case_id))
        files.append((case_id, n_rows[export_id]))
    return validate_answers(
        pd.DataFrame(profile, columns=["export_id", "column_name", "answer_label", "n_answers"]),
        pd.concat(questions),
        CODEBOOK["answers"],
        CODEBOOK["scales"],
        CODEBOOK["tolerated_answers"].iloc[:0],
        pd.DataFrame(files, columns=["export_id", "n_rows"]),
    )


def changed(profiles, export_id, **changes):
    """Return the counts of an export with the columns named changed, and the others as they are."""
    counts = profiles[0][export_id]
    return counts | {column: change(Counter(counts[column])) for column, change in changes.items()}


def failures(results):
    failed = results[~results["success"]]
    return set(failed[["export_id", "column_name", "expectation_id"]].itertuples(index=False, name=None))


def with_another(text):
    """Return a change: one answer of the most frequent label has another text printed in its place."""
    return lambda labels: without_one(labels) + Counter([text])


def without_one(labels):
    """Lose one answer of the most frequent label."""
    return labels - Counter([labels.most_common(1)[0][0]])


def case_of(export_id, column):
    return f"{export_id} {column}"


def test_the_bundled_exports_pass_every_rule(profiles):
    counts, n_rows = profiles
    results = validate([(export_id, export_id, counts[export_id]) for export_id in EXPORTS], n_rows)
    failed = results[~results["success"]]
    assert failed.empty, failed.to_string()
    judged = results[results["expectation_id"] == LABELS]
    assert set(judged[["export_id", "column_name"]].itertuples(index=False, name=None)) == set(QUESTIONS)


@pytest.mark.slow
def test_an_unknown_label_and_a_missing_row_are_found_in_their_columns_and_nowhere_else(profiles):
    cases, expected = [], set()
    for export_id in EXPORTS:
        columns = list(profiles[0][export_id])
        # Each column gets a wrong label in one case, loses a row in another, and stays as it is in two others.
        for place, column in enumerate(columns):
            next_column, *others = (columns[(place + step) % len(columns)] for step in (1, 2, len(columns) // 2))
            case_id = case_of(export_id, column)
            damage = {column: with_another("Oftn"), next_column: without_one}
            counts = changed(profiles, export_id, **damage)
            cases.append((case_id, export_id, {name: counts[name] for name in (column, next_column, *others)}))
            expected |= {(case_id, column, LABELS), (case_id, next_column, BASE)}
    results = validate(cases, profiles[1])
    assert failures(results) == expected
    wrong_labels = results[~results["success"] & (results["expectation_id"] == LABELS)]
    assert wrong_labels["unexpected_sample"].eq("'Oftn' (1)").all()


def test_a_number_out_of_range_is_found_in_its_column_and_nowhere_else(profiles):
    targets = numeric_columns()
    assert targets
    cases = [
        (case_of(export_id, column), export_id, changed(profiles, export_id, **{column: with_another("-1")}))
        for export_id, column in targets
    ]
    expected = {(case_of(export_id, column), column, RANGE) for export_id, column in targets}
    assert failures(validate(cases, profiles[1])) == expected
