"""The bundled synthetic exports: the same bytes everywhere, and the printed figures from an independent recount.

The recount codes the committed exports with the codebook on its own; it shares no line with the generator.
"""

import os
import subprocess
import sys
import unicodedata
from decimal import Decimal
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

ROOT = Path(__file__).resolve().parents[2]
EXPORTS = ROOT / "seeds" / "exports"
COUNCILS = ["barnet", "bristol", "derbyshire_dales", "swansea", "wolverhampton"]
MEASURES = {
    "collective_participation": "group_participation",
    "willing_monthly": "time_willing",
    "currently_monthly": "time_current",
    "extra_monthly": "time_extra",
}


def seed(name):
    return pd.read_csv(ROOT / "seeds" / f"{name}.csv", dtype=str, keep_default_na=False)


@cache
def codebook(name):
    return seed(f"codebook/{name}")


@cache
def export(export_id):
    return pd.read_csv(EXPORTS / f"{export_id}.csv", dtype=str, keep_default_na=False)


def normal(label):
    for odd, plain in {"\u2019": "'", "\u2018": "'", "\u2013": "-", "\u2014": "-"}.items():
        label = label.replace(odd, plain)
    return " ".join(unicodedata.normalize("NFC", label).split()).casefold()


@cache
def answers(scale_id):
    rows = codebook("answers")[codebook("answers")["scale_id"] == scale_id]
    return {normal(row.answer_label): row for row in rows.itertuples()}


@cache
def scale(scale_id):
    return codebook("scales").set_index("scale_id").loc[scale_id]


def uncoded(question):
    """Return the labels of a column that neither the codebook's answers nor the scale's range cover."""
    known, form = answers(question.scale_id), scale(question.scale_id)
    found = set()
    for label in set(export(question.export_id)[question.column_name]):
        text = normal(label)
        number = form["kind"] == "integer" and text.isdigit()
        in_range = number and int(form["minimum"]) <= int(text) <= int(form["maximum"])
        if text and text not in known and not in_range:
            found.add(label)
    return found


def questions(council, theme, construct, topic=None, primary=True):
    rows = codebook("questions")
    rows = rows[(rows["export_id"] == council) & (rows["theme_id"] == theme) & (rows["construct_id"] == construct)]
    rows = rows if topic is None else rows[rows["topic_id"] == topic]
    return rows[rows["is_primary"] == "true"] if primary else rows


@cache
def scores(council, column):
    """Code a column as scores: NaN unless the answer is valid and has a score; reversed questions are turned."""
    rows = codebook("questions")
    question = rows[(rows["export_id"] == council) & (rows["column_name"] == column)].iloc[0]
    known, form = answers(question["scale_id"]), scale(question["scale_id"])
    values = []
    for label in export(council)[column]:
        answer = known.get(normal(label))
        if answer is not None and answer.answer_kind == "valid" and answer.answer_score:
            values.append(float(answer.answer_score))
        elif answer is None and label.strip() and form["kind"] == "integer":
            values.append(float(label))
        else:
            values.append(np.nan)
    values = np.array(values)
    if question["is_reversed"] == "true":
        values = float(form["minimum"]) + float(form["maximum"]) - values
    return values


@cache
def positives(council, column, flag="is_positive"):
    """Code a column of an outcome as 1, 0 or NaN."""
    rows = codebook("questions")
    question = rows[(rows["export_id"] == council) & (rows["column_name"] == column)].iloc[0]
    coded = {"true": 1.0, "false": 0.0, "": np.nan}
    known = {label: coded[getattr(row, flag)] for label, row in answers(question["scale_id"]).items()}
    return np.array([known.get(normal(label), np.nan) for label in export(council)[column]])


def stacked(council, theme, construct, topic, flag="is_positive"):
    rows = questions(council, theme, construct, None if topic == "all" else topic)
    return np.stack([positives(council, column, flag) for column in rows["column_name"]], axis=1)


def individual_index(council, theme, topic="all"):
    items = stacked(council, theme, "individual_activity", topic)
    answered = (~np.isnan(items)).sum(axis=1)
    with np.errstate(invalid="ignore"):
        share = np.nansum(items, axis=1) / answered
    return np.where(2 * answered < items.shape[1], np.nan, share)


