"""Thousands of columns, labels and rows of the codebook: twice as many are twice the work for the check.

The work is the number of calls of Python functions, which is the same on every machine. Measured in full once, in
seconds of processor time: 5,000 claimed columns 5, 5,000 others 4, 100,000 labels 17, 20,000 rows of the codebook 8.
"""

import sys

import pytest

from coproduction.exports.leaving_out import check_exports

EXPORT = "seeds/exports/riverside.csv"


def claimed_columns(project, before, n):
    names = [f"A{i}" for i in range(n)]
    claim = "riverside,{},individual_activity,health,all,frequency,false,true,\n"
    project.write("seeds/codebook/questions.csv", before["questions"] + "".join(map(claim.format, names)))
    write_export(project, names, lambda row, place: ("Often", "Never")[(row + place) % 2])


def columns_that_depend_on_each_other(project, before, n):
    names = [f"A{i}" for i in range(n)]
    header = before["questions"].splitlines()
    lines = [header[0] + ",asked_when_column,asked_when_answers", *(line + ",," for line in header[1:])]
    lines += [
        f"riverside,{name},individual_activity,health,all,frequency,false,true,,{before},Often"
        for before, name in zip(["Q1", *names], names, strict=False)
    ]
    project.write("seeds/codebook/questions.csv", "\n".join(lines) + "\n")
    write_export(project, names, lambda *_: "Often")


def other_columns(project, before, n):
    write_export(project, [f"Other question {i}" for i in range(n)], lambda row, place: str(row * place % 7))


def labels_of_a_scale(project, before, n):
    answers = "".join(f"good_poor,Label number {i},valid,{1 + i % 2},,,Label {i}\n" for i in range(n))
    project.write("seeds/codebook/answers.csv", before["answers"] + answers)
    rows = "".join(f"{i},Often,Label number {i},34,A\n" for i in range(n))
    project.write(EXPORT, f"id,Q1,Q2,Q3,Q4\n{rows}")


def labels_that_no_scale_has(project, before, n):
    rows = "".join(f"{i},Often,Unknown {i},34,A\n" for i in range(n))
    project.write(EXPORT, f"id,Q1,Q2,Q3,Q4\n{rows}")


def scales(project, before, n):
    more = "".join(f"s{i},Scale {i},ordinal,0,1\n" for i in range(n // 4))
    project.write("seeds/codebook/scales.csv", before["scales"] + more)
    answers = "".join(f"s{i // 4},L{i % 4},valid,{i % 2},true,false,L{i % 4}\n" for i in range(n))
    project.write("seeds/codebook/answers.csv", before["answers"] + answers)


def exports(project, before, n):
    """Each export claims five columns, the others are those of the project."""
    names = [f"town_{i}" for i in range(n)]
    for table, line in {
        "exports": "{0},riverside,{0},citizen,id,synthetic,,\n",
        "questions": "".join(f"{{0}},A{i},individual_activity,health,all,frequency,false,true,\n" for i in range(5)),
    }.items():
        project.write(f"seeds/codebook/{table}.csv", before[table] + "".join(line.format(name) for name in names))
    listed = "".join(f"    - {name}\n" for name in names)
    project.write("dbt_project.yml", before["dbt_project"] + listed)
    for name in names:
        project.write(f"seeds/exports/{name}.csv", "id,A0,A1,A2,A3,A4\n1,Often,Never,Often,Often,Never\n")


def write_export(project, names, cell):
    rows = [
        ",".join([str(row), "Often", "Good", "34", "A", *(cell(row, place) for place in range(len(names)))])
        for row in range(5)
    ]
    project.write(EXPORT, "\n".join([",".join(["id", "Q1", "Q2", "Q3", "Q4", *names]), *rows]) + "\n")


def n_calls(function) -> int:
    """Return how many Python functions and generators are entered while a function runs."""
    n = 0

    def count(_, event, __):
        nonlocal n
        n += event == "call"

    sys.setprofile(count)
    try:
        function()
    finally:
        sys.setprofile(None)
    return n


LARGE = [
    claimed_columns,
    columns_that_depend_on_each_other,
    other_columns,
    labels_of_a_scale,
    labels_that_no_scale_has,
    scales,
    exports,
]


@pytest.mark.parametrize("enlarge", LARGE, ids=lambda function: function.__name__)
def test_twice_as_many_are_twice_the_work(project, enlarge):
    tables = ("questions", "answers", "scales", "exports")
    before = {table: (project.directory / f"seeds/codebook/{table}.csv").read_text() for table in tables}
    before["dbt_project"] = (project.directory / "dbt_project.yml").read_text()
    work = []
    for n in (50, 100, 200):
        enlarge(project, before, n)
        work.append(n_calls(lambda: check_exports(project.directory, {})))
    first, second, third = work
    # From 100 to 200 twice as much is added as from 50 to 100; with n * n calls it would be four times as much.
    assert third - second < 2.6 * (second - first)
