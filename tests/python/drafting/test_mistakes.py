"""What users get wrong: each mistake has a message that says where and what to do, and nothing is written."""

import csv
import re
import shutil

import pytest

from conftest import COUNCIL, HEADER, rows, write_csv
from workbench.bench.layouts import write_xlsx


@pytest.fixture
def drafted(place):
    place.make_draft()
    place.before = place.files()
    return place


def refused(place, *parts, **how):
    said = place.add(*how.pop("options", ()), **how)
    assert place.code == 1, said
    assert "Traceback" not in said
    for part in parts:
        assert part in said
    assert "what to do" in said or "Name" in said or "name" in said
    assert place.files() == place.before
    return said


def replaced(**changes):
    """Return a change of the rows that have a column or label to others."""
    name, values = next(iter(changes.items()))
    return lambda found: [row | values if name in row.values() else row for row in found]


def test_the_draft_of_another_file(drafted):
    other = write_csv(drafted.folder / "other.csv", ["Ref", "A", "B"], [[n, "Yes", "No"] for n in range(9)])
    refused(drafted, "this is the draft of hillford.csv", "coproduction draft other.csv", file=other)


def test_a_folder_that_is_no_draft(drafted):
    shutil.rmtree(drafted.draft)
    refused(drafted, "is no draft: it has no questions.csv")


def test_doubtful_rows_that_nobody_has_looked_at(drafted):
    drafted.change("questions", lambda found: [row | {"confidence": "doubtful"} for row in found])
    said = refused(drafted, "8 rows are still doubtful", "write checked in place of doubtful")
    assert "draft/questions.csv, line 2" in said


def test_a_doubtful_scale_that_nobody_has_looked_at(drafted):
    drafted.change("scales", lambda found: [row | {"confidence": "doubtful"} for row in found])
    refused(drafted, "the scale is still doubtful", "draft/scales.csv, line 2")


def with_confidence(word):
    """Return a change that writes a word into the confidence of the rows about activity."""
    return lambda found: [
        row | ({"confidence": word} if row["construct_id"] == "individual_activity" else {}) for row in found
    ]


def test_likely_rows_that_nobody_has_confirmed_are_listed_with_what_they_are_taken_for_and_why(drafted):
    drafted.change("questions", with_confidence("likely"))
    drafted.change("questions", lambda found: [row | {"evidence": 'likely: "used"; about 1; and 2'} for row in found])
    said = refused(drafted, "2 rows are still likely, the first in this line", "write checked in place of likely")
    assert "with --accept-likely" in said
    for row in drafted.read("questions"):
        if row["construct_id"] == "individual_activity":
            named = f'"{row["column_name"]}" ({row["question_text"]})'
            assert f'{named} as individual_activity of environment: likely: "used"\n' in said


def test_likely_rows_are_added_when_they_are_confirmed(drafted):
    drafted.change("questions", with_confidence("checked"))
    said = drafted.add()
    assert said.startswith("Added hillford_wave_1") and "accepted" not in said


def test_likely_rows_can_be_accepted_and_the_codebook_says_that_nobody_confirmed_them(drafted):
    drafted.change("questions", with_confidence("likely"))
    said = drafted.add("--council", "hillford", "--wave", "wave_1", *COUNCIL, "--accept-likely")
    assert said.startswith("Added hillford_wave_1")
    listed = said.partition("Likely, and accepted as it was drafted (--accept-likely):")[2].partition("Scales")[0]
    assert " ".join(listed.split()).count(" as individual_activity of environment: ") == 2
    columns = ", ".join(f'"{row["column_name"]}"' for row in drafted.read("questions") if row["confidence"] == "likely")
    (*_, exports) = csv.DictReader((drafted.project / "seeds/codebook/exports.csv").open(encoding="utf-8", newline=""))
    assert exports["notes"].endswith(f" Likely, and confirmed by nobody: {columns}.")
    drafted.change("questions", with_confidence("checked"))
    assert drafted.add().startswith("Replaced hillford_wave_1")
    assert "nobody" not in (drafted.project / "seeds/codebook/exports.csv").read_text(encoding="utf-8")


def test_doubtful_rows_are_not_accepted_with_the_likely_ones(drafted):
    drafted.change("questions", with_confidence("doubtful"))
    options = ("--council", "hillford", "--wave", "wave_1", *COUNCIL, "--accept-likely")
    refused(drafted, "2 rows are still doubtful", options=options)


@pytest.mark.parametrize(("word", "said"), [("", "a blank cell"), ("chekced", '"chekced"')], ids=["blank", "misspelt"])
def test_a_row_that_says_nothing_about_its_confidence_is_no_confirmed_one(drafted, word, said):
    drafted.change("questions", with_confidence(word))
    refused(drafted, f"2 rows have {said} in confidence", f"write checked in place of {said}")


