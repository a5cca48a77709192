"""Every contradiction of the codebook is refused, in the line and column where it stands."""

import pytest

from coproduction.exports.leaving_out import check_exports

QUESTION = "riverside,{},{},false,true,"
WAVES = "seeds/codebook/waves.csv"


def add_second_wave(project):
    """Give Riverside a second wave with the same answers."""
    project.replace("dbt_project.yml", "    - riverside\n", "    - riverside\n    - riverside_2\n")
    project.replace(
        "seeds/codebook/exports.csv",
        "synthetic,,\n",
        "synthetic,,\nriverside_2,riverside,wave_2,citizen,id,synthetic,,\n",
    )
    for row in (project.directory / "seeds/codebook/questions.csv").read_text().splitlines()[1:]:
        project.append("seeds/codebook/questions.csv", row.replace("riverside", "riverside_2", 1))
    project.write("seeds/exports/riverside_2.csv", (project.directory / "seeds/exports/riverside.csv").read_bytes())


# table, text to replace (None: add a row), new text, line, column and words of the one error
CONTRADICTIONS = {
    "unknown scale": ("questions", "health,all,frequency", "health,all,freq", 2, "scale_id", "scales.csv"),
    "unknown scale of an answer": ("answers", "frequency,Don't know", "often,Don't know", 4, "scale_id", "scales.csv"),
    "unknown construct": ("questions", "Q2,conditions", "Q2,condition", 3, "construct_id", "constructs.csv"),
    "unknown construct of a breakdown": ("breakdowns", None, "of_age,agee,true", 3, "construct_id", 'mean "age"'),
    "breakdown with a blank": ("breakdowns", None, "of age,age,true", 3, "breakdown_id", "BI tools"),
    "unknown theme": ("questions", "conditions,health,all", "conditions,helth,all", 3, "theme_id", "themes.csv"),
    "unknown theme of a topic": ("topics", "own_health,health", "own_health,helth", 3, "theme_id", "themes.csv"),
    "unknown topic": ("questions", "conditions,health,all", "conditions,health,own", 3, "topic_id", "no such topic"),
    "theme without topic": ("questions", "conditions,health,all", "conditions,health,", 3, "topic_id", "both"),
    "topic without theme": ("questions", "conditions,health,all", "conditions,,all", 3, "theme_id", "both"),
    "unknown council": ("exports", "riverside,riverside", "riverside,hilltop", 2, "council_id", "councils.csv"),
    "unknown role": ("exports", "citizen", "resident", 2, "respondent_role", "respondent_role"),
    "unknown provenance": ("exports", "synthetic", "invented", 2, "provenance", "provenance"),
    "unknown scale kind": ("scales", "versions,Version,nominal", "versions,Version,text", 5, "kind", "unknown kind"),
    "unknown answer kind": ("answers", "Don't know,dont_know", "Don't know,unsure", 4, "answer_kind", "answer_kind"),
    "uncoded is no kind to write": ("answers", "Poor,valid,1", "Poor,uncoded,", 6, "answer_kind", "answer_kind"),
    "truth in other words": ("questions", "age_years,false,true", "age_years,no,true", 4, "is_reversed", "is_reversed"),
    "described twice": ("scales", None, "frequency,Frequency,ordinal,0,1", 6, "scale_id", "first in line 2"),
    "one name for two councils": (
        "councils", None, "hilltop,RIVERSIDE,England,1000,2011,rural,", 3, "council_name", "riverside in line 2",
    ),
    "topic twice": ("topics", None, "all,health,Whole theme", 5, "topic_id", "first in line 2"),
    "claimed twice": ("questions", None, QUESTION.format("q3", "nudge,,,versions"), 6, "column_name", "line 4"),
    "two correlates, both primary": (
        "questions", "Q3,age,,,age_years", "Q3,conditions,health,all,good_poor", 4, "is_primary", "2 of them",
    ),
    "two correlates, none primary": (
        "questions",
        "Q2,conditions,health,all,good_poor,true,true,\nriverside,Q3,age,,,age_years,false,true,",
        "Q2,conditions,health,all,good_poor,true,false,\nriverside,Q3,conditions,health,all,good_poor,false,false,",
        4, "is_primary", "0 of them",
    ),
    "two ages": ("questions", "Q4,nudge,,,versions", "Q4,age,,,age_years", 5, "is_primary", "about the person"),
    "label twice": ("answers", None, "frequency, OFTEN ,valid,1,true,true,Often", 10, "answer_label", "line 2"),
    "apostrophe": ("answers", None, "frequency,Don\u2019t know,refused,,,,x", 10, "answer_label", "line 4"),
    "blank label": ("answers", None, "frequency,,blank,,,,x", 10, "answer_label", "blank"),
    "score on a missing kind": ("answers", "dont_know,,,", "dont_know,0,,", 4, "answer_score", "dont_know"),
    "positive on a missing kind": ("answers", "dont_know,,,", "dont_know,,true,", 4, "is_positive", "dont_know"),
    "score in words": ("answers", "Good,valid,2", "Good,valid,two", 5, "answer_score", "plain number"),
    "nudge answer": ("answers", "versions,A,valid,,,,a", "versions,A,valid,,,,A", 8, "answer_name", "arm"),
    "minimum above maximum": ("scales", "ordinal,0,1", "ordinal,2,1", 2, "minimum", "above"),
    "minimum in words": ("scales", "integer,16,110", "integer,young,110", 4, "minimum", "plain number"),
    "reversed outcome": ("questions", "frequency,false", "frequency,true", 2, "is_reversed", "outcome"),
    "reversed without bounds": ("scales", "ordinal,1,2", "ordinal,,2", 3, "is_reversed", "good_poor"),
    "outcome without theme": (
        "questions", "individual_activity,health,all", "individual_activity,,", 2, "theme_id", "no theme",
    ),
    "tolerated column": ("tolerated_answers", None, "riverside,Q9,x,0.1,r,d", 2, "column_name", "claims no such"),
    "tolerated percentage": ("tolerated_answers", None, "riverside,Q1,x,5,r,d", 2, "maximum_share", "percentage"),
    "tolerated, no reason": ("tolerated_answers", None, "riverside,Q1,x,0.05,,d", 2, "reason", "without"),
    "tolerated, no date": ("tolerated_answers", None, "riverside,Q1,x,0.05,r,", 2, "date", "without"),
    "tolerated twice": (
        "tolerated_answers", None, "riverside,Q1,x,0.05,r,d\nriverside,Q1, X,0.1,r,d", 3, "answer_label", "twice"
    ),
    "column of the contract": ("themes", "theme_id,theme_name", "theme_id,name", 1, "theme_name", "contract"),
}  # fmt: skip


