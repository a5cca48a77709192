"""A file that the check has found right is not parsed again, until the file, the codebook or the exports change."""

import json

import pytest

from coproduction.exports import checking
from coproduction.exports.checks import remembered_files
from coproduction.exports.leaving_out import check_exports

EXPORT = "seeds/exports/riverside.csv"


@pytest.fixture
def project(project):
    """The project after dbt has made its folder."""
    (project.directory / "target").mkdir()
    return project


@pytest.fixture
def parsed(monkeypatch):
    """The files that are parsed, by name."""
    names = []
    read = checking.right_file

    def noting(path, name, expected):
        names.append(name)
        return read(path, name, expected)

    monkeypatch.setattr(checking, "right_file", noting)
    return names


def build_check(project, variables=None):
    """The check of a build, which needs no notes."""
    return check_exports(project.directory, variables or {}, with_notes=False)


def test_a_check_and_a_build_parse_a_file_once_and_know_the_same(project, parsed):
    first = check_exports(project.directory, {})
    second = build_check(project)
    assert parsed == [EXPORT]
    assert second.errors == []
    for fact in ("header_rows", "personal", "number_formats", "counted"):
        assert getattr(second.recognised, fact) == getattr(first.recognised, fact)
    assert second.not_loaded == first.not_loaded
    assert second.recognised.counted["riverside"].n_rows == 3


def change_file(project):
    project.append(EXPORT, "4,Never,Poor,51,None")


def change_codebook(project):
    project.append("seeds/codebook/answers.csv", "good_poor,Dreadful,valid,1,,,Dreadful")


def half_a_file(project):
    kept = project.directory / remembered_files.FILE
    kept.write_bytes(kept.read_bytes()[:-9])


@pytest.mark.parametrize("change", [change_file, change_codebook, half_a_file])
def test_a_change_lets_the_file_be_parsed_again(project, parsed, change):
    build_check(project)
    change(project)
    build_check(project)
    assert parsed == [EXPORT, EXPORT]
    build_check(project)
    assert len(parsed) == 2


def test_another_choice_of_exports_lets_the_file_be_parsed_again(project, parsed):
    build_check(project)
    build_check(project, {"include_synthetic": False})
    assert len(parsed) == 2


def test_the_key_depends_on_the_code(project, monkeypatch, parsed):
    build_check(project)
    monkeypatch.setattr(remembered_files, "_hash_of_code", lambda: "another version")
    build_check(project)
    assert len(parsed) == 2


def test_a_check_makes_no_folder(project):
    (project.directory / "target").rmdir()
    assert build_check(project).errors == []
    assert not (project.directory / "target").exists()


def test_a_refused_file_is_not_remembered(project):
    text = (project.directory / EXPORT).read_text(encoding="utf-8")
    project.write(EXPORT, text.replace("Poor", "Por"))
    first, second = build_check(project), build_check(project)
    assert [error.value for error in first.errors] == ["Por"]
    assert second.errors == first.errors


def test_nothing_that_people_answered_is_remembered(project):
    check_exports(project.directory, {})
    kept = project.directory / remembered_files.FILE
    assert kept.stat().st_mode & 0o077 == 0
    facts = json.loads(kept.read_text(encoding="utf-8"))["riverside"]["facts"]
    assert set(facts) == {"header_rows", "personal", "number_formats", "counted"}
    assert "Poor" not in kept.read_text(encoding="utf-8")