def test_a_half_filled_draft_gets_all_complaints_at_once(drafted):
    def change(found):
        found[0]["scale_id"] = ""
        found[1]["topic_id"] = "" if found[1]["theme_id"] else found[1]["topic_id"]

    drafted.change("questions", change)
    refused(
        drafted,
        "the row has a construct_id and no scale_id",
        "theme_id and topic_id are both filled in or both blank",
        "2 errors. Nothing was added.",
    )


def test_a_misspelled_construct_is_shown_in_the_row_of_the_draft(drafted):
    drafted.change(
        "questions",
        lambda found: [row | {"construct_id": row["construct_id"].replace("gender", "gendre")} for row in found],
    )
    line = next(n for n, row in enumerate(drafted.read("questions"), 2) if row["construct_id"] == "gendre")
    refused(drafted, f"draft/questions.csv, line {line}", "gendre", "no row of constructs.csv has this construct_id")


def test_two_rows_for_one_column(drafted):
    drafted.change("questions", lambda found: [*found, found[0]])
    refused(drafted, "the column is claimed twice, first in line 2")


def test_a_column_that_the_file_does_not_have(drafted):
    drafted.change(
        "questions",
        lambda found: [row | {"column_name": row["column_name"].replace("Gender", "Gendre")} for row in found],
    )
    refused(drafted, 'hillford.csv has no such column; did you mean "Gender"?')


def test_no_row_claims_a_column(drafted):
    drafted.change(
        "questions", lambda found: [row | {"construct_id": "", "theme_id": "", "scale_id": ""} for row in found]
    )
    refused(drafted, "no row has a construct_id, so no column would be used")


def test_a_respondent_column_that_is_not_there(drafted):
    drafted.change(
        "survey",
        lambda found: [row | ({"value": "Id"} if row["setting"] == "respondent_column" else {}) for row in found],
    )
    refused(drafted, 'has no column "Id" for the ids of respondents', '"Ref"')


def test_a_respondent_column_that_names_nobody(drafted):
    drafted.change("questions", lambda found: [row for row in found if row["column_name"] != "Gender"])
    drafted.change(
        "survey",
        lambda found: [row | ({"value": "Gender"} if row["setting"] == "respondent_column" else {}) for row in found],
    )
    refused(drafted, '"Gender" has 2 different values for 30 rows, so it does not name respondents')


def test_a_scale_that_is_turned_round(drafted):
    def change(found):
        for row in found:
            if row["scale_id"] == "new_frequency" and row["answer_kind"] == "valid":
                row["answer_score"] = str(4 - int(row["answer_score"]))

    drafted.change("answers", change)
    refused(drafted, 'the scale new_frequency is turned round: "Always" has the lowest score')


def test_dont_know_with_a_score(drafted):
    drafted.change(
        "answers", replaced(**{"Don't know": {"answer_kind": "valid", "answer_score": "5", "is_positive": "true"}})
    )
    refused(
        drafted,
        '"Don\'t know" of the scale new_frequency counts as an answer with a score',
        "make answer_kind dont_know",
    )


def test_99_as_a_valid_answer_of_five(place):
    codes = [[n, 1 + n % 5 if n % 6 else 99, "Male" if n % 2 else "Female"] for n in range(60)]
    place.file = write_csv(
        place.folder / "coded.csv", ["id", "How satisfied are you with what the police tell you?", "sex"], codes
    )
    place.make_draft()
    place.before = place.files()
    place.change("questions", lambda found: [row | {"confidence": "checked"} for row in found])
    place.change("scales", lambda found: [row | {"confidence": "checked"} for row in found])
    place.change("answers", replaced(**{"99": {"answer_kind": "valid", "answer_score": "99"}}))
    refused(place, '"99" of the scale new_codes counts as an answer with a score')


def test_labels_exchanged_with_codes(drafted):
    def change(found):
        for row in found:
            if row["scale_id"] == "new_frequency" and row["answer_score"]:
                row["answer_label"], row["answer_name"] = row["answer_score"], row["answer_label"]

    drafted.change("answers", change)
    drafted.change("answers", lambda found: [row for row in found if row["answer_label"] != "Don't know"])
    refused(drafted, "none of the answers of", "is in the scale new_frequency", "perhaps the two are exchanged")


def test_an_answer_that_the_scale_does_not_list(drafted):
    drafted.change("answers", lambda found: [row for row in found if row["answer_label"] != "Rarely"])
    said = refused(drafted, 'value: "Rarely"', "draft/answers.csv")
    assert "hillford.csv, line" in said
    # The scale has the name that the draft gives it, not the one that the codebook will.
    assert "not in the scale new_frequency" in said
    assert "hillford_wave_1_frequency" not in said


