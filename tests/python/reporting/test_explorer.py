"""The explorer has every number of its reports, and nothing that is not a cell of a published report."""

import base64
import hashlib
import json
import re
from collections import Counter

import pytest

from building import PROJECT
from coproduction.reporting.explorer_data import _TEXTS, KINDS_OF_RESULT, Explorer, explorer_json
from coproduction.reporting.pages import _explorer

SCRIPT = PROJECT / "python/coproduction/reporting/templates/explorer.js"

# Each report as the explorer's cells have it, in plain SQL: who, what, the cell, and the base of its line.
WHO = """
    council_id, wave_id, provenance, theme_label, if(topic_id = 'all', null, topic_label) as topic,
"""
CELL = """
    weighting_id, round(estimate, 9), round(if(ci_lower is null or ci_upper is null, null, ci_lower), 9),
    round(if(ci_lower is null or ci_upper is null, null, ci_upper), 9),
    if(estimate is null, is_withheld, null) as is_withheld,
    if(estimate is null, coalesce(withheld_reason, reason, ''), null) as why
"""
GROUP = "nullif(breakdown_label, 'Everybody') as breakdown, if(breakdown_id = 'all', null, breakdown_value) as value,"
EXPECTED = {
    "answers": f"""
        select
            construct_label, question_text, if(statistic_id = 'share', 'Each answer', statistic_label), {WHO} {GROUP}
            answer_name, {CELL}, max(n_respondents) over (partition by all_but) as base
        from (select *, (
            council_id, wave_id, theme_id, topic_id, respondent_role, column_name, scale_id, breakdown_id,
            breakdown_value, weighting_id, statistic_id
        ) as all_but from reports.rpt_answer_shares)
    """,
    "levels": f"""
        select null, measure_label, unit_label, {WHO} {GROUP} null, {CELL}, n_respondents from reports.rpt_levels
    """,
    "correlations": f"""
        select outcome_label, construct_label, unit_label, {WHO} null, null, null, {CELL}, n_respondents
        from reports.rpt_correlates where method_id = 'pearson'
    """,
    "nudges": f"""
        select null, outcome_label, unit_label, {WHO} 'Nudge', contrast_label, null, {CELL}, n_respondents
        from reports.rpt_nudge_effects where model_id = 'dummies'
    """,
}


def cells(data, kind_id):
    """Yield each cell of a kind of result with its names in full, as the rows of EXPECTED have it."""
    (kind,) = [kind for kind in data["kinds"] if kind["id"] == kind_id]
    for subject in kind["subjects"]:
        words = subject["label"].removesuffix(" (reversed)")
        for figure in subject["figures"]:
            for survey, area, group, weighting, base, _, *line in figure["lines"]:
                council, _, wave, _, _, provenance = data["surveys"][survey]
                who = (council, wave, provenance, *data["areas"][area], *data["groups"][group])
                for head, cell in zip(figure["heads"], line, strict=True):
                    what = (subject["group"], words, figure["label"])
                    weights = data["weightings"][weighting][0]
                    if isinstance(cell, list):
                        estimate, low, high = cell if len(cell) == 3 else (*cell, None, None)
                        yield (*what, *who, head, weights, estimate, low, high, None, None, base)
                    elif cell is not None:
                        yield (*what, *who, head, weights, None, None, None, *data["reasons"][cell], base)


@pytest.fixture(scope="module")
def data(published):
    return json.loads(explorer_json(Explorer(published).data()))


def test_every_cell_is_a_published_cell_and_every_published_cell_is_there(data, connection):
    assert {kind["id"] for kind in data["kinds"]} == set(EXPECTED)
    for kind, query in EXPECTED.items():
        shown, expected = Counter(cells(data, kind)), Counter(connection.execute(query).fetchall())
        assert shown.total() > 50
        assert shown - expected == Counter(), kind
        assert expected - shown == Counter(), kind


