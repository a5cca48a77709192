"""The bundled exports leave as files of survey tools and come back through draft and add with the same answers.

Reports are computed from the codebook's rows and the cells of claimed columns, so equal ones give equal reports. The
thorough tests build them all the same: two projects in which each council has come back from another tool.
"""

import csv
import json
from pathlib import Path

import pytest

from building import PROJECT, Project
from coproduction.cli import main
from coproduction.codebook.labels import normalise_label
from coproduction.exports.project_files import read_codebook
from workbench.bench.layouts import write_xlsx
from workbench.comparison import compare

EMPTY_CELLS = ("", "na")


def table(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def write(path: Path, rows) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def as_workbook(folder, header, rows):
    pytest.importorskip("python_calamine")
    return [write_xlsx(folder / "a.xlsx", {"Codes": [["nothing"]], "Answers": [header, *rows]})]


def as_qualtrics(folder, header, rows):
    imports = [json.dumps({"ImportId": name}) for name in header]
    return [write(folder / "a.csv", [header, [f"Text of {name}" for name in header], imports, *rows])]


def as_semicolons(folder, header, rows):
    path = folder / "a.csv"
    with path.open("w", encoding="utf-16", newline="") as file:
        csv.writer(file, delimiter=";").writerows([header, *rows])
    return [path]


def as_spss(folder, header, rows):
    pyreadstat = pytest.importorskip("pyreadstat")
    import pandas as pd

    frame = pd.DataFrame(rows, columns=header)
    for name in header:
        if all(cell == "" or cell.isdecimal() for cell in frame[name]) and not frame[name].str.startswith("0").any():
            frame[name] = pd.to_numeric(frame[name])
    pyreadstat.write_sav(frame, str(folder / "a.sav"))
    return [folder / "a.sav"]


def as_stata(folder, header, rows):
    pyreadstat = pytest.importorskip("pyreadstat")
    import pandas as pd

    pyreadstat.write_dta(pd.DataFrame(rows, columns=header), str(folder / "a.dta"))
    return [folder / "a.dta"]


def as_limesurvey(folder, header, rows):
    records = ["submitdate", "lastpage", "startlanguage"]
    return [write(folder / "a.csv", [[*records, *header], *(["2025-03-01 10:00:00", "5", "en", *row] for row in rows)])]


def as_surveymonkey(folder, header, rows):
    records = ["Respondent ID", "Collector ID", "Start Date"]
    below = ["", "", "", *("Response" for _ in header)]
    body = [[f"11{number}", "4", "03/01/2025", *row] for number, row in enumerate(rows)]
    return [write(folder / "a.csv", [[*records, *header], below, *body])]


def as_forms(folder, header, rows):
    return [write(folder / "a.csv", [["Timestamp", *header], *(["01/03/2025 10:00:00", *row] for row in rows)])]


def as_triple_s(folder, header, rows):
    variables = "".join(
        f'<variable ident="{n}" type="character"><name>{name}</name><position start="{n}"/></variable>'
        for n, name in enumerate(header, 1)
    )
    text = f'<sss version="2.0"><survey><record ident="A" format="csv" skip="1">{variables}</record></survey></sss>'
    (folder / "a.xml").write_text(text, encoding="utf-8")
    return [folder / "a.xml", write(folder / "answers.csv", [header, *rows])]


TRIPS = {
    "barnet": (as_qualtrics, as_forms),
    "bristol": (as_spss, as_limesurvey),
    "derbyshire_dales": (as_workbook, as_triple_s),
    "swansea": (as_stata, as_surveymonkey),
    "wolverhampton": (as_triple_s, as_semicolons),
}


@pytest.mark.parametrize(("export_id", "layout"), [(name, layout) for name, both in TRIPS.items() for layout in both])
def test_an_export_comes_back_as_it_left(export_id, layout, place):
    header, *rows = table(PROJECT / f"seeds/exports/{export_id}.csv")
    before, _ = read_codebook(place.project)
    files = layout(place.folder, header, rows)
    said = place.make_draft(*files)
    assert f"The columns are those of {export_id}: this may be its next wave." in said
    options = ("--codebook", place.draft, "--council", export_id, "--wave", "wave_1", "--synthetic")
    said = place.run("add", *files, *options)
    assert said.startswith(
        f"Replaced {export_id}: {len(rows):,} respondents, {len(before.questions_of(export_id))} questions."
    ), said
    after, _ = read_codebook(place.project)
    for name in ("scales", "answers", "councils", "themes", "topics", "constructs"):
        assert [row.values for row in after[name]] == [row.values for row in before[name]]
    assert meanings(after, export_id) == meanings(before, export_id)
    new_header, *new_rows = table(place.project / f"seeds/exports/{export_id}.csv")
    claimed = [row["column_name"] for row in before.questions_of(export_id)]
    identifier = next(row["respondent_column"] for row in before["exports"] if row["export_id"] == export_id)
    for name in [*claimed, identifier]:
        assert column(new_header, new_rows, name) == column(header, rows, name)


def meanings(codebook, export_id):
    return sorted(tuple(sorted(row.values.items())) for row in codebook.questions_of(export_id))


def column(header, rows, name):
    cells = (normalise_label(row[header.index(name)]) for row in rows)
    return ["" if cell in EMPTY_CELLS else cell for cell in cells]


@pytest.mark.thorough
@pytest.mark.parametrize("which", [0, 1])
def test_reports_of_what_came_back_are_those_of_the_bundled_exports(which, built, tmp_path, capsys):
    project = Project.copy_to(tmp_path / "project")
    for export_id, layouts in TRIPS.items():
        folder = tmp_path / export_id
        folder.mkdir()
        header, *rows = table(PROJECT / f"seeds/exports/{export_id}.csv")
        files = [str(path) for path in layouts[which](folder, header, rows)]
        into, place = str(folder / "draft"), ["--project-dir", str(project.directory)]
        assert main(["draft", *files, "--into", into, *place]) == 0, capsys.readouterr()
        options = ["--codebook", into, "--council", export_id, "--wave", "wave_1", "--synthetic"]
        assert main(["add", *files, *options, *place]) == 0, capsys.readouterr()
    built_again = project.build()
    assert built_again.succeeded, built_again.output
    found, n_tables, _ = compare(built.warehouse_path, project.warehouse_path)
    assert n_tables > 50
    assert found == []
