"""The weighted and the unweighted level are two equations for raked categories; the plan withholds the weighted one."""

import duckdb
import numpy as np
import pandas as pd
import pytest

from coproduction.publishing.disclosure.raked_figures import raked_levels
from coproduction.publishing.disclosure.rounding_windows import PublishedRows

# Of 104 women and 16 men, how many take part in each of eight ways. Two men do the first one.
TAKE_PART = {"f": (70, 2), "m1": (20, 12), "m2": (80, 4), "m3": (30, 13), "m4": (85, 5), "m5": (25, 11), "m6": (60, 3),
             "m7": (15, 9)}  # fmt: skip
N = {"Female": 104, "Male": 16}
SHARES = {"Female": 0.51, "Male": 0.49}
FEWEST = {"n": 10, "k": 3}


def printed_levels(is_planned):
    """What the report prints of the planted survey; with the plan, nothing weighted where few men have the outcome."""
    n_all = sum(N.values())
    for measure_id, taking_part in TAKE_PART.items():
        k = dict(zip(N, taking_part, strict=True))
        are_few = {group: min(k[group], N[group] - k[group]) < FEWEST["k"] for group in N}
        whole = sum(SHARES[group] * k[group] / N[group] for group in N)
        for weighting_id, level in (("unweighted", sum(k.values()) / n_all), ("weighted", whole)):
            is_withheld = is_planned and weighting_id == "weighted" and any(are_few.values())
            yield measure_id, "all", "all", weighting_id, None if is_withheld else level, n_all
            for group in N:
                # With a group, the other one is withheld: the whole would reveal it.
                shown = None if any(are_few.values()) else k[group] / N[group]
                yield measure_id, "gender", group, weighting_id, shown, N[group]


def published_file(is_planned):
    connection = duckdb.connect()
    rows = pd.DataFrame(
        printed_levels(is_planned),
        columns=["measure_id", "breakdown_id", "breakdown_value", "weighting_id", "level", "n"],
    )
    rows["estimate"] = np.floor(100 * rows["level"].astype(float) + 0.5)
    for schema in ("publication", "marts", "reports"):
        connection.execute(f"create schema {schema}")
    connection.execute("create table publication.manifest as select '10' as value, 'minimum_base' as item")
    connection.execute("create table reports.rpt_correlates as select null::double as p_value_t")
    connection.execute(
        """
        create table marts.dim_measure as
        select distinct measure_id, measure_id as construct_id, 'any_item' as kind, 'positive' as counts_answer,
            0.0 as unit_minimum, 100.0 as unit_maximum, 0 as decimals
        from rows
        """
    )
    connection.execute(
        """
        create table reports.rpt_levels as
        select 'council' as council_id, 'wave_1' as wave_id, 'theme' as theme_id, 'all' as topic_id,
            * exclude (level, n, estimate), case when level is not null then estimate end as estimate,
            case when level is not null then n - n % 10 end as n_respondents
        from rows
        """
    )
    return connection


def found(connection):
    shares = {("council", "wave_1"): {("gender", group): share for group, share in SHARES.items()}}
    return {finding.what: finding.candidates for finding in raked_levels(PublishedRows(connection, True), shares)}


def test_the_weighted_level_revealed_how_many_of_few_men_take_part():
    with published_file(is_planned=False) as connection:
        candidates = found(connection)["theme, all, f, all, all, Male"]
    men, men_taking_part = N["Male"], TAKE_PART["f"][1]
    assert (men, men_taking_part) in candidates
    assert {with_it for _, with_it in candidates} == {men_taking_part}


def test_without_the_weighted_level_nothing_follows():
    with published_file(is_planned=True) as connection:
        assert found(connection) == {}


@pytest.mark.parametrize("breakdown_id", ["all", "age_band", "ethnicity"])
def test_each_published_weighted_level_has_enough_people_of_each_raked_category(town, breakdown_id):
    """The town's Wolverhampton is raked to women and men. Counted from single respondents, without the plan."""
    people = town.query(
        f"""
        select facts.theme_id, facts.topic_id, facts.measure_id, groups.breakdown_value, raked.margin_cell,
            facts.measure_value as value
        from marts.fct_respondent_measure as facts
        inner join intermediate.int_respondent_groups as groups using (respondent_key)
        inner join intermediate.int_raked_weights as raked using (respondent_key)
        where facts.council_id = 'wolverhampton' and groups.breakdown_id = '{breakdown_id}'
            and facts.n_answered > 0 and raked.margin_cell in ('["Female"]', '["Male"]')
        """
    )
    keys = ["theme_id", "topic_id", "measure_id", "breakdown_value"]
    cells = people.groupby([*keys, "margin_cell"]).value.agg(["size", "sum"])
    with_it, without = cells["sum"].round(6), (cells["size"] - cells["sum"]).round(6)
    cells["misses"] = (cells["size"] < FEWEST["n"]) | (np.minimum(with_it, without) < FEWEST["k"])
    misses = cells.groupby(keys).misses.any()
    reported = town.query(
        f"from reports.rpt_levels where council_id = 'wolverhampton' and breakdown_id = '{breakdown_id}'"
    ).set_index(keys)
    weighted = reported[reported.weighting_id == "weighted"].is_withheld
    assert weighted[misses[misses].index].all()
    if breakdown_id == "all":
        assert not misses.any() and not weighted.any()
    else:
        # The unweighted level of nearly all of them is published.
        unweighted = reported[reported.weighting_id == "unweighted"].is_withheld
        assert (~unweighted[misses[misses].index]).any()
        assert not weighted.all()
