"""Small files of odd shapes, each a council of its own in one build: the right value, or the right people left out."""

import re
import shutil
from collections import Counter
from pathlib import Path

import pytest
import yaml

from building import PROJECT, Project
from questionnaires import OPTIONAL, activity, describe, groups

INPUTS = Path(__file__).parents[1] / "fixtures" / "silent"
CODED_CELLS = (
    "select respondent_key, cells.* from intermediate.int_coded_cells as cells "
    "inner join staging.stg_coded_exports using (respondent_number, export_id)"
)

# The questions of Hillford in docs/add-a-council.md, whose rows the odd files are made of.
HILLFORD = [
    ("Q1_1", "individual_activity", "environment", "frequency"),
    ("Q1_2", "individual_activity", "environment", "frequency"),
    ("Q2", "group_participation", "environment", "frequency"),
    ("Q3", "time_willing", "environment", "time_monthly"),
    ("Q4", "political_self_efficacy", "environment", "difference"),
    ("Q5", "gender", "", "gender"),
    ("Q6", "age", "", "age_years"),
]
ODD_NAMES = [
    "rowid",
    'it\'s {{ Q1 }} {% raw %} "x" 100% --;/* ${q://QID1/ChoiceTextEntryValue}',
    "grp/q2[SQ001]",
    "respondent_id",
    "answer_ids",
    "export_id",
    "select",
]
WEB_AND_PAPER = [
    ("Q1", "individual_activity", "environment", "frequency"),
    ("Q2", "group_participation", "environment", "frequency"),
]
CONDITIONS = ["Very good", "Fairly good", "Neither good nor poor", "Fairly poor", "Very poor"]


def internal_names() -> list[str]:
    """Every name of ours: columns of tables, and aliases and CTEs of queries; each second one in capitals."""
    names = {"rowid", "export_rows", "label_1", "label_2", "file_rows", "unnest", "column", "select", "filename"}
    for path in [*PROJECT.glob("models/**/*.yml"), *PROJECT.glob("seeds/**/*.yml")]:
        described = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        for table in [*described.get("models", []), *described.get("seeds", [])]:
            names |= {column["name"] for column in table.get("columns", [])} | {table["name"]}
    for path in [*PROJECT.glob("models/**/*.sql"), *PROJECT.glob("macros/*.sql")]:
        text = path.read_text(encoding="utf-8")
        names |= set(re.findall(r"\bas ([a-z_]\w*)", text)) | set(re.findall(r"^([a-z_]\w*) as \(", text, re.MULTILINE))
    return [name.upper() if place % 2 else name for place, name in enumerate(sorted(names))]


# Not claimed, so that the coded columns and the others are told apart by these names as well.
UNCLAIMED = {"final", "answer_label", "column_name", "FINAL", "ANSWER_LABEL", "COLUMN_NAME"}
# Several exports, because DuckDB plans one with hundreds of claimed columns for minutes.
FILES = {f"own_names_{begin}": internal_names()[begin::8] for begin in range(8)}


def file_of_names(export_id: str) -> list[list[str]]:
    """Header and rows: the answers differ between neighbouring columns and between rows."""
    names = FILES[export_id]
    rows = [[CONDITIONS[(person + place) % 5] for place in range(len(names))] for person in range(7)]
    return [["The person", *names], *([f"{person}", *row] for person, row in enumerate(rows))]


def claimed_cells() -> list[tuple[str, str, str, str]]:
    """Export, respondent, column and label of each claimed cell of these files."""
    cells = []
    for export_id in FILES:
        header, *rows = file_of_names(export_id)
        for row in rows:
            cells += [
                (export_id, row[0], name, label)
                for name, label in zip(header[1:], row[1:], strict=True)
                if name not in UNCLAIMED
            ]
    return cells


def add_export(project, export_id, council_id, identifier, questions, priority=""):
    project.append_codebook("exports", [f"{export_id},{council_id},wave_1,citizen,{identifier},real,,,{priority}"])
    lines = []
    for column, construct, theme, scale in questions:
        topic = "all" if theme else ""
        name = '"' + column.replace('"', '""') + '"'
        lines.append(f"{export_id},{name},{construct},{theme},{topic},{scale},false,true,")
    project.append_codebook("questions", lines)
    project.list_exports(export_id)


