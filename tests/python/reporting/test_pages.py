"""The pages are whole in themselves: no script, no request, every link resolves, every chart has a name."""

import itertools
import re
import shutil
from html.parser import HTMLParser

import duckdb
import pytest

from building import PROJECT
from coproduction.cli import main
from coproduction.cli.build_command import build
from coproduction.reporting import pages as pages_module
from coproduction.reporting.content import Scope
from coproduction.reporting.pages import council_page, css_string, write_report
from coproduction.reporting.published import ReportError
from coproduction.reporting.sections.quality import quality
from coproduction.reporting.sections.who import who_answered

# Writing all pages takes some seconds; what is in them is tested section by section in the quick run.
pytestmark = pytest.mark.slow

VOID = {"meta", "link", "br", "hr", "img", "input"}


class Page(HTMLParser):
    """Collects elements, and checks that they are closed in order."""

    def __init__(self, path):
        super().__init__()
        self.text = path.read_text(encoding="utf-8")
        self.elements, self.open = [], []
        self.feed(self.text)
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def ids(self):
        return [attributes["id"] for _, attributes in self.elements if "id" in attributes]


@pytest.fixture(scope="module")
def pages(report):
    return {name: Page(path) for name, path in report.items()}


def test_there_is_a_page_for_the_study_and_each_council_an_explorer_and_a_dictionary(pages):
    councils = {
        f"council-{name}.html" for name in ("barnet", "bristol", "derbyshire_dales", "swansea", "wolverhampton")
    }
    assert set(pages) == councils | {"study.html", "explorer.html", "dictionary.html"}


def test_no_page_but_the_explorer_has_a_script_and_none_loads_anything(pages):
    """What the explorer may do is tested with the explorer."""
    for page in (page for name, page in pages.items() if name != "explorer.html"):
        tags = {tag for tag, _ in page.elements}
        assert tags.isdisjoint({"script", "link", "img", "iframe", "object", "form"})
        assert not any(name.startswith("on") or name == "src" for _, found in page.elements for name in found)
        assert "url(" not in page.text
        assert "@import" not in page.text
        assert "http" not in page.text.replace("http-equiv", "")
        (policy,) = [meta["content"] for meta in page.all("meta") if "http-equiv" in meta]
        assert policy == "default-src 'none'; style-src 'unsafe-inline'"


def test_every_link_resolves_and_every_id_is_given_once(pages):
    for name, page in pages.items():
        assert len(set(page.ids)) == len(page.ids)
        for link in page.all("a"):
            file, _, anchor = link["href"].partition("#")
            target = pages[file or name]
            assert not anchor or anchor in target.ids, (name, link["href"])


def test_each_chart_has_a_title_and_a_description_and_each_table_a_caption(pages):
    for page in pages.values():
        for chart in (svg for svg in page.all("svg") if svg.get("role") == "img"):
            title, description = chart["aria-labelledby"].split()
            assert title in page.ids
            assert description in page.ids
        assert page.text.count("<title id=") == page.text.count("<desc id=") == page.text.count('<svg class="chart"')
        assert re.search(r"<(title|desc)[^>]*>\s*</", page.text) is None
        assert len(page.all("caption")) == len(page.all("table"))
        assert all("scope" in head for head in page.all("th"))


def test_each_part_of_a_chart_has_the_title_and_the_legend_of_the_whole(pages):
    """A part stands in another column or on another page, where a heading of another chart may be above it."""
    n_continued = 0
    for figure in (
        part for page in pages.values() for part in re.findall(r"<figure.*?</figure>", page.text, re.DOTALL)
    ):
        title = re.search(r"<figcaption>(.*?)</figcaption>", figure)[1]
        pieces = figure.split('<div class="piece">')[1:]
        assert [piece.count('<svg class="chart"') for piece in pieces] == [1] * len(pieces)
        for place, piece in enumerate(pieces[1:], start=2):
            assert f"{title}, continued ({place} of {len(pieces)})" in piece
            assert piece.count('class="swatch') == pieces[0].count('class="swatch')
            n_continued += 1
    assert n_continued > 10


def test_the_page_of_a_council_shows_the_combinations_of_which_it_speaks(pages):
    """Closed tables are not printed, and the page of a council has no chart of them."""
    for name, page in pages.items():
        section = re.search(r'<section id="multiverse".*?</section>', page.text, re.DOTALL)
        if name.startswith("council-") and section:
            assert re.search(r"<table", re.sub(r"<details.*?</details>", "", section[0], flags=re.DOTALL)), name


def test_a_column_of_numbers_has_its_name_above_the_numbers(pages):
    for page in pages.values():
        for table in re.findall(r"<table(?! id=\"[^\"]*\" class=\"heatmap\").*?</table>", page.text, re.DOTALL):
            heads = re.findall(r'<th scope="col"( class="n")?>', table)
            rows = re.findall(r"<tr[^>]*>\s*<th scope=\"row\">.*?</tr>", table, re.DOTALL)
            cells = [re.findall(r'<t[hd]( class="n)?', row) for row in rows]
            for place, head in enumerate(heads):
                assert bool(head) == any(row[place] for row in cells), table[:200]