def test_a_line_has_one_base_for_all_its_answers(connection):
    """The base of a line stands next to all its cells, so it has to be the same for each."""
    query = """
        select count(distinct n_respondents) as n from reports.rpt_answer_shares
        where statistic_id = 'share' and estimate is not null
        group by council_id, wave_id, theme_id, topic_id, respondent_role, column_name, scale_id, breakdown_id,
            breakdown_value, weighting_id
        having n <> 1
    """
    assert connection.execute(query).fetchall() == []


def numbers(part, path=()):
    """Yield the path of each number in the data, but those of lines; truth values are no numbers."""
    if isinstance(part, dict):
        for name, value in part.items():
            if name != "lines":
                yield from numbers(value, (*path, name))
    elif isinstance(part, list):
        for value in part:
            yield from numbers(value, path)
    elif isinstance(part, int | float) and not isinstance(part, bool):
        yield path


def test_outside_of_lines_there_are_only_decimals_and_ends_of_scales(data):
    assert {path[-1] for path in numbers(data)} == {"decimals", "scale"}


def test_a_withheld_row_has_no_number_but_its_reason(planted):
    scope = planted(
        "update reports.rpt_levels set estimate = null, ci_lower = null, ci_upper = null, n_respondents = null, "
        "is_withheld = true, withheld_reason = 'too few' "
        "where council_id = 'bristol' and measure_id = 'individual_index' and theme_id = 'environment'",
    )
    found = [
        row
        for row in cells(Explorer(scope.published).data(), "levels")
        if row[3] == "bristol" and row[1].startswith("Index") and row[6] == "Environment"
    ]
    assert found
    assert all(row[-6:] == (None, None, None, True, "too few", None) for row in found)


def test_questions_with_the_same_words_and_answers_are_one_and_others_are_not(planted):
    """One question of Bristol gets the words of Swansea's, and one of Barnet other words."""
    query = "select distinct council_id from reports.rpt_answer_shares where question_text = 'Same words?'"
    scope = planted(
        "update reports.rpt_answer_shares set question_text = 'Same words?' where construct_id = 'conditions' "
        "and theme_id = 'environment' and council_id in ('bristol', 'swansea')",
        "update reports.rpt_answer_shares set answer_name = 'Superb' where question_text = 'Same words?' "
        "and council_id = 'swansea' and answer_name = 'Very good'",
    )
    assert len(scope.published.rows(query)) == 2
    subjects = Explorer(scope.published).data()["kinds"][0]["subjects"]
    same = [subject for subject in subjects if subject["label"] == "Same words?"]
    assert len({subject["id"] for subject in same}) == 2
    assert {tuple(subject["figures"][0]["heads"])[-1] for subject in same} == {"Very good", "Superb"}


def test_two_columns_with_the_same_words_in_one_survey_are_two_subjects(planted):
    scope = planted(
        "update reports.rpt_answer_shares set question_text = 'Twice?' "
        "where construct_id = 'individual_activity' and council_id = 'swansea' and column_name in ('C3a', 'C3b')"
    )
    found = [cell for cell in cells(Explorer(scope.published).data(), "answers") if cell[1].startswith("Twice?")]
    assert {cell[1] for cell in found} == {"Twice?", "Twice? (C3b)"}
    identities = Counter(cell[:11] for cell in found)
    assert set(identities.values()) == {1}


def test_a_reversed_question_has_its_answers_turned_round_and_says_so(planted):
    change = (
        "update marts.dim_question set is_reversed = true where construct_id = 'conditions' and council_id = 'bristol'"
    )
    words = "How good or poor is the condition of streets, parks and open spaces in your area?"
    subjects = Explorer(planted(change).published).data()["kinds"][0]["subjects"]
    heads = {subject["label"]: subject["figures"][0]["heads"] for subject in subjects}
    assert heads[f"{words} (reversed)"] == heads[words][::-1]


