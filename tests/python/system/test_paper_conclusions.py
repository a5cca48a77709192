"""The page about the paper's conclusions has the numbers of the bundled build."""

import re

import pandas as pd

from building import PROJECT
from coproduction.statistics.estimates.equivalence.est_equivalence import estimate_equivalence

PAGE = PROJECT / "docs" / "paper-conclusions.md"
OUTCOMES = {"Individual co-production": "individual_index", "Collective participation": "collective_participation"}


def rows_of(heading: str) -> list[list[str]]:
    """The cells of the rows of the table under a heading."""
    section = PAGE.read_text(encoding="utf-8").partition(f"## {heading}\n")[2].partition("\n## ")[0]
    lines = re.findall(r"^\| (.*) \|$", section, re.MULTILINE)
    return [line.split(" | ") for line in lines[2:]]


def test_the_associations_that_are_left_are_those_of_the_report(built):
    found = built.query(
        """
        select outcome_id, construct_label, count(*) filter (where correlation_alone_stars <> '') as n_correlated,
            count(*) filter (where change_id = 'stays') as n_stay,
            count(*) filter (where change_id = 'vanishes') as n_vanish,
            count(*) filter (where change_id = 'turns') as n_turn,
            count(*) filter (where change_id = 'appears') as n_appear
        from reports.rpt_joint_correlates
        where weighting_id = 'unweighted' and missing_id = 'imputed'
            and model_id = case outcome_id when 'individual_index' then 'ols' else 'logit_marginal' end
        group by all
        """
    ).set_index(["outcome_id", "construct_label"])
    rows = rows_of("Several correlates at once")
    assert len(rows) == len(found) == 16
    for outcome, construct, *numbers in rows:
        assert [int(number) for number in numbers] == found.loc[(OUTCOMES[outcome], construct)].to_list(), construct


def test_the_verdicts_under_invented_bounds_are_those_of_the_estimator(built):
    nudges, correlates = (built.query(f"from estimates.{name}") for name in ("est_nudge_effects", "est_correlates"))
    studies = built.query("from marts.dim_study")
    rows = rows_of("Evidence of absence")
    assert len(rows) == 8
    for quantity, bound, outcome, *numbers in rows:
        quantity_id = {"nudge": "nudge", "correlation": "correlate"}[quantity]
        smallest = pd.DataFrame(
            {"study_id": ["paper"], "quantity_id": [quantity_id], "smallest_effect": [float(bound)]}
        )
        verdicts = estimate_equivalence(nudges, correlates, smallest, studies)
        verdicts = verdicts.loc[verdicts["outcome_id"].eq(OUTCOMES[outcome]), "verdict_id"].value_counts()
        expected = [verdicts.get(verdict, 0) for verdict in ("too_small", "matters", "undecided")]
        assert [int(number) for number in numbers] == expected, (quantity, bound, outcome)
