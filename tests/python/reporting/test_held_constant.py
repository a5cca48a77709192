"""The section about several correlates at once: its sentences, its charts, and what it does not show."""

import pytest

from coproduction.reporting.content import Scope, anchor_of
from coproduction.reporting.sections.held_constant import JOINT, held_constant

ROW = "council_id = 'swansea' and outcome_id = 'individual_index' and construct_id = 'conditions'"
PLANT = f"""
    update reports.rpt_joint_correlates
    set change_id = 'turns', correlation_alone = 0.234, correlation_alone_stars = '**', standardised = -0.147,
        standardised_lower = -0.25, standardised_upper = -0.05, stars = '**', is_withheld = false, reason = null
    where {ROW}
"""


def part(scope, outcome="individual_index"):
    (found,) = [part for part in held_constant(scope).parts if part.id == f"joint-{outcome}"]
    return found


def test_a_correlate_that_turns_its_sign_has_a_sentence_with_both_numbers(planted):
    scope = planted(PLANT, council="swansea")
    (finding,) = [finding for finding in part(scope).findings if "the other way" in finding.text]
    assert "Conditions" in finding.text and "(0.234)" in finding.text and "-0.147** (-0.250 to -0.050)" in finding.text
    assert finding.text.endswith("The same holds with missing answers imputed.")
    (row,) = scope.rows(f"from {JOINT} where {ROW} and missing_id = 'complete'")
    assert finding.anchor == anchor_of(JOINT, row)


def test_a_change_that_imputing_does_not_confirm_says_so(planted):
    undone = f"update {JOINT} set change_id = 'stays' where missing_id = 'imputed' and {ROW}"
    (finding,) = [f for f in part(planted(PLANT, undone, council="swansea")).findings if "the other way" in f.text]
    assert finding.text.endswith("With missing answers imputed, the comparison comes out otherwise.")


@pytest.mark.parametrize("rule", ["complete", "imputed"])
def test_a_withheld_model_is_in_no_sentence_and_no_chart(planted, rule):
    """Where complete answers are withheld, the chart is of imputed ones; where both are, there is none."""
    numbers = ("correlation_alone", "standardised", "standardised_lower", "standardised_upper", "estimate", "change_id")
    rules = "('complete')" if rule == "complete" else "('complete', 'imputed')"
    withhold = f"""
        update {JOINT}
        set {", ".join(f"{name} = null" for name in numbers)}, is_withheld = true, withheld_reason = 'few people'
        where council_id = 'swansea' and missing_id in {rules}
    """
    found = part(planted(PLANT, withhold, council="swansea"))
    assert not found.findings
    assert [figure.title for figure in found.figures] == (
        ["Environment, missing answers imputed"] if rule == "complete" else []
    )
    texts = [cell.text for row in found.all_tables()[0].rows for cell in row.cells]
    assert "withheld" in texts


def test_the_section_says_which_correlates_its_sentences_name(planted):
    """Each sentence is of a change, and no change without a sentence: the rest is not compared, or did not change."""
    scope = planted(council="swansea")
    assert any("only with the others held constant" in text for text in held_constant(scope).lead)
    changed = scope.rows(f"""
        from {JOINT} where council_id = 'swansea' and missing_id = 'complete' and weighting_id = 'unweighted'
        and change_id in ('turns', 'vanishes', 'appears')
        qualify model_id = min(model_id) over (partition by wave_id, theme_id, topic_id, outcome_id)
    """)
    named = {finding.anchor for part in held_constant(scope).parts for finding in part.findings}
    assert named == {anchor_of(JOINT, row) for row in changed}


def test_only_pages_of_councils_have_the_section(published):
    assert held_constant(Scope(published, None)) is None
    assert held_constant(Scope(published, "swansea")) is not None


def test_the_headline_of_taking_part_is_the_logit_and_of_the_index_the_line(published):
    scope = Scope(published, "swansea")
    models = {
        name: {row.keys.split(" / ")[-1] for row in part(scope, name).all_tables()[0].rows}
        | {part(scope, name).all_tables()[0].constants}
        for name in ("collective_participation", "individual_index")
    }
    assert "logit_marginal" in str(models["collective_participation"])
    assert "logit_marginal" not in str(models["individual_index"])
