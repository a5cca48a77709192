"""What the codebook says about the shape of a file is checked against itself and against the file."""

import csv
import io

import pytest

from coproduction.exports.checking import Recognised, check_project
from coproduction.exports.leaving_out import check_exports
from coproduction.exports.repairing import repair_project

EXPORT = "seeds/exports/riverside.csv"
SCALES, ANSWERS, QUESTIONS, EXPORTS, FILTERS = (
    f"seeds/codebook/{name}.csv" for name in ("scales", "answers", "questions", "exports", "row_filters")
)
TICK_BOX = [
    "tick_box,1,valid,1,true,,Ticked",
    "tick_box,Ticked,valid,1,true,,Ticked",
    "tick_box,,valid,0,false,,Not ticked",
]


def set_cells(project, file, key, **cells):
    """Fill in cells of the row that begins with a key; columns that the file lacks are added."""
    header, *rows = csv.reader(io.StringIO((project.directory / file).read_text(), newline=""))
    for name in cells:
        if name not in header:
            header.append(name)
            for row in rows:
                row.append("")
    for row in rows:
        if ",".join(row).startswith(key):
            for name, cell in cells.items():
                row[header.index(name)] = cell
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([header, *rows])
    project.write(file, text.getvalue())


@pytest.mark.parametrize(
    ("key", "cells", "column", "words"),
    [
        ("riverside,Q1", {"asked_when_column": "Q2"}, "asked_when_answers", "needs a column and its answers"),
        ("riverside,Q1", {"asked_when_answers": "Yes"}, "asked_when_column", "needs a column and its answers"),
        ("riverside,Q1", {"asked_when_column": "Q1", "asked_when_answers": "*"}, "asked_when_column", "cannot depend"),
        ("riverside,Q1", {"separator": ";"}, "separator", "this row claims the whole cell"),
        ("riverside,Q3", {"number_format": "comma "}, "number_format", "spaces around"),
        ("riverside,Q3", {"number_format": "german"}, "number_format", "unknown number_format"),
    ],
)
def test_a_question_that_contradicts_itself_is_refused(project, key, cells, column, words):
    set_cells(project, QUESTIONS, key, **cells)
    error = project.only_error()
    assert (error.file, error.column) == (QUESTIONS, column)
    assert words in error.problem


def test_a_column_is_claimed_whole_or_by_its_options(project):
    by_options(project, ["Sing"], "Sing")
    project.append(QUESTIONS, "riverside,Q1,individual_activity,health,all,frequency,false,true,,,")
    assert "claims another part of the same column" in project.only_error().problem


def test_a_lonely_tick_box_needs_somebody_who_saw_it(project):
    project.append(SCALES, "tick_box,Tick box,ordinal,0,1")
    for row in TICK_BOX:
        project.append(ANSWERS, row)
    project.replace(QUESTIONS, "individual_activity,health,all,frequency", "individual_activity,health,all,tick_box")
    error = project.only_error()
    assert error.column == "asked_when_column"
    assert "nothing says who saw the question" in error.problem
    set_cells(project, QUESTIONS, "riverside,Q1", asked_when_column="id", asked_when_answers="*")
    project.write(EXPORT, "id,Q1,Q2,Q3,Q4\nR1,1,,,\nR2,,,,\n")
    assert project.errors() == []


def test_the_label_for_anything_else_is_for_scales_without_an_order(project):
    project.append(ANSWERS, "frequency,*,valid,,false,false,Otherwise")
    assert "has an order" in project.only_error().problem


# --- Files of several exports ---


def two_waves(project, first="2019", second="2020"):
    """One file of two waves, told apart by the column year."""
    project.write(
        EXPORTS,
        "export_id,council_id,wave_id,respondent_role,respondent_column,provenance,fieldwork_year,notes,file,"
        "questionnaire_id\n"
        "riverside,riverside,wave_1,citizen,id,synthetic,,,pooled,riverside\n"
        "second,riverside,wave_2,citizen,id,synthetic,,,pooled,riverside\n",
    )
    project.write(FILTERS, f"export_id,column_name,answer_label\nriverside,year,{first}\nsecond,year,{second}\n")
    project.replace("dbt_project.yml", "    - riverside\n", "    - pooled\n")
    (project.directory / EXPORT).unlink()
    project.write(
        "seeds/exports/pooled.csv",
        "id,year,Q1,Q2,Q3,Q4\nR1,2019,Often,Good,34,A\nR1,2020,Never,Good,35,A\nR2,2021,Often,Good,40,A\n",
    )


