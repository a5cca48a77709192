"""The spelling by which labels meet is defined twice, in SQL and in Python; the two must never differ."""

import sys
import unicodedata

import duckdb
import pytest
from jinja2 import Environment

from building import PROJECT
from coproduction.codebook.labels import normalise_label

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


def test_apostrophes_case_and_spaces_do_not_matter():
    assert normalise_label(" DON’T   know ") == normalise_label("Don't know") == "don't know"
