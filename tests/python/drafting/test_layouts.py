"""One questionnaire in the layout of each tool: the draft says the same whatever tool wrote the file."""

from dataclasses import replace
from pathlib import Path

import pytest

from building import PROJECT
from coproduction.drafting.drafting import draft_survey
from coproduction.drafting.readers.opening import read_survey
from coproduction.drafting.recognition.answers.answer_scales import words_scale
from coproduction.drafting.recognition.survey_file import SurveyColumn
from coproduction.drafting.recognition.vocabulary import Vocabulary
from coproduction.files.layout import find_header
from workbench.bench.layouts import LAYOUTS, write_layout, write_xlsx
from workbench.bench.questionnaire import invent_answers, read_questionnaire

BENCH = PROJECT / "tests" / "bench"
NEEDS = {"spss": "pyreadstat", "microsoft": "python_calamine"}
TOOLS = {
    "plain": "a table",
    "forms": "a Google Forms export",
    "microsoft": "in the sheet Sheet1 of a workbook",
    "qualtrics": "a Qualtrics export",
    "surveymonkey": "a SurveyMonkey export",
    "limesurvey": "a LimeSurvey export",
    "spss": "a file of SPSS",
    "triples": "a Triple-S export",
}
# The first questions have the names that each tool gives its own records.
RECORDS = {
    "surveymonkey": ["Respondent ID", "Start Date"],
    "forms": ["Timestamp"],
    "limesurvey": ["id", "submitdate", "startlanguage"],
}


@pytest.fixture(scope="module")
def vocabulary(codebook):
    return Vocabulary(codebook)


def questionnaire(tool):
    """The questionnaire of the bench without its own records, and with those of a tool."""
    questions = [
        question for question in read_questionnaire(BENCH / "qualtrics_riverton.csv") if question.name.startswith("Q")
    ]
    like = replace(questions[-1], shape="record:en", answers=(), truth=(), wording="", item="")
    records = [
        replace(like, name=name, wording=name, shape="id:R" if name.lower().endswith("id") else "date")
        for name in RECORDS.get(tool, [])
    ]
    return [*records, *questions]


def drafted(tool, folder: Path, vocabulary):
    questions = questionnaire(tool)
    survey = read_survey(write_layout(tool, folder, questions, invent_answers(questions, 3)))
    assert TOOLS[tool] in survey.tool
    rows = draft_survey(survey, vocabulary).claimed()
    return {(row.construct, row.theme, row.topic, row.is_reversed) for row in rows}, rows


@pytest.mark.parametrize("tool", LAYOUTS)
def test_the_draft_is_the_same_in_every_layout(tool, tmp_path, vocabulary):
    if tool in NEEDS:
        pytest.importorskip(NEEDS[tool])
    (tmp_path / "plain").mkdir()
    expected, _ = drafted("plain", tmp_path / "plain", vocabulary)
    found, rows = drafted(tool, tmp_path, vocabulary)
    assert found == expected
    assert all(row.scale is not None for row in rows)


def test_a_sheet_is_chosen_below_its_titles_and_the_others_are_named(tmp_path):
    pytest.importorskip("python_calamine")
    answers = [["id", "Gender"], *[[str(n), "Male" if n % 2 else "Female"] for n in range(1, 20)]]
    path = write_xlsx(
        tmp_path / "book.xlsx", {"Notes": [["Read me"]], "Answers": [["Panel survey 2025"], [], *answers]}
    )
    survey = read_survey([path])
    assert [column.name for column in survey.columns] == ["id", "Gender"]
    assert survey.n_rows == 19
    assert survey.notes == ["The sheet Answers was read. Other sheets: Notes (choose with --sheet)."]
    with pytest.raises(Exception, match="has no sheet 'Answrs'"):
        read_survey([path], "Answrs")


def two_rows_of_names(first_item="Picked up litter"):
    often = ["Often", "Sometimes", "Never"]
    return [
        ["Results of the panel 2025"],
        ["No", "How often have you done this?", "", "Gender"],
        ["", first_item, "Recycled", ""],
        *[[str(-n), often[n % 3], often[n % 2], "Female"] for n in range(1, 20)],
    ]


def test_a_question_in_merged_cells_is_joined_with_the_items_below(tmp_path):
    pytest.importorskip("python_calamine")
    survey = read_survey([write_xlsx(tmp_path / "book.xlsx", {"Data": two_rows_of_names()})])
    assert [column.wording for column in survey.columns] == [
        "",
        "How often have you done this? - Picked up litter",
        "How often have you done this? - Recycled",
        "",
    ]
    assert survey.n_rows == 19
    assert survey.columns[0].cells[0] == "-1"
    assert set(survey.columns[2].cells) == {"Often", "Sometimes"}


