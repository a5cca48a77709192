"""The questionnaire leaves for survey tools and for paper, and the answers that come back are drafted as they were."""

import csv
import io
import re

import pandas as pd
import pytest

from building import PROJECT
from coproduction.cli import main
from coproduction.drafting.drafting import draft_survey
from coproduction.drafting.readers.opening import read_survey
from coproduction.drafting.readers.questionnaire_files import questionnaire_in
from coproduction.drafting.readers.unknown_file import UnknownFileError
from coproduction.drafting.recognition.vocabulary import Vocabulary
from coproduction.exchange.coded_survey import Category, CodedSurvey, Variable, coded_survey
from coproduction.exchange.questionnaires import word_form
from coproduction.exchange.questionnaires.asked_questions import version_column
from coproduction.exchange.questionnaires.limesurvey_form import limesurvey_text, question_codes
from coproduction.exchange.questionnaires.qualtrics_and_xlsform import _form_rows, qualtrics_text
from coproduction.exports.project_files import read_codebook

BUNDLED = ["barnet", "bristol", "derbyshire_dales", "swansea", "wolverhampton"]
WITH_VERSIONS = ["barnet", "bristol", "wolverhampton"]

pytest.importorskip("python_calamine")


def seed(name) -> pd.DataFrame:
    return pd.read_csv(PROJECT / "seeds" / "codebook" / f"{name}.csv", dtype=str, keep_default_na=False)


def asked(export_id) -> pd.DataFrame:
    questions, constructs = seed("questions"), seed("constructs")
    recorded = constructs[constructs.role.isin(["design", "weight", "replicate"])].construct_id
    return questions[(questions.export_id == export_id) & ~questions.construct_id.isin(recorded)]


def sentences() -> dict[str, str]:
    return dict(seed("nudge_arms").query("wording != ''")[["arm_id", "wording"]].to_numpy())


def versions(export_id) -> dict[str, str]:
    """Return the arm of each printed version of a survey."""
    questions, answers = seed("questions"), seed("answers")
    (scale,) = questions[(questions.export_id == export_id) & (questions.construct_id == "nudge")].scale_id
    return dict(answers[answers.scale_id == scale][["answer_label", "answer_name"]].to_numpy())


def survey_of(export_id) -> CodedSurvey:
    return coded_survey(read_codebook(PROJECT)[0], export_id, None)


@pytest.fixture(scope="module")
def forms(tmp_path_factory):
    """The questionnaires of all bundled surveys, in a folder each."""
    folder = tmp_path_factory.mktemp("exported")
    for name in BUNDLED:
        assert main(["export", name, "--into", str(folder / name), "--project-dir", str(PROJECT)]) == 0
    return {name: folder / name / "questionnaires" for name in BUNDLED}


@pytest.mark.parametrize("ending", ["limesurvey.txt", "xlsform.xlsx"])
@pytest.mark.parametrize("name", BUNDLED)
def test_the_form_says_of_each_question_what_the_codebook_says(name, ending, forms):
    """The readers of the forms know nothing of how they were written."""
    found = questionnaire_in(forms[name] / f"{name}_{ending}").columns
    questions = asked(name)
    known = {variable.column: variable.name for variable in survey_of(name).variables}
    codes = question_codes(survey_of(name))
    names = [known[column] for column in questions.column_name]
    expected = [codes[variable] for variable in names] if ending == "limesurvey.txt" else names
    columns = {key: value for key, value in found.items() if value.wording in set(questions.question_text)}
    assert list(columns) == expected
    assert [column.wording for column in columns.values()] == list(questions.question_text)
    answers = seed("answers")
    for question, column in zip(questions.itertuples(), columns.values(), strict=True):
        offered = answers.query("scale_id == @question.scale_id and answer_kind not in ('blank', 'not_asked')")
        is_open = seed("scales").query("scale_id == @question.scale_id").kind.item() in ("integer", "decimal")
        n_expected = 0 if is_open else (offered.answer_label != "").sum()
        assert len(column.labels) == n_expected, question.column_name


