"""The attack reads staff, flags and waves: of a small file that prints too much it works out what is hidden."""

import duckdb
import numpy as np
import pandas as pd
import pytest

from coproduction.publishing.disclosure.attack import attack, read_file
from coproduction.publishing.disclosure.bounds import InfeasibleError, Unknowns
from coproduction.publishing.disclosure.rounding_windows import PublishedRows

SURVEY = {"council_id": "town", "wave_id": "w1", "theme_id": "health", "topic_id": "all"}
PAIR = {"council_id": "town", "earlier_wave_id": "w1", "wave_id": "w2"}
NOTHING = ("rpt_answer_levels", "rpt_correlates", "rpt_multiverse", "rpt_nudge_effects", "rpt_answer_shares")
TAKES_PART, OFTEN, SOMETIMES = "collective_participation", "collective_often", "collective_sometimes"


def level(n, k, measure_id=TAKES_PART, **others):
    everybody = {"breakdown_id": "all", "breakdown_value": "all", "weighting_id": "unweighted", "is_withheld": False}
    figures = {"measure_id": measure_id, "n_respondents": n, "estimate": round(100 * k / n), "ci_lower": None}
    return SURVEY | everybody | figures | others


def table(rows, **missing):
    return pd.DataFrame([missing | row for row in rows])


def published(step, **reports):
    """A published file with these reports and no others; bases are rounded down to `step`."""
    connection = duckdb.connect()
    for schema in ("publication", "marts", "reports", "quality"):
        connection.execute(f"create schema {schema}")
    manifest = table([{"part_id": "build", "item": "minimum_base" if step > 1 else "nothing", "value": str(step)}])
    measures = table(
        {"measure_id": name, "construct_id": "group_participation", "kind": "any_item", "counts_answer": counts}
        | {"unit_minimum": 0.0, "unit_maximum": 100.0, "decimals": 0}
        for name, counts in ((TAKES_PART, "positive"), (OFTEN, "often"), (SOMETIMES, "positive_not_often"))
    )
    sizes = table([{"council_id": "town", "wave_id": wave, "n_respondents": 400} for wave in ("w1", "w2")])
    tables = {"publication.manifest": manifest, "marts.dim_measure": measures, "marts.dim_survey": sizes}
    keys = dict.fromkeys((*SURVEY, "construct_id", "outcome_id", "method_id", "weighting_id", "model_id", "contrast_id",
                          "dont_know_rule_id", "duplicates_rule_id", "outliers_rule_id", "outcome_rule_id",
                          "p_method_id", "multiplicity_id", "export_id", "column_name", "expectation_id"),
                         "")  # fmt: skip
    empty = table([keys | {"is_primary": True, "n_checked": 1, "p_value_t": 0.5, "n_respondents": 1}])[:0]
    tables |= dict.fromkeys([f"reports.{name}" for name in NOTHING], empty)
    tables |= {"marts.dim_question": empty, "quality.expectation_results": empty}
    tables["marts.dim_export"] = table([{"export_id": "", "respondent_role": ""}])[:0]
    tables["reports.rpt_exports"] = table([SURVEY | {"respondent_role": "staff", "n_file_rows": 60}])
    tables |= {name if "." in name else f"reports.rpt_{name}": rows for name, rows in reports.items()}
    for name, rows in tables.items():
        connection.register("rows", rows)
        connection.execute(f"create table {name} as from rows")
    return connection


def found(connection, of_table):
    """What the attack finds of a report, by quantity and the rest of the cell that the tests need."""
    targets = [target for target in attack(connection) if target.table == of_table]
    assert not any(target.is_contradicted for target in targets)
    return {(target.quantity, target.cell[-1] if "w2" in target.cell else target.cell[4]): target for target in targets}


def staff_gaps(n, is_often_shown):
    withheld = {"staff_level": None, "n_staff": None, "n_citizens": None, "is_withheld": True}
    shown = {"n_staff": n, "n_citizens": 300, "is_withheld": False}
    rows = [
        {"measure_id": TAKES_PART, **withheld},
        {"measure_id": OFTEN, "staff_level": 25, **shown} if is_often_shown else {"measure_id": OFTEN, **withheld},
        {"measure_id": SOMETIMES, "staff_level": 15, **shown},
    ]
    return table(SURVEY | {"topic_id": "own_health", "weighting_id": "unweighted"} | row for row in rows)


@pytest.mark.parametrize("is_often_shown", [True, False])
def test_often_and_sometimes_of_staff_add_up_to_the_staff_who_take_part(is_often_shown):
    with published(1, levels=table([level(300, 150)]), staff_gaps=staff_gaps(20, is_often_shown)) as file:
        target = found(file, "rpt_staff_gaps")["k", TAKES_PART]
    # Of 20 staff, 5 often and 3 sometimes.
    assert target.lower <= 8 <= target.upper
    assert target.is_recovered == is_often_shown