@pytest.mark.parametrize("contradiction", CONTRADICTIONS.values(), ids=CONTRADICTIONS.keys())
def test_a_contradiction_is_refused_where_it_stands(project, contradiction):
    table, old, new, line, column, words = contradiction
    name = f"seeds/codebook/{table}.csv"
    project.append(name, new) if old is None else project.replace(name, old, new)
    errors = [error for error in project.errors() if error.column == column]
    assert len(errors) == 1, "\n".join(map(str, project.errors()))
    in_other_file = words == "good_poor"
    assert errors[0].file == ("seeds/codebook/questions.csv" if in_other_file else name)
    assert errors[0].line == line
    assert words in errors[0].problem


def test_an_unknown_export_of_a_question_is_refused(project):
    project.append("seeds/codebook/questions.csv", "hilltop,Q1,age,,,age_years,false,true,")
    error = project.only_error()
    assert error.column == "export_id"
    assert error.allowed == ('"riverside"',)


def test_an_export_id_that_cannot_name_a_table_is_refused(project):
    project.replace("seeds/codebook/exports.csv", "riverside,riverside", "River-Side,riverside")
    assert any(error.column == "export_id" and "small letter" in error.problem for error in project.errors())


def test_the_respondent_column_is_no_question(project):
    project.append("seeds/codebook/questions.csv", "riverside,ID,age,,,age_years,false,false,")
    errors = [error for error in project.errors() if error.column == "column_name"]
    assert len(errors) == 1
    assert "names the respondents" in errors[0].problem


