"""The workbook of questions has every published answer of everybody, in order, and no number but these."""

import re
import shutil
import zipfile
from collections import Counter

import duckdb
import pytest

pytest.importorskip("xlsxwriter", reason="not installed yet: `make setup` installs what requirements.lock has")
from python_calamine import CalamineWorkbook

from coproduction.reporting import question_workbook as workbook

pytestmark = pytest.mark.slow

FORMULA = "=HYPERLINK(0)"
CONDITIONS = "How good or poor is the condition of streets, parks and open spaces in your area?"
WORDS, ABOUT, BACK, SURVEYS, HEADS, FIRST = range(6)


@pytest.fixture(scope="module")
def planted_file(published_file, tmp_path_factory):
    """All councils; a withheld answer, a base of nearly nobody, a reversed question, and words like a formula."""
    path = shutil.copy(published_file, tmp_path_factory.mktemp("book") / "published.duckdb")
    with duckdb.connect(str(path)) as connection:
        of_bristol = "council_id = 'bristol' and construct_id = 'conditions' and theme_id = 'environment'"
        connection.execute(
            "update reports.rpt_answer_shares set estimate = null, ci_lower = null, ci_upper = null, "
            "n_respondents = null, is_withheld = true, withheld_reason = 'too few' "
            f"where {of_bristol} and answer_name = 'Very poor'"
        )
        connection.execute(
            "update reports.rpt_answer_shares set n_respondents = 0, is_small_base = true "
            f"where {of_bristol} and statistic_id = 'mean'"
        )
        connection.execute(f"update marts.dim_question set is_reversed = true where {of_bristol}")
        connection.execute(
            f"update reports.rpt_answer_shares set question_text = '{FORMULA}' where question_text like 'Are you male%'"
        )
    return path


@pytest.fixture(scope="module")
def path(planted_file, tmp_path_factory):
    return workbook.write_questions(planted_file, tmp_path_factory.mktemp("files"))


@pytest.fixture(scope="module")
def sheets(path):
    """The rows of each sheet by its name; an empty cell is an empty text."""
    book = CalamineWorkbook.from_path(path)
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


@pytest.fixture(scope="module")
def parts(path):
    return parts_of(path)


def parts_of(path):
    with zipfile.ZipFile(path) as opened:
        return {name: opened.read(name).decode() for name in opened.namelist() if name.endswith(".xml")}


def questions(sheets):
    """The sheets of questions: those with a number in their names."""
    return {name: rows for name, rows in sheets.items() if name[0].isdigit()}


def sheet_of(sheets, words, construct="Conditions"):
    (found,) = [rows for rows in questions(sheets).values() if rows[0][0] == words and construct in rows[1][0]]
    return found


def cells(sheets):
    """Yield each line and survey of each sheet: words, survey, answer, unit, then the cells of the block."""
    for rows in questions(sheets).values():
        starts = [column for column, head in enumerate(rows[SURVEYS]) if head]
        ends = [*starts[1:], len(rows[SURVEYS])]
        for row in rows[FIRST:]:
            if row[1]:
                for start, end in zip(starts, ends, strict=True):
                    *numbers, reason = [*row[start:end], ""][:5]
                    if numbers[0] != "":
                        yield rows[0][0].removesuffix(" (reversed)"), rows[SURVEYS][start], *row[:2], *numbers, reason


def test_every_cell_is_published_and_every_published_cell_of_everybody_is_there(sheets, planted_file):
    query = """
        select
            question_text,
            concat(council_label, ': ', theme_label, if(topic_id = 'all', '', ', ' || topic_label),
                if(weighting_id = 'unweighted', '', ' (' || weights.label || ')')),
            if(statistic_id = 'share', answer_name, statistic_label), unit_label,
            coalesce(estimate::varchar, if(is_withheld, 'withheld', 'not computed')),
            coalesce(ci_lower::varchar, ''), coalesce(ci_upper::varchar, ''),
            coalesce(n_respondents::double::varchar, ''),
            if(estimate is null, coalesce(withheld_reason, reason, ''), if(is_small_base, '(few)', ''))
        from reports.rpt_answer_shares
        left join (select id as weighting_id, label from marts.dim_label where column_name = 'weighting_id') as weights
            using (weighting_id)
        where breakdown_id = 'all'
    """
    with duckdb.connect(str(planted_file), read_only=True) as connection:
        expected = Counter(connection.execute(query).fetchall())
    shown = Counter((*cell[:4], *map(str, cell[4:8]), cell[8]) for cell in cells(sheets))
    assert shown.total() > 500
    assert shown - expected == Counter()
    assert expected - shown == Counter()


def test_councils_that_asked_the_same_question_share_a_sheet_and_others_do_not(sheets):
    shared = sheet_of(sheets, CONDITIONS)
    turned = sheet_of(sheets, f"{CONDITIONS} (reversed)")
    assert len([head for head in shared[SURVEYS] if head]) > 1
    assert "Bristol: Environment" not in shared[SURVEYS]
    assert [head for head in turned[SURVEYS] if head] == ["Bristol: Environment"]


def test_answers_are_in_order_of_score_and_those_of_a_reversed_question_are_turned_round(sheets):
    order = ["Very poor", "Fairly poor", "Neither good nor poor", "Fairly good", "Very good"]
    assert [row[0] for row in sheet_of(sheets, CONDITIONS)[FIRST : FIRST + 5]] == order
    assert [row[0] for row in sheet_of(sheets, f"{CONDITIONS} (reversed)")[FIRST : FIRST + 5]] == order[::-1]