def test_rows_of_no_export_are_counted(project):
    two_waves(project)
    note = project.only_note()
    assert (note.file, note.line) == ("seeds/exports/pooled.csv", 4)
    assert note.problem == '1 row is in no export, because of the filter, the first in this line: year "2021" (1)'


def test_a_row_of_two_exports_is_refused(project):
    two_waves(project, second="2019")
    error = project.only_error()
    assert error.line == 2
    assert "1 row is in the exports riverside and second" in error.problem


def test_exports_of_one_file_need_a_filter(project):
    two_waves(project)
    project.write(FILTERS, "export_id,column_name,answer_label\nriverside,year,2019\n")
    assert "would take all of its rows" in project.only_error().problem


def test_a_filter_by_a_column_that_the_file_lacks_is_refused(project):
    two_waves(project)
    project.append(FILTERS, "second,status,Complete")
    assert '"status"' in str(project.only_error())


def test_an_answer_is_judged_in_the_rows_of_its_export(project):
    two_waves(project)
    project.replace("seeds/exports/pooled.csv", "R2,2021,Often", "R2,2021,Whatever")
    assert project.errors() == []
    project.replace("seeds/exports/pooled.csv", "R1,2020,Never", "R1,2020,Whatever")
    assert project.only_error().line == 3


# --- Header rows ---


def test_declared_header_rows_are_no_answers(project):
    project.write(EXPORT, "id,Q1,Q2,Q3,Q4\n,How often?,How good?,Age?,\nR1,Often,Good,34,A\n")
    assert project.errors()
    set_cells(project, EXPORTS, "riverside", header_rows="1")
    assert project.errors() == []


@pytest.mark.parametrize("text", ["two", "-1", "1.5"])
def test_header_rows_are_a_number(project, text):
    set_cells(project, EXPORTS, "riverside", header_rows=text)
    assert project.only_error().column == "header_rows"


# --- Numbers ---


def ages(project, *cells):
    rows = "".join(f'{place},Often,Good,"{cell}",A\n' for place, cell in enumerate(cells))
    project.write(EXPORT, "id,Q1,Q2,Q3,Q4\n" + rows)


def test_a_number_that_could_mean_two_is_refused_until_its_format_is_stated(project):
    project.replace(SCALES, "integer,16,110", "decimal,0,100000")
    ages(project, "1,234")
    error = project.only_error()
    assert error.column == "Q3"
    assert '"1,234" could mean 1.234 or 1234' in error.problem
    set_cells(project, QUESTIONS, "riverside,Q3", number_format="comma")
    assert project.errors() == []


def test_two_marks_before_decimals_in_one_column_are_refused_until_the_format_is_stated(project):
    project.replace(SCALES, "integer,16,110", "decimal,0,110")
    ages(project, "1e-05", "0,85", "1.2")
    assert "a decimal comma and with a decimal point" in project.only_error().problem
    set_cells(project, QUESTIONS, "riverside,Q3", number_format="point")
    assert project.errors() == []


def test_a_recognised_format_is_said_once(project):
    project.replace(SCALES, "integer,16,110", "decimal,0,110")
    ages(project, "30,5", "40,25", "50")
    note = next(note for note in project.notes() if "format" in note.problem)
    assert 'in the format comma, such as "30,5" as 30.5' in note.problem


# --- Routing and arms ---


def test_answers_to_questions_that_were_not_put_are_noted(project):
    set_cells(project, QUESTIONS, "riverside,Q1", asked_when_column="Q2", asked_when_answers="Good")
    project.write(EXPORT, "id,Q1,Q2,Q3,Q4\nR1,Often,Good,34,A\nR2,Never,Poor,35,A\nR3,,Poor,36,A\n")
    note = project.only_note()
    assert note.line == 3
    assert note.problem.startswith(
        '1 answer is from respondents to whom the question was not put ("Q2" is not Good), and counts as not asked'
    )


def test_people_who_ticked_nothing_are_counted(project):
    project.append(SCALES, "tick_box,Tick box,ordinal,0,1")
    for row in TICK_BOX:
        project.append(ANSWERS, row)
    project.replace(QUESTIONS, "individual_activity,health,all,frequency", "individual_activity,health,all,tick_box")
    project.append(QUESTIONS, "riverside,Q5,individual_activity,health,all,tick_box,false,true,")
    project.write(EXPORT, "id,Q1,Q2,Q3,Q4,Q5\nR1,1,Good,34,A,\nR2,,Good,35,A,\n")
    assert '1 respondent has ticked nothing of "Q1", "Q5"' in project.only_note().problem


