"""One command takes a person out of the exports and out of everything that was built."""

import pytest

from building import PROJECT
from coproduction.cli import erase_command, main

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
    [("riverside", "person-471", "no export of riverside has the id"), ("elsewhere", WHO, "is no council")],
)
def test_an_id_or_council_that_is_not_there_changes_nothing(project, builds, capsys, council, who, words):
    assert erase(project, council, who) == 1
    assert words in capsys.readouterr().err
    assert (project.directory / EXPORT).read_bytes().decode() == "".join(ROWS)
    assert (project.directory / "warehouse" / "coproduction.duckdb").exists()
    assert not builds