def test_dont_know_stands_apart_from_the_answers(sheets):
    rows = sheet_of(sheets, CONDITIONS)
    place = next(place for place, row in enumerate(rows) if row[0] == "Don't Know")
    assert not any(rows[FIRST + 5])
    assert place > FIRST + 5
    assert rows[place][1] == "per cent of those asked"


def test_a_withheld_answer_is_called_so_with_its_reason(sheets):
    rows = sheet_of(sheets, f"{CONDITIONS} (reversed)")
    assert rows[HEADS][2:] == ["Estimate", "Lower end", "Upper end", "Respondents", "Reason"]
    (row,) = [row for row in rows if row[0] == "Very poor"]
    assert row[2:] == ["withheld", "", "", "", "too few"]


def test_bases_are_numbers_that_are_shown_as_at_least(parts):
    assert '[=0]&quot;fewer than 10&quot;;&quot;at least &quot;#,##0"' in parts["xl/styles.xml"]


def test_names_of_sheets_are_short_and_valid_and_differ(sheets):
    assert len({name.lower() for name in sheets}) == len(sheets)
    assert all(len(name) <= 31 and not re.search(r"[\[\]:*?/\\']", name) for name in sheets)


def test_the_contents_link_to_every_sheet_and_every_sheet_links_back(sheets, parts):
    names = re.findall(r'<sheet name="([^"]+)" sheetId="(\d+)"', parts["xl/workbook.xml"])
    links = {
        name: re.findall(r"<hyperlink [^>]*location=\"'([^']+)'!A1\"", parts[f"xl/worksheets/sheet{number}.xml"])
        for name, number in names
    }
    assert list(sheets) == [name for name, _ in names]
    assert links["Contents"] == [name for name in sheets if name != "Contents"]
    assert all(found == ["Contents"] for name, found in links.items() if name != "Contents")
    listed = {row[0]: row[1] for row in sheets["Contents"][FIRST - 1 :]}
    assert listed == {name: rows[0][0] for name, rows in questions(sheets).items()}


def test_no_text_of_the_data_is_a_formula(sheets, parts):
    assert any(rows[0][0] == FORMULA for rows in questions(sheets).values())
    assert not any("<f>" in text for name, text in parts.items() if name.startswith("xl/worksheets/sheet"))


def test_heads_stay_in_sight_and_have_notes(parts):
    assert 'ySplit="5"' in parts["xl/worksheets/sheet3.xml"]
    assert any("Lower end of the 95 per cent interval." in text for name, text in parts.items() if "comments" in name)


def test_each_sheet_each_printed_page_and_each_chart_says_that_data_are_synthetic(sheets, parts):
    assert all("Synthetic data" in rows[ABOUT][0] for rows in sheets.values())
    printed = [text for name, text in parts.items() if name.startswith("xl/worksheets/sheet")]
    assert all("<oddFooter>&amp;LSynthetic data" in text for text in printed)
    charts = [text for name, text in parts.items() if name.startswith("xl/charts/chart")]
    assert len(charts) > 50
    assert all("(Synthetic data)" in text for text in charts)


def test_a_chart_shows_the_answers_of_each_survey_and_nothing_else(sheets, parts):
    name = next(name for name, rows in sheets.items() if rows[0][0] == CONDITIONS)
    (chart,) = [text for text in parts.values() if f"'{name}'!" in text and "<c:chart>" in text]
    rows = sheets[name]
    starts = [column for column, head in enumerate(rows[SURVEYS]) if head]
    assert re.findall(r"<c:val>.*?<c:f>(.*?)</c:f>", chart) == [
        f"'{name}'!${chr(65 + start)}$6:${chr(65 + start)}$10" for start in starts
    ]
    assert f"'{name}'!$A$6:$A$10" in chart


def test_many_surveys_are_shown_in_several_charts(planted_file, tmp_path, monkeypatch):
    monkeypatch.setattr(workbook, "_COLOURS", workbook._COLOURS[:1])
    parts = parts_of(workbook.write_questions(planted_file, tmp_path))
    charts = [text for name, text in parts.items() if name.startswith("xl/charts/chart")]
    assert all(text.count("<c:ser>") == 1 for text in charts)
    assert len(charts) > sum("drawing" in name and "rels" not in name for name in parts)


def test_more_surveys_than_fit_are_printed_on_several_pages_with_their_answers(sheets, parts):
    n_surveys = [sum(map(bool, rows[SURVEYS])) for rows in questions(sheets).values()]
    for number, n in enumerate(n_surveys, start=3):
        sheet = parts[f"xl/worksheets/sheet{number}.xml"]
        assert sheet.count("<brk ") == (0 if n <= 3 else 1 + (n - 1) // 2)
        assert ('fitToPage="1"' in sheet) == (n <= 3)
    assert max(n_surveys) > 3


def test_a_file_without_answers_has_no_workbook_of_questions(planted_file, tmp_path):
    copy = shutil.copy(planted_file, tmp_path / "published.duckdb")
    with duckdb.connect(str(copy)) as connection:
        connection.execute("drop table reports.rpt_answer_shares")
    assert workbook.write_questions(copy, tmp_path) is None