def test_a_reversed_question_is_not_counted_by_its_positive_answers(project):
    project.replace("seeds/codebook/answers.csv", "Good,valid,2,,", "Good,valid,2,true,")
    measure = "good,Good,conditions,any_item,positive,,,,false,per cent,0,100,0"
    project.append("seeds/codebook/measures.csv", measure)
    assert project.only_error().column == "is_reversed"
    project.replace("seeds/codebook/measures.csv", measure, "good,Good,conditions,mean_score,,,,,false,points,1,2,1")
    assert project.errors() == []


def test_several_activities_of_a_theme_need_no_primary(project):
    project.replace("seeds/codebook/questions.csv", "Q2,conditions,health,all,good_poor,true",
                    "Q2,individual_activity,health,all,frequency,false")  # fmt: skip
    assert [error for error in project.errors() if error.file.startswith("seeds/codebook")] == []


def test_two_correlates_with_one_primary_are_fine(project):
    project.replace("seeds/codebook/questions.csv", "Q3,age,,,age_years,false,true",
                    "Q3,conditions,health,all,good_poor,false,false")  # fmt: skip
    assert [error for error in project.errors() if error.file.startswith("seeds/codebook")] == []


def test_a_blank_is_primary_counts_as_true(project):
    project.replace("seeds/codebook/questions.csv", "Q3,age,,,age_years,false,true",
                    "Q3,conditions,health,all,good_poor,false,")  # fmt: skip
    assert project.only_error().column == "is_primary"


def test_a_correlate_is_about_the_person_or_of_the_theme_and_not_both(project):
    project.replace("seeds/codebook/questions.csv", "Q3,age,,,age_years,false,true",
                    "Q3,conditions,,,good_poor,false,true")  # fmt: skip
    error = project.only_error()
    assert (error.line, error.column) == (3, "is_primary")
    assert '"Q3" in line 4' in error.problem
    project.replace("seeds/codebook/questions.csv", "Q3,conditions,,,good_poor,false,true",
                    "Q3,conditions,,,good_poor,false,false")  # fmt: skip
    assert [error for error in project.errors() if error.column == "is_primary"] == []


def test_a_correlate_about_the_person_and_one_of_a_theme_without_outcomes_are_fine(project):
    project.replace("seeds/codebook/questions.csv", "Q1,individual_activity,health,all,frequency",
                    "Q1,age,,,age_years")  # fmt: skip
    project.replace("seeds/codebook/questions.csv", "Q3,age,,,age_years,false,true",
                    "Q3,conditions,,,good_poor,false,true")  # fmt: skip
    assert [error for error in project.errors() if error.column == "is_primary"] == []


def test_a_missing_codebook_file_is_named(project):
    (project.directory / "seeds/codebook/themes.csv").unlink()
    assert project.only_error().file == "seeds/codebook/themes.csv"


def test_a_codebook_saved_with_semicolons_is_named(project):
    name = "seeds/codebook/themes.csv"
    project.write(name, (project.directory / name).read_text().replace(",", ";"))
    error = project.only_error()
    assert error.file == name
    assert "semicolon" in error.problem


def test_a_message_names_the_place_the_value_the_allowed_values_and_the_remedy(project):
    project.replace("seeds/codebook/questions.csv", "health,all,frequency", "health,all,freq")
    message = str(project.only_error())
    assert message.splitlines()[0].startswith('error: seeds/codebook/questions.csv, line 2, column "scale_id": ')
    assert 'value: "freq"' in message
    assert 'allowed: "frequency", "good_poor", "age_years", "versions"' in message
    assert "what to do: " in message


def test_a_theme_without_a_topic_for_the_whole_is_refused(project):
    project.replace("seeds/codebook/topics.csv", "all,wellbeing,Whole theme\n", "")
    finding = project.only_error()
    assert (finding.file, finding.column, finding.value) == ("seeds/codebook/themes.csv", "theme_id", "wellbeing")
    assert "topics.csv" in finding.remedy