TICKS = {"scale_id": "tick_box", "asked_when_column": "reached", "asked_when_answers": "*"}
OWNERS = {"asked_when_column": "owner", "asked_when_answers": "Yes"}
OPTIONS = ("Email", "Poster", "Friends or family", "*")
# File, the column with the ids, and the questions.
SHAPES = {
    "ticks": ("tick_boxes", "Ref", [activity("litter", **TICKS), activity("recycle", **TICKS)]),
    "several": (
        "several_answers",
        "Ref",
        [groups("heard_from", scale_id="tick_box", option=option, separator=";") for option in OPTIONS],
    ),
    "routed": (
        "routed",
        "Ref",
        [*(activity(f"street_{n}") for n in (1, 2)), *(activity(f"garden_{n}", **OWNERS) for n in (1, 2))],
    ),
    "floats": (
        "float_codes",
        "id",
        [
            activity("trust", construct_id="conditions", scale_id="codes"),
            {"column_name": "age", "construct_id": "age", "scale_id": "age_years"},
            {"column_name": "weight", "construct_id": "weight", "scale_id": "any_weight", "number_format": "point"},
        ],
    ),
    "qualtrics": ("qualtrics_3_headers", "Reference", None),
    "surveymonkey": ("surveymonkey_2_headers", "Reference", None),
}


def hillford_questions() -> list[dict[str, str]]:
    return [
        {"column_name": column, "construct_id": construct, "theme_id": theme, "scale_id": scale}
        for column, construct, theme, scale in HILLFORD
    ]


@pytest.fixture(scope="session")
def silent(tmp_path_factory) -> Project:
    """Every odd file, built without the bundled exports."""
    project = Project.copy_to(tmp_path_factory.mktemp("silent"))
    for seed, names in OPTIONAL.items():
        project.add_codebook_columns(seed, names)
    councils = ["odd_names", "odd_labels", "redcap", "no_rule", "web_first", "yes_no", *SHAPES, *FILES]
    project.append_codebook("councils", [f"{name},{name},England,1000,2011,rural,Made for a test" for name in councils])
    project.append_codebook("scales", ["yes_no,Yes or no,ordinal,0,1"])
    project.append_codebook("answers", ["yes_no,Yes,valid,1,true,,Yes", "yes_no,No,valid,0,false,,No"])
    # Rows of commas, as a spreadsheet leaves them.
    project.append_codebook("scales", [",,,,", ",,,,"])
    odd = [(name, *question) for name, (_, *question) in zip(ODD_NAMES, HILLFORD, strict=True)]
    add_export(project, "odd_names", "odd_names", "Reference", odd)
    add_export(project, "odd_labels", "odd_labels", "Reference", HILLFORD[1:])
    add_export(project, "redcap", "redcap", "Reference", HILLFORD)
    for export_id, source in {
        "odd_names": "odd_column_names",
        "odd_labels": "odd_labels",
        "redcap": "redcap_repeat_rows",
    }.items():
        shutil.copy(INPUTS / f"{source}.csv", project.export_path(export_id))
    for council, priorities in {"no_rule": ("", ""), "web_first": ("1", "2")}.items():
        for source, priority in zip(("web", "paper"), priorities, strict=True):
            add_export(project, f"{council}_{source}", council, "Ref", WEB_AND_PAPER, priority)
            shutil.copy(INPUTS / f"{source}.csv", project.export_path(f"{council}_{source}"))
    add_export(
        project,
        "yes_no",
        "yes_no",
        "Ref",
        [(name, construct, theme, "yes_no") for name, construct, theme, _ in WEB_AND_PAPER],
    )
    project.write_export(
        "yes_no", [["Ref", "Q1", "Q2"], *([str(n), "Yes", "No" if n % 3 else "Yes"] for n in range(30))]
    )
    project.append_codebook("scales", ["codes,Codes,ordinal,1,5", "any_weight,Weight,decimal,0,1000"])
    codes = [f"codes,{code},valid,{code},,,Code {code}" for code in range(1, 6)]
    project.append_codebook("answers", [*codes, "codes,-99,refused,,,,Prefer not to say"])
    for export_id, (source, identifier, questions) in SHAPES.items():
        row = {"export_id": export_id, "council_id": export_id, "respondent_column": identifier}
        describe(project, row, questions or hillford_questions())
        project.list_exports(export_id)
        shutil.copy(INPUTS / f"{source}.csv", project.export_path(export_id))
    for export_id, names in FILES.items():
        project.write_export(export_id, file_of_names(export_id))
        add_export(project, export_id, export_id, "The person", [])
        claimed = [name for name in names if name not in UNCLAIMED]
        lines = [f"{export_id},{name},conditions,environment,all,good_poor,false" for name in claimed]
        project.append_codebook("questions", [f"{line},{str(not place).lower()}," for place, line in enumerate(lines)])
    parts = ["+rpt_levels", "+answer_reconciliation", "+int_coded_cells", "+fct_respondent_theme"]
    parts += ["+cnt_index_alternatives", "--indirect-selection", "cautious", "--exclude-resource-type", "unit_test"]
    build = project.build("--vars", "{include_synthetic: false}", "--select", *parts)
    assert build.succeeded, build.output
    return project


