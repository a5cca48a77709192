"""What once gave a wrong figure without a word is refused, or noted, before a build."""

import pytest

from coproduction.cli import main
from coproduction.exports.checking import check_project
from coproduction.exports.leaving_out import check_exports
from coproduction.files.finding import NOTE

EXPORT = "seeds/exports/riverside.csv"
HEADER = "id,Q1,Q2,Q3,Q4\n"
SCALES, ANSWERS, QUESTIONS, EXPORTS = (
    f"seeds/codebook/{name}.csv" for name in ("scales", "answers", "questions", "exports")
)

# --- Outcomes that nobody can answer with no, or with yes ---

NEVER = "frequency,Never,valid,0,false,false,Never\n"


def test_tick_boxes_with_one_label_are_refused_with_file_row_measure_and_scale(project):
    project.replace(ANSWERS, NEVER, "")
    error = project.only_error()
    assert (error.file, error.line, error.column, error.value) == (QUESTIONS, 2, "scale_id", "frequency")
    assert error.problem == (
        'the measure activity of riverside (column "Q1", scale frequency): every answer of this scale is positive, so '
        "everybody is counted: the result would be 100 % whatever people answer"
    )
    assert "answers.csv" in error.remedy


@pytest.mark.parametrize("is_positive", ["false", ""])
def test_an_outcome_without_a_positive_answer_is_refused(project, is_positive):
    project.replace(ANSWERS, "frequency,Often,valid,1,true,true", f"frequency,Often,valid,1,{is_positive},")
    assert (
        "no answer of this scale is positive, so nobody can be counted: the result would be 0 %"
        in project.only_error().problem
    )


def test_an_outcome_on_numbers_is_refused(project):
    project.append(SCALES, "rating,Rating,integer,0,10")
    project.replace(
        QUESTIONS, "Q1,individual_activity,health,all,frequency", "Q1,individual_activity,health,all,rating"
    )
    error = project.only_error()
    assert "numbers are neither positive nor negative" in error.problem
    assert "make the scale ordinal" in error.remedy


def test_an_outcome_with_an_answer_that_is_not_decided_is_refused(project):
    project.append(ANSWERS, "frequency,Sometimes,valid,,,,Sometimes")
    error = project.only_error()
    assert (error.file, error.column) == (ANSWERS, "is_positive")
    assert '"Sometimes"' in error.problem


def test_54_columns_with_one_label_are_one_error(project):
    project.replace(ANSWERS, NEVER, "")
    for number in range(53):
        project.append(QUESTIONS, f"riverside,B{number},individual_activity,health,all,frequency,false,true,")
    assert "54 columns" in project.only_error().problem


# --- The same person twice ---


def two_files(project, columns="", web="", paper=""):
    """Riverside as a web file and a paper file, of which H003 is in both."""
    lines = (project.directory / EXPORTS).read_text().splitlines()
    project.write(
        EXPORTS, f"{lines[0]}{columns}\n{lines[1]}{web}\npaper,riverside,wave_1,citizen,id,synthetic,,{paper}\n"
    )
    project.replace("dbt_project.yml", "    - riverside\n", "    - riverside\n    - paper\n")
    project.append(QUESTIONS, "paper,Q1,individual_activity,health,all,frequency,false,true,")
    project.write(EXPORT, HEADER + "H001,Often,,,\nH002,Often,,,\nH003,Never,,,\n")
    project.write("seeds/exports/paper.csv", "id,Q1\nH003,Often\nH004,Often\n")


def test_a_person_in_two_files_is_noted_and_excluded_without_a_rule(project):
    two_files(project)
    note = project.only_note()
    assert note.file == "seeds/exports/paper.csv"
    assert note.problem.startswith(
        '1 respondent is in seeds/exports/riverside.csv, too, of the same council and wave: "H003"'
    )
    assert "all their rows are excluded" in note.problem
    assert "duplicate_priority" in note.remedy


def test_a_person_in_two_files_counts_where_the_rule_says(project):
    two_files(project, ",duplicate_priority", ",1", ",2")
    assert "their rows in riverside count" in project.only_note().problem


@pytest.mark.parametrize(
    ("web", "paper", "words"),
    [(",1", ",", "this one has no priority"), (",1", ",01", "has it already"), (",first", ",2", "no whole number")],
)
def test_a_rule_that_decides_nothing_is_refused(project, web, paper, words):
    two_files(project, ",duplicate_priority", web, paper)
    error = project.only_error()
    assert error.column == "duplicate_priority"
    assert words in error.problem


def test_staff_and_other_waves_are_other_people(project):
    two_files(project)
    project.replace(EXPORTS, "paper,riverside,wave_1,citizen", "paper,riverside,wave_1,staff")
    assert project.notes() == []


def test_the_check_of_one_file_knows_the_people_of_the_other(project):
    two_files(project)
    for export_id in ("riverside", "paper"):
        notes = check_project(project.directory, only=[export_id])
        assert ["all their rows are excluded" in note.problem for note in notes] == [True]


