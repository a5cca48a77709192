"""One command takes a person out of the exports and out of everything that was built."""

import errno
import os
import zipfile

import pytest

from building import PROJECT
from coproduction.cli import erase_command, main
from coproduction.exports import erasing

EXPORT = "seeds/exports/riverside.csv"
WHO = "person-4711"
ROWS = [
    "﻿id,Q1,Q2,Q3,Q4\r\n",
    "1,Often,Good,34,A\r\n",
    f' {WHO} ,Never,"Good, or\r\nnot so good",51,None\r\n',
    f"{WHO}0,Often,Good,34,A\r\n",
    '3,"don’t  know",Good,Prefer not to say,A\r\n',
    f"{WHO},Often,Poor,52,A\r\n",
]
STAYS = "".join(ROWS[place] for place in (0, 1, 3, 4))


@pytest.fixture
def builds(project, monkeypatch):
    """The project with what earlier builds left; its builds are recorded and do nothing."""
    monkeypatch.delenv("COPRODUCTION_WAREHOUSE", raising=False)
    project.write("profiles.yml", (PROJECT / "profiles.yml").read_bytes())
    project.write(EXPORT, "".join(ROWS))
    for name in ("coproduction.duckdb", "coproduction.duckdb.wal", "coproduction.duckdb.set_aside_20260101T000000Z"):
        project.write(f"warehouse/{name}", f"...{WHO}...")
    project.write("warehouse/parts/riverside.wave_1/marts/fct_answer.parquet", f"...{WHO}...")
    project.write("target/run/query.sql", f"select '{WHO}'")
    project.write("logs/dbt.log", WHO)
    project.write(f"{EXPORT}.original", "".join(ROWS).encode("utf-16"))
    calls = []
    monkeypatch.setattr(erase_command, "build", lambda *arguments: calls.append(arguments) or True)
    return calls


def erase(project, council="riverside", who=WHO):
    return main(["erase", council, who, "--project-dir", str(project.directory)])


def test_only_the_rows_of_the_person_are_gone_and_nothing_built_is_left(project, builds, capsys):
    assert erase(project) == 0
    assert (project.directory / EXPORT).read_bytes().decode() == STAYS
    for path in project.directory.rglob("*"):
        if path.is_file():
            content = path.read_bytes().replace(f"{WHO}0".encode(), b"")
            assert WHO.encode() not in content, path
            assert WHO.encode("utf-16-le") not in content, path
    assert [path.name for path in (project.directory / "warehouse").iterdir()] == [".coproduction.duckdb.claim"]
    assert len(builds) == 1
    printed = capsys.readouterr().out
    assert f"{EXPORT}: 2 rows erased; removed riverside.csv.original" in printed
    assert "The person is gone from the exports, the warehouse and" in printed
    # A draft is somebody's work, and may be anywhere.
    assert "drafts of codebooks" in printed
    assert "is still in" not in printed


def test_a_published_file_with_respondents_does_not_wait_for_the_next_build(project, builds, monkeypatch, capsys):
    import duckdb

    published = project.directory / "warehouse" / "published.duckdb"
    create = (
        "create schema publication; create table publication.manifest as select 'respondents' as item, '{}' as value"
    )
    with duckdb.connect(str(published)) as connection:
        connection.execute(create.format("PUBLISHED: single respondents are in this file"))
    monkeypatch.setattr(erase_command, "build", lambda *_: False)
    assert erase(project) == 1
    assert not published.exists()
    assert "nothing new was published" in capsys.readouterr().out


def test_a_published_file_without_respondents_stays_until_the_build(project, builds, monkeypatch, capsys):
    import duckdb

    published = project.directory / "warehouse" / "published.duckdb"
    with duckdb.connect(str(published)) as connection:
        connection.execute("create schema publication")
        connection.execute("create table publication.manifest as select 'respondents' as item, 'withheld' as value")
    monkeypatch.setattr(erase_command, "build", lambda *_: False)
    assert erase(project) == 1
    assert published.exists()
    assert f"{published} is still the one of the build before" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("council", "who", "words"),
    [
        ("riverside", "person-471", "no export of riverside has the id"),
        ("elsewhere", WHO, "is no council"),
        ("riverside", " ", "the id is blank"),
    ],
)
def test_an_id_or_council_that_is_not_there_changes_nothing(project, builds, capsys, council, who, words):
    assert erase(project, council, who) == 1
    assert words in capsys.readouterr().err
    assert (project.directory / EXPORT).read_bytes().decode() == "".join(ROWS)
    assert (project.directory / "warehouse" / "coproduction.duckdb").exists()
    assert not builds


