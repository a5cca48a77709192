"""Every way in which a file fails to be a table is refused, with the place and the remedy."""

import pytest

EXPORT = "seeds/exports/riverside.csv"
GOOD = "id,Q1,Q2,Q3,Q4\n1,Often,Good,34,A\n2,Never,Poor,51,None\n"


def test_a_project_with_nothing_wrong_has_no_findings(project):
    assert project.errors() == []
    assert project.notes() == []


@pytest.mark.parametrize(
    "harmless",
    [
        GOOD.encode("utf-8-sig"),
        GOOD.replace("\n", "\r\n").encode(),
        GOOD.replace("\n", "\r").encode(),
        GOOD.replace("34", '"34"').encode(),
        GOOD.replace("34", ' "34"').encode(),
        (GOOD + "\n\n").encode(),
        GOOD.rstrip("\n").encode(),
        GOOD.replace("id,Q1", " id , Q1").encode(),
        GOOD.replace("\n", "\r\n").replace("A\r\n", '"A\n"\r\n').encode(),
    ],
    ids=["mark", "windows", "macintosh", "quoted", "space", "blank lines", "no last end", "header spaces", "in cell"],
)
def test_what_duckdb_reads_well_is_not_refused(project, harmless):
    project.write(EXPORT, harmless)
    assert project.errors() == []


def test_windows_1252_is_named_with_the_byte_and_its_line(project):
    project.write(EXPORT, GOOD.replace("Never", "Caf\u00e9").encode("cp1252"))
    error, unknown = project.errors()
    assert (unknown.line, unknown.value) == (3, "Caf\u00e9")
    assert (error.file, error.line) == (EXPORT, 3)
    assert "0xE9" in error.problem
    assert "cp1252" in error.problem
    assert '"\u00e9"' in error.problem
    assert "UTF-8" in error.remedy


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_named(project, encoding):
    project.write(EXPORT, GOOD.encode(encoding))
    error = project.only_error()
    assert "UTF-16" in error.problem
    assert error.line == 1


def test_any_other_seed_that_is_not_utf8_is_refused_too(project):
    project.write("seeds/published/cells.csv", "a\n\u00e9\n".encode("cp1252"))
    assert project.only_error().file == "seeds/published/cells.csv"


def test_a_file_that_is_not_utf8_is_found_beside_a_broken_codebook(project):
    project.write(EXPORT, GOOD.replace("Never", "Caf\u00e9").encode("cp1252"))
    project.replace("seeds/codebook/questions.csv", "Q4,nudge", "Q4,nugde")
    assert {error.file for error in project.errors()} == {EXPORT, "seeds/codebook/questions.csv"}


def test_nul_bytes_are_refused(project):
    project.write(EXPORT, GOOD.replace("Never", "Nev\0er"))
    error = project.only_error()
    assert "NUL" in error.problem
    assert error.line == 3


@pytest.mark.parametrize(("separator", "name"), [(";", "semicolon"), ("\t", "tab"), ("|", "vertical bar")])
def test_another_separator_is_named(project, separator, name):
    project.write(EXPORT, GOOD.replace(",", separator))
    error = project.only_error()
    assert name in error.problem
    assert "comma" in error.remedy
    assert error.line == 1


def test_another_separator_is_named_even_where_no_column_name_is_known(project):
    project.write(EXPORT, "nr;a;b\n1;2;3\n")
    assert "semicolon" in project.only_error().problem


@pytest.mark.parametrize("title", ["Survey 2011\n", "Survey 2011,,,,\n", "Survey\nof 2011\n", "\n"])
def test_title_rows_are_named_with_the_line_of_the_header(project, title):
    project.write(EXPORT, title + GOOD)
    error = project.only_error()
    assert f"line {title.count(chr(10)) + 1}" in error.problem
    assert "coproduction repair" in error.remedy


def test_answers_that_look_like_column_names_are_no_header(project):
    project.write(EXPORT, GOOD.replace("2,Never,Poor,51,None", "Q1,Never,Poor,51,None"))
    assert project.errors() == []


@pytest.mark.parametrize("empty", ["", "\ufeff", "\n\n"])
def test_a_file_without_header_is_refused(project, empty):
    project.write(EXPORT, empty)
    assert "empty" in project.only_error().problem


@pytest.mark.parametrize("twin", ["Q1", "q1"])
def test_a_column_name_that_occurs_twice_is_refused(project, twin):
    project.write(EXPORT, f"id,Q1,Q2,Q3,Q4,{twin}\n1,Often,Good,34,A,x\n")
    error = project.only_error()
    assert error.column == "Q1"
    assert twin in error.problem


