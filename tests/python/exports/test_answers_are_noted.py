"""What an export's rows hold is told before the build, and an answer that its scale does not allow is refused."""

from coproduction.exports.checking import check_project

EXPORT = "seeds/exports/riverside.csv"
HEADER = "id,Q1,Q2,Q3,Q4\n"


def test_an_unknown_label_is_refused_with_its_first_line_and_count_and_what_may_be_meant(project):
    project.write(EXPORT, HEADER + "1,Often,Good,34,A\n2,Oftn,Good,34,A\n3,Oftn,Good,34,A\n")
    error = project.only_error()
    assert (error.line, error.column, error.value) == (3, "Q1", "Oftn")
    assert "2 of 3 rows" in error.problem
    assert error.problem.endswith('did you mean "Often"?')
    assert error.allowed == ('"Often"', '"Never"', '"Don\'t know"')


def test_spelling_makes_no_unknown_label(project):
    project.write(EXPORT, HEADER + "1, OFTEN ,Good,34,none\n2,don\u00b4t\u00a0 know,,,\n")
    assert project.notes() == []


def test_the_texts_none_and_na_are_labels(project):
    project.write(EXPORT, HEADER + "1,NA,Good,34,None\n2,None,Good,34,A\n")
    assert [(error.column, error.value) for error in project.errors()] == [("Q1", "NA"), ("Q1", "None")]


def test_a_number_out_of_range_is_refused_and_a_listed_one_is_not(project):
    project.append("seeds/codebook/answers.csv", "age_years,999,refused,,,,Prefer not to say")
    project.write(EXPORT, HEADER + "1,Often,Good,15,A\n2,Often,Good,999,A\n3,Often,Good,16,A\n4,Often,Good,110,A\n")
    error = project.only_error()
    assert (error.line, error.column, error.value) == (2, "Q3", "15")
    assert "outside the range" in error.problem
    assert "whole numbers from 16 to 110" in error.allowed


def test_part_of_a_whole_number_is_unknown_and_a_decimal_zero_is_not(project):
    project.write(EXPORT, HEADER + "1,Often,Good,34.5,A\n2,Often,Good,34.0,A\n")
    error = project.only_error()
    assert error.value == "34.5"
    assert "not in the scale" in error.problem


def test_a_tolerated_label_needs_no_remedy(project):
    project.append("seeds/codebook/tolerated_answers.csv", "riverside,Q1,oftn,0.5,known slip,2024-01-01")
    project.write(EXPORT, HEADER + "1,Often,Good,34,A\n2,Oftn,Good,34,A\n")
    assert "50.0%" in project.only_note().remedy


def test_a_tolerated_label_that_is_too_frequent_is_refused_in_any_spelling(project):
    project.append("seeds/codebook/tolerated_answers.csv", "riverside,Q1,oftn,0.5,known slip,2024-01-01")
    project.write(EXPORT, HEADER + "1,Often,Good,34,A\n2,Oftn,Good,34,A\n3, OFTN ,Good,34,A\n")
    error = project.only_error()
    assert "2 of 3 rows" in error.problem
    assert "at most 50.0% of the rows are tolerated" in error.problem


def test_many_unknown_labels_are_one_sentence(project):
    rows = [f"{number},label {number},Good,34,A\n" for number in range(50)]
    project.write(EXPORT, HEADER + "".join(rows))
    error = project.only_error()
    assert error.problem.startswith("50 different answers are not in the scale frequency")
    assert "39 more" in error.problem


def test_one_unknown_label_in_54_columns_is_one_sentence(project):
    columns = [f"A{number}" for number in range(54)]
    for column in columns:
        row = f"riverside,{column},individual_activity,health,all,frequency,false,true,"
        project.append("seeds/codebook/questions.csv", row)
    project.write(EXPORT, f"id,Q1,Q2,Q3,Q4,{','.join(columns)}\n1,Often,Good,34,A{',Oftn' * 54}\n")
    error = project.only_error()
    assert "54 cells of 54 columns" in error.problem
    assert (error.column, error.value) == (None, "Oftn")
    assert max(map(len, str(error).splitlines())) <= 300


def test_an_export_that_takes_no_part_only_has_to_be_a_table(project):
    project.write(EXPORT, HEADER + "1,Oftn,Good,34,A\n1,Never,Good,34,A\n")
    variables = {"include_synthetic": False}
    assert check_project(project.directory, variables=variables) == []
    project.write(EXPORT, HEADER + "1,Oftn\n")
    assert len(check_project(project.directory, variables=variables)) == 1


def test_a_header_alone_is_noted(project):
    project.write(EXPORT, HEADER)
    assert "no data rows" in project.only_note().problem


def test_unclaimed_columns_are_listed_in_one_note(project):
    project.write(EXPORT, "id,Q1,Q2,Q3,Q4,Comment,Postcode\n1,Often,Good,34,A,a,b\n")
    note = project.only_note()
    assert '"Comment", "Postcode"' in note.problem
    assert note.problem.startswith("2 columns")


def test_identical_rows_of_a_respondent_are_noted(project):
    project.write(EXPORT, "id,Q1,Q2,Q3,Q4,\u0154\n7,Often,Good,34,A,x\n8,Never,Good,34,A,y\n 7 ,often,Good,34,A,z\n")
    note = next(note for note in project.notes() if note.column == "id")
    assert note.value == "7"
    assert "2 rows, lines 2, 4, identical" in note.problem


def test_conflicting_rows_of_a_respondent_are_noted(project):
    project.write(EXPORT, HEADER + "7,Often,Good,34,A\n7,Never,Good,34,A\n")
    assert "conflicting" in project.only_note().problem


def test_ids_with_and_without_leading_zeros_are_two_respondents(project):
    project.write(EXPORT, HEADER + "7,Often,Good,34,A\n007,Never,Good,34,A\n")
    assert project.notes() == []


def test_blank_ids_are_counted_and_are_no_duplicates(project):
    project.write(EXPORT, HEADER + "1,Often,Good,34,A\n,Often,Good,34,A\n ,Often,Good,34,A\n")
    note = project.only_note()
    assert note.line == 3
    assert note.problem.startswith("2 rows have no respondent id")


def test_many_repeated_respondents_are_summed_up(project):
    project.write(EXPORT, HEADER + "".join(f"{number % 30},Often,Good,34,A\n" for number in range(60)))
    notes = project.notes()
    assert len(notes) == 11
    assert "20 more respondents" in notes[-1].problem


def test_an_export_without_respondent_column_has_no_duplicates(project):
    project.replace("seeds/codebook/exports.csv", "citizen,id,", "citizen,,")
    project.write(EXPORT, "Q1,Q2,Q3,Q4\nOften,Good,34,A\nOften,Good,34,A\n")
    assert project.errors() == []
    assert project.notes() == []
