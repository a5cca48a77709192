"""The distribution of each question, computed again from the raw files and the codebook alone, with pandas."""

import csv

import numpy as np
import pandas as pd
import pytest

from studies import BUNDLED

QUESTION = ["council_id", "theme_id", "topic_id", "respondent_role", "construct_id", "column_name", "scale_id"]
ROW = [*QUESTION, "breakdown_id", "breakdown_value", "statistic_id", "answer_name"]


def codebook(project, table):
    with (project.directory / "seeds" / "codebook" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def plain(text):
    """One spelling for the labels of the file and of the codebook."""
    return " ".join(
        text.translate(str.maketrans("\u2018\u2019\u201c\u201d\u2013\u00a0", "''\"\"- ")).split()
    ).casefold()


def respondents_of(project, export_id):
    """One row per respondent who counts: identical rows once, and nobody with two different rows."""
    header, *rows = project.read_export(export_id)
    raw = pd.DataFrame(rows, columns=header).map(str.strip).drop_duplicates(ignore_index=True)
    identifier = raw[project.respondent_column(export_id)]
    return raw[~identifier.duplicated(keep=False) | identifier.eq("")]


def coded(project, cells, question):
    """Kind, name and printed score of each cell."""
    scale = next(row for row in codebook(project, "scales") if row["scale_id"] == question["scale_id"])
    answers = {
        plain(row["answer_label"]): row for row in codebook(project, "answers") if row["scale_id"] == scale["scale_id"]
    }
    found = []
    for cell in cells:
        answer = answers.get(plain(cell))
        if answer:
            score = float(answer["answer_score"]) if answer["answer_score"] else np.nan
            found.append((answer["answer_kind"], answer["answer_name"] or answer["answer_label"], score))
        elif cell and scale["kind"] in ("integer", "decimal"):
            found.append(("valid", None, float(cell)))
        else:
            found.append(("blank" if not cell else "uncoded", None, np.nan))
    return scale, list(answers.values()), pd.DataFrame(found, columns=["kind", "name", "score"], index=cells.index)


def statistics_of(scale, answers, cells, weight):
    """Estimate of each statistic of one question among the people of one group, each with a weight."""
    is_valid = cells["kind"].eq("valid")
    is_asked = cells["kind"].ne("not_asked")

    def share(what, among):
        return float(weight[what & among].sum() / weight[among].sum())

    found = {("response_rate", None): share(is_valid, is_asked)}
    for kind in ("dont_know", "refused"):
        if kind in {answer["answer_kind"] for answer in answers}:
            found[kind, None] = share(cells["kind"].eq(kind), is_asked)
    listed = {
        row["answer_name"] or row["answer_label"]: row["answer_score"]
        for row in answers
        if row["answer_kind"] == "valid"
    }
    if weight[is_valid].sum() == 0:
        return found
    if scale["kind"] in ("ordinal", "nominal"):
        found |= {("share", name): share(cells["name"].eq(name), is_valid) for name in listed}
    if scale["kind"] != "nominal":
        scores = cells["score"][is_valid]
        found["mean", None] = float((weight[is_valid] * scores).sum() / weight[is_valid].sum())
    scores = sorted({float(score) for score in listed.values() if score}, reverse=True)
    if scale["kind"] == "ordinal" and len(scores) >= 3:
        found["top_two", None] = share(cells["score"].ge(scores[1]), is_valid)
    return found


def expected_rows(project, export_id, weight_column=None):
    """All statistics of all questions of one export, for everybody and for each gender."""
    people = respondents_of(project, export_id)
    questions = [row for row in codebook(project, "questions") if row["export_id"] == export_id]
    roles = {row["construct_id"]: row["role"] for row in codebook(project, "constructs")}
    weight = pd.Series(1.0, people.index)
    if weight_column:
        weight = pd.to_numeric(people[weight_column]).fillna(0)
    groups = {("all", "all"): pd.Series(True, people.index)}
    for genders in (row for row in questions if row["construct_id"] == "gender"):
        gender = coded(project, people[genders["column_name"]], genders)[2]
        groups |= {("gender", name): gender["name"].eq(name) for name in ("Female", "Male")}
    rows = {}
    for question in questions:
        if roles[question["construct_id"]] in ("design", "weight", "replicate"):
            continue
        scale, answers, cells = coded(project, people[question["column_name"]], question)
        key = [export_id, question["theme_id"] or "all", question["topic_id"] or "all", "citizen"]
        key += [question[name] for name in ("construct_id", "column_name", "scale_id")]
        for group, here in groups.items():
            if group[0] == question["construct_id"]:
                continue
            for statistic, value in statistics_of(scale, answers, cells[here], weight[here]).items():
                rows[(*key, *group, *statistic)] = value
    return pd.Series(rows).rename_axis(ROW)


def estimated_rows(project, export_id, weighting_id):
    estimates = project.query(
        f"""
        from estimates.est_answer_shares
        where council_id = '{export_id}' and weighting_id = '{weighting_id}' and breakdown_id in ('all', 'gender')
            and respondent_role = 'citizen'
        """
    )
    estimates["answer_name"] = estimates["answer_name"].astype(object).where(estimates["answer_name"].notna(), None)
    return estimates.set_index(ROW)["estimate"]


def assert_equal(found, expected, tolerance):
    both = pd.concat([found.rename("found"), expected.rename("expected")], axis=1)
    alone = both[both.isna().any(axis=1)]
    assert alone.empty, alone.to_string()
    np.testing.assert_allclose(both["found"], both["expected"], rtol=0, atol=tolerance)


@pytest.mark.slow
@pytest.mark.parametrize("export_id", BUNDLED)
def test_every_question_of_the_bundled_exports_has_the_distribution_of_its_file(built, export_id):
    expected = expected_rows(built, export_id)
    assert len(expected) > 100
    assert_equal(estimated_rows(built, export_id, "unweighted"), expected, 1e-12)


def test_weighted_shares_are_those_of_the_weights_in_the_file(town):
    assert_equal(estimated_rows(town, "barnet", "weighted"), expected_rows(town, "barnet", "W"), 1e-10)
    assert_equal(estimated_rows(town, "barnet", "unweighted"), expected_rows(town, "barnet"), 1e-12)


def test_raked_weights_have_calibrated_errors(town):
    rows = town.query(
        "from estimates.est_answer_shares where council_id = 'wolverhampton' and weighting_id = 'weighted'"
    )
    assert set(rows["std_error_type"]) == {"linearised, calibrated"}
    assert rows["estimate"].between(rows["ci_lower"], rows["ci_upper"])[rows["reason"].isna()].all()


def test_staff_and_citizens_are_never_added_up(town):
    rows = town.query(
        """
        select respondent_role, n_respondents from estimates.est_answer_shares
        where council_id = 'testtown' and column_name = 'satisfied' and statistic_id = 'response_rate'
            and breakdown_id = 'all'
        """
    )
    assert dict(rows.itertuples(index=False)) == {"citizen": 1500, "staff": 60}


@pytest.mark.parametrize("name", ["built", "town", "small"])
def test_every_claimed_question_has_rows(name, request):
    project = request.getfixturevalue(name)
    questions = project.query(
        """
        select council_id, wave_id, construct_id, column_name, scale_id
        from marts.dim_question inner join marts.dim_construct using (construct_id)
        where construct_role not in ('design', 'weight', 'replicate')
        """
    )
    reported = project.query("from reports.rpt_answer_shares")
    keys = ["council_id", "wave_id", "construct_id", "column_name", "scale_id"]
    assert len(questions) > 100
    assert set(questions.itertuples(index=False, name=None)) == set(reported[keys].itertuples(index=False, name=None))
    assert not set(reported["construct_id"]) & {"nudge", "duration", "weight"}
    assert (
        reported[["council_label", "theme_label", "topic_label", "construct_label", "statistic_label"]]
        .notna()
        .all(axis=None)
    )
    assert reported["unit_label"].notna().all()


def test_the_report_rounds_what_was_estimated_and_keeps_the_order_of_the_scale(built):
    rows = built.query(
        """
        select reports.*, estimates.estimate as unrounded
        from reports.rpt_answer_shares as reports
        inner join estimates.est_answer_shares as estimates
            on reports.column_name = estimates.column_name and reports.council_id = estimates.council_id
            and reports.breakdown_value = estimates.breakdown_value and reports.statistic_id = estimates.statistic_id
            and reports.breakdown_id = estimates.breakdown_id
            and reports.answer_order is not distinct from estimates.answer_order
        where reports.council_id = 'barnet' and reports.column_name = 'Q2' and reports.breakdown_id = 'all'
        """
    )
    rows = rows.sort_values(["answer_order", "statistic_id"], na_position="last")
    scale = ["Very poor", "Fairly poor", "Neither good nor poor", "Fairly good", "Very good"]
    assert rows["answer_name"].dropna().to_list() == scale
    units = np.where(rows["statistic_id"].eq("mean"), 1, 100)
    decimals = np.where(rows["statistic_id"].eq("mean"), 2, 0)
    for reported, unrounded, places in zip(rows["estimate"], rows["unrounded"] * units, decimals, strict=True):
        assert np.isnan(reported) or abs(reported - unrounded) <= 0.5 * 10.0**-places + 1e-9
    shown = built.query("select * exclude (estimate) from reports.rpt_answer_shares where column_name = 'Q2' limit 5")
    assert shown["answer_name"].to_list() == scale


def test_a_small_group_is_withheld_whole_and_another_one_with_it(small):
    rows = small.query("from reports.rpt_answer_shares where weighting_id = 'unweighted'")
    bases = small.query(
        """
        select * from estimates.est_answer_shares
        where weighting_id = 'unweighted' and statistic_id in ('share', 'mean')
        """
    )
    group = [*QUESTION, "breakdown_id", "breakdown_value"]
    base = bases.groupby(group)["n_respondents"].min().rename("n_base")
    withheld = rows.groupby(group)["is_withheld"].min()
    groups = withheld.to_frame().join(base)
    groups["n_base"] = groups["n_base"].fillna(0)
    assert groups.loc[groups["n_base"] < 10, "is_withheld"].all()
    divided = groups[groups.index.get_level_values("breakdown_id") != "all"]
    of_breakdown = divided[divided["is_withheld"]].groupby([*QUESTION, "breakdown_id"])["n_base"]
    assert len(of_breakdown) > 50
    is_alone = divided.groupby([*QUESTION, "breakdown_id"])["n_base"].transform("size").eq(1)
    # A group of ten or more can be withheld alone, because its mean is near an end of the scale: its size is no secret.
    has_small = divided.groupby([*QUESTION, "breakdown_id"])["n_base"].transform("min").lt(10)
    assert has_small.sum() > 50
    together = divided[divided["is_withheld"] & ~is_alone & has_small].groupby([*QUESTION, "breakdown_id"])["n_base"]
    assert (together.size() >= 2).all()
    is_all = divided.groupby([*QUESTION, "breakdown_id"])["is_withheld"].all().reindex(together.sum().index)
    assert ((together.sum() >= 20) | is_all).all()
    hidden = rows[rows["is_withheld"]]
    columns = ["estimate", "estimate_label", "n_respondents", "n_effective", "ci_lower", "ci_upper", "reason"]
    assert hidden[columns].isna().all(axis=None)
    assert hidden["withheld_reason"].notna().all()
    assert not rows["is_withheld"].all()


def test_a_rare_answer_is_withheld_with_others_of_which_it_cannot_be_told_apart(built):
    """Of the whole survey: at least two answers, which ten people gave. In a group: all answers, and another group."""
    rows = built.query(
        """
        select reports.*, round(truth.estimate * truth.n_respondents) as n_given, truth.n_respondents as n_valid
        from reports.rpt_answer_shares as reports
        inner join estimates.est_answer_shares as truth
            using (council_id, wave_id, theme_id, topic_id, respondent_role, construct_id, column_name, scale_id,
                breakdown_id, breakdown_value, weighting_id, statistic_id, answer_name)
        where statistic_id = 'share' and weighting_id = 'unweighted'
        """
    )
    shown = rows[~rows["is_withheld"]]
    assert shown["n_given"].min() >= 3
    assert (shown["n_valid"] - shown["n_given"]).min() >= 3
    group = [*QUESTION, "breakdown_id", "breakdown_value"]
    hidden = rows[rows["is_withheld"]]
    of_whole = hidden[hidden["breakdown_id"] == "all"].groupby(group)["n_given"].agg(["size", "sum"])
    assert len(of_whole) > 0
    assert of_whole["size"].min() >= 2
    assert of_whole["sum"].min() >= 10
    divided = rows[rows["breakdown_id"] != "all"]
    of_group = divided.groupby(group)["is_withheld"].agg(["min", "max"])
    assert (of_group["min"] == of_group["max"]).all()
    n_hidden = of_group["max"].groupby([*QUESTION, "breakdown_id"]).agg(["sum", "size"])
    assert ((n_hidden["sum"] == 0) | (n_hidden["sum"] >= n_hidden["size"].clip(upper=2))).all()


def test_few_who_do_not_know_are_withheld_with_those_who_refuse(built):
    kinds = built.query(
        """
        select reports.is_withheld, truth.estimate * truth.n_respondents as n_people
        from reports.rpt_answer_shares as reports
        inner join estimates.est_answer_shares as truth
            using (council_id, wave_id, theme_id, topic_id, respondent_role, construct_id, column_name, scale_id,
                breakdown_id, breakdown_value, weighting_id, statistic_id)
        where statistic_id in ('dont_know', 'refused') and weighting_id = 'unweighted'
        """
    )
    few = kinds["n_people"].round().between(1, 9)
    assert few.any()
    assert kinds[few]["is_withheld"].all()
    assert not kinds["is_withheld"].all()