def test_a_misspelled_optional_column_is_noted(project):
    two_files(project, ",duplicate_prority", ",1", ",2")
    assert 'did you mean "duplicate_priority"?' in project.notes()[0].problem


def test_a_row_without_answers_of_a_known_person_is_left_out_with_a_note(project):
    project.write(EXPORT, HEADER + "H001,Often,Good,34,A\nH002,Never,,,\nH001,,,,\nH001, ,,,\n")
    note = project.only_note()
    assert note.line == 4
    assert note.problem.startswith("2 rows have no answer in a claimed column")


# --- Numbers that may be no answers ---


def ages(project, *values):
    project.write(EXPORT, HEADER + "".join(f"{place},Often,Good,{age},A\n" for place, age in enumerate(values)))


def test_99_among_ages_is_noted(project):
    ages(project, 34, 51, 99, 28, 40)
    note = project.only_note()
    assert (note.line, note.column) == (4, "Q3")
    assert "99 is the largest number in this column, in 1 of 5 answers, and is often a code for missing" in note.problem


def test_a_number_at_the_edge_that_is_far_more_frequent_is_noted(project):
    ages(project, *range(20, 60), *[110] * 12)
    assert "110 is the largest number" in project.only_note().problem
    assert "far more frequent" in project.only_note().problem


@pytest.mark.parametrize("values", [[*range(20, 90)], [34], [20] * 4 + [*range(21, 50)], [18, 18, 18, 19, 20]])
def test_ordinary_ages_are_not_noted(project, values):
    ages(project, *values)
    assert project.notes() == []


def test_a_listed_code_is_not_noted(project):
    project.append(ANSWERS, "age_years,99,refused,,,,Prefer not to say")
    ages(project, 34, 51, 99)
    assert project.notes() == []


def test_a_respondent_younger_than_the_youngest_band_is_noted_with_the_age(project):
    project.replace(SCALES, "integer,16,110", "integer,10,110")
    ages(project, 34, 12, 51, 15, 12)
    note = project.only_note()
    assert (note.line, note.column) == (3, "Q3")
    assert note.problem == "3 respondents have an age in no age band, and are in no group by age: 12, 15"


# --- What an export feeds ---


def test_an_export_that_feeds_no_report_is_named(project):
    header, *rows = (project.directory / QUESTIONS).read_text().splitlines()
    project.write(QUESTIONS, "\n".join([header, *(row for row in rows if ",nudge," in row)]) + "\n")
    assert check_exports(project.directory).feeding == [
        "riverside FEEDS NO REPORT: none of its claimed columns is a question to respondents, and no measure of "
        "seeds/codebook/measures.csv reads one."
    ]


def test_questions_that_no_measure_reads_are_only_in_answer_shares(project):
    project.replace(QUESTIONS, "riverside,Q1,individual_activity,health,all,frequency,false,true,\n", "")
    assert check_exports(project.directory).feeding == [
        "riverside feeds answer shares of 2 questions. Only in answer shares, because no question of the survey "
        'measures an outcome: "Q2", "Q3". In no report: "Q4".'
    ]


def test_each_question_in_answer_shares_alone_has_its_reason(project):
    project.replace(QUESTIONS, "riverside,Q2,conditions,health", "riverside,Q2,conditions,wellbeing")
    project.replace("seeds/codebook/breakdowns.csv", "age_band,age,true\n", "")
    (sentence,) = check_exports(project.directory).feeding
    assert 'Only in answer shares, because no outcome of the same theme was asked: "Q2".' in sentence
    assert 'Only in answer shares, because breakdowns.csv does not have the construct: "Q3".' in sentence


def test_answers_of_staff_in_answer_shares_alone_have_their_reason(project):
    project.replace(EXPORTS, "riverside,wave_1,citizen", "riverside,wave_1,staff")
    (sentence,) = check_exports(project.directory).feeding
    said = "Only in answer shares, because staff and citizens are compared by outcomes and correlates alone"
    assert f'{said}: "Q3".' in sentence


def test_a_weight_beside_questions_that_no_measure_reads_is_used(project):
    project.replace(QUESTIONS, "riverside,Q1,individual_activity,health,all,frequency,false,true,\n", "")
    project.replace(QUESTIONS, "riverside,Q3,age,", "riverside,Q3,weight,")
    project.append("seeds/codebook/constructs.csv", "weight,Weight,weight,Weight.")
    (sentence,) = check_exports(project.directory).feeding
    expected = (
        "1 question; weighted results. Only in answer shares, because no question of the survey measures an outcome: "
        '"Q2". In no report: "Q4".'
    )
    assert sentence == f"riverside feeds answer shares of {expected}"


def test_the_check_says_what_an_export_feeds(project, capsys):
    main(["check", "riverside", "--project-dir", str(project.directory)])
    assert (
        "riverside feeds answer shares of 3 questions; levels (health); levels of groups; correlations (health); "
        "correlations with characteristics; nudges.\n0 errors, 0 notes. dbt can read riverside.\n"
    ) in capsys.readouterr().out


# --- One export, files of other programs, rows of commas, nothing to load ---


