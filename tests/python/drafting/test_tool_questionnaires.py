"""Questionnaires of survey tools give codes their words; what no reader understands gets the way out in a sentence."""

import csv
import json
from pathlib import Path

import duckdb
import pytest

from coproduction.drafting.drafting import draft_survey
from coproduction.drafting.readers.opening import read_survey
from coproduction.drafting.readers.unknown_file import UnknownFileError
from coproduction.drafting.recognition.confidence import DOUBTFUL
from coproduction.drafting.recognition.vocabulary import Vocabulary
from workbench.bench.layouts import write_xlsx

LITTER = "In the last 12 months, how often have you picked up litter?"
JOINED = "How often do you join with others in a local group to improve the environment?"
BOXES = "What stops you from taking part?"
OFTEN = {"1": "Often", "2": "Sometimes", "3": "Never", "9": "Don't know"}
STOPS = {"1": "No time", "2": "Nobody asked me"}
GENDERS = {"1": "Female", "2": "Male"}


def answers(folder: Path, names, yes="1", no="") -> Path:
    """Write 40 people's codes: two questions of frequency, two boxes, a gender; ``names`` are their columns."""
    rows = [
        [
            n,
            str(n % 3 + 1),
            "9" if n % 8 == 0 else str(n % 2 + 1),
            yes if n % 3 else no,
            yes if n % 4 else no,
            str(n % 2 + 1),
        ]
        for n in range(40)
    ]
    path = folder / "answers.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["Ref", *names], *rows])
    return path


def lss(folder, *, is_old):
    """Return an .lss file: the old form has the texts in the tables of questions, the new form apart by language."""

    def table(name, rows):
        body = "".join(
            "<row>" + "".join(f"<{key}><![CDATA[{value}]]></{key}>" for key, value in row.items()) + "</row>"
            for row in rows
        )
        return f"<{name}><rows>{body}</rows></{name}>"

    questions = [
        ("1", "Q1", "L", LITTER),
        ("2", "Q2", "L", JOINED),
        ("3", "Q3", "M", BOXES),
        ("4", "Q4", "L", "Gender"),
    ]
    items = [("11", "3", "SQ001", "No time"), ("12", "3", "SQ002", "Nobody asked me")]
    options = [(qid, code, label) for qid in "12" for code, label in OFTEN.items()]
    options += [("4", code, label) for code, label in GENDERS.items()]
    german = {"language": "de", "question": "Wie oft?", "answer": "Oft"}
    texts = [{"qid": qid, "question": f"<p>{text}</p>", "language": "en"} for qid, _, _, text in questions]
    texts += [{"qid": qid, "question": text, "language": "en"} for qid, _, _, text in items]
    texts = [*texts, {"qid": "1"} | german]
    said = {row["qid"]: row["question"] for row in texts if row["language"] == "en"}

    def worded(row):
        return row | {"question": said[row["qid"]], "language": "en"} if is_old else row

    of_questions = [{"qid": qid, "parent_qid": "0", "type": kind, "title": name} for qid, name, kind, _ in questions]
    of_items = [{"qid": qid, "parent_qid": parent, "title": name} for qid, parent, name, _ in items]
    of_answers = [
        {"qid": qid, "code": code} | ({"answer": label, "language": "en"} if is_old else {"aid": str(n)})
        for n, (qid, code, label) in enumerate(options)
    ]
    tables = [
        table("surveys", [{"sid": "9", "language": "en"}]),
        table("questions", map(worded, of_questions)),
        table("subquestions", map(worded, of_items)),
        table("answers", of_answers),
    ]
    if not is_old:
        apart = [{"aid": str(n), "answer": label, "language": "en"} for n, (_, _, label) in enumerate(options)]
        tables += [table("question_l10ns", texts), table("answer_l10ns", [*apart, {"aid": "0"} | german])]
    path = folder / "survey.lss"
    path.write_text(f"<document><LimeSurveyDocType>Survey</LimeSurveyDocType>{''.join(tables)}</document>")
    return answers(folder, ["Q1", "Q2", "Q3[SQ001]", "Q3[SQ002]", "Q4"], "Y"), path


def lss_old(folder):
    return lss(folder, is_old=True)


def lss_new(folder):
    return lss(folder, is_old=False)


