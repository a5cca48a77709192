"""How the pages print numbers: those of the published file, with the decimals that the codebook gives them."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from coproduction.reporting.published import Published, Row, Texts


def number(value: float | None, decimals: int) -> str:
    """Return a number with its decimals, half away from zero, "0" without a sign; an empty text for none."""
    if value is None:
        return ""
    text = f"{Decimal(repr(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP):,}"
    return text.removeprefix("-") if not text.strip("-0.,") else text


def p_value(value: float | None) -> str:
    """Return a p-value as published, but a very small one as "< 0.001"."""
    if value is None:
        return ""
    return "< 0.001" if value < 0.001 else f"{value:.3f}"


def base(published: Published, table: str, row: Row, column: str = "n_respondents") -> str:
    """Return a base as published: "at least 940" where the publication rounds it down, exact where it does not.

    What is rounded down to 0 is "fewer than 10". A column that is not published has no text.
    """
    value = row.get(column)
    if value is None:
        return ""
    if not published.is_rounded(table, column):
        return f"{int(value):,}"
    if value == 0:
        return published.texts("page_fewer_than", number=published.build["minimum_base"])
    return published.texts("page_at_least", number=f"{int(value):,}")


def interval(texts: Texts, row: Row, decimals: int, low: str = "ci_lower", high: str = "ci_upper") -> str:
    """Return an interval as "66 to 69"; an empty text where there is none."""
    if row[low] is None or row[high] is None:
        return ""
    return texts("page_interval", low=number(row[low], decimals), high=number(row[high], decimals))


def estimate(texts: Texts, row: Row, decimals: int) -> str:
    """Return an estimate with its interval, or why there is none: "67 (66 to 69)", "withheld"."""
    if row["estimate"] is None:
        return missing(texts, row)
    printed, between = number(row["estimate"], decimals), interval(texts, row, decimals)
    return f"{printed} ({between})" if between else printed


def missing(texts: Texts, row: Row) -> str:
    """Return why a row has no estimate, in a word: withheld, or not computed."""
    return texts("page_withheld") if row.get("is_withheld") else texts("page_not_computed")


def why_missing(row: Row) -> str:
    """Return the published reason why a row has no estimate; an empty text if it has one."""
    return str(row.get("withheld_reason") or row.get("reason") or "")
