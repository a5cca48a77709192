"""The three rules of the gate, each broken alone, on an export of a few columns."""

import logging

import numpy as np
import pandas as pd
import pytest

from coproduction.exports import expectations
from coproduction.exports.expectations import BASE, LABELS, RANGE, ExpectationError, validate_answers

QUESTIONS = pd.DataFrame(
    [("riverside", "Q1", "frequency"), ("riverside", "Q3", "age_years"), ("riverside", "Q4", "hours")],
    columns=["export_id", "column_name", "scale_id"],
)
SCALES = pd.DataFrame(
    [("frequency", "ordinal", 0, 1), ("age_years", "integer", 16, 110), ("hours", "decimal", 0, np.nan)],
    columns=["scale_id", "kind", "minimum", "maximum"],
)
ANSWERS = pd.DataFrame(
    [("frequency", "Often"), ("frequency", "Don't know"), ("age_years", "999"), ("age_years", "Refused")],
    columns=["scale_id", "answer_label"],
)
# What each column of ten rows holds.
GOOD = {
    "Q1": {"Often": 6, " DON\u2019T know": 3, None: 1},
    "Q3": {"16": 2, "110": 3, "34.0": 1, "999": 2, "refused": 2},
    "Q4": {"0": 1, "2.5": 8, "": 1},
}


def profile_of(cells, export_id="riverside"):
    rows = [(export_id, column, label, n) for column, labels in cells.items() for label, n in labels.items()]
    return pd.DataFrame(rows, columns=["export_id", "column_name", "answer_label", "n_answers"])


def tolerated(*rows):
    return pd.DataFrame(
        [("riverside", *row) for row in rows], columns=["export_id", "column_name", "answer_label", "maximum_share"]
    )


def validate(cells, n_rows=10, exceptions=None):
    files = pd.DataFrame({"export_id": ["riverside"], "n_rows": [n_rows]})
    exceptions = tolerated() if exceptions is None else exceptions
    return validate_answers(profile_of(cells), QUESTIONS, ANSWERS, SCALES, exceptions, files)


def failures(results):
    return results[~results["success"]].set_index(["column_name", "expectation_id"])


def only_failure(results, column, rule):
    failed = failures(results)
    assert list(failed.index) == [(column, rule)]
    return failed.iloc[0]


def test_answers_of_the_codebook_pass_every_rule():
    results = validate(GOOD)
    assert failures(results).empty
    assert list(zip(results["column_name"], results["expectation_id"], strict=True)) == [
        ("Q1", LABELS), ("Q1", BASE), ("Q3", LABELS), ("Q3", RANGE), ("Q3", BASE), ("Q4", LABELS), ("Q4", RANGE),
        ("Q4", BASE),
    ]  # fmt: skip
    assert results["n_checked"].tolist() == [9, 10, 10, 6, 10, 9, 9, 10]
    assert results["n_unexpected"].eq(0).all()
    assert results["unexpected_sample"].eq("").all()


def test_an_unknown_label_fails_its_column_alone():
    failed = only_failure(validate(GOOD | {"Q1": {"Often": 6, "Oftn": 3, "x": 1}}), "Q1", LABELS)
    assert failed["n_unexpected"] == 4
    assert failed["n_checked"] == 10
    assert failed["unexpected_sample"] == "'Oftn' (3), 'x' (1)"
    assert failed["allowed_values"] == '"Often", "Don\'t know"'


@pytest.mark.parametrize("label", ["None", "NA", "nan", "null", "NUMBER", "number"])
def test_words_that_look_like_nothing_are_labels(label):
    failed = only_failure(validate(GOOD | {"Q1": {"Often": 9, label: 1}}), "Q1", LABELS)
    assert failed["unexpected_sample"] == f"'{label}' (1)"


def test_the_word_number_is_no_number():
    only_failure(validate(GOOD | {"Q3": {"34": 9, "NUMBER": 1}}), "Q3", LABELS)