def qsf(folder):
    def question(tag, text, kind, selector, choices, **more):
        listed = {code: {"Display": label} for code, label in choices.items()}
        return {
            "Element": "SQ",
            "Payload": {
                "DataExportTag": tag,
                "QuestionText": f"<b>{text}</b>",
                "QuestionType": kind,
                "Selector": selector,
                "Choices": listed,
            }
            | more,
        }

    shifted = {str(n): label for n, label in enumerate(OFTEN.values(), start=4)}
    recoded = dict(zip(shifted, OFTEN, strict=True))
    elements = [
        {"Element": "BL", "Payload": []},
        question("Q1", LITTER, "MC", "SAVR", shifted, RecodeValues=recoded),
        question("Q2", JOINED, "MC", "SAVR", OFTEN),
        question("Q3", BOXES, "MC", "MAVR", STOPS),
        question("Q4", "Gender", "MC", "SAVR", GENDERS),
    ]
    path = folder / "survey.qsf"
    path.write_text(json.dumps({"SurveyEntry": {"SurveyName": "Panel"}, "SurveyElements": elements}))
    return answers(folder, ["Q1", "Q2", "Q3_1", "Q3_2", "Q4"]), path


def redcap(folder):
    def listed(codes):
        return " | ".join(f"{code}, {label}" for code, label in codes.items())

    header = [
        "Variable / Field Name",
        "Form Name",
        "Section Header",
        "Field Type",
        "Field Label",
        "Choices, Calculations, OR Slider Labels",
    ]
    rows = [
        ["record", "f", "", "text", "Record", ""],
        ["litter", "f", "", "radio", LITTER, listed(OFTEN)],
        ["joined", "f", "", "dropdown", JOINED, listed(OFTEN)],
        ["stops", "f", "", "checkbox", BOXES, listed(STOPS)],
        ["gender", "f", "", "radio", "Gender", listed(GENDERS)],
    ]
    path = folder / "dictionary.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return answers(folder, ["litter", "joined", "stops___1", "stops___2", "gender"], "1", "0"), path


def xlsform(folder):
    pytest.importorskip("python_calamine")
    survey = [
        ["type", "name", "label::Cymraeg (cy)", "label::English (en)"],
        ["begin_group", "env", "", ""],
        ["select_one often", "litter", "Pa mor aml?", LITTER],
        ["select_one often", "joined", "", JOINED],
        ["select_multiple stops", "stops", "", BOXES],
        ["end_group", "", "", ""],
        ["select_one gender", "gender", "", "Gender"],
    ]
    lists = {"often": OFTEN, "stops": STOPS, "gender": GENDERS}
    choices = [
        ["list_name", "name", "label::English (en)"],
        *([name, code, label] for name, codes in lists.items() for code, label in codes.items()),
    ]
    path = write_xlsx(
        folder / "form.xlsx", {"survey": survey, "choices": choices, "settings": [["form_title"], ["Panel"]]}
    )
    return answers(folder, ["env/litter", "env/joined", "env/stops/1", "env/stops/2", "gender"], "1", "0"), path


ALL = [lss_old, lss_new, qsf, redcap, xlsform]


@pytest.mark.parametrize("make", ALL, ids=lambda make: make.__name__)
def test_codes_get_the_words_and_columns_the_wordings_of_the_questionnaire(make, tmp_path):
    survey = read_survey([*make(tmp_path)])
    _, litter, joined, no_time, nobody, gender = survey.columns
    assert (litter.wording, joined.wording) == (LITTER, JOINED)
    assert litter.cells[:3] == ["Often", "Sometimes", "Never"]
    assert joined.cells[0] == "Don't know"
    assert litter.answers == tuple(OFTEN.values())
    assert (no_time.box, nobody.box) == ("No time", "Nobody asked me")
    assert no_time.wording == f"{BOXES} - No time" and no_time.group == nobody.group != ""
    assert gender.cells[:2] == ["Female", "Male"]
    assert "5 columns have their wordings from" in survey.notes[-1]