def test_a_row_in_two_arms_is_refused(project):
    project.append(QUESTIONS, "riverside,Q5,nudge,,,versions,false,true,")
    project.write(EXPORT, "id,Q1,Q2,Q3,Q4,Q5\nR1,Often,Good,34,A,None\n")
    assert '1 row is in several arms by the columns "Q4", "Q5"' in project.only_error().problem


def test_words_of_the_codebook_that_no_cell_has_are_noted(project):
    set_cells(project, QUESTIONS, "riverside,Q1", asked_when_column="Q2", asked_when_answers="Goood")
    notes = [note.problem for note in project.notes() if note.column == "Q2"]
    assert notes == [
        'no cell of the column has "goood", which asked_when_answers in seeds/codebook/questions.csv names; did '
        'you mean "good"?'
    ]


def test_a_filter_that_takes_no_row_is_noted(project):
    two_waves(project, second="2031")
    assert any(
        'no row of the file belongs to second, because of its filter: "year" 2031' in note.problem
        for note in project.notes()
    )


# --- Found by a tester who tried to break it ---


def by_options(project, cells, *options):
    """Claim Q1 by options with semicolons between them."""
    project.append(SCALES, "tick_box,Tick box,ordinal,0,1")
    for row in TICK_BOX:
        project.append(ANSWERS, row)
    key = "riverside,Q1,individual_activity,health,all,frequency,false,true,"
    project.replace(QUESTIONS, key + "\n", "")
    for option in options:
        project.append(QUESTIONS, f"riverside,Q1,individual_activity,health,all,tick_box,false,true,{option}")
    for option in options:
        claim = f"riverside,Q1,individual_activity,health,all,tick_box,false,true,{option}"
        set_cells(project, QUESTIONS, claim, question_text="", option=option, separator=";")
    rows = "".join(f"R{place},{cell},Good,34,A\n" for place, cell in enumerate(cells))
    project.write(EXPORT, "id,Q1,Q2,Q3,Q4\n" + rows)


def test_a_code_of_an_option_without_a_row_is_no_tick_of_another(project):
    by_options(project, ["1", "2", "3"], "2", "3")
    error = project.only_error()
    assert (error.line, error.value) == (2, "1")


def test_an_option_that_contains_the_separator_is_refused(project):
    by_options(project, ["Paint; draw", "Sing"], "Paint; draw", "*")
    error = project.only_error()
    assert (error.file, error.column) == (QUESTIONS, "option")
    assert "contains the separator" in error.problem


@pytest.mark.parametrize("text", ["١", "99999999999"])
def test_header_rows_are_a_number_that_the_warehouse_reads(project, text):
    set_cells(project, EXPORTS, "riverside", header_rows=text)
    assert project.only_error().column == "header_rows"


def test_a_file_has_no_name_that_dbt_knows(project):
    two_waves(project)
    project.write(EXPORTS, (project.directory / EXPORTS).read_text().replace(",pooled,", ",answers,"))
    project.replace("dbt_project.yml", "    - pooled\n", "    - answers\n")
    (project.directory / "seeds/exports/pooled.csv").rename(project.directory / "seeds/exports/answers.csv")
    errors = project.errors()
    assert {(error.line, error.column, error.value) for error in errors} == {
        (2, "file", "answers"),
        (3, "file", "answers"),
    }


def test_an_export_left_out_by_name_does_not_stop_the_others_of_its_file(project):
    two_waves(project)
    project.replace("seeds/exports/pooled.csv", "R1,2020,Never", "R1,2020,Whatever")
    assert check_exports(project.directory).errors
    assert check_exports(project.directory, {"leave_out_exports": ["second"]}).errors == []


def formats(project):
    recognised = Recognised()
    assert [
        finding for finding in check_project(project.directory, recognised=recognised) if finding.severity == "error"
    ] == []
    return recognised.number_formats["riverside"]


def test_codes_with_a_point_are_codes_beside_answers_in_peoples_own_words(project):
    project.append(ANSWERS, "versions,1,valid,,,,a")
    project.append(ANSWERS, "versions,*,not_asked,,,,")
    project.write(EXPORT, "id,Q1,Q2,Q3,Q4\nR1,Often,Good,34,1.0\nR2,Never,Good,35,something\n")
    assert formats(project) == {"Q4": "point"}