def test_one_export_is_checked_alone(project):
    two_files(project)
    project.write("seeds/exports/paper.csv", "id,Q1\nH005,Oftn\n")
    assert check_project(project.directory, only=["riverside"]) == []
    assert len(check_project(project.directory, only=["paper"])) == 1


def test_a_mistyped_export_is_explained(project, capsys):
    assert main(["check", "riversid", "--project-dir", str(project.directory)]) == 1
    assert "riversid is no export of this project. Did you mean riverside?" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("suffix", "words"),
    [("xlsx", "in Excel choose Save As"), ("SAV", "in SPSS or PSPP"), ("dta", "in Stata run `export delimited`")],
)
def test_a_file_of_another_program_gets_one_sentence(project, suffix, words):
    (project.directory / EXPORT).unlink()
    project.write(f"seeds/exports/riverside.{suffix}", b"PK")
    error = project.only_error()
    assert error.file == f"seeds/exports/riverside.{suffix}"
    assert "only CSV files are read" in error.problem
    assert error.remedy.startswith(words)
    assert error.remedy.endswith("as seeds/exports/riverside.csv")


def test_a_workbook_beside_its_csv_file_is_only_noted(project):
    project.write("seeds/exports/riverside.xlsx", b"PK")
    assert "is not read; seeds/exports/riverside.csv is" in project.only_note().problem


def test_rows_of_commas_in_the_codebook_are_ignored_with_a_note(project):
    for table in ("answers", "themes"):
        name = f"seeds/codebook/{table}.csv"
        width = (project.directory / name).read_text().splitlines()[0].count(",")
        project.append(name, "," * width)
        project.append(name, "," * width)
    assert project.errors() == []
    assert [(note.file, note.severity) for note in project.notes()] == [
        ("seeds/codebook/themes.csv", NOTE),
        ("seeds/codebook/answers.csv", NOTE),
    ]
    assert "2 rows have no text" in project.notes()[0].problem


def test_a_file_of_which_nothing_would_be_loaded_is_refused(project):
    project.replace(EXPORTS, "citizen,id,", "citizen,,")
    project.write(QUESTIONS, (project.directory / QUESTIONS).read_text().splitlines()[0] + "\n")
    project.write(EXPORT, "Email,Postcode\njo@example.org,BS1 5TR\n")
    (error,) = check_exports(project.directory).errors
    assert "nothing would be loaded" in error.problem
    assert check_exports(project.directory, {"load_personal_columns": "all"}).errors == []


# --- Messages ---


def test_no_line_of_a_message_is_longer_than_300_characters(project, capsys):
    columns = ",".join(f"a column with a rather long name, number {number}" for number in range(300)).replace(", ", " ")
    rows = (project.directory / EXPORT).read_text().splitlines()
    project.write(EXPORT, "\n".join([f"{rows[0]},{columns}", *(row + "," * 300 for row in rows[1:])]) + "\n")
    project.replace(SCALES, "integer,16,110", "integer,16,50")
    assert main(["check", "--project-dir", str(project.directory)]) == 1
    printed = capsys.readouterr().out
    assert max(map(len, printed.splitlines())) <= 300


def test_54_missing_columns_are_one_error(project):
    for number in range(54):
        project.append(QUESTIONS, f"riverside,Other {number},individual_activity,health,all,frequency,false,true,")
    error = project.only_error()
    assert "54 of the 59 columns in the codebook are missing" in error.problem


# --- More answers than invitations ---

WAVES = "seeds/codebook/waves.csv"


def test_more_people_than_were_invited_are_noted_with_numbers(project):
    project.append(WAVES, "riverside,wave_1,,,,,2,1000")
    note = project.only_note()
    assert (note.file, note.line, note.column, note.value) == (WAVES, 2, "n_invited", "2")
    assert note.problem.startswith("3 people answered in wave_1 of riverside, more than the 2 invited")


def test_rows_without_an_id_and_of_several_files_count_as_people(project):
    """The same person in two files, or in two rows of one, is one person."""
    project.replace("dbt_project.yml", "    - riverside\n", "    - riverside\n    - paper\n")
    project.append(EXPORTS, "paper,riverside,wave_1,citizen,id,synthetic,,")
    for row in (project.directory / QUESTIONS).read_text().splitlines()[1:]:
        project.append(QUESTIONS, row.replace("riverside", "paper", 1))
    project.write("seeds/exports/paper.csv", HEADER + "3,Often,Good,34,A\n4,Often,Good,34,A\n,Often,Good,34,A\n")
    project.append(WAVES, "riverside,wave_1,,,,,4,")
    assert "5 people answered in wave_1" in next(note.problem for note in project.notes() if note.file == WAVES)
    project.replace(WAVES, ",4,", ",5,")
    assert [note for note in project.notes() if note.file == WAVES] == []


def test_an_export_without_ids_counts_its_rows(project):
    project.replace(EXPORTS, "citizen,id,", "citizen,,")
    project.append(WAVES, "riverside,wave_1,,,,,2,")
    assert "3 people answered in wave_1" in next(note.problem for note in project.notes() if note.file == WAVES)