def test_a_first_respondent_is_not_taken_for_names(tmp_path):
    pytest.importorskip("python_calamine")
    survey = read_survey([write_xlsx(tmp_path / "book.xlsx", {"Data": two_rows_of_names("Often")})])
    assert survey.n_rows == 20


def test_a_file_is_known_by_its_content_and_not_by_its_ending(tmp_path):
    pytest.importorskip("pyreadstat")
    questions = read_questionnaire(BENCH / "spss_eastmoor.csv")
    (path,) = write_layout("spss", tmp_path, questions, invent_answers(questions, 3))
    survey = read_survey([path.rename(tmp_path / "survey.csv")])
    assert survey.tool == "a file of SPSS"
    safe = survey.column("QS1")
    assert safe.wording.startswith("How safe or unsafe do you feel")
    assert safe.answers == (
        "Very safe",
        "Fairly safe",
        "Neither safe nor unsafe",
        "Fairly unsafe",
        "Very unsafe",
        "Don't know",
    )


def test_stata_and_declared_missing_values(tmp_path, vocabulary):
    pyreadstat = pytest.importorskip("pyreadstat")
    import pandas as pd

    frame = pd.DataFrame({"trust": [1.0, 2.0, 9.0] * 10, "sex": [1.0, 2.0, 1.0] * 10})
    labels = {"trust": {1: "Agree", 2: "Disagree", 9: "Question skipped by router"}, "sex": {1: "Male", 2: "Female"}}
    pyreadstat.write_sav(frame, str(tmp_path / "s.sav"), variable_value_labels=labels, missing_ranges={"trust": [9]})
    assert read_survey([tmp_path / "s.sav"]).column("trust").missing == {"Question skipped by router"}
    pyreadstat.write_dta(frame, str(tmp_path / "s.dta"), variable_value_labels=labels)
    survey = read_survey([tmp_path / "s.dta"])
    assert survey.tool == "a file of Stata"
    assert survey.column("sex").cells[:3] == ["Male", "Female", "Male"]


def test_a_list_of_codes_gives_a_file_of_codes_its_words(tmp_path, vocabulary):
    (tmp_path / "a.csv").write_text("id,q1\n" + "".join(f"{n},{1 + n % 5}\n" for n in range(40)))
    words = ["Very good", "Fairly good", "Neither good nor poor", "Fairly poor", "Very poor"]
    (tmp_path / "c.csv").write_text(
        "variable,code,label\n" + "".join(f"q1,{n},{word}\n" for n, word in enumerate(words, 1))
    )
    survey = read_survey([tmp_path / "c.csv", tmp_path / "a.csv"])
    assert survey.path == "a.csv"
    assert set(survey.column("q1").cells) == set(words)


def test_kobotoolbox_writes_semicolons_between_wordings_with_commas(tmp_path, vocabulary):
    asked = "How often, if at all, do you pick up litter?"
    agreed = "If we act together, we can keep our streets clean"
    rows = ["Every week;Strongly agree;1;u1;1", "Every month;Disagree;2;u2;2", "Never;Agree;3;u3;3"] * 4
    quoted = ['"' + row.replace(";", '";"') + '"' for row in (f"{asked};{agreed};_id;_uuid;_index", *rows)]
    (tmp_path / "export.csv").write_text("\n".join(quoted), encoding="utf-8-sig")
    survey = read_survey([tmp_path / "export.csv"])
    assert survey.tool == "a KoboToolbox export"
    rows = draft_survey(survey, vocabulary).rows
    assert [row.construct for row in rows[:2]] == ["individual_activity", "political_self_efficacy"]


@pytest.mark.parametrize(
    ("lines", "separator"),
    [
        (["a,b;c\n", "1,2;3\n", "1,2\n"], ","),
        (["a, or b;c;d\n", "1;2;3\n"], ";"),
        (["a|b, if any\n", "1|2\n"], "|"),
        (['"a\n', 'b, or c";"d"\n', '"1";"2"\n'], ";"),
        (["a b\n", "1 2\n"], ","),
    ],
)
def test_the_separator_of_unknown_names_divides_all_lines_alike(lines, separator):
    assert find_header(lines, {})[0] == separator


def test_names_in_place_of_answers_are_read_as_their_words(vocabulary):
    column = SurveyColumn("q1", ["very_satisfied", "not_very_satisfied", "don_t_know"] * 5, "How satisfied?")
    scale = words_scale(column, vocabulary)
    assert {answer.label: (answer.kind, answer.score) for answer in scale.answers} == {
        "very_satisfied": ("valid", "2"),
        "not_very_satisfied": ("valid", "1"),
        "don_t_know": ("dont_know", ""),
    }