@pytest.mark.parametrize(
    ("row", "column", "problem"),
    [
        ("flag_id,speeder,en,Quick,,", "id", "given twice"),
        ("flag_id,duplicate,en,,,", "label", "blank"),
        ("flag_id,duplicate,en,Duplicate,,two", "decimals", "no whole number"),
        ("flag_id,duplicate,e'n,Duplicate,,", "language", "letters"),
        ("flag_id,duplicate,en,Duplicate {n},,", "label", "no report replaces {n}"),
        ("measure_id,population,en,Population,people,0", "label", "{population_year} is missing"),
        ("quantity_id,level,en,Level,per cent,", "decimals", "has no decimals"),
        ("flag_id,speeder,cy,Cyflym,pwyntiau,", "unit_label", "no unit in line 2"),
        ("flag_id,speeder,cy,Cyflym,,1", "decimals", "other decimals in line 2"),
    ],
)
def test_a_label_that_reports_could_not_print_is_refused(project, row, column, problem):
    name = "seeds/codebook/labels.csv"
    project.write(name, (project.directory / name).read_text() + row + "\n")
    errors = [error for error in project.errors() if "missing in the language" not in error.problem]
    assert [(error.file, error.column) for error in errors] == [(name, column)]
    assert problem in errors[0].problem


def test_one_message_lists_what_a_language_lacks(project):
    for name, rows in {
        "labels": "flag_id,duplicate,en,Duplicate,,\nflag_id,duplicate,cy,Dyblyg,,\n",
        "sentences": "withheld,cy,reason,cuddiwyd: {reason}\n",
    }.items():
        path = project.directory / "seeds" / "codebook" / f"{name}.csv"
        path.write_text(path.read_text() + rows)
    error = project.only_error()
    assert error.file == "seeds/codebook/labels.csv and seeds/codebook/sentences.csv"
    assert error.problem == "2 text(s) are missing in the language cy: flag_id speeder, family_staff_gaps"
    assert error.value == "cy"


def test_a_long_list_of_missing_texts_is_cut(project):
    path = project.directory / "seeds/codebook/labels.csv"
    rows = "".join(f"flag_id,flag_{number},en,Flag,,\n" for number in range(30))
    path.write_text(path.read_text() + rows + "flag_id,speeder,cy,Cyflym,,\n")
    assert project.only_error().problem.endswith("flag_id flag_10 and 21 more")


@pytest.mark.parametrize(
    ("template", "problem"),
    [
        ("withheld: {raeson}", "no report replaces {raeson}, so readers would see it"),
        ("withheld", "{reason} is missing, so readers would not see"),
        ("withheld: {reason", "no report replaces {, so"),
        ("withheld: {reason}}", "no report replaces }, so"),
        ("withheld: { reason }", "no report replaces { reason }"),
    ],
)
def test_a_sentence_has_the_placeholders_that_its_row_lists(project, template, problem):
    project.replace("seeds/codebook/sentences.csv", "withheld: {reason}", template)
    error = project.only_error()
    assert (error.line, error.column, error.value) == (2, "template", template)
    assert error.problem.startswith(problem) or f"; {problem}" in error.problem
    assert error.allowed == ('"{reason}"',)


def test_a_translation_has_the_same_placeholders(project):
    for name, row in {
        "labels": "flag_id,speeder,cy,Cyflym,,\n",
        "sentences": "withheld,cy,rheswm,cuddiwyd: {rheswm}\nfamily_staff_gaps,cy,,Bylchau\n",
    }.items():
        path = project.directory / "seeds" / "codebook" / f"{name}.csv"
        path.write_text(path.read_text() + row)
    error = project.only_error()
    assert (error.line, error.column, error.value) == (4, "placeholders", "rheswm")


@pytest.mark.parametrize(
    ("row", "column", "problem"),
    [
        ("staff_gaps,family_staff_gaps,holm", "family_template", "first in line 2"),
        (",family_staff_gaps,holm", "family_template", "blank"),
        ("nudges,family_nudges,holm", "sentence_id", "no row of sentences.csv"),
        ("nudges,family_staff_gaps,bonferroni", "adjustment_id", "unknown adjustment_id"),
        ("nudges_{outcome},family_staff_gaps,holm", "family_template", "{outcome} stands for nothing"),
        ("nudges_{outcome_id},family_staff_gaps,holm", "sentence_id", "no placeholder, and the families"),
        ("nudges,withheld,holm", "sentence_id", "{reason}, and the families"),
    ],
)
def test_a_family_that_the_build_would_refuse_is_refused_before(project, row, column, problem):
    project.append("seeds/codebook/families.csv", row)
    error = project.only_error()
    assert (error.file, error.line, error.column) == ("seeds/codebook/families.csv", 3, column)
    assert problem in error.problem