def test_a_code_for_missing_is_recognised_beside_a_tolerated_label(project):
    project.append(ANSWERS, "age_years,99,refused,,,,Refused")
    project.append("seeds/codebook/tolerated_answers.csv", "riverside,Q3,unsure,0.5,why,2024-01-01")
    ages(project, "34.0", "99.0", "unsure")
    assert formats(project) == {"Q3": "point"}


def test_a_condition_on_several_answers_in_a_cell_is_refused(project):
    by_options(project, ["Sing;Run", "Run"], "Sing", "Run")
    set_cells(project, QUESTIONS, "riverside,Q2", asked_when_column="Q1", asked_when_answers="Sing")
    error = project.only_error()
    assert (error.file, error.column) == (QUESTIONS, "asked_when_answers")
    assert "several answers in a cell" in error.problem
    set_cells(project, QUESTIONS, "riverside,Q2", asked_when_answers="*")
    assert project.errors() == []


def test_none_of_these_is_an_option_that_does_not_count(project):
    by_options(project, ["Sing", "None of these"], "Sing", "None of these")
    project.append(SCALES, "none_of_these,None of these,ordinal,0,1")
    project.append(ANSWERS, "none_of_these,Ticked,valid,0,false,,None of these")
    project.append(ANSWERS, "none_of_these,,valid,0,false,,Something")
    claim = "riverside,Q1,individual_activity,health,all,tick_box,false,true,,None of these"
    set_cells(project, QUESTIONS, claim, scale_id="none_of_these")
    assert project.errors() == []


def test_a_scale_that_takes_every_answer_has_none_to_tolerate(project):
    project.append(ANSWERS, "versions,*,not_asked,,,,")
    project.append("seeds/codebook/tolerated_answers.csv", "riverside,Q4,Z,0.5,why,2024-01-01")
    assert "takes every answer" in project.only_error().problem


def test_an_arm_by_the_label_for_anything_else_is_an_arm(project):
    project.append(SCALES, "letters,Letter,nominal,,")
    project.append(ANSWERS, "letters,*,valid,,,,a")
    project.append(QUESTIONS, "riverside,Q5,nudge,,,letters,false,true,")
    project.write(EXPORT, "id,Q1,Q2,Q3,Q4,Q5\nR1,Often,Good,34,None,a letter\n")
    assert "in several arms" in project.only_error().problem


def test_the_scale_of_an_option_lists_what_its_cells_are(project):
    by_options(project, ["Sing"], "Sing")
    project.replace(ANSWERS, "tick_box,Ticked,valid,1,true,,Ticked\n", "")
    error = project.only_error()
    assert (error.file, error.column) == (QUESTIONS, "scale_id")
    assert "does not list Ticked" in error.problem


def test_a_row_needs_an_allowed_answer_in_every_filtered_column(project):
    two_waves(project)
    project.append(FILTERS, "second,Q1,Often")
    noted = [note.problem for note in project.notes() if "in no export" in note.problem]
    assert len(noted) == 1
    assert noted[0].startswith("2 rows are in no export")


def test_a_file_is_left_out_only_with_all_its_exports(project):
    two_waves(project)
    assert check_exports(project.directory, {"leave_out_exports": ["second"]}).files_left_out == []
    both = check_exports(project.directory, {"leave_out_exports": ["riverside", "second"]})
    assert both.files_left_out == ["pooled"]


def test_invisible_characters_in_an_option_are_taken_out_by_repair(project):
    by_options(project, ["Sing\u200b;Run", "Dance"], "Sing", "Run", "*")
    error = project.only_error()
    assert (error.line, error.column) == (2, "Q1")
    assert "coproduction repair" in error.remedy
    assert repair_project(project.directory)
    assert project.errors() == []
    assert "R0,Sing;Run," in (project.directory / EXPORT).read_text()


def test_an_option_in_letters_of_another_alphabet_is_no_answer_in_peoples_own_words(project):
    by_options(project, ["S\u0456ng;Run"], "Sing", "Run", "*")
    assert "only looks like" in project.only_error().problem


def test_an_unknown_answer_beside_all_options_is_refused(project):
    by_options(project, ["Sing;Run;Whistle", "Sing"], "Sing", "Run")
    error = project.only_error()
    assert (error.line, error.value) == (2, "whistle")


