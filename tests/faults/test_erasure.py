"""A person is erased by one command: no byte of the id is left in the project, and readers get a new file."""

import pytest


@pytest.mark.fault("erased people")
def test_an_erased_person_is_nowhere(faulty):
    header, *rows = faulty.project.read_export("bristol")
    place = header.index(faulty.project.respondent_column("bristol"))
    who = "person-to-be-erased-4711"
    rows[7][place] = who
    faulty.project.write_export("bristol", [header, *rows])
    faulty.assert_recovers()
    before = faulty.build_id()
    assert who.encode() in faulty.project.warehouse_path.read_bytes()
    returncode, output = faulty.start("coproduction", "erase", "bristol", who).finish()
    assert returncode == 0, output
    assert "The person is gone from the exports, the warehouse and" in output
    assert faulty.build_id() != before
    for path in faulty.project.directory.rglob("*"):
        assert not path.is_file() or who.encode() not in path.read_bytes(), path
    faulty.assert_recovers()
