"""A council-wave is counted again if, and only if, something has changed from which its counts follow."""

import csv

import duckdb
import pytest

from building import Project
from coproduction.cli.part_commands import part
from coproduction.codebook.tables import Codebook, CodebookRow
from coproduction.errors import CoproductionError
from coproduction.parts.project_parts import units_with_keys
from coproduction.parts.sharing import shared
from coproduction.parts.units import Unit, units_of
from elsewhere import let_lie_elsewhere
from studies import BUNDLED

ALL = {f"{council}.wave_1" for council in BUNDLED}


def exports(*rows):
    columns = ("export_id", "council_id", "wave_id", "respondent_role", "provenance", "file")
    made = [CodebookRow("exports.csv", 2, dict(zip(columns, row.split(","), strict=True))) for row in rows]
    return Codebook({"exports": made})


def test_a_unit_is_a_council_wave_with_all_its_roles_and_files():
    codebook = exports(
        "web,hill,w1,citizen,real,",
        "paper,hill,w1,citizen,real,",
        "staff,hill,w1,staff,real,",
        "later,hill,w2,citizen,real,all",
    )
    units = units_of(codebook, {})
    assert [(unit.unit_id, unit.export_ids, unit.files) for unit in units] == [
        ("hill.w1", ("paper", "staff", "web"), ("paper", "staff", "web")),
        ("hill.w2", ("later",), ("all",)),
    ]


def test_exports_that_do_not_take_part_are_in_no_unit():
    codebook = exports("a,a,w,citizen,synthetic,", "b,b,w,citizen,real,", "c,c,w,citizen,real,", "d,d,w,citizen,real,")
    variables = {"include_synthetic": False, "leave_out_exports": ["b"]}
    assert [unit.unit_id for unit in units_of(codebook, variables, left_out=["c"])] == ["d.w"]


def test_names_of_units_are_folders_and_tell_any_two_apart():
    units = [Unit(council, wave, (), ()) for council, wave in (("a.b", "c"), ("a", "b.c"), ("../up", "*"), ("é", "w"))]
    names = [unit.unit_id for unit in units]
    assert len(set(names)) == 4
    assert not any(set(name) & set("/*?[") or name.startswith(".") for name in names)


@pytest.fixture
def project(tmp_path):
    (tmp_path / "project").mkdir()
    return Project.copy_to(tmp_path / "project")


@pytest.fixture
def changed(project):
    """What a change alters: the units whose keys differ before and after it."""

    def units_changed_by(change, **variables):
        before = units_with_keys(project.directory, {}).keys
        change(project)
        after = units_with_keys(project.directory, variables).keys
        assert set(before) == ALL
        return {unit_id for unit_id in before | after if before.get(unit_id) != after.get(unit_id)}

    return units_changed_by


def edited(path, old, new):
    def edit(project):
        file = project.directory / path
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new, 1), encoding="utf-8")

    return edit


def appended(seed, *lines):
    return lambda project: project.append_codebook(seed, list(lines))


def nothing(project):
    pass


def another_answer(project):
    header, first, second, *rows = project.read_export("barnet")
    project.write_export("barnet", [header, [first[0], *second[1:]], [second[0], *first[1:]], *rows])