def test_odd_cells_count_only_in_the_rows_of_the_export(project):
    set_cells(project, EXPORTS, "riverside", header_rows="1")
    project.write(EXPORT, "id,Q1,Q2,Q3,Q4\n,=How often?,How good?,Age?,\nR1,Often,Good,34,A\n")
    assert project.errors() == []
    project.write(EXPORT, "id,Q1,Q2,Q3,Q4\nheader,Often,Good,34,A\nR1,=1+1,Good,34,A\n")
    assert "spreadsheet" in project.only_error().problem
    two_waves_text = "id,year,Q1,Q2,Q3,Q4\nR1,2019,Often,Good,34,A\nR2,2021,=1+1,Good,40,A\nR3,2020,Often,Good,40,A\n"
    set_cells(project, EXPORTS, "riverside", header_rows="")
    project.write(EXPORT, "id,Q1,Q2,Q3,Q4\nR1,Often,Good,34,A\n")
    two_waves(project)
    project.write("seeds/exports/pooled.csv", two_waves_text)
    assert project.errors() == []


def test_conditions_that_go_in_a_circle_are_refused(project):
    set_cells(project, QUESTIONS, "riverside,Q1", asked_when_column="Q2", asked_when_answers="*")
    set_cells(project, QUESTIONS, "riverside,Q2", asked_when_column="Q3", asked_when_answers="*")
    assert project.errors() == []
    set_cells(project, QUESTIONS, "riverside,Q3", asked_when_column="Q1", asked_when_answers="*")
    assert {error.column for error in project.errors()} == {"asked_when_column"}
    assert "depends in a circle" in project.errors()[0].problem


def test_a_cell_that_may_be_blank_is_noted_where_any_answer_counts(project):
    set_cells(project, QUESTIONS, "riverside,Q1", asked_when_column="Q9", asked_when_answers="*")
    project.write(EXPORT, "id,Q1,Q2,Q3,Q4,Q9\nR1,Often,Good,34,A,yes\nR2,,Good,35,A,NA\n")
    note = project.only_note()
    assert note.column == "Q9"
    assert 'the cells "NA" (1) count as answers' in note.problem


def test_a_file_of_several_exports_can_be_checked_by_its_name(project):
    two_waves(project)
    project.replace("seeds/exports/pooled.csv", "R1,2020,Never", "R1,2020,Whatever")
    assert [error.line for error in check_exports(project.directory, only=["pooled"]).errors] == [3]


def test_a_questionnaire_without_questions_is_refused(project):
    two_waves(project)
    project.replace(EXPORTS, "second,riverside,wave_2,citizen,id,synthetic,,,pooled,riverside", "second,riverside,"
                    "wave_2,citizen,id,synthetic,,,pooled,riversde")  # fmt: skip
    error = project.only_error()
    assert (error.file, error.line, error.column) == (EXPORTS, 3, "questionnaire_id")
    assert error.allowed == ('"riverside"',)


def test_questions_of_an_export_that_names_another_questionnaire_are_refused(project):
    two_waves(project)
    for column in ("Q5", "Q6"):
        project.append(QUESTIONS, f"second,{column},individual_activity,health,all,frequency,false,true,")
    error = project.only_error()
    assert (error.file, error.column) == (QUESTIONS, "export_id")
    assert "are of no export" in error.problem


def test_a_wrong_id_in_many_rows_is_one_error(project):
    text = (project.directory / QUESTIONS).read_text()
    project.write(QUESTIONS, text.replace("riverside,", "riversde,"))
    error = project.only_error()
    assert (error.line, error.value) == (2, "riversde")
    assert (
        error.problem
        == 'no row of exports.csv has this export_id; 4 rows, the first in this line; did you mean "riverside"?'
    )


@pytest.mark.parametrize(("cells", "n_notes"), [(("Often", "Never", ""), 1), (("", "", ""), 0)])
def test_a_question_that_the_same_people_answer_twice_is_noted(project, cells, n_notes):
    set_cells(project, QUESTIONS, "riverside,Q1", question_text="How often do you  help?")
    project.append(QUESTIONS, "riverside,Q5,individual_activity,health,all,frequency,false,true,How often do you help?")
    header, *rows = (project.directory / EXPORT).read_text().splitlines()
    filled = [f"{row},{cell}" for row, cell in zip(rows, cells, strict=True)]
    project.write(EXPORT, "\n".join([f"{header},Q5", *filled, ""]))
    notes = [note for note in project.notes() if "in the same words" in note.problem]
    assert len(notes) == n_notes
    for note in notes:
        assert (note.file, note.column) == (EXPORT, "Q5")
        assert 'is asked in "Q1", too, in the same words; 2 rows are answered in both columns' in note.problem
