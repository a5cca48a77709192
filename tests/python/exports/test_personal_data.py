"""Columns that look like personal data are noticed by their header or their cells, and nothing else is."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coproduction.exports.leaving_out import check_exports
from coproduction.exports.personal_data import looks_like

SENTENCES = [
    "More benches in the park, please.",
    "",
    "I would have liked a box for this one.",
    "Thank you for asking us",
]


@pytest.mark.parametrize(
    ("header", "cells", "expected"),
    [
        ("Q7", ["", "jo.bloggs@example.org", "none"], "e-mail address"),
        ("EmailAddress", [], "e-mail address"),
        ("Q8", ["BS1 5TR", "cf103at", ""], "postcode or address"),
        ("post_code", ["1"], "postcode or address"),
        ("Home Address", ["The Old Forge"], "postcode or address"),
        ("contact", ["0117 496 0123", "+44 (0)117 496 0123", "07700 900123"], "phone number"),
        ("source", ["192.0.2.7", "2001:db8::7"], "IP address"),
        ("IPAddress", [], "IP address"),
        ("Comments", ["None"] * 8 + ["The warden knows me", "My son fell there"], "free text"),
        ("lastName", ["Bloggs"], "name"),
        ("Surname", [], "name"),
        ("DOB", ["1960-01-01"], "date of birth"),
        ("where", ["51.4545, -2.5879"], "coordinates"),
        ("LocationLatitude", ["51.4545"], "coordinates"),
        ("Q19", SENTENCES, "free text"),
        ("Q19_comment", ["Fine, thanks"], "free text"),
        # Looks like none.
        ("Q4", ["Very satisfied", "Fairly satisfied", "Neither satisfied nor dissatisfied"], None),
        ("comment_code", ["", "1", "2"], None),
        ("Comments", ["1", "2"], None),
        ("serial", ["0000485", "0001044"], None),
        ("weight", ["0.8125", "1.2250", "51.4545"], None),
        ("Device", ["phone", "tablet"], None),
        ("StartTime", ["Week 2 Sat 09:26", "2026-01-05 09:26:11"], None),
        ("CollectorID", ["post", "web"], None),
        ("area", ["NE", "SW"], None),
        ("empty", ["", " "], None),
        ("", [], None),
    ],
)
def test_what_a_column_looks_like(header, cells, expected):
    assert looks_like(header, cells) == expected


# 162 headers with cells, made up after those of real surveys: 88 personal, 74 not. What is missed and what is noticed
# without reason is named, so that nobody takes the rates for perfect: 85 of 88 are found (97 %), 1 of 74 wrongly (1 %).
LABELLED = Path(__file__).parents[1] / "fixtures" / "silent" / "personal_headers.csv"
MISSED = {"Signature", "Instagram handle", "Vehicle registration"}
# Four cells are too few to show that they are printed answers.
WRONGLY_NOTICED = {"Q6_1"}


def test_the_labelled_list_of_headers():
    with LABELLED.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    kinds = [
        (row["header"], row["is_personal"] == "true", looks_like(row["header"], row["cells"].split("|")))
        for row in rows
    ]
    assert sum(is_personal for _, is_personal, _ in kinds) == 88
    assert len(kinds) == 162
    assert {header for header, is_personal, kind in kinds if is_personal and not kind} == MISSED
    assert {header for header, is_personal, kind in kinds if kind and not is_personal} == WRONGLY_NOTICED


def test_headers_with_the_word_number_are_found_in_a_file():
    header, *rows = csv.reader((LABELLED.parent / "personal_number_headers.csv").open(encoding="utf-8", newline=""))
    claimed = ["Reference", *header[1:8]]
    found = {name: looks_like(name, [row[place] for row in rows]) for place, name in enumerate(header)}
    assert {name: kind for name, kind in found.items() if kind and name not in claimed} == {
        "Comments": "free text",
        "House number and street": "postcode or address",
        "Contact telephone number": "phone number",
        "National Insurance number": "official number",
        "Enw (name)": "name",
    }


@given(st.text(), st.lists(st.text()))
def test_any_column_has_an_answer(header, cells):
    assert looks_like(header, cells) is None or isinstance(looks_like(header, cells), str)


EXPORT = "seeds/exports/riverside.csv"
WITH_EMAIL = b"id,Q1,Q2,Q3,Q4,Q5\n1,Good,Good,34,A,jo@example.org\n"


@pytest.fixture
def with_email(project):
    header, *rows = (project.directory / EXPORT).read_text(encoding="utf-8").splitlines()
    text = "\n".join([header + ",contact", *(row + ",jo@example.org" for row in rows)])
    project.write(EXPORT, text.encode())
    return project


def test_an_unclaimed_column_is_noted_and_not_loaded(with_email):
    checked = check_exports(with_email.directory)
    assert checked.not_loaded == {"riverside": {"contact": "e-mail address"}}
    assert [note.problem for note in checked.notes if "personal data" in note.problem] == [
        'not loaded, because the codebook does not claim it and it looks like personal data: "contact" (e-mail address)'
    ]


@pytest.mark.parametrize("request_", ["all", ["riverside.contact"]])
def test_it_is_loaded_when_somebody_asks(with_email, request_):
    checked = check_exports(with_email.directory, {"load_personal_columns": request_})
    assert (checked.not_loaded, checked.loaded_personal, checked.errors) == ({}, ["riverside.contact"], [])


@pytest.mark.parametrize("request_", ["riverside.contact", ["contact"], ["riverside.Contact"], True])
def test_a_mistyped_request_is_refused(with_email, request_):
    (error,) = check_exports(with_email.directory, {"load_personal_columns": request_}).errors
    assert error.allowed[-1] == "riverside.contact"


def test_a_claimed_column_is_loaded_whatever_it_looks_like(project):
    """Whoever claims a column has decided."""
    assert check_exports(project.directory).not_loaded == {}


def test_half_of_the_cells_means_cells_and_not_different_cells():
    postcodes, words = ["ab1 2cd"] * 6, [f"word {place}" for place in range(5)]
    assert looks_like("q7", postcodes + words) == "postcode or address"
    assert looks_like("q7", postcodes[:4] + words) is None


@pytest.mark.parametrize("cell", ["192.0.2.1", "2001:db8::1", "::ffff:192.0.2.1", "fe80::1%eth0"])
def test_an_address_of_either_kind_is_an_ip_address(cell):
    assert looks_like("q7", [cell]) == "IP address"
    assert looks_like("q7", ["10:11:12", "2024-03-04 10:11", "1.2.3"]) is None