def anywhere(items):
    """Return 1 if any is 1, 0 if the valid ones are 0, NaN if none is valid."""
    valid = ~np.isnan(items)
    return np.where(valid.any(axis=1), (np.nan_to_num(items) == 1).any(axis=1).astype(float), np.nan)


def outcome(council, theme, topic, outcome_id):
    if outcome_id == "individual_index":
        return individual_index(council, theme, topic)
    return anywhere(stacked(council, theme, "group_participation", topic))


def level(cell):
    if cell.measure_id == "respondents":
        return float(len(export(cell.council_id)))
    if cell.measure_id == "individual_index":
        return 100 * np.nanmean(individual_index(cell.council_id, cell.theme_id))
    if cell.measure_id in ("collective_often", "collective_sometimes"):
        often = anywhere(stacked(cell.council_id, cell.theme_id, "group_participation", "all", "is_often"))
        joins = outcome(cell.council_id, cell.theme_id, "all", "collective_participation")
        return 100 * np.nanmean(often if cell.measure_id == "collective_often" else joins - often)
    return 100 * np.nanmean(anywhere(stacked(cell.council_id, cell.theme_id, MEASURES[cell.measure_id], "all")))


def correlation(cell):
    person = cell.construct_id in ("gender", "age", "ethnicity")
    rows = questions(
        cell.council_id, "" if person else cell.theme_id, cell.construct_id, "" if person else cell.topic_id
    )
    assert len(rows) == 1
    x = scores(cell.council_id, rows.iloc[0]["column_name"])
    y = outcome(cell.council_id, cell.theme_id, "all", cell.outcome_id)
    both = ~np.isnan(x) & ~np.isnan(y)
    estimate, n = np.corrcoef(x[both], y[both])[0, 1], both.sum()
    return estimate, 2 * stats.t.sf(abs(estimate) * np.sqrt((n - 2) / (1 - estimate**2)), n - 2)


def nudge(cell):
    column = questions(cell.council_id, "", "nudge").iloc[0]
    known = answers(column["scale_id"])
    arm = np.array([known[normal(label)].answer_name for label in export(cell.council_id)[column["column_name"]]])
    y = 100 * outcome(cell.council_id, cell.theme_id, cell.topic_id, cell.outcome_id)
    with_nudge, without = (y[(arm == name) & ~np.isnan(y)] for name in (cell.contrast_id, "none"))
    n1, n0 = len(with_nudge), len(without)
    error = np.sqrt(with_nudge.var(ddof=1) / n1 + without.var(ddof=1) / n0)
    freedom = (1 / n0 + 1 / n1) ** 2 / (1 / (n0**2 * (n0 - 1)) + 1 / (n1**2 * (n1 - 1)))
    estimate = with_nudge.mean() - without.mean()
    return estimate, 2 * stats.t.sf(abs(estimate) / error, freedom)


def stars(p_value):
    return "**" if p_value <= 0.01 else "*" if p_value <= 0.05 else ""


@cache
def recount():
    """Recount every printed number: a frame of the cells with computed value, agreement and stars."""
    cells = seed("paper/paper_cells")
    cells = cells[cells["printed_value"] != ""].reset_index(drop=True)
    found = []
    for cell in cells.itertuples():
        if cell.contrast_id:
            value, p_value = nudge(cell)
        elif cell.construct_id:
            value, p_value = correlation(cell)
        else:
            value, p_value = level(cell), None
        half = Decimal(10) ** -int(cell.compared_decimals) / 2
        found.append(
            {
                "value": value,
                "is_reproduced": abs(value - float(cell.printed_value)) < float(half) * 0.95,
                "is_star_reproduced": p_value is not None and stars(p_value) == cell.printed_stars.replace("***", "**"),
            }
        )
    return pd.concat([cells, pd.DataFrame(found)], axis=1)


def generate(folder, **environment):
    command = [sys.executable, "-m", "workbench.calibration", "--output", str(folder)]
    settings = os.environ | {"PYTHONPATH": str(ROOT / "python")} | environment
    subprocess.run(command, check=True, env=settings, cwd=folder, capture_output=True)


def same_bytes(folder):
    return [(folder / f"{name}.csv").read_bytes() == (EXPORTS / f"{name}.csv").read_bytes() for name in COUNCILS]