def test_what_can_be_made_again_is_removed_wherever_it_is(project, builds, tmp_path, monkeypatch):
    elsewhere, temporary = tmp_path / "elsewhere", tmp_path / "temporary"
    (elsewhere / "compiled").mkdir(parents=True)
    (temporary / "coproduction-4194304000-abc").mkdir(parents=True)
    removed = [
        elsewhere / "compiled" / "a.sql",
        elsewhere / "dbt.log.1",
        temporary / "coproduction-4194304000-abc" / "a",
    ]
    project.write("exported/riverside/riverside.csv", WHO)
    project.write("warehouse/.published.duckdb.4194304000.new", WHO)
    project.write(f"{EXPORT}.new", WHO)
    for path in removed:
        path.write_text(WHO)
    (elsewhere / "of_somebody_else").write_text(WHO)
    for name, folder in {"DBT_LOG_PATH": elsewhere, "DBT_TARGET_PATH": elsewhere, "TMPDIR": temporary}.items():
        monkeypatch.setenv(name, str(folder))
    monkeypatch.setattr("tempfile.tempdir", None)
    assert erase(project) == 0
    assert not [path for path in removed if path.exists()]
    assert (elsewhere / "of_somebody_else").exists()
    left = [path for path in project.directory.rglob("*") if path.is_file() and path.suffix in (".new", ".csv")]
    assert [path for path in left if WHO.encode() in path.read_bytes().replace(f"{WHO}0".encode(), b"")] == []


def test_what_people_made_of_the_answers_is_named_and_stays(project, builds, capsys):
    """The draft and the note have words that only this person wrote, the others the id."""
    with zipfile.ZipFile(project.directory / "panel.xlsx", "w") as book:
        book.writestr("xl/sharedStrings.xml", f"<t>{WHO}</t>")
    named = {
        "panel_with_arms.csv": f"id,arm\n{WHO},a\n",
        "seeds/exports/riverside (copy).csv": f"id,Q1\n{WHO},Often\n",
        "riverside_draft/answers.csv": "not so good,1\n",
        "for_excel.csv": WHO.encode("utf-16"),
    }
    others = {"other.csv": f"{WHO}0,x{WHO}\n", "models/a.sql": f"select '{WHO}'", "empty.txt": ""}
    for name, content in (named | others).items():
        project.write(name, content)
    for name in ("archive.sav", "warehouse/trial.duckdb"):
        project.write(name, b"compressed")
    # Here the check finds other things to correct, which no erasure waits for.
    erase(project)
    lines = capsys.readouterr().out.splitlines()
    (found,) = (line for line in lines if "is still in: " in line)
    for name in (*named, "panel.xlsx"):
        assert name in found
        assert (project.directory / name).exists()
    assert not any(name in found for name in others)
    (unknown,) = (line for line in lines if line.startswith("Not searched, "))
    assert "archive.sav" in unknown
    assert "trial.duckdb" in unknown


def test_a_row_that_no_export_wants_is_the_persons_too(project, builds):
    broken_off = f"{WHO},,,,B\r\n"
    project.write(EXPORT, "".join([*ROWS, broken_off]))
    project.write("seeds/codebook/row_filters.csv", "export_id,column_name,answer_label\nriverside,Q4,A\n")
    assert erase(project) == 0
    assert (project.directory / EXPORT).read_bytes().decode() == STAYS


def test_a_row_of_another_council_in_the_same_file_stays(project, builds):
    files = "export_id,council_id,wave_id,respondent_role,respondent_column,provenance,fieldwork_year,notes,file\n"
    row = "{0},{0},wave_1,citizen,id,synthetic,,,riverside\n"
    project.write("seeds/codebook/exports.csv", files + row.format("riverside") + row.format("lakeside"))
    filters = "export_id,column_name,answer_label\nriverside,Q4,A\nlakeside,Q4,None\n"
    project.write("seeds/codebook/row_filters.csv", filters)
    # Here the check finds other things to correct, which no erasure waits for.
    erase(project)
    assert (project.directory / EXPORT).read_bytes().decode() == "".join(ROWS[place] for place in (0, 1, 2, 3, 4))