def scale_of_one_council(project):
    """Give an answer of a scale that Wolverhampton alone has another score."""
    of_others = {
        scale
        for council in ("barnet", "bristol", "derbyshire_dales", "swansea")
        for scale in project.scales_of(council).values()
    }
    own = set(project.scales_of("wolverhampton").values()) - of_others
    path = project.directory / "seeds" / "codebook" / "answers.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    row = next(row for row in rows if row[0] in own and row[2] == "valid")
    row[-1] = "Another name"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def shuffled_codebook(project):
    for path in (project.directory / "seeds" / "codebook").glob("*.csv"):
        header, *rows = path.read_text(encoding="utf-8").splitlines()
        # A cell with a line break in it would be torn.
        if not any('"' in row for row in rows):
            path.write_text("\n".join([header, *reversed(rows), ""]), encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "units"),
    [
        (nothing, set()),
        (shuffled_codebook, set()),
        (another_answer, {"barnet.wave_1"}),
        (scale_of_one_council, {"wolverhampton.wave_1"}),
        (appended("tolerated_answers", "bristol,env_act05,Somtimes,0.01,Typed.,2026-01-05"), {"bristol.wave_1"}),
        (appended("weight_margins", "swansea,wave_1,gender_label,Female,1"), {"swansea.wave_1"}),
        (appended("waves", "barnet,wave_1,First,1,,,500,"), {"barnet.wave_1"}),
        (appended("age_bands", "100 and over,100,120,99"), ALL),
        (edited("models/counts/cnt_levels.sql", "-- One", "-- Just one"), ALL),
        (edited("macros/reversed.sql", "The score", "A score"), ALL),
        (edited("seeds/codebook/labels.csv", "All councils", "Every council"), set()),
        (edited("models/reports/rpt_levels.sql", "-- One", "-- Just one"), set()),
        (lambda project: project.copy_council("swansea", "new", every=2), {"new.wave_1"}),
    ],
)  # fmt: skip
def test_a_change_alters_the_keys_of_the_units_that_it_concerns(changed, change, units):
    assert changed(change) == units


@pytest.mark.parametrize(
    ("variables", "units"),
    [
        ({"speeder_below": 0.4}, ALL),
        ({"excluded_flags": ["speeder"]}, ALL),
        ({"load_personal_columns": "all"}, ALL),
        ({"minimum_base": 20}, set()),
        ({"language": "cy"}, set()),
        ({"leave_out_exports": ["bristol"]}, {"bristol.wave_1"}),
    ],
)
def test_a_variable_alters_the_keys_if_counts_depend_on_it(changed, variables, units):
    assert changed(nothing, **variables) == units


def test_the_key_depends_on_files_that_lie_elsewhere(project, changed):
    files = project.directory.with_name("files")
    let_lie_elsewhere(project, files)

    def other_rows(_):
        with duckdb.connect() as connection:
            rows = connection.read_parquet(str(files / "swansea" / "a.parquet")).limit(100)
            rows.write_parquet(str(files / "swansea" / "b.parquet"))

    def another_end(_):
        with (files / "b.csv").open("a", encoding="utf-8") as file:
            file.write("\n")

    assert changed(other_rows) == {"swansea.wave_1"}
    assert changed(another_end) == {"bristol.wave_1"}


def test_a_part_of_refused_exports_alone_names_what_was_refused(project):
    header, *rows = project.read_export("barnet")
    project.write_export("barnet", [header, ["Nonsense"] * len(header), *rows])
    with pytest.raises(CoproductionError, match="nothing to count in barnet") as refused:
        part(project.directory, ["barnet.wave_1"], None, "{when_an_export_is_refused: leave_out}")
    assert "LEFT OUT: barnet, which has" in str(refused.value)
    assert "Nonsense" in str(refused.value)
    assert not (project.directory / "warehouse" / "parts").exists()


def test_the_key_does_not_depend_on_where_the_project_lies(project, tmp_path_factory):
    elsewhere = Project.copy_of(project, tmp_path_factory.mktemp("elsewhere") / "a project")
    assert units_with_keys(project.directory, {}).keys == units_with_keys(elsewhere.directory, {}).keys


def test_shards_have_about_the_same_bytes_and_each_unit_once(project):
    units = list(units_with_keys(project.directory, {}).units.values())
    size = {unit.unit_id: (project.export_path(unit.files[0])).stat().st_size for unit in units}
    taken = shared(project.directory, units, 2)
    assert sorted(name for names in taken for name in names) == sorted(ALL)
    assert max(sum(map(size.get, names)) for names in taken) - min(sum(map(size.get, names)) for names in taken) <= max(
        size.values()
    )
    assert len(shared(project.directory, units, 9)) == 5
