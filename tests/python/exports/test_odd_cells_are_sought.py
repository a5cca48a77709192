"""Which files are looked at cell by cell: those with anything in them that a check of the cells could find."""

import pytest

from coproduction.files.columns.odd_text import may_have_odd_cells

PLAIN = "id,Q1 - how often?,age\n1,Sometimes,18-24\n2,a=b or c+d,me@home\n3,1E5,\n"


def test_a_plain_file_is_not_looked_at():
    assert not may_have_odd_cells(PLAIN)
    assert not may_have_odd_cells("")


@pytest.mark.parametrize(
    "odd",
    ["=1+1", "@sum", "-5", "+44", " =1", "\t=1", '"=1"', "\u00e9", "\u200b", "\x07", "1.2E+11", "  @x"],
)
@pytest.mark.parametrize("place", ["{odd},Often,20\n", "4,{odd},20\n", "4,Often,{odd}", "4,Often,20\n{odd},Never,30"])
def test_a_file_with_anything_odd_in_a_cell_is(odd, place):
    assert may_have_odd_cells(PLAIN + place.replace("{odd}", odd))
    assert may_have_odd_cells(place.replace("{odd}", odd))