def test_a_number_is_no_answer_to_a_scale_of_labels():
    only_failure(validate(GOOD | {"Q1": {"Often": 9, "1": 1}}), "Q1", LABELS)


@pytest.mark.parametrize("label", ["34.5", "1e", "34 years", "+34", "3,4", "9" * 400])
def test_what_is_no_whole_number_is_an_unknown_label(label):
    failed = only_failure(validate(GOOD | {"Q3": {"34": 9, label: 1}}), "Q3", LABELS)
    assert failed["n_unexpected"] == 1


@pytest.mark.parametrize("label", ["15", "111", "-34", "15.0"])
def test_a_number_out_of_range_fails_the_range_alone(label):
    failed = only_failure(validate(GOOD | {"Q3": {"34": 9, label: 1}}), "Q3", RANGE)
    assert failed["unexpected_sample"] == f"'{label}' (1)"
    assert failed["n_checked"] == 10
    assert failed["allowed_values"] == "whole numbers from 16 to 110"


def test_a_range_may_have_one_end():
    only_failure(validate(GOOD | {"Q4": {"1000000": 9, "-0.5": 1}}), "Q4", RANGE)


@pytest.mark.parametrize(("n_often", "sample"), [(8, "9 answers for 10 rows"), (10, "11 answers for 10 rows")])
def test_a_missing_or_an_extra_row_fails_the_base_alone(n_often, sample):
    failed = only_failure(validate(GOOD | {"Q1": {"Often": n_often, None: 1}}), "Q1", BASE)
    assert failed["n_unexpected"] == 1
    assert failed["unexpected_sample"] == sample


def test_a_column_without_any_answer_fails_the_base():
    cells = {column: labels for column, labels in GOOD.items() if column != "Q1"}
    assert only_failure(validate(cells), "Q1", BASE)["n_unexpected"] == 10


def test_an_export_without_rows_has_all_its_rules_and_passes():
    results = validate({}, n_rows=0)
    assert len(results) == 8
    assert results["success"].all()


@pytest.mark.parametrize(("share", "passes"), [(0.3, True), (0.29, False), ("0.3", True)])
def test_a_tolerated_label_passes_up_to_its_share_of_the_rows(share, passes):
    cells = GOOD | {"Q1": {"Often": 6, "Oftn": 3, None: 1}}
    results = validate(cells, exceptions=tolerated(("Q1", " oftn", share)))
    assert failures(results).empty if passes else only_failure(results, "Q1", LABELS)["n_unexpected"] == 3


def test_the_spellings_of_a_tolerated_label_share_one_allowance():
    cells = GOOD | {"Q1": {"Often": 6, "Oftn": 2, "OFTN": 2}}
    assert only_failure(validate(cells, exceptions=tolerated(("Q1", "Oftn", 0.3))), "Q1", LABELS)["n_unexpected"] == 4


def test_a_label_is_tolerated_in_its_own_column_only():
    cells = GOOD | {"Q1": {"Often": 9, "x": 1}, "Q3": {"34": 9, "x": 1}}
    only_failure(validate(cells, exceptions=tolerated(("Q1", "x", 0.5))), "Q3", LABELS)


@pytest.mark.parametrize(("share", "passes"), [(0.1, True), (0.09, False)])
def test_a_tolerated_number_may_be_out_of_range(share, passes):
    cells = GOOD | {"Q3": {"34": 9, "15": 1}}
    results = validate(cells, exceptions=tolerated(("Q3", "15", share)))
    assert failures(results).empty if passes else only_failure(results, "Q3", RANGE)["n_unexpected"] == 1


def test_the_sample_shows_the_five_most_frequent():
    labels = {f"x{number}": number for number in range(1, 8)}
    failed = only_failure(validate(GOOD | {"Q1": labels}, n_rows=28).query("column_name == 'Q1'"), "Q1", LABELS)
    assert failed["unexpected_sample"] == "'x7' (7), 'x6' (6), 'x5' (5), 'x4' (4), 'x3' (3) and 2 more"


