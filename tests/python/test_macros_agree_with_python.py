"""The spelling by which labels meet is defined twice, in SQL and in Python; the two must never differ."""

import sys
import unicodedata

import duckdb
import pytest
from jinja2 import Environment

from building import PROJECT
from coproduction.codebook.labels import is_number, normalise_label
from coproduction.codebook.numbers import NUMBER_FORMATS, formats_of, number_text

LABELS = [
    "Don’t know",
    "  Don't   KNOW ",
    "Yn aml",
    "CYTUNO’N GRYF",
    "a–b",
    "a−b",
    "“often”",
    "x\u00a0y",
    "\tx\n",
    "",
    "None",
]
SPACES = [chr(code) for code in range(sys.maxunicode + 1) if unicodedata.category(chr(code)) == "Zs"]


def _sql() -> str:
    template = Environment().from_string((PROJECT / "macros" / "normalise_label.sql").read_text(encoding="utf-8"))
    return template.module.normalise_label("label")


@pytest.mark.parametrize("label", [*LABELS, *(f"a{space}b{space}" for space in SPACES)])
def test_normalised_label_is_the_same_in_sql_and_python(label):
    in_sql = duckdb.execute(f"select {_sql()} from (select ? as label)", [label]).fetchone()[0]
    assert in_sql == normalise_label(label)


def test_a_plain_label_takes_a_short_way_to_the_same_spelling():
    around = [" ", "  ", "`", "\n", "\x0b", "\x1f", "\u2019", "\u00c9", *map(chr, range(32, 128))]
    labels = [f"{before}A{inside}B{after}" for before in ("", " ") for after in ("", " ") for inside in around]
    rows = duckdb.execute(f"select label, {_sql()} from (select unnest(?) as label)", [labels]).fetchall()
    assert rows == [(label, normalise_label(label)) for label in labels]


def test_apostrophes_case_and_spaces_do_not_matter():
    assert normalise_label(" DON’T   know ") == normalise_label("Don't know") == "don't know"


NUMBERS = {
    # label: the number in the formats point and comma; None where it is no number.
    "1,234": ("1234", "1.234"),
    "1.234": ("1.234", "1234"),
    "1,234.5": ("1234.5", None),
    "1.234,5": (None, "1234.5"),
    "1 234": ("1234", "1234"),
    "12,34": ("12.34", "12.34"),
    "0,85": ("0.85", "0.85"),
    "1.2": ("1.2", "1.2"),
    "1.0": ("1", "1"),
    "-99.0": ("-99", "-99"),
    "+5": ("5", "5"),
    ".5": ("0.5", "0.5"),
    "-,5": ("-0.5", "-0.5"),
    "1e-05": ("1e-05", "1e-05"),
    "2,5e3": ("2.5e3", "2.5e3"),
    "1,2,3": (None, None),
    "1,23,456": (None, None),
    "5 %": (None, None),
    "often": (None, None),
    "": (None, None),
}


@pytest.mark.parametrize("label", NUMBERS)
@pytest.mark.parametrize("number_format", NUMBER_FORMATS)
def test_numbers_are_read_the_same_in_sql_and_python(label, number_format):
    template = Environment().from_string((PROJECT / "macros" / "cell_shapes.sql").read_text(encoding="utf-8"))
    sql = template.module.number_text("label", number_format)
    in_sql = duckdb.execute(f"select {sql} from (select ? as label)", [label]).fetchone()[0]
    text = number_text(label, number_format)
    assert in_sql == text
    assert (text if is_number(text) else None) == NUMBERS[label][NUMBER_FORMATS.index(number_format)]


@pytest.mark.parametrize(
    ("labels", "formats"),
    [
        (["1,234"], ("point", "comma")),
        (["1,234", "5,678.5"], ("point",)),
        (["1,5", "1.234"], ("comma",)),
        (["0,85", "1,2", "3"], ("comma",)),
        (["1e-05", "0,85", "1.2"], ()),
        (["1.0", "-99.0"], ("point",)),
        (["1 234", "12"], ("point", "comma")),
        (["often"], ()),
    ],
)
def test_the_format_of_a_column_is_recognised_where_every_cell_agrees(labels, formats):
    assert formats_of(labels) == formats


def _is_one_of(values):
    template = Environment().from_string((PROJECT / "macros" / "quoting.sql").read_text(encoding="utf-8"))
    return template.module.is_one_of("label", values)


@pytest.mark.parametrize(("label", "expected"), [("often", True), ("", True), ("can't say", True), ("of", False)])
def test_a_label_is_listed_or_not(label, expected):
    sql = _is_one_of(["often", "can't say"])
    assert duckdb.execute(f"select {sql} from (select ? as label)", [label]).fetchone() == (expected,)
    assert duckdb.execute(f"select {_is_one_of([])} from (select ? as label)", [label]).fetchone() == (label == "",)


def test_asking_whether_a_label_is_listed_is_no_join():
    # With a join for each column the time of coding grows with the square of the number of columns.
    explained = "explain select {} from (select chr(range::int) as label from range(9))"

    def plan(condition):
        return str(duckdb.execute(explained.format(condition)).fetchall())

    assert "MARK" in plan("label not in ('a', 'b', 'c', 'd', 'e', 'f')")
    assert "MARK" not in plan(_is_one_of(list("abcdef")))