def test_codes_are_those_of_the_codebook(forms):
    for ending, name in (("limesurvey.txt", "envgroup"), ("xlsform.xlsx", "env_group")):
        columns = questionnaire_in(forms["bristol"] / f"bristol_{ending}").columns
        assert columns[name].labels == {"1": "Often", "2": "Sometimes", "3": "Never", "9": "Don't know"}


def write_answers(path, export_id, names, records):
    """Write what people answered as the tool exports it: codes below the names of the form."""
    survey = survey_of(export_id)
    printed = {variable.column: variable for variable in survey.variables}
    file = pd.read_csv(PROJECT / "seeds" / "exports" / f"{export_id}.csv", dtype=str, keep_default_na=False).head(80)
    columns = dict(records)
    for column in [c for c in file if c in printed and printed[c].name in names]:
        codes = {found.printed.lower(): str(found.code) for found in printed[column].categories}
        columns[names[printed[column].name]] = [codes.get(cell.strip().lower(), cell) for cell in file[column]]
    frame = pd.DataFrame({name: pd.Series(cells) for name, cells in columns.items()})
    frame.to_csv(path, index=False)
    return path


@pytest.mark.parametrize("ending", ["limesurvey.txt", "xlsform.xlsx"])
def test_answers_that_come_back_are_drafted_as_they_were(ending, forms, tmp_path):
    """Somebody imports the questionnaire of Bristol, and drafts the answers with it in a project that has Bristol."""
    survey = survey_of("bristol")
    is_limesurvey = ending == "limesurvey.txt"
    names = question_codes(survey) if is_limesurvey else {v.name: v.name for v in survey.variables}
    names = {name: code for name, code in names.items() if name != "serial"}
    records = {"id": range(1, 81), "submitdate": ["2026-05-01"] * 80, "lastpage": [3] * 80}
    if not is_limesurvey:
        records = {"_id": range(1, 81), "_uuid": [f"u{n}" for n in range(80)], "_submission_time": ["2026-05-01"] * 80}
    answers = write_answers(tmp_path / "answers.csv", "bristol", names, records)
    codebook, _ = read_codebook(PROJECT)
    draft = draft_survey(
        read_survey([answers, forms["bristol"] / f"bristol_{ending}"]), Vocabulary(codebook, project=PROJECT)
    )
    drafted = {row.column: (row.construct, row.theme, row.is_reversed) for row in draft.claimed()}
    assert drafted == {
        names[question["column_name"]]: (
            question["construct_id"],
            question["theme_id"],
            question.is_true("is_reversed"),
        )
        for question in codebook.questions_of("bristol")
    }


@pytest.mark.parametrize("name", WITH_VERSIONS)
def test_each_version_has_its_sentence_in_every_form(name, forms):
    docx = pytest.importorskip("docx")
    folder, arms = forms[name], versions(name)
    expected = {printed: sentences()[arm] for printed, arm in arms.items() if arm in sentences()}
    assert len(expected) == 3
    lime = list(csv.DictReader((folder / f"{name}_limesurvey.txt").open(encoding="utf-8"), delimiter="\t"))
    shown = {re.search('"(.*)"', row["relevance"])[1]: row["text"] for row in lime if row["type/scale"] == "X"}
    assert shown == expected
    (hidden,) = [row for row in lime if row["hidden"]]
    assert all(row["relevance"].startswith(f"{hidden['name']}.NAOK == ") for row in lime if row["type/scale"] == "X")
    qualtrics = (folder / f"{name}_qualtrics.txt").read_text(encoding="utf-8")
    assert re.findall(r"\[\[Question:DB\]\]\n\[\[ID:.*\]\]\n(.*)", qualtrics) == [*expected.values()]
    assert f"[[ED:{version_column(survey_of(name)).name}]]" in qualtrics
    sheet = pd.read_excel(folder / f"{name}_xlsform.xlsx", engine="calamine", dtype=str).fillna("")
    notes = sheet[sheet.type == "note"]
    assert dict(zip(notes.relevant.str.extract("'(.*)'")[0], notes.label, strict=True)) == expected
    documents = {path: docx.Document(str(path)) for path in folder.glob("*.docx")}
    assert len(documents) == len(arms)
    on_paper = {}
    for document in documents.values():
        printed = document.sections[0].footer.paragraphs[0].text.removeprefix("Version: ")
        texts = [paragraph.text for paragraph in document.paragraphs]
        on_paper[printed] = [text for text in texts if text in sentences().values()]
    assert on_paper == {printed: [expected[printed]] if printed in expected else [] for printed in arms}


