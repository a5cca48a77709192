"""A survey, its council or its wave gets another name everywhere, and no other row changes."""

import csv

import pytest

from coproduction.exports.checking import check_project


def added(place):
    place.make_draft()
    place.add()
    return place.files()


def differing(before, after):
    return {name for name in {*before, *after} if before.get(name) != after.get(name)}


def lines_that_differ(before: bytes, after: bytes) -> list[bytes]:
    return [line for line in after.splitlines() if line not in before.splitlines()]


def test_an_export_gets_another_name_in_every_file_and_back_again(place):
    before = added(place)
    said = place.run("rename", "hillford_wave_1", "hillford_2025")
    assert said.startswith("hillford_wave_1 is now hillford_2025. Changed: ")
    after = place.files()
    assert not [name for name, content in after.items() if b"hillford_wave_1" in content or "hillford_wave_1" in name]
    assert after["seeds/exports/hillford_2025.csv"] == before["seeds/exports/hillford_wave_1.csv"]
    for name in differing(before, after) - {"seeds/exports/hillford_wave_1.csv", "seeds/exports/hillford_2025.csv"}:
        assert all(b"hillford_2025" in line for line in lines_that_differ(before[name], after[name])), name
        assert len(after[name].splitlines()) == len(before[name].splitlines())
    assert [finding for finding in check_project(place.project) if finding.severity == "error"] == []
    place.run("rename", "hillford_2025", "hillford_wave_1")
    assert place.files() == before


def test_a_renamed_export_is_removed_with_its_scales(place):
    start = place.files()
    added(place)
    place.run("rename", "hillford_wave_1", "hillford_2025")
    place.run("remove", "hillford_2025")
    assert differing(start, place.files()) == {"seeds/codebook/councils.csv"}


def test_a_council_gets_another_id_and_another_printed_name(place):
    before = added(place)
    place.run("rename", "hillford", "hilford", "--what", "council")
    place.run("rename", "hilford", "Hilford Town", "--what", "council-name")
    after = place.files()
    assert differing(before, after) == {"seeds/codebook/councils.csv", "seeds/codebook/exports.csv"}
    with (place.project / "seeds/codebook/councils.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["council_name"] for row in csv.DictReader(file) if row["council_id"] == "hilford"] == [
            "Hilford Town"
        ]
    assert [finding for finding in check_project(place.project) if finding.severity == "error"] == []


def test_a_wave_is_renamed_for_its_council_alone(place):
    before = added(place)
    place.run("rename", "wave_1", "spring", "--what", "wave", "--council", "hillford")
    after = place.files()
    assert differing(before, after) == {"seeds/codebook/exports.csv"}
    changed = lines_that_differ(before["seeds/codebook/exports.csv"], after["seeds/codebook/exports.csv"])
    assert len(changed) == 1 and changed[0].startswith(b"hillford_wave_1,hillford,spring,")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["hillfrd_wave_1", "x"], "There is no export hillfrd_wave_1. Did you mean hillford_wave_1?"),
        (["hillford_wave_1", "bristol"], "bristol is the name of another export already"),
        (["hillford_wave_1", "Hillford 2"], "Hillford 2 is no id. Allowed: small letters, digits and underscores"),
        (["hillford", "Bristol", "--what", "council-name"], "the council bristol has it already"),
        (["wave_1", "wave_2", "--what", "wave"], "A wave belongs to a council. Name it with --council"),
        (["wave_9", "wave_2", "--what", "wave", "--council", "hillford"], "There is no wave of this council wave_9"),
        (["a", "b", "--what", "theme"], "--what is theme. Allowed: export, council, council-name, wave."),
    ],
)
def test_a_name_that_cannot_be_is_refused_and_nothing_changes(arguments, said, place):
    before = added(place)
    assert said in place.run("rename", *arguments)
    assert place.code == 1
    assert place.files() == before