@pytest.mark.parametrize("make", ALL, ids=lambda make: make.__name__)
def test_a_draft_of_codes_is_no_longer_doubtful(make, tmp_path, codebook):
    files = make(tmp_path)
    vocabulary = Vocabulary(codebook)
    (without, _), (explained, _) = (
        ({row.column: row for row in draft_survey(read_survey(found), vocabulary).rows}, None)
        for found in (files[:1], files)
    )
    litter, joined = list(explained)[1:3]
    assert without[litter].confidence == DOUBTFUL or not without[litter].construct
    assert (explained[litter].construct, explained[joined].construct) == ("individual_activity", "group_participation")
    assert explained[joined].theme == "environment"
    assert DOUBTFUL not in {explained[litter].confidence, explained[joined].confidence}


def test_a_column_of_words_keeps_them(tmp_path):
    path, questionnaire = redcap(tmp_path)
    text = path.read_text().splitlines()
    path.write_text("\n".join([text[0], *(f"{n},{list(OFTEN.values())[n % 3]},1,1,0,1" for n in range(20))]))
    litter = read_survey([path, questionnaire]).columns[1]
    assert litter.cells[:3] == ["Often", "Sometimes", "Never"]
    assert litter.answers == tuple(OFTEN.values())


def test_codes_that_the_questionnaire_does_not_list_leave_the_column_as_it_is(tmp_path):
    path, questionnaire = redcap(tmp_path)
    path.write_text(path.read_text() + "99,7,1,1,0,1\n")
    litter = read_survey([path, questionnaire]).columns[1]
    assert litter.cells[0] == "1" and litter.answers == ()
    assert litter.wording == LITTER


@pytest.mark.parametrize("make", ALL, ids=lambda make: make.__name__)
def test_a_questionnaire_alone_or_of_another_survey_is_named(make, tmp_path):
    path, questionnaire = make(tmp_path)
    with pytest.raises(UnknownFileError, match="has the questions and nobody's answers"):
        read_survey([questionnaire])
    path.write_text("Ref,A,B,C\n1,2,3,4\n2,3,4,5\n")
    with pytest.raises(UnknownFileError, match="is of another survey"):
        read_survey([path, questionnaire])


@pytest.mark.parametrize(
    ("name", "content"), [("a.lss", "<document><LimeSurveyDocType>Survey"), ("a.qsf", '{"SurveyEntry": {')]
)
def test_a_damaged_questionnaire_is_named(name, content, tmp_path):
    (tmp_path / name).write_text(content)
    with pytest.raises(UnknownFileError, match=r"is no whole \.\w+ file .* Export the survey again"):
        read_survey([answers(tmp_path, list("ABCDE")), tmp_path / name])


def test_a_questionnaire_that_defines_entities_is_refused(tmp_path):
    path, questionnaire = lss_new(tmp_path)
    questionnaire.write_text('<!DOCTYPE d [<!ENTITY a "b">]>' + questionnaire.read_text())
    with pytest.raises(UnknownFileError, match="defines XML entities"):
        read_survey([path, questionnaire])


def test_parquet_is_read_as_a_tool_would_print_it(tmp_path):
    path = tmp_path / "panel.bin"
    query = "select 'P' || i as Ref, i % 3 + 1.0 as Q1, date '2025-03-01' as day, null::text as note from range(5) t(i)"
    duckdb.sql(query).write_parquet(str(path))
    survey = read_survey([path])
    assert survey.tool == "a table in a Parquet file"
    assert [column.cells[:3] for column in survey.columns] == [
        ["P0", "P1", "P2"],
        ["1", "2", "3"],
        ["2025-03-01"] * 3,
        [""] * 3,
    ]
    path.write_bytes(path.read_bytes()[:60])
    with pytest.raises(UnknownFileError, match=r"cannot be read as Parquet .* Write it again, or as CSV"):
        read_survey([path])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'{"answers": [1]}', "is JSON"),
        (b"\n<html><table>", "is a web page, whatever its name says"),
        (b"\x1f\x8b\x08\x00", "haven::write_sav in R"),
        (b"\0" * 12 + b"\xc2\xea\x81\x60" + b"\0" * 90, "a file of SAS. Export it as CSV or .sav"),
    ],
)
def test_what_no_reader_understands_gets_the_way_out(content, said, tmp_path):
    (tmp_path / "panel.csv").write_bytes(content)
    with pytest.raises(UnknownFileError) as refused:
        read_survey([tmp_path / "panel.csv"])
    assert said in str(refused.value)