def test_columns_and_labels_with_odd_characters_are_kept_apart():
    questions = pd.DataFrame({"export_id": "e", "column_name": ["a", "a=b", "a\tb"], "scale_id": ["one", "two", "two"]})
    scales = pd.DataFrame({"scale_id": ["one", "two"], "kind": "nominal", "minimum": None, "maximum": None})
    answers = pd.DataFrame({"scale_id": ["one", "two"], "answer_label": ["b=c", "c"]})
    files = pd.DataFrame({"export_id": ["e"], "n_rows": [1]})
    cells = {"a": {"b=c": 1}, "a=b": {"c": 1}, "a\tb": {"b=c": 1}}
    results = validate_answers(profile_of(cells, "e"), questions, answers, scales, tolerated(), files)
    only_failure(results, "a\tb", LABELS)


def test_questions_of_exports_that_are_switched_off_are_left_out():
    others = QUESTIONS.assign(export_id="hilltop")
    files = pd.DataFrame({"export_id": ["riverside"], "n_rows": [10]})
    questions = pd.concat([QUESTIONS, others])
    results = validate_answers(profile_of(GOOD), questions, ANSWERS, SCALES, tolerated(), files)
    assert set(results["export_id"]) == {"riverside"}


def test_answers_of_an_export_whose_file_was_not_counted_are_an_error():
    files = pd.DataFrame({"export_id": ["hilltop"], "n_rows": [10]})
    with pytest.raises(ExpectationError, match="riverside"):
        validate_answers(profile_of(GOOD), QUESTIONS, ANSWERS, SCALES, tolerated(), files)


def test_without_exports_the_frame_is_empty_and_typed():
    none = pd.DataFrame({"export_id": [], "n_rows": []})
    empty = validate_answers(profile_of({}), QUESTIONS, ANSWERS, SCALES, tolerated(), none)
    assert len(empty) == 0
    assert list(empty.dtypes.items()) == list(validate(GOOD).dtypes.items())


def test_a_rule_that_could_not_be_judged_is_an_error_and_no_verdict(monkeypatch):
    rules = expectations._Validator._rules

    def without_a_column(self, expected_keys):
        broken = rules(self, expected_keys)
        broken[RANGE] = self._package.expectations.ExpectColumnValuesToBeBetween(column="absent", max_value=1)
        return broken

    monkeypatch.setattr(expectations._Validator, "_rules", without_a_column)
    with pytest.raises(ExpectationError, match=RANGE):
        validate(GOOD)


def test_nothing_is_written_and_nothing_printed(tmp_path, monkeypatch, capfd, caplog):
    caplog.set_level(logging.INFO)
    monkeypatch.chdir(tmp_path)
    validate(GOOD)
    assert list(tmp_path.iterdir()) == []
    printed = capfd.readouterr()
    assert printed.out + printed.err == ""
    assert caplog.records == []


def test_labels_that_nobody_gave_cost_nothing_and_allow_nothing(monkeypatch):
    """A scale may list 100,000 labels, and Great Expectations needs a millisecond for each that it is given."""
    given = []
    original = expectations._Validator.unexpected_rows

    def spy(self, frame, expected_keys):
        given.append(expected_keys)
        return original(self, frame, expected_keys)

    monkeypatch.setattr(expectations._Validator, "unexpected_rows", spy)
    answers = pd.concat([ANSWERS, pd.DataFrame({"scale_id": "frequency", "answer_label": map(str, range(1000))})])
    files = pd.DataFrame({"export_id": ["riverside"], "n_rows": [10]})
    for label, fails in (("Often", False), ("Oftn", True)):
        cells = {"Q1": {label: 10}}
        results = validate_answers(profile_of(cells), QUESTIONS, answers, SCALES, tolerated(), files)
        of_q1 = results[(results.column_name == "Q1") & (results.expectation_id == LABELS)]
        assert bool(of_q1.success.iloc[0]) is not fails
    assert [len(keys) for keys in given] == [1, 1]
