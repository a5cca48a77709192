"""A part counts whole or not at all, and a build takes each council-wave from one current part."""

import json
import os
import subprocess
import sys

import duckdb
import pytest

from coproduction.parts.folder import (
    RECORD,
    PartsError,
    compare,
    put_in_place,
    remove,
    require_current,
    work_folder,
    write_record,
)
from coproduction.parts.handing_over import hand_over
from coproduction.parts.units import Unit

TABLES = ["counts.cnt_levels", "marts.dim_respondent"]


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "parts"


@pytest.fixture
def part(folder):
    """Makes a part of some units, with empty files as its tables."""

    def make(name, tables=TABLES, **units):
        for table in tables:
            path = folder / name / f"{table.replace('.', '/')}.parquet"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
        write_record(folder / name, units, tables)
        return folder / name

    return make


def test_current_changed_new_and_gone_units_are_told_apart(folder, part):
    part("a", a="1"), part("b", b="1"), part("gone", gone="1")
    found = compare(folder, {"a": "1", "b": "2", "new": "1"})
    assert [current.folder.name for current in found.current] == ["a"]
    assert found.to_count == ["b", "new"]
    assert [outdated.folder.name for outdated in found.outdated] == ["b", "gone"]


def test_one_part_may_hold_several_units(folder, part):
    part("all", a="1", b="1")
    assert [one.folder.name for one in require_current(folder, {"a": "1", "b": "1"})] == ["all"]
    # One of them has changed, so the files of the part hold rows that are not current.
    assert compare(folder, {"a": "1", "b": "2"}).to_count == ["a", "b"]


def test_a_unit_is_taken_from_one_part_only(folder, part):
    part("a", a="1"), part("again", a="1")
    assert len(require_current(folder, {"a": "1"})) == 1


@pytest.mark.parametrize("damage", ["no record", "half a record", "no file", "begun"])
def test_what_is_not_whole_is_no_part(folder, part, damage):
    made = part("a", a="1")
    if damage == "no record":
        (made / RECORD).unlink()
    elif damage == "half a record":
        (made / RECORD).write_text('{"units": {"a"')
    elif damage == "no file":
        (made / "counts" / "cnt_levels.parquet").unlink()
    else:
        made.rename(folder / ".work-here-1")
    assert compare(folder, {"a": "1"}).to_count == ["a"]


def test_the_message_names_what_is_missing_and_the_remedy(folder, part):
    part("a", a="0")
    with pytest.raises(PartsError, match=r"no part of a, b as its files.*`coproduction build --changed` counts"):
        require_current(folder, {"a": "1", "b": "1"})
    with pytest.raises(PartsError, match="Build without parts_from"):
        require_current(folder, {})


def test_parts_with_other_tables_are_not_mixed(folder, part):
    part("a", a="1"), part("b", tables=TABLES[:1], b="1")
    with pytest.raises(PartsError, match="do not have the same tables"):
        require_current(folder, {"a": "1", "b": "1"})


def test_only_the_owner_may_open_the_folder_and_what_killed_commands_left_is_removed(folder):
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    with work_folder(folder) as work:
        left = work.with_name(work.name.replace(str(os.getpid()), str(ended.pid)))
        of_a_machine = work.with_name(f".work-elsewhere-{ended.pid}")
        running = work.with_name(work.name.replace(str(os.getpid()), str(os.getppid())))
        for path in (left, of_a_machine, running):
            path.mkdir()
        assert (folder.stat().st_mode & 0o777, work.stat().st_mode & 0o777) == (0o700, 0o700)
    assert not work.exists()
    with work_folder(folder):
        assert [path.exists() for path in (left, of_a_machine, running)] == [False, True, True]


def test_a_new_part_takes_the_place_of_the_one_before(folder, part):
    old = part("a", a="1")
    with work_folder(folder) as work:
        new = work / "a"
        old.rename(new)
        write_record(new, {"a": "2"}, TABLES)
        old.mkdir()
        (old / "marts").mkdir()
        put_in_place(new, folder)
        assert json.loads((old / RECORD).read_text())["units"] == {"a": "2"}
    assert [path.name for path in folder.iterdir()] == ["a"]


def test_parts_that_are_gone_are_removed(folder, part):
    part("a", a="1")
    remove(compare(folder, {}).outdated)
    assert list(folder.iterdir()) == []


# --- Handing over ---

SURVEYS = [Unit("hill", "w1", ("web", "paper"), ()), Unit("hill", "w2", ("later",), ())]


@pytest.fixture
def warehouse(tmp_path):
    path = tmp_path / "part.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("""
            create schema intermediate; create schema counts; create schema quality;
            create table intermediate.int_respondents as
            select * from (values (1, 'web:1', 'web'), (2, 'paper:1', 'paper'), (3, 'later:1', 'later'))
                as people (respondent_number, respondent_key, export_id);
            create table counts.by_survey as select * from (values ('hill', 'w1', 2), ('hill', 'w2', 1))
                as counted (council_id, wave_id, n_respondents);
            create table quality.by_export as select export_id, 5 as n_rows from intermediate.int_respondents;
            create view intermediate.by_number as select respondent_number from intermediate.int_respondents;
            create table intermediate.by_key as select respondent_key from intermediate.int_respondents;
        """)
    return path


def test_each_unit_gets_its_own_rows(warehouse, tmp_path):
    tables = ["counts.by_survey", "quality.by_export", "intermediate.by_number", "intermediate.by_key"]
    hand_over(warehouse, tables, SURVEYS, tmp_path)
    count = "select count(*) from '{}'"
    for unit, n_of in zip(SURVEYS, ([1, 2, 2, 2], [1, 1, 1, 1]), strict=True):
        files = [tmp_path / unit.unit_id / f"{table.replace('.', '/')}.parquet" for table in tables]
        assert [duckdb.execute(count.format(file)).fetchone()[0] for file in files] == n_of


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("create table counts.odd as select 1 as column_number", "counts.odd has no column that says"),
        ("create table counts.odd as select 'vale' as council_id, 'w1' as wave_id", "counts.odd has 1 rows, and 0 of"),
        ("create table counts.odd as select null as council_id, 'w1' as wave_id", "counts.odd has 1 rows, and 0 of"),
    ],
)
def test_no_row_is_lost_on_the_way(warehouse, tmp_path, change, message):
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute(change)
    with pytest.raises(PartsError, match=message):
        hand_over(warehouse, ["counts.odd"], SURVEYS, tmp_path)