def test_no_cell_of_an_odd_file_is_lost(silent):
    found = silent.query("from quality.answer_reconciliation")
    assert len(found) == 8 + len(SHAPES) + len(FILES)
    assert found.is_balanced.all()


def test_columns_with_names_of_ours_are_read_as_they_stand_in_the_file(silent):
    cells = silent.query(f"{CODED_CELLS} where export_id like 'own_names%'")
    found = {(cell.respondent_key, cell.column_name): cell.answer_label for cell in cells.itertuples()}
    expected = {(f"{export_id}:{person}:1", name): label for export_id, person, name, label in claimed_cells()}
    assert len({name for _, _, name, _ in claimed_cells()}) > 400
    assert found == expected
    unclaimed = silent.query("select column_name from quality.unclaimed_columns where export_id like 'own_names%'")
    assert set(unclaimed.column_name) == UNCLAIMED & {name for names in FILES.values() for name in names}


def test_the_profile_of_such_columns_counts_their_own_answers(silent):
    profile = silent.query("from quality.answer_profile where export_id like 'own_names%'")
    found = {(row.export_id, row.column_name, row.answer_label): row.n_answers for row in profile.itertuples()}
    assert found == Counter((export_id, name, label) for export_id, _, name, label in claimed_cells())


def test_odd_column_names_and_labels_give_the_figures_of_hillford(silent):
    """The same answers as in docs/add-a-council.md: 67, 27 and 45 per cent."""
    levels = silent.query(
        "select council_id, measure_id, estimate_label from reports.rpt_levels where breakdown_id = 'all' "
        "and topic_id = 'all' and council_id in ('odd_names', 'redcap', 'qualtrics', 'surveymonkey') "
        "and measure_id in "
        "('individual_index', 'collective_participation', 'willing_monthly')"
    )
    found = {(row.council_id, row.measure_id): row.estimate_label for row in levels.itertuples()}
    measures = {"individual_index": "67", "collective_participation": "27", "willing_monthly": "45"}
    assert found == {
        (council, measure): label
        for council in ("odd_names", "redcap", "qualtrics", "surveymonkey")
        for measure, label in measures.items()
    }


def test_labels_that_look_like_code_are_kept_in_an_unclaimed_column(silent):
    labels = silent.query('select "Q1_1" as label from raw.odd_labels order by "Reference"').label.tolist()
    assert labels[:6] == ["None", "NA", "null", "nan", "N/A", "TRUE"]
    assert labels[-2:] == ["<b>No</b>&nbsp;", "inf"]


def test_a_repeated_row_without_answers_is_left_out_and_the_respondent_stays(silent):
    rows = silent.query("from intermediate.int_respondents where export_id = 'redcap'")
    assert (len(rows), rows.is_excluded.sum()) == (14, 2)
    h001 = rows[rows.respondent_id == "H001"]
    assert (h001.is_excluded.sum(), h001.is_conflicting_duplicate.sum()) == (2, 0)
    assert not h001[~h001.is_excluded].is_duplicate.any()