def test_headings_do_not_skip_a_level(pages):
    for page in pages.values():
        levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch(r"h\d", tag)]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_synthetic_data_is_marked_on_the_screen_and_on_every_sheet_of_paper(pages):
    for page in pages.values():
        assert page.text.count('<p class="banner" role="note"><strong>Synthetic data.</strong>') == 1
        assert page.text.count('<div class="watermark" aria-hidden="true">Synthetic data</div>') == 1
        assert '@page { @top-center { content: "Synthetic data"; } }' in page.text


def test_agreement_of_synthetic_data_with_the_paper_is_called_no_evidence(pages):
    assert "is no evidence for the paper" in pages["study.html"].text
    assert "is no evidence for the paper" in pages["council-barnet.html"].text


def test_real_data_are_not_marked_as_synthetic(small_file, tmp_path):
    copy = shutil.copy(small_file, tmp_path)
    with duckdb.connect(str(copy)) as connection:
        connection.execute("update publication.manifest set value = 'real' where item = 'provenance'")
    text = write_report(tmp_path / "published.duckdb", tmp_path / "pages")[0].read_text(encoding="utf-8")
    assert 'class="watermark"' not in text
    assert 'class="banner"' not in text
    assert "@top-center" not in text


def test_a_council_page_speaks_of_no_other_council(pages):
    text = pages["council-swansea.html"].text
    body = text[text.index("<main") : text.index('id="methods"')]
    assert "Swansea" in body
    assert not re.search(r"Barnet|Bristol|Derbyshire|Wolverhampton", body)


def test_withheld_rows_are_shown_as_withheld(planted, tmp_path):
    from coproduction.reporting.pages import sections_of

    reason = "fewer than 10 respondents"
    scope = planted(
        "update reports.rpt_levels set estimate = null, estimate_label = null, ci_lower = null, ci_upper = null, "
        f"n_respondents = null, is_withheld = true, withheld_reason = '{reason}' "
        "where council_id = 'bristol' and measure_id = 'individual_index' and theme_id = 'environment'",
        council="bristol",
    )
    (levels,) = [section for section in sections_of(scope) if section.id == "levels"]
    (table,) = [table for table in levels.tables if "individual" in table.caption]
    (row,) = [row for row in table.rows if ".environment." in row.anchor]
    texts = [cell.text for cell in row.cells]
    assert "withheld" in texts
    assert reason in texts
    assert not any(re.fullmatch(r"\d+|at least \d+", text) for text in texts)


def test_the_dictionary_has_every_published_column_with_its_meaning(pages, connection):
    text = pages["dictionary.html"].text
    rows = connection.execute("select table_name, column_name from duckdb_columns() where not internal").fetchall()
    n_codes = connection.execute("select count(*) from marts.dim_label").fetchone()[0]
    assert text.count('<th scope="row">') == len(rows) + n_codes
    assert '<tr><th scope="row">pearson</th><td>method_id</td><td>Pearson (correlation, -1 to 1)</td></tr>' in text
    assert "Lower end of the 95 per cent interval." in text
    assert "Rounded down to a multiple of 10." in text


def test_the_names_of_codes_have_no_placeholders(pages):
    codes = re.search(r'<section id="codes".*?</section>', pages["dictionary.html"].text, re.DOTALL)[0]
    assert "<td>Population (people)</td>" in codes
    assert not re.findall(r"\{\w+\}", codes)


def test_the_report_is_small_and_fast(timed_report):
    pages, seconds = timed_report
    assert seconds < 10
    assert max(page.stat().st_size for page in pages.values()) < 1_500_000


def test_a_page_of_a_council_that_is_gone_is_removed_and_other_files_stay(report, small_file, tmp_path):
    stale, mine = tmp_path / "council-gone.html", tmp_path / "council-notes.html"
    shutil.copy(report["council-barnet.html"], stale)
    mine.write_text("<p>My notes", encoding="utf-8")
    write_report(small_file, tmp_path)
    assert not stale.exists()
    assert mine.read_text(encoding="utf-8") == "<p>My notes"


def test_others_can_read_the_pages_only_where_somebody_opened_the_folder(small_file, tmp_path):
    """Others than owner and group cannot read the published file, so they cannot read what is made from it."""
    folder = tmp_path / "reports"
    write_report(small_file, folder)
    assert folder.stat().st_mode & 0o007 == 0
    folder.chmod(0o755)
    write_report(small_file, folder)
    assert folder.stat().st_mode & 0o777 == 0o755


