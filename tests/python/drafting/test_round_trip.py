"""The bundled exports leave as files of survey tools and come back through draft and add with the same answers.

Reports are computed from the codebook's rows and the cells of claimed columns, so equal ones give equal reports.
"""

import csv
import json
from pathlib import Path

import pytest

from building import PROJECT
from coproduction.codebook.labels import normalise_label
from coproduction.exports.project_files import read_codebook
from workbench.bench.layouts import write_xlsx

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


def as_triple_s(folder, header, rows):
    variables = "".join(
        f'<variable ident="{n}" type="character"><name>{name}</name><position start="{n}"/></variable>'
        for n, name in enumerate(header, 1)
    )
    text = f'<sss version="2.0"><survey><record ident="A" format="csv" skip="1">{variables}</record></survey></sss>'
    (folder / "a.xml").write_text(text, encoding="utf-8")
    return [folder / "a.xml", write(folder / "answers.csv", [header, *rows])]


TRIPS = {
    "barnet": (as_qualtrics, as_spss),
    "bristol": (as_spss, as_workbook),
    "derbyshire_dales": (as_workbook, as_triple_s),
    "swansea": (as_stata, as_semicolons),
    "wolverhampton": (as_triple_s, as_stata),
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
