"""Says for each export which reports its answers feed, because an export that feeds none is read in silence."""

from coproduction.codebook.tables import Codebook, CodebookRow
from coproduction.files.finding import quoted, shortened


def feeding_sentence(codebook: Codebook, export_id: str) -> str:
    """Return one sentence: the results to which the claimed columns of an export lead, and the columns without any."""
    fed = _fed(codebook, export_id)
    used = {row["column_name"] for rows in fed.values() for row in rows}
    unused = [row["column_name"] for row in codebook.questions_of(export_id) if row["column_name"] not in used]
    if not fed:
        return (
            f"{export_id} FEEDS NO REPORT: no measure of seeds/codebook/measures.csv reads one of its claimed columns."
        )
    results = "; ".join(f"{result} ({_themes(rows)})" if _themes(rows) else result for result, rows in fed.items())
    rest = f". In no report: {shortened(map(quoted, unused))}" if unused else ""
    return f"{export_id} feeds {results}{rest}."


def _fed(codebook: Codebook, export_id: str) -> dict[str, list[CodebookRow]]:
    """Return the questions of an export behind each kind of result."""
    roles = codebook.roles()
    questions = codebook.questions_of(export_id)

    def of_role(role: str) -> list[CodebookRow]:
        return [row for row in questions if roles.get(row["construct_id"]) == role]

    measured = set(codebook.ids("measures", "construct_id"))
    compared_measures = {row["construct_id"] for row in codebook["measures"] if row.is_true("is_outcome")}
    outcomes = [row for row in questions if row["construct_id"] in measured and row["theme_id"]]
    role = next(row["respondent_role"] for row in codebook["exports"] if row["export_id"] == export_id)
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
        "weighted results": of_role("weight"),
    }
    return {result: rows for result, rows in fed.items() if rows}


def _themes(rows: list[CodebookRow]) -> str:
    return ", ".join(dict.fromkeys(row["theme_id"] for row in rows if row["theme_id"]))