@pytest.mark.slow
def test_the_generator_writes_the_committed_bytes(tmp_path):
    generate(tmp_path)
    assert all(same_bytes(tmp_path))
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(path.name for path in EXPORTS.glob("*.csv"))


@pytest.mark.slow
def test_another_processor_writes_the_same_bytes(tmp_path):
    features = np._core._multiarray_umath.__cpu_dispatch__
    enabled = [name for name in features if np._core._multiarray_umath.__cpu_features__.get(name)]
    generate(tmp_path, NPY_DISABLE_CPU_FEATURES=" ".join(enabled), OPENBLAS_CORETYPE="Prescott", PYTHONHASHSEED="7")
    assert all(same_bytes(tmp_path))


@pytest.mark.parametrize(
    ("table_number", "n_figures"), [("1", 5), ("2", 28), ("3", 73), ("4", 72), ("5", 36), ("text", 7)]
)
def test_every_printed_figure_is_reproduced(table_number, n_figures):
    cells = recount()
    cells = cells[cells["table_number"] == table_number]
    lost = cells[~cells["is_reproduced"] & (cells["printed_value"] != "68")]
    assert lost[["council_id", "theme_id", "printed_row_label", "printed_value", "value"]].to_dict("records") == []
    assert cells["is_reproduced"].sum() == n_figures


def test_the_68_of_the_text_is_67_rounded_twice():
    cells = recount()
    cell = cells[(cells["table_number"] == "text") & (cells["measure_id"] == "individual_index")]
    assert cell["is_reproduced"].tolist() == [False]
    assert 67.46 <= cell["value"].item() <= 67.47


@pytest.mark.parametrize(("table_number", "n_agreeing", "n_cells"), [("3", 72, 73), ("4", 59, 72), ("5", 28, 36)])
def test_stars_agree_as_often_as_they_can(table_number, n_agreeing, n_cells):
    cells = recount()
    cells = cells[cells["table_number"] == table_number]
    assert (cells["is_star_reproduced"].sum(), len(cells)) == (n_agreeing, n_cells)


def test_a_printed_dash_was_not_asked():
    cells = seed("paper/paper_cells")
    for cell in cells[cells["printed_value"] == ""].itertuples():
        if cell.measure_id:
            assert questions(cell.council_id, cell.theme_id, MEASURES[cell.measure_id]).empty
        else:
            person = cell.construct_id in ("gender", "age", "ethnicity")
            assert questions(cell.council_id, "" if person else cell.theme_id, cell.construct_id).empty


def test_the_codebook_knows_every_answer():
    found = {(row.export_id, row.column_name): uncoded(row) for row in codebook("questions").itertuples()}
    assert {key: labels for key, labels in found.items() if labels} == {}


def test_the_codebook_gives_scores_to_valid_answers_only():
    rows = codebook("answers")
    assert (rows.loc[rows["answer_kind"] != "valid", ["answer_score", "is_positive", "is_often"]] == "").all(axis=None)
    assert set(rows["is_positive"]) | set(rows["is_often"]) == {"true", "false", ""}
    assert not rows.assign(label=rows["answer_label"].map(normal)).duplicated(["scale_id", "label"]).any()


def test_the_codebook_refers_to_itself():
    rows = codebook("questions")
    topics = set(codebook("topics")[["theme_id", "topic_id"]].itertuples(index=False, name=None)) | {("", "")}
    assert set(rows[["theme_id", "topic_id"]].itertuples(index=False, name=None)) <= topics
    # The scales of tick boxes and the one of any text are for other councils.
    assert set(codebook("scales")["scale_id"]) - set(rows["scale_id"]) == {"tick_box", "none_of_these", "any_text"}
    assert set(codebook("scales")["scale_id"]) == set(codebook("answers")["scale_id"])
    assert set(rows["construct_id"]) <= set(codebook("constructs")["construct_id"])
    assert sorted(set(rows["export_id"])) == sorted(codebook("exports")["export_id"]) == COUNCILS
    for export_id, claimed in rows.groupby("export_id"):
        assert set(claimed["column_name"]) < set(export(export_id).columns)


def test_one_question_of_a_construct_is_primary():
    rows = codebook("questions").merge(codebook("constructs")[["construct_id", "role"]])
    rows = rows[rows["role"] == "correlate"]
    primary = rows.groupby(["export_id", "construct_id", "theme_id", "topic_id"])["is_primary"].agg(list)
    assert all(flags.count("true") == 1 for flags in primary)
    assert any("false" in flags for flags in primary)
    assert "true" in set(rows["is_reversed"])


