"""One spelling for labels, one reading for numbers, one range for a scale."""

import pytest

from coproduction.codebook.labels import normalise_label, parse_number
from coproduction.codebook.scales import Scale
from coproduction.files.finding import Finding


@pytest.mark.parametrize(
    ("label", "normalised"),
    [
        (None, ""),
        ("", ""),
        (" \t\n\u00a0\u2003", ""),
        ("  Don\u2019t \n KNOW ", "don't know"),
        ("don\u2018t don\u02bct don`t don\u00b4t", "don't don't don't don't"),
        ("a\u2010b\u2011c\u2012d\u2013e\u2014f\u2212g", "a-b-c-d-e-f-g"),
        ("\u201cquoted\u201d", '"quoted"'),
        ("None", "none"),
        ("NA", "na"),
        ("nan", "nan"),
        ("\u00c9T\u00c9", "\u00e9t\u00e9"),
        ("\u0130", "i"),
        ("\u03a3\u03a3", "\u03c3\u03c3"),
        ("a\u0085b", "a\u0085b"),
    ],
)
def test_a_label_has_one_spelling(label, normalised):
    assert normalise_label(label) == normalised


@pytest.mark.parametrize("label", ["12", "-3", "0.5", "007", "34.0"])
def test_plain_numbers_are_numbers(label):
    assert parse_number(label) == float(label)


@pytest.mark.parametrize("label", ["", "1,000", "5 %", "1e3", "+4", ".5", "5.", "1_000", "inf", "nan", "\u0663", "1\n"])
def test_anything_else_is_no_number(label):
    assert parse_number(label) is None


def test_a_scale_of_whole_numbers_takes_whole_numbers_within_its_bounds():
    scale = Scale("age", "integer", 16, 110, ("Refused",))
    assert scale.number_of("34.0") == 34
    assert scale.number_of("34.5") is None
    assert scale.number_of("9" * 400) is None
    assert [number for number in (15, 16, 110, 111) if scale.is_in_range(number)] == [16, 110]


def test_a_scale_of_labels_takes_no_number():
    assert Scale("frequency", "ordinal", 0, 2, ("Often",)).number_of("1") is None


@pytest.mark.parametrize(
    ("minimum", "maximum", "words"),
    [
        (None, None, "numbers"),
        (0, None, "numbers from 0"),
        (None, 9, "numbers up to 9"),
        (0.5, 9, "numbers from 0.5 to 9"),
    ],
)
def test_a_range_is_said_in_words(minimum, maximum, words):
    assert Scale("hours", "decimal", minimum, maximum, ()).number_range() == words


def test_a_message_shows_what_cannot_be_seen():
    finding = Finding("note", "a.csv", "odd", "look", line=3, column="q\t1", value="a\u00a0b\nc")
    assert str(finding).splitlines() == [
        'note: a.csv, line 3, column "q\\t1": odd',
        '    value: "a<U+00A0>b\\nc"',
        "    what to do: look",
    ]