def test_a_long_table_of_the_study_keeps_what_is_linked_and_says_how_much_is_left_out(published, monkeypatch):
    def page(name):
        return pages_module._page(published, "Title", pages_module.sections_of(Scope(published)), [], name)

    whole, left_out = page("other.html"), re.compile(r"Number of rows that are not shown here: ([\d,]+)\.")
    assert not left_out.search(whole)
    assert not left_out.search(page(pages_module.STUDY))
    monkeypatch.setattr(pages_module, "MOST_ROWS_OF_THE_STUDY", 3)
    short = page(pages_module.STUDY)
    n_left_out = sum(int(n.replace(",", "")) for n in left_out.findall(short))
    assert n_left_out > 100
    assert whole.count("<tr") - short.count("<tr") == n_left_out
    assert set(re.findall(r'href="#([^"]+)"', short)) <= set(re.findall(r' id="([^"]+)"', short))


def test_the_time_of_the_build_is_given_to_the_minute(planted):
    scope = planted("update publication.manifest set value = '2026-03-05T09:07:32+00:00' where item = 'published_at'")
    assert scope.published.published_at == "2026-03-05 09:07 UTC"
    assert "published file of 2026-03-05 09:07 UTC, build " in scope.published.footer


def test_withheld_rows_are_counted_among_all_rows_of_their_report(published, connection):
    section = quality(Scope(published, "barnet"))
    (table,) = [table for table in section.tables if table.caption.startswith("Withheld rows")]
    found = {row.cells[0].text: [cell.text for cell in row.cells[2:]] for row in table.rows}
    counts = connection.execute(
        "select count(*) filter (is_withheld), count(*) from reports.rpt_levels where council_id = 'barnet'"
    ).fetchone()
    assert 0 < counts[0] < counts[1]
    assert found["reports.rpt_levels"] == [f"{n:,}" for n in counts]
    assert f"{counts[0]:,} of {counts[1]:,}" in "".join(section.figures[0].svg)


def test_names_of_pages_are_plain_and_differ_where_ids_differ():
    assert council_page("bristol") == "council-bristol.html"
    names = {council_page(id_) for id_ in ("a b", "a/b", "a.20.b", "../a", "å")}
    assert len(names) == 5
    assert all(re.fullmatch(r"council-[\w.-]+\.html", name, re.ASCII) for name in names)


def test_a_text_cannot_end_a_string_of_the_style():
    assert css_string('a"; } </style>') == r'"a\22 \3b  \7d  \3c \2f style\3e "'


def test_the_command_writes_the_pages_and_says_where(small_file, tmp_path, capsys):
    assert main(["report", str(small_file), "--folder", str(tmp_path / "out")]) == 0
    printed = capsys.readouterr().out
    assert f"Report: {tmp_path / 'out' / 'study.html'} (4 pages," in printed
    assert (tmp_path / "out" / "dictionary.html").is_file()


def test_a_file_that_is_not_published_or_is_older_is_refused_with_the_remedy(small_file, tmp_path, capsys):
    other = tmp_path / "other.duckdb"
    duckdb.connect(str(other)).close()
    assert main(["report", str(other), "--folder", str(tmp_path)]) == 1
    assert "is no published file" in capsys.readouterr().err
    older = shutil.copy(small_file, tmp_path / "older.duckdb")
    with duckdb.connect(str(older)) as connection:
        connection.execute("drop table marts.dim_sentence")
    assert main(["report", str(older), "--folder", str(tmp_path)]) == 1
    assert "an older version wrote it" in capsys.readouterr().err


def test_a_folder_that_cannot_be_written_is_an_error_in_words(small_file, tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(ReportError, match="could not be written"):
        write_report(small_file, tmp_path / "file" / "pages")


class FinishedDbt:
    """Stands for a dbt that has built everything."""

    def __init__(self, *_, **__):
        self.stdout, self.returncode = iter(()), 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass


def test_a_build_ends_with_the_report(small_file, tmp_path, monkeypatch, capsys):
    (tmp_path / "warehouse").mkdir()
    for name in ("dbt_project.yml", "profiles.yml"):
        shutil.copy(PROJECT / name, tmp_path)
    for name in ("coproduction.duckdb", "published.duckdb"):
        shutil.copy(small_file, tmp_path / "warehouse" / name)
    monkeypatch.setattr("coproduction.cli.build_command.subprocess.Popen", FinishedDbt)
    monkeypatch.delenv("COPRODUCTION_WAREHOUSE", raising=False)
    assert build(tmp_path, "")
    assert (tmp_path / "reports" / "study.html").is_file()
    assert f"Report: {tmp_path / 'reports' / 'study.html'}" in capsys.readouterr().out


def test_a_published_response_rate_is_in_the_table_of_surveys(planted):
    scope = planted(
        "create or replace table reports.rpt_waves as "
        "select 'swansea' as council_id, 'wave_1' as wave_id, '47' as estimate_label"
    )
    (surveys,) = [table for table in who_answered(scope).tables if table.source == "marts.dim_survey"]
    place = list(surveys.heads).index("Response rate, per cent")
    rates = {row.cells[0].text: row.cells[place].text for row in surveys.rows}
    assert rates == {"Swansea": "47", "Barnet": "", "Bristol": "", "Derbyshire Dales": "", "Wolverhampton": ""}