@pytest.mark.parametrize(
    ("row", "column", "problem"),
    [
        ("hilltop,wave_1,,,,,,", "wave_id", "no export is of citizens of the council 'hilltop'"),
        ("riverside,wave_3,,,,,,", "wave_id", "in the wave 'wave_3'"),
        ("riverside,wave_1,,,,,,", "wave_id", "described twice, first in line 2"),
        ("riverside,wave_2,,1,,,,", "sort_order", "wave_1 in line 2, of the same council, has this place already"),
        ("riverside,wave_2,,2,2023-05-01,,,", "sort_order", "after wave_1 in line 2, which began later"),
        ("riverside,wave_2,,second,,,,", "sort_order", "no whole number"),
        ("riverside,wave_2,,-2,,,,", "sort_order", "no whole number"),
        ("riverside,wave_2,,2,01/05/2025,,,", "fieldwork_start", "year-month-day"),
        ("riverside,wave_2,,2,2025-05-01,2025-06-31,,", "fieldwork_end", "no day"),
        ("riverside,wave_2,,2,2025-05-01,2025-04-30,,", "fieldwork_end", "before it begins, on 2025-05-01"),
        ('riverside,wave_2,,2,,,"1,500",', "n_invited", "no whole number"),
        ("riverside,wave_2,,2,,,12.5,", "n_invited", "no whole number"),
        ("riverside,wave_2,,2,,,,all", "panel_size", "no whole number"),
        ("riverside,wave_2,,2,,,1200,1100", "n_invited", "than the panel has members (1,100)"),
    ],
)
def test_a_wave_that_cannot_be_is_refused(project, row, column, problem):
    add_second_wave(project)
    project.append(WAVES, "riverside,wave_1,Spring 2024,1,2024-05-01,2024-05-31,500,1000")
    project.append(WAVES, row)
    errors = [error for error in project.errors() if error.line == 3]
    assert [(error.file, error.column) for error in errors] == [(WAVES, column)]
    assert problem in errors[0].problem


@pytest.mark.parametrize(
    ("rows", "column"),
    [
        (["wave_2,,1,,,,"], "sort_order"),
        (["wave_1,,,2024-05-01,,,", "wave_2,,2,2025-05-01,,,"], "sort_order"),
        (["wave_1,,,,,,", "wave_2,,,2025-05-01,,,"], "fieldwork_start"),
    ],
)
def test_a_wave_without_a_place_among_others_that_have_one_is_refused(project, rows, column):
    add_second_wave(project)
    for row in rows:
        project.append(WAVES, f"riverside,{row}")
    error = project.only_error()
    assert (error.file, error.line, error.column) == (WAVES, len(rows) + 1, column)
    assert f"other waves of riverside have no {column}: wave_1;" in error.problem


@pytest.mark.parametrize(
    "rows",
    [
        ["wave_2,Autumn,,,,,"],
        ["wave_2,Autumn,2,2024-10-01,2024-10-01,0,0", "wave_1,,1,,,,"],
        ["wave_1,,,2024-05-01,,,", "wave_2,,,2025-05-01,,500,500"],
        ["wave_1,,1,2024-05-01,,,", "wave_2,,2,,,,"],
    ],
)
def test_waves_may_be_described_in_part(project, rows):
    add_second_wave(project)
    for row in rows:
        project.append(WAVES, f"riverside,{row}")
    assert project.errors() == []


def test_a_wave_of_staff_alone_has_no_row(project):
    project.replace("seeds/codebook/exports.csv", "citizen", "staff")
    project.append(WAVES, "riverside,wave_1,,,,,,")
    assert [error.column for error in project.errors() if error.file == WAVES] == ["wave_id"]


@pytest.mark.parametrize("language", ["cy", "e'n", "", None, False])
def test_an_unknown_language_is_one_plain_error(project, language):
    (error,) = check_exports(project.directory, {"language": language}).errors
    assert (error.file, error.allowed) == ("dbt_project.yml", ("en",))
    assert f'vars: language is "{language}", and the codebook has no labels' in error.problem
    assert error.value == str(language)
    assert "docs/change-a-label.md" in error.remedy