@pytest.mark.parametrize("name", BUNDLED)
def test_the_paper_has_every_question_with_a_box_for_each_answer(name, forms):
    docx = pytest.importorskip("docx")
    texts = [p.text for p in docx.Document(str(sorted(forms[name].glob("*.docx"))[0])).paragraphs]
    asked_here = [re.sub(r"^\d+\. ", "", text) for text in texts if re.match(r"\d+\. ", text)]
    assert asked_here == list(asked(name).question_text)
    boxes = [text for text in texts if text.startswith("\u2610 ")]
    n_codes = sum(
        len(found.labels) for found in questionnaire_in(forms[name] / f"{name}_xlsform.xlsx").columns.values()
    )
    assert len(boxes) == n_codes


def test_the_questionnaire_for_qualtrics_has_each_question_once_with_its_codes(forms):
    text = (forms["bristol"] / "bristol_qualtrics.txt").read_text(encoding="utf-8")
    assert re.findall(r"\[\[Question:[MT].*\n\[\[ID:(.*)\]\]", text) == list(asked("bristol").column_name)
    labels = {1: "Often", 2: "Sometimes", 3: "Never", 9: "Don't know"}
    first = text.split("[[Question:MC")[1]
    choices = "".join(f"[[Choice:{code}]]\n{label}\n" for code, label in labels.items())
    assert first.endswith(f"[[AdvancedChoices]]\n{choices}\n")


def test_a_survey_of_one_version_has_one_document_and_no_condition(forms):
    pytest.importorskip("docx")
    assert [path.name for path in forms["swansea"].glob("*.docx")] == ["swansea.docx"]
    assert "[[ED:" not in (forms["swansea"] / "swansea_qualtrics.txt").read_text(encoding="utf-8")


def made_survey(*variables) -> CodedSurvey:
    return CodedSurvey("a", "A", "A", "", "wave_1", "", "citizen", "real", "", 0, [*variables], {})


def routed():
    answers = [Category(1, "Yes", "Yes", "valid"), Category(2, "No", "No", "valid")]
    gate = Variable("Q1", "Q1", "Do you?", "single", categories=answers)
    then = Variable("Q2", "Q2", "How many?", "quantity", asked_column="Q1", asked_answers="yes", minimum=0, maximum=9.5)
    rest = Variable("Q3", "Q3", "Why?", "character", asked_column="Q1", asked_answers="*")
    return gate, then, rest


def test_routing_and_ranges_are_in_the_form():
    rows = [*_form_rows(routed())]
    assert rows == [
        ("select_one Q1", "Q1", "Do you?", "", ""),
        ("decimal", "Q2", "How many?", "${Q1} = '1'", ". >= 0 and . <= 9.5"),
        ("text", "Q3", "Why?", "${Q1} != ''", ""),
    ]
    lime = csv.DictReader(io.StringIO(limesurvey_text(made_survey(*routed()))), delimiter="\t")
    rows = {row["name"]: row for row in lime if row["class"] == "Q"}
    assert [row["relevance"] for row in rows.values()] == ["1", 'Q1.NAOK == "1"', "!is_empty(Q1.NAOK)"]
    assert (rows["Q2"]["type/scale"], rows["Q2"]["min_num_value_n"], rows["Q2"]["max_num_value_n"]) == ("N", "0", "9.5")