def test_a_tolerated_answer_that_only_the_person_gave_is_gone_too(project, builds, capsys):
    path = "seeds/codebook/tolerated_answers.csv"
    header = "export_id,column_name,answer_label,maximum_share,reason,date\n"
    of_others = 'riverside,Q2,So so,0.5,"Two\nlines.",2026-01-01\n'
    of_person = 'riverside,Q2,NOT so bad,0.5,"Two\nlines.",2026-01-01\n'
    project.write(path, header + of_others + of_person + of_others.replace("So so", "Other"))
    project.write(EXPORT, ROWS[0] + f"{WHO},Often,Not so bad,34,A\r\n2,Often,So so,34,A\r\n{WHO},Never,So so,3,A\r\n")
    erase(project)
    assert (project.directory / path).read_text() == header + of_others + of_others.replace("So so", "Other")
    assert f"{path}: 1 row erased." in capsys.readouterr().out


def test_an_export_that_lacks_the_column_of_ids_is_not_taken_for_one_without_the_person(project, builds, capsys):
    project.write(EXPORT, "".join(ROWS).replace("id,Q1", "ident,Q1"))
    assert erase(project) == 1
    assert f"{EXPORT} has no column id, which the codebook names" in capsys.readouterr().err
    assert (project.directory / "warehouse" / "coproduction.duckdb").exists()


def test_an_export_in_which_nobody_has_an_id_is_named(project, builds, capsys):
    row = "riverside_2,riverside,wave_2,citizen,,synthetic,,\n"
    path = "seeds/codebook/exports.csv"
    project.write(path, (project.directory / path).read_text() + row)
    # Here the check finds other things to correct, which no erasure waits for.
    erase(project)
    assert "riverside_2: the codebook names no column of ids" in capsys.readouterr().out


def test_an_export_that_is_a_link_is_erased_where_it_is(project, builds, tmp_path):
    kept = tmp_path / "safe" / "riverside.csv"
    kept.parent.mkdir()
    (project.directory / EXPORT).rename(kept)
    kept.chmod(0o640)
    (project.directory / EXPORT).symlink_to(kept)
    assert erase(project) == 0
    assert (project.directory / EXPORT).is_symlink()
    assert kept.read_bytes().decode() == STAYS
    assert kept.stat().st_mode & 0o777 == 0o640


def test_a_full_disk_leaves_the_export_whole_and_the_command_can_be_given_again(project, builds, monkeypatch, capsys):
    def full(path, content):
        raise OSError(errno.ENOSPC, "No space left on device", str(path))

    with monkeypatch.context() as patched:
        patched.setattr(erasing, "replace_file", full)
        assert erase(project) == 1
    assert "riverside.csv: No space left on device" in capsys.readouterr().err
    assert (project.directory / EXPORT).read_bytes().decode() == "".join(ROWS)
    assert not (project.directory / "warehouse" / "coproduction.duckdb").exists()
    assert erase(project) == 0
    assert (project.directory / EXPORT).read_bytes().decode() == STAYS


def test_reports_that_a_build_does_not_write_anew_are_named(project, builds, monkeypatch, capsys):
    project.write("warehouse/published.duckdb", "")
    old = ["reports/tables.xlsx", *(f"reports/csv/rpt_{number}.csv" for number in range(30))]
    for name in ("reports/study.html", *old):
        project.write(name, "")
    for name in old:
        os.utime(project.directory / name, (1, 1))
    monkeypatch.setattr(erase_command, "_holds_respondents", lambda *_: False)
    assert erase(project) == 0
    (line,) = (line for line in capsys.readouterr().out.splitlines() if line.startswith("Made before"))
    assert "reports/csv, " in line
    assert "rpt_1" not in line
    assert "tables.xlsx. `coproduction workbook` and `coproduction files` write them anew." in line
    assert "study.html" not in line