def test_changes_between_waves_are_shown_with_both_waves(planted):
    """The bundled councils have one wave each, so a change is planted."""
    scope = planted(
        "insert into reports.rpt_changes by name select council_id, wave_id, theme_id, topic_id, council_label, "
        "theme_label, topic_label, 'wave_0' as earlier_wave_id, '2020' as earlier_wave_label, '2024' as wave_label, "
        "1 as wave_order, measure_id, measure_label, weighting_id, true as is_headline, 7.5 as estimate, "
        "'points of 0-100' as unit_label, 400 as n_respondents, 2.5 as ci_lower, 12.5 as ci_upper, "
        "false as is_small_base, false as is_withheld, provenance from reports.rpt_levels "
        "where council_id = 'swansea' and topic_id = 'all' and breakdown_id = 'all' limit 1"
    )
    ((*_, group, _, _, estimate, low, high, _, _, base),) = cells(Explorer(scope.published).data(), "changes")
    assert (group, estimate, low, high, base) == ("2020 to 2024", 7.5, 2.5, 12.5, 400)


@pytest.fixture(scope="module")
def page(published):
    return _explorer(published, [("study.html", "All")])


def test_the_page_allows_its_own_script_and_nothing_else(page):
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)[1]
    script = re.search(r"<script>(.*?)</script>", page, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'"
    assert script == SCRIPT.read_text(encoding="utf-8")
    assert page.count("<script") == 2
    assert not re.search(r"<(link|img|iframe|object|embed)|\ssrc=|url\(|@import|innerHTML|\beval\b|fetch\(", page)
    # Names of XML vocabularies look like addresses and are never opened.
    assert {found.split("/")[2] for found in re.findall(r"https?://[^\"'`]+", page)} == {
        "www.w3.org",
        "schemas.openxmlformats.org",
    }


def test_a_text_of_the_data_cannot_end_the_data(planted):
    attack = "</script><script>alert(1)</script><!--"
    scope = planted(f"update reports.rpt_answer_shares set question_text = '{attack}' where column_name = 'C3a'")
    page = _explorer(scope.published, [("study.html", "All")])
    assert "alert(1)" in page
    assert page.count("<script") == page.count("</script>") == 2
    data = json.loads(re.search(r'id="data">(.*?)</script>', page, re.DOTALL)[1])
    assert any(subject["label"] == attack for subject in data["kinds"][0]["subjects"])


def test_each_control_has_a_label_and_the_result_is_announced(page):
    controls = set(re.findall(r'<(?:select|input) id="(\w+)"', page))
    assert controls == set(re.findall(r'<label for="(\w+)">[^<]+</label>', page))
    assert len(controls) == 9
    assert '<p id="status" class="note" role="status" aria-live="polite">' in page
    assert re.findall(r'<button type="button" id="(\w+)">[^<]+', page) == ["copy", "csv", "excel"]
    assert "<noscript>" in page


def test_synthetic_data_is_marked_in_the_page_and_in_its_data(page, planted):
    assert "<strong>Synthetic data.</strong>" in page
    assert '"is_synthetic":true' in page
    real = planted("update publication.manifest set value = 'real' where item = 'provenance'")
    assert '"is_synthetic":false' in _explorer(real.published, [("study.html", "All")])


def test_the_script_asks_only_for_texts_that_it_is_given():
    asked = set(re.findall(r'"(page_\w+)"', SCRIPT.read_text(encoding="utf-8")))
    assert asked == set(_TEXTS)


def test_the_data_are_small(page):
    assert len(page.encode()) < 500_000


def test_each_kind_of_result_has_a_report_and_a_name(data, published):
    assert [kind["id"] for kind in data["kinds"]] == [kind.id for kind in KINDS_OF_RESULT if kind.id != "changes"]
    assert all(published.has(kind.source) for kind in KINDS_OF_RESULT)
    assert all(kind["is_rounded"] for kind in data["kinds"])
