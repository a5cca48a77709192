"""People's own words, which may name somebody, come into the project only if somebody asks for them."""

import pytest

from conftest import COUNCIL, HEADER, rows, write_csv
from coproduction.drafting.adding_surveys.own_words import is_in_own_words
from coproduction.drafting.recognition.survey_file import SurveyColumn

HELPERS = ["My neighbour Jane", "Rev. T. Ap Ifan", "Sally"]


def with_own_words(place):
    """Write the survey with a column in which three people say who helps them, and make its draft."""
    header, body = [*HEADER, "Q6_TEXT"], rows()
    cells = [[*row, HELPERS[n // 10] if n % 10 == 0 else ""] for n, row in enumerate(body)]
    place.file = write_csv(place.folder / "hillford.csv", header, cells)
    place.make_draft()


def test_own_words_that_nothing_claims_are_not_copied_in_any_wave_and_are_named(place):
    """Neither the name of the column nor its few answers say that it is about people."""
    with_own_words(place)
    for wave in ("wave_1", "wave_2"):
        said = place.add("--council", "hillford", "--wave", wave, *COUNCIL)
        assert "Q6_TEXT (free text)." in said and "name it with --keep" in said
        content = (place.project / f"seeds/exports/hillford_{wave}.csv").read_text(encoding="utf-8")
        assert not [name for name in (*HELPERS, "Q6_TEXT") if name in content]


def test_own_words_are_copied_if_somebody_asks_for_them(place):
    with_own_words(place)
    said = place.add("--council", "hillford", "--wave", "wave_1", *COUNCIL, "--keep", "Q6_TEXT", "--keep", "Comments")
    assert "because it looks like personal data: Email (e-mail address)." in said
    content = (place.project / "seeds/exports/hillford_wave_1.csv").read_text(encoding="utf-8")
    assert all(name in content for name in (*HELPERS, "The bins are mostly late here"))


def test_a_column_to_keep_that_would_not_be_left_out_is_refused(place):
    with_own_words(place)
    before = place.files()
    said = place.add("--council", "hillford", "--wave", "wave_1", *COUNCIL, "--keep", "Gender", "--keep", "Q7_TEXT")
    assert '--keep names "Gender", which is copied without it' in said
    assert '--keep names "Q7_TEXT", and hillford.csv has no such column' in said
    assert place.files() == before


@pytest.mark.parametrize(
    ("cells", "is_own"),
    [
        (["Jane next door", "the vicar", "", ""], True),
        (["Jane", "Jane", "Ivor", "Ann"], True),
        (["", "", "", "Dr Jones at Mill Lane, 2 days"], True),
        (["Web", "Web", "Post", "Post", "Post", "Phone"], False),
        (["Very safe", "Fairly safe", "Fairly unsafe", "Very unsafe"], False),
        (["Yes", "", "", ""], False),
        (["12", "3", "14", "3 hours a week, to drive Mrs Evans to chapel"], True),
        (["Bins", "Bins", "Litter", "Ask Mrs Jones"], True),
        (["None", "None", "N/A", "N/A", "Ann next door"], True),
        (["12", "3.5", "14", "20"], False),
        (["Week 1 Sat 09:16", "Week 2 Sun 15:13", "Saturday, 1 March 2025 10:16 AM"], False),
        (["1 Mar 2025 10:01", "2 Mar 2025 11:07", "4 Mar 2025 09:30"], False),
        (["R_1aBcDeF", "R_2gHiJkL", "R_3mNoPqR"], False),
        (["Bus, Car", "Car, Bike", "Bike", "Bus, Bike, Car", "Bus", "Car, Bus", "Bike, Bus"], False),
        (["x", "", "", ""], False),
        (["", "", "", ""], False),
    ],
    ids=lambda value: ", ".join(value)[:30] if isinstance(value, list) else "",
)
def test_own_words_are_those_that_one_person_alone_gave(cells, is_own):
    assert is_in_own_words(SurveyColumn("Q6", cells), {"yes", "no"}) == is_own


def test_boxes_and_listed_answers_are_printed_also_if_one_person_alone_gave_them():
    assert not is_in_own_words(SurveyColumn("Q6_3", ["The allotments", "", ""], box="The allotments"), ())
    assert not is_in_own_words(SurveyColumn("Q6_3", ["x", "", ""], group="Q6", box="The allotments"), {"x"})
    assert not is_in_own_words(SurveyColumn("Q6 [The allotments]", ["The allotments", "", ""]), ())
    listed = ("The allotments", "The mill pond")
    assert not is_in_own_words(SurveyColumn("Q6", ["The mill pond", "", ""], answers=listed), ())


def test_what_people_write_beside_the_box_for_something_else_is_in_their_own_words():
    other = SurveyColumn("Q6_9", ["The vicar", "", "Ann next door"], group="Q6", box="Other (please specify)")
    assert is_in_own_words(other, {"x"})