def test_a_column_without_name_is_refused(project):
    project.write(EXPORT, "id,Q1,Q2,Q3,Q4,\n1,Often,Good,34,A,x\n")
    assert "column 6" in project.only_error().problem


@pytest.mark.parametrize(("row", "n_cells"), [("2,Never,Poor,51", 4), ("2,Never,Poor,51,A,x", 6), ("   ", 1)])
def test_a_row_of_another_length_is_named(project, row, n_cells):
    project.write(EXPORT, GOOD + row + "\n")
    error = project.only_error()
    assert error.line == 4
    assert f"{n_cells} cells" in error.problem


def test_many_ragged_rows_are_summed_up(project):
    project.write(EXPORT, GOOD + "x\n" * 300)
    errors = project.errors()
    assert len(errors) == 6
    assert "295 more" in errors[-1].problem


def test_a_line_number_counts_lines_within_quoted_cells(project):
    project.write(EXPORT, 'id,Q1,Q2,Q3,Q4\n1,"Often\n",Good,34,A\n2,Never\n')
    assert project.only_error().line == 4


@pytest.mark.parametrize("cell", ['"Never', '"Ne"ver'])
def test_a_quoted_cell_that_is_not_closed_is_named(project, cell):
    project.write(EXPORT, GOOD.replace("Never", cell))
    error = project.only_error()
    assert error.line == 3
    assert "quotation mark" in error.problem


def test_mixed_line_ends_are_refused(project):
    project.write(EXPORT, GOOD.replace("A\n", "A\r\n"))
    error = project.only_error()
    assert error.line == 2
    assert "Windows" in error.problem


def test_a_claimed_column_that_is_missing_is_named_with_what_may_be_meant(project):
    project.write(EXPORT, GOOD.replace("Q2", "q2"))
    error = project.only_error()
    assert error.column == "Q2"
    assert '"q2"' in error.problem
    assert "questions.csv, line 3" in error.problem


def test_a_missing_column_that_resembles_none_is_shown_the_header(project):
    project.write(EXPORT, GOOD.replace("Q2", "Place to live"))
    assert '"Place to live"' in project.only_error().allowed


def test_a_missing_respondent_column_is_named(project):
    project.write(EXPORT, GOOD.replace("id,", "serial,"))
    error = project.only_error()
    assert error.column == "id"
    assert "respondent_column" in error.problem


def test_a_file_that_the_codebook_does_not_describe_is_refused(project):
    project.write("seeds/exports/hilltop.csv", GOOD)
    error = project.only_error()
    assert error.file == "seeds/exports/hilltop.csv"


def test_an_export_without_file_is_refused(project):
    (project.directory / EXPORT).unlink()
    error = project.only_error()
    assert (error.file, error.line) == ("seeds/codebook/exports.csv", 2)
    assert EXPORT in error.problem


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        ("    - riverside\n", "    - riverside\n    - hilltop\n", '"hilltop"'),
        ("  exports:\n    - riverside\n", "  exports: []\n", '"riverside"'),
        ("    - riverside\n", "    - riverside\n    - riverside\n", '"riverside"'),
        ("  exports:\n    - riverside\n", "  other: 1\n", "no list"),
        ("vars:", "vars: [", "no list"),
    ],
    ids=["too many", "missing", "twice", "no list", "not YAML"],
)
def test_the_list_in_dbt_project_equals_the_codebook(project, old, new, word):
    project.replace("dbt_project.yml", old, new)
    error = project.only_error()
    assert error.file == "dbt_project.yml"
    assert word in error.problem
    assert "riverside" in error.allowed


def test_the_list_may_stand_under_the_name_of_the_project(project):
    project.replace("dbt_project.yml", "  exports:\n    - riverside\n", "  coproduction:\n    exports: [riverside]\n")
    assert project.errors() == []


def test_a_project_without_exports_is_fine(project):
    project.replace("dbt_project.yml", "  exports:\n    - riverside\n", "  exports: []\n")
    for table in ("exports", "questions"):
        name = f"seeds/codebook/{table}.csv"
        project.write(name, (project.directory / name).read_text().splitlines()[0] + "\n")
    (project.directory / EXPORT).unlink()
    assert project.errors() == []


def test_another_folder_is_no_project(project):
    (project.directory / "dbt_project.yml").unlink()
    assert "--project-dir" in project.only_error().remedy


def test_errors_alone_are_found_without_the_notes(project):
    from coproduction.exports.checking import check_project

    project.write(EXPORT, GOOD.replace("2,Never", ",Never"))
    assert len(check_project(project.directory)) == 1
    assert check_project(project.directory, with_notes=False) == []