def test_an_outcome_without_an_answer_that_counts(drafted):
    drafted.change(
        "answers",
        lambda found: [row | {"is_positive": "false", "is_often": ""} if row["is_positive"] else row for row in found],
    )
    said = refused(
        drafted, "nobody can be counted", "draft/questions.csv, line", "for the answers of new_time that count"
    )
    assert "hillford_wave_1_" not in said.replace("of hillford_wave_1 (", "")


def test_a_council_that_nobody_has_described(drafted):
    refused(
        drafted,
        "the codebook has no council hillford",
        "--council-name",
        "Nothing was added. Correct the command.",
        options=("--council", "hillford", "--wave", "wave_1"),
    )


def test_an_id_with_capitals_and_spaces(drafted):
    refused(
        drafted,
        "--wave is 'Wave 1'",
        "small letters, digits and underscores",
        options=("--council", "barnet", "--wave", "Wave 1"),
    )


def test_a_draft_without_its_first_line(drafted):
    path = drafted.draft / "answers.csv"
    path.write_text(path.read_text(encoding="utf-8-sig").split("\n", 1)[1], encoding="utf-8")
    refused(drafted, "has no column", "has the first line been deleted?")


def test_an_answer_to_keep_that_no_row_has(place):
    place.file = write_csv(
        place.folder / "two.csv",
        [*HEADER, "Wave"],
        [[*row, "2024" if n % 3 else "2025"] for n, row in enumerate(rows())],
    )
    place.make_draft()
    place.before = place.files()
    place.change(
        "survey",
        lambda found: [row | ({"value": "2026"} if row["setting"] == "rows with Wave" else {}) for row in found],
    )
    refused(place, 'no row has "2026" in "Wave"', '"2024"')


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"%PDF-1.7 x", "is a PDF"),
        (b"only one column\nYes\nNo\n", "has 1 column"),
        (b"PK\x03\x04 damaged", "cannot be read as a workbook"),
        (b"$FL2 damaged", "cannot be read as a file of SPSS"),
        (b"<?xml version='1.0'?><sss><survey><record/></survey></sss>", "its answers are not beside it"),
    ],
    ids=["empty", "pdf", "one column", "workbook", "spss", "triple-s"],
)
def test_a_file_that_is_no_survey(place, content, message):
    if b"PK" in content or b"$FL2" in content:
        pytest.importorskip("python_calamine" if b"PK" in content else "pyreadstat")
    place.file.write_bytes(content)
    said = place.make_draft()
    assert place.code == 1
    assert message in said and "Traceback" not in said
    assert not place.draft.exists()


def test_a_file_that_is_not_there(place):
    said = place.make_draft(place.folder / "nothing.xlsx")
    assert re.search(r"nothing.xlsx cannot be opened: .*See whether the name is right", said)


def test_a_second_file_that_explains_nothing(place):
    other = write_csv(place.folder / "other.csv", ["a", "b"], [["x", "y"], ["z", "w"]])
    assert "other.csv does not explain the columns of hillford.csv" in place.make_draft(place.file, other)


def test_another_sheet_than_the_one_that_was_drafted(place):
    pytest.importorskip("python_calamine")
    answers = [HEADER, *rows()]
    costs = [["Month", "Postage", "Printing"], *([str(number), "12", "30"] for number in range(60))]
    place.file = write_xlsx(place.folder / "hillford.xlsx", {"Answers": answers, "Costs": costs})
    place.run("draft", place.file, "--into", place.draft, "--sheet", "Answers")
    place.before = place.files()
    options = ("--council", "hillford", "--wave", "wave_1", *COUNCIL, "--sheet", "Costs")
    refused(place, "this is the draft of hillford.xlsx", "name the same --sheet as for the draft", options=options)


def test_two_columns_for_one_question(place):
    header = [*HEADER[:-1], HEADER[1]]
    place.file = write_csv(place.folder / "twice.csv", header, [[*row[:-1], row[1]] for row in rows()])
    place.make_draft()
    place.before = place.files()
    refused(place, "1 row is still doubtful", "correct it and write checked in place of doubtful")
    repeated = next(row for row in place.read("questions") if row["confidence"] == "doubtful")
    assert "leave one of them out, or both count" in repeated["evidence"]


def test_an_answer_that_counts_and_has_no_score(drafted):
    drafted.change("answers", replaced(Sometimes={"answer_score": ""}))
    refused(drafted, "draft/answers.csv, line 4", "Sometimes")