def question_of_citizens_and_staff(n_of_files):
    """One question in several files, of which the last is of staff, and a share of Don't Know of the citizens."""
    roles = ["citizen"] * (len(n_of_files) - 1) + ["staff"]
    exports = [(f"file_{role}_{n}", role, n) for role, n in zip(roles, n_of_files, strict=True)]
    pair = SURVEY | {"construct_id": "conditions", "outcome_id": TAKES_PART, "weighting_id": "unweighted"}
    unused = {"method_id": "pearson", "p_value_t": 0.5, "estimate": None, "is_withheld": False}
    answers = [
        {"answer_kind": kind, "score": score, "answer_name": name, "n_respondents": n, "estimate": 50}
        for kind, score, name, n in (("valid", 1.0, "Good", 280), ("dont_know", None, "", 20))
    ]
    return {
        "marts.dim_export": table({"export_id": name, "respondent_role": role} for name, role, _ in exports),
        "marts.dim_question": table(
            SURVEY | {"export_id": name, "column_name": "q", "construct_id": "conditions", "is_primary": True}
            for name, _, _ in exports
        ),
        "quality.expectation_results": table(
            {"export_id": name, "column_name": "q", "expectation_id": "labels_within_scale", "n_checked": n}
            for name, _, n in exports
        ),
        "answer_levels": table(pair | {"is_withheld": False} | answer for answer in answers),
        "correlates": table([pair | unused | {"n_respondents": 280, "dont_know_share": 0.067}]),
    }


@pytest.mark.parametrize("n_of_files", [(300, 40), (220, 80, 40)], ids=["one file", "web and paper"])
def test_how_many_staff_answered_a_question_says_nothing_about_citizens(n_of_files):
    reports = question_of_citizens_and_staff(n_of_files)
    with published(10, levels=table([level(300, 150)]), **reports) as file:
        everything, _, _ = read_file(PublishedRows(file, False), with_answer_shares=False)
        assert everything.contradictions() == []
        # The number of citizens who answered it does: more could not have printed the share.
        everything.know(("dont_know", *SURVEY.values(), "conditions", TAKES_PART), 30)
        assert len(everything.contradictions()) == 1


def quality(n_flagged):
    row = {"outcome_id": TAKES_PART, "flag_id": "speeder", "n_respondents": 300, "n_flagged": n_flagged}
    return table([SURVEY | row | {"level_with": 50, "level_without": 50, "is_withheld": True}])


def test_those_with_a_flag_are_a_part_of_everybody():
    with published(1, levels=table([level(300, 150)]), respondent_quality=quality(3)) as file:
        assert found(file, "rpt_respondent_quality")["n", "speeder"].is_recovered
    with published(10, levels=table([level(300, 150)]), respondent_quality=quality(None)) as file:
        target = found(file, "rpt_respondent_quality")["n", "speeder"]
        assert (target.lower, target.is_recovered) == (0, False)
        assert target.upper > 100


def attrition(n, n_others, n_again, n_others_again):
    """Of a group that is withheld, what the whole and the other group leave."""
    rows = [
        ("all", "all", n, round(100 * n_again / n), False),
        ("age_band", "old", None, None, True),
        ("age_band", "young", n_others, round(100 * n_others_again / n_others), False),
    ]
    names = ("breakdown_id", "breakdown_value", "n_respondents", "estimate", "is_withheld")
    return table(PAIR | dict(zip(names, row, strict=True)) for row in rows)


@pytest.mark.parametrize(("step", "is_found"), [(1, True), (10, False)])
def test_groups_of_people_who_answered_again_add_up_to_the_whole(step, is_found):
    reports = {"attrition": attrition(100, 96, 80, 78), "changes": changes(96, True)[:0]}
    with published(step, levels=table([level(90, 45)]), **reports) as file:
        targets = found(file, "rpt_attrition")
    assert targets["n", "old"].lower <= 4 <= targets["n", "old"].upper
    assert targets["k", "old"].lower <= 2 <= targets["k", "old"].upper
    assert targets["n", "old"].is_recovered == is_found


def changes(n_both, is_revealed):
    both = {"n_respondents": n_both, "earlier_level": 50, "later_level": 60, "estimate": 10.4} if is_revealed else {}
    figures = dict.fromkeys(("n_respondents", "earlier_level", "later_level", "estimate", "n_earlier", "n_later"))
    row = {"theme_id": "health", "topic_id": "all", "measure_id": TAKES_PART, "weighting_id": "unweighted"}
    return table([PAIR | row | figures | both | {"sample_id": "same_people", "is_withheld": True}])


@pytest.mark.parametrize("is_revealed", [True, False])
def test_who_is_in_both_waves_is_a_part_of_either_level(is_revealed):
    levels = table([level(100, 50), level(98, 59, wave_id="w2")])
    with published(1, levels=levels, changes=changes(96, is_revealed)) as file:
        targets = found(file, "rpt_changes")
    only = targets["n", "only_before"]
    assert only.is_recovered == is_revealed
    assert (only.lower, only.upper) == ((4, 4) if is_revealed else (2, 100))


def small_problem():
    unknowns = Unknowns()
    for place in range(12):
        unknowns.know(place, 0, 30 if place else 2)
    unknowns.bind(dict.fromkeys(range(12), 1), 100, 110)
    return unknowns


def test_many_counts_are_seen_to_be_far_apart_at_once():
    unknowns = small_problem()
    unknowns.spread(dict.fromkeys(range(12), 4))
    for place in range(12):
        smallest, largest = unknowns.seen(place)
        assert 0 <= smallest <= largest <= (30 if place else 2)
        # No two solutions for the first one can be so far apart.
        assert (largest - smallest > 4) == (place > 0)


def test_a_program_that_is_not_solved_in_time_says_so_and_bounds_the_count():
    unknowns = small_problem()
    solved, given_up = unknowns.interval_in_time(3, np.inf), unknowns.interval_in_time(3, 1e-9)
    assert solved == (0, 30, True)
    assert given_up.lower <= solved.lower
    assert given_up.upper >= solved.upper
    unknowns.bind({3: 1}, 40, 50)
    with pytest.raises(InfeasibleError):
        unknowns.interval(3)
