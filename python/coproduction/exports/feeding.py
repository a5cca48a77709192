"""Says for each export which reports its answers feed, because an export that feeds none is read in silence."""

from coproduction.codebook.tables import Codebook, CodebookRow
from coproduction.files.finding import quoted, shortened

# What columns of these roles hold is no answer of a respondent.
_NO_ANSWERS = ("design", "weight", "replicate")


def feeding_sentence(codebook: Codebook, export_id: str) -> str:
    """Return one sentence: the results to which the claimed columns of an export lead, and the columns without any."""
    roles = codebook.roles()
    questions = codebook.questions_of(export_id)
    asked = [row["column_name"] for row in questions if roles.get(row["construct_id"]) not in _NO_ANSWERS]
    fed = _fed(codebook, export_id)
    if not asked and not fed:
        return (
            f"{export_id} FEEDS NO REPORT: none of its claimed columns is a question to respondents, and no measure of "
            "seeds/codebook/measures.csv reads one."
        )
    if weights := [row for row in questions if roles.get(row["construct_id"]) == "weight"]:
        fed["weighted results"] = weights
    used = {row["column_name"] for rows in fed.values() for row in rows}
    shares = [f"answer shares of {len(asked)} question{'s' * (len(asked) != 1)}"] if asked else []
    others = [f"{result} ({_themes(rows)})" if _themes(rows) else result for result, rows in fed.items()]
    sentence = f"{export_id} feeds {'; '.join(shares + others)}"
    unused: dict[str, list[str]] = {}
    for row in questions:
        if row["column_name"] not in used:
            only = f"Only in answer shares, because {_why_no_more(codebook, export_id, row)}"
            where = only if row["column_name"] in asked else "In no report"
            unused.setdefault(where, []).append(row["column_name"])
    for where, columns in unused.items():
        sentence += f". {where}: {shortened(map(quoted, columns))}"
    return f"{sentence}."


def _why_no_more(codebook: Codebook, export_id: str, question: CodebookRow) -> str:
    """Return why an answered question is in no level, correlation or comparison."""
    role = codebook.roles().get(question["construct_id"])
    if codebook.export(export_id)["respondent_role"] == "staff":
        return "staff and citizens are compared by outcomes and correlates alone"
    measured = set(codebook.ids("measures", "construct_id"))
    asked = codebook.questions_of(export_id)
    if not any(row["construct_id"] in measured and row["theme_id"] for row in asked):
        return "no question of the survey measures an outcome"
    if role == "correlate":
        return "no outcome of the same theme was asked"
    if role == "demographic":
        return "breakdowns.csv does not have the construct"
    return "no measure reads the construct"


def _fed(codebook: Codebook, export_id: str) -> dict[str, list[CodebookRow]]:
    """Return the questions of an export behind each kind of result, except answer shares and weighted results."""
    roles = codebook.roles()
    questions = codebook.questions_of(export_id)

    def of_role(role: str) -> list[CodebookRow]:
        return [row for row in questions if roles.get(row["construct_id"]) == role]

    measured = set(codebook.ids("measures", "construct_id"))
    compared_measures = {row["construct_id"] for row in codebook["measures"] if row.is_true("is_outcome")}
    outcomes = [row for row in questions if row["construct_id"] in measured and row["theme_id"]]
    role = codebook.export(export_id)["respondent_role"]
    if role == "staff":
        compared = outcomes + [row for row in of_role("correlate") if row["theme_id"]]
        return {"the comparison of staff and citizens": compared} if compared else {}
    if not outcomes:
        return {}
    themes = {row["theme_id"] for row in outcomes if row["construct_id"] in compared_measures}
    divided = {row["construct_id"] for row in codebook["breakdowns"]}
    correlated = {row["construct_id"] for row in codebook["breakdowns"] if row.is_true("is_correlate")}
    characteristics = of_role("demographic")
    fed = {
        "levels": outcomes,
        "levels of groups": [row for row in characteristics if row["construct_id"] in divided],
        "correlations": [row for row in of_role("correlate") if row["theme_id"] in themes | {""}],
        "correlations with characteristics": [row for row in characteristics if row["construct_id"] in correlated],
        "nudges": [row for row in questions if row["construct_id"] == "nudge"],
        "flags of hasty respondents": [row for row in questions if row["construct_id"] == "duration"],
    }
    return {result: rows for result, rows in fed.items() if rows}


def _themes(rows: list[CodebookRow]) -> str:
    return ", ".join(dict.fromkeys(row["theme_id"] for row in rows if row["theme_id"]))