@pytest.mark.parametrize("council", COUNCILS)
def test_respondent_ids_are_unique_and_no_respondent_is_doubled(council):
    frame, column = export(council), codebook("exports").set_index("export_id").loc[council, "respondent_column"]
    assert frame[column].is_unique
    assert (frame[column].str.strip() != "").all()
    unclaimed = set(frame.columns) - set(questions_of(council)) - {column}
    assert 2 <= len(unclaimed) <= 4
    claimed = frame[questions_of(council)]
    assert not claimed[(claimed != "").any(axis=1)].duplicated().any()  # some skip the only theme and leave all blank


def questions_of(council):
    return codebook("questions").query("export_id == @council")["column_name"].tolist()


def questions_scales(council):
    return set(codebook("questions").query("export_id == @council")["scale_id"])


def test_exports_are_utf8_with_line_feeds():
    for council in COUNCILS:
        content = (EXPORTS / f"{council}.csv").read_bytes()
        assert b"\r" not in content
        assert not content.startswith(b"\xef\xbb\xbf")
        assert content.decode("utf-8").endswith("\n")


def test_bristol_sends_numeric_codes():
    frame = export("bristol")[questions_of("bristol")]
    labels = set(frame.to_numpy().ravel())
    assert "9" in labels
    assert labels <= set("1234589") | {""}


def test_swansea_answers_in_english_or_in_welsh_and_both_mean_the_same():
    frame = export("swansea")
    languages = dict(frame.groupby("Language")["C4"].agg(set))
    assert {"Yn aml", "Weithiau", "Byth", "Ddim yn gwybod"} >= languages["cy"] - {""} >= {"Yn aml", "Weithiau", "Byth"}
    assert languages["en"] & languages["cy"] <= {""}
    asked = questions_scales("swansea")
    rows = codebook("answers")[codebook("answers")["scale_id"].isin(asked)]
    names = rows.groupby(["scale_id", "answer_name"]).size()
    assert set(names) == {2}


def test_derbyshire_dales_types_as_people_do():
    labels = set(export("derbyshire_dales")[questions_of("derbyshire_dales")].to_numpy().ravel())
    assert {"SOMETIMES", "sometimes", "Sometimes "} <= labels
    assert any("\u2019" in label for label in labels)
    assert any("  " in label.strip() for label in labels)
    clean = set(codebook("answers")["answer_label"])
    assert not any("\u2019" in label or label != " ".join(label.split()) for label in clean)


def test_wolverhampton_has_leading_zeros_and_not_asked():
    frame = export("wolverhampton")
    assert frame["respondent_number"].str.fullmatch(r"0\d{6}").all()
    assert (frame[questions_of("wolverhampton")] == "Not asked").any(axis=None)


def test_barnet_gives_ages_in_years_and_refusals_as_999():
    ages = set(export("barnet")["Q17"])
    assert "999" in ages
    assert all(16 <= int(age) <= 110 for age in ages - {"", "999"})


@pytest.mark.parametrize("council", ["barnet", "bristol", "wolverhampton"])
def test_arms_are_balanced_to_one_person(council):
    column = questions(council, "", "nudge").iloc[0]["column_name"]
    sizes = export(council)[column].value_counts()
    assert len(sizes) == 4
    assert sizes.max() - sizes.min() <= 1


def test_missing_answers_stay_ordinary():
    """No claimed column, but the three named in the notes on calibration, has more than 10 % missing answers."""
    high = []
    for row in codebook("questions").query("construct_id not in ('education', 'location', 'nudge')").itertuples():
        share = np.isnan(scores(row.export_id, row.column_name)).mean()
        assert share <= 0.22
        if share > 0.10:
            high.append((row.export_id, row.column_name))
    assert sorted(high) == [("barnet", "Q18"), ("bristol", "env_sat_info"), ("wolverhampton", "safety_Information")]


if __name__ == "__main__":
    frame = recount()
    print(frame.groupby("table_number")[["is_reproduced", "is_star_reproduced"]].sum())
    print(
        frame.query("printed_stars != '' or table_number in ('3', '4', '5')")
        .query("not is_star_reproduced")
        .to_string()
    )