def test_routing_is_on_paper():
    docx = pytest.importorskip("docx")
    ((_, content),) = word_form.word_forms(made_survey(*routed()))
    texts = [paragraph.text for paragraph in docx.Document(io.BytesIO(content)).paragraphs]
    assert '2. How many? (if you answered "Yes" to question 1)' in texts
    assert "3. Why? (if you answered anything to question 1)" in texts


def test_codes_of_questions_are_such_as_limesurvey_accepts():
    names = ["env_group", "envgroup", "a_very_long_name_of_a_question", "a_very_long_name_of_another"]
    codes = question_codes(made_survey(*(Variable(name, name, "", "character") for name in names)))
    assert list(codes.values()) == ["envgroup", "envgroupn2", "averylongnameofaq", "averylongnameofan"]
    assert all(re.fullmatch("[A-Za-z][A-Za-z0-9]{0,19}", code) for code in codes.values())


def test_nothing_in_a_wording_is_a_mark_of_the_tool():
    survey = made_survey(Variable("Q1", "Q1", "[[Block:x]] {TOKEN:EMAIL}\tand\nso on?", "character"))
    assert "[[Block:x" not in qualtrics_text(survey)
    (row,) = [r for r in csv.DictReader(io.StringIO(limesurvey_text(survey)), delimiter="\t") if r["class"] == "Q"]
    assert row["text"] == "[[Block:x]] { TOKEN:EMAIL} and so on?"


def test_a_structure_of_limesurvey_with_grids_boxes_and_languages_is_read(tmp_path):
    """Rows as LimeSurvey exports them: with ids, parts of questions, and a second language below the first."""
    rows = [
        ["id", "related_id", "class", "type/scale", "name", "relevance", "text", "language"],
        ["", "", "S", "", "language", "", "en", ""],
        ["1", "", "G", "", "First", "1", "", "en"],
        ["2", "", "Q", "F", "grid", "1", "<p>How often?</p>", "en"],
        ["3", "", "SQ", "0", "SQ001", "", "Litter", "en"],
        ["2", "", "A", "0", "A1", "", "Often", "en"],
        ["2", "", "A", "0", "A2", "", "Never", "en"],
        ["4", "", "Q", "M", "stops", "1", "What stops you?", "en"],
        ["5", "", "SQ", "0", "SQ001", "", "No time", "en"],
        ["6", "", "Q", "Y", "yes", "1", "Do you?", "en"],
        ["1", "", "G", "", "Erste", "1", "", "de"],
        ["2", "", "Q", "F", "grid", "1", "Wie oft?", "de"],
    ]
    path = tmp_path / "survey.txt"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter="\t").writerows(rows)
    columns = questionnaire_in(path).columns
    assert list(columns) == ["grid[SQ001]", "stops[SQ001]", "yes"]
    assert columns["grid[SQ001]"].wording == "How often? - Litter"
    assert columns["grid[SQ001]"].labels == {"A1": "Often", "A2": "Never"}
    assert (columns["stops[SQ001]"].box, columns["yes"].labels["N"]) == ("No time", "No")
    path.write_text("class\ttype/scale\tname\trelevance\ttext\nS\t\tlanguage\t\ten\n")
    with pytest.raises(UnknownFileError, match="without a question"):
        questionnaire_in(path)


def test_without_the_package_the_other_forms_are_written(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("coproduction.cli.around_surveys.export_command.can_write_word", lambda: False)
    assert main(["export", "bristol", "--into", str(tmp_path / "e"), "--project-dir", str(PROJECT)]) == 0
    assert "No Word documents: they need the packages of the extra `office`" in capsys.readouterr().out
    assert not [*(tmp_path / "e").rglob("*.docx")]
    assert (tmp_path / "e" / "questionnaires" / "bristol_limesurvey.txt").is_file()