@pytest.mark.parametrize(
    ("council", "included"),
    [
        ("no_rule", ["H001", "H002", "H004"]),
        ("web_first", ["H001", "H002", "H003", "H004"]),
    ],
)
def test_a_person_of_two_files_counts_once_or_not_at_all(silent, council, included):
    rows = silent.query(f"from intermediate.int_respondents where council_id = '{council}' order by respondent_key")
    assert sorted(rows[~rows.is_excluded].respondent_id) == included
    assert rows[rows.is_duplicate].person_key.tolist() == [f"{council}:H003"] * 2
    kept = rows[~rows.is_excluded & (rows.respondent_id == "H003")]
    assert kept.export_id.tolist() == (["web_first_web"] if council == "web_first" else [])


def test_nobody_takes_part_often_where_the_scale_has_no_such_answer(silent):
    outcomes = silent.query("from marts.fct_respondent_theme where council_id = 'yes_no' and topic_id = 'all'")
    assert outcomes.collective_participation.mean() == pytest.approx(1 / 3)
    assert outcomes.collective_often.isna().all()
    measures = silent.query("select distinct measure_id from reports.rpt_levels where council_id = 'yes_no'").measure_id
    assert set(measures) == {"individual_index", "collective_participation"}
    counts = silent.query("from counts.cnt_index_alternatives where council_id = 'yes_no'")
    assert counts.n_often.isna().all()


def test_rows_of_commas_are_no_rows_of_the_codebook(silent):
    assert silent.query("select count(*) as n from codebook.scales where scale_id is null").n[0] == 0


def valid_cells(silent, export_id):
    """Respondent, column and name of the valid answers of an export."""
    cells = silent.query(f"{CODED_CELLS} where export_id = '{export_id}' and answer_kind = 'valid'")
    return [(key.split(":")[1], *rest) for key, *rest in zip(
        cells.respondent_key, cells.column_name, cells.answer_name, strict=True
    )]  # fmt: skip


def test_not_ticked_is_an_answer_of_those_who_saw_the_question(silent):
    counts = Counter((column, name) for _, column, name in valid_cells(silent, "ticks"))
    assert counts == {
        ("litter", "Ticked"): 2, ("litter", "Not ticked"): 3, ("recycle", "Ticked"): 3, ("recycle", "Not ticked"): 2,
    }  # fmt: skip
    assert "T04" not in {respondent for respondent, *_ in valid_cells(silent, "ticks")}


def test_each_of_several_answers_is_counted_by_itself(silent):
    cells = valid_cells(silent, "several")
    assert {respondent for respondent, *_ in cells} == {"S01", "S02", "S04"}
    ticked = Counter(column.removeprefix("heard_from:") for _, column, name in cells if name == "Ticked")
    assert ticked == {"Email": 2, "Poster": 2, "Friends or family": 1, "*": 1}


def test_the_index_leaves_out_what_was_not_asked(silent):
    outcomes = silent.query("from intermediate.int_measures where council_id = 'routed' and topic_id = 'all'")
    found = {row.respondent_key.split(":")[1]: row.n_positive / row.n_answered for row in outcomes.itertuples()}
    assert found == pytest.approx({"R01": 1 / 2, "R02": 1, "R03": 0, "R04": 2 / 3, "R05": 1 / 2})
    kinds = silent.query(
        f"select respondent_key, answer_kind from ({CODED_CELLS}) where export_id = 'routed' "
        "and column_name like 'garden%' and answer_kind <> 'valid'"
    )
    of_person = {(key.split(":")[1], kind) for key, kind in kinds.itertuples(index=False)}
    assert of_person == {("R02", "not_asked"), ("R03", "not_asked"), ("R04", "blank"), ("R05", "blank")}


def test_codes_as_floats_and_two_spellings_of_decimals_are_numbers(silent):
    people = silent.query("from intermediate.int_respondents where export_id = 'floats' order by respondent_id")
    assert people.respondent_id.tolist() == ["1.0", "2.0", "3.0"]
    assert people.age_years.tolist() == [47, 99, 31]
    assert people.weight.tolist() == [0.00001, 0.85, 1.2]
    names = {(respondent, name) for respondent, column, name in valid_cells(silent, "floats") if column == "trust"}
    assert names == {("1.0", "Code 3"), ("2.0", "Code 5")}
