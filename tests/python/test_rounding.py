"""Reports round half away from zero, as a person does, though a share is divided before it is multiplied."""

from decimal import ROUND_HALF_UP, Decimal

import duckdb
import pytest
from jinja2 import Environment

from building import PROJECT

# Sizes of small surveys, arms and groups.
SIZES = range(10, 400)


def _macro(name: str, *arguments: object) -> str:
    template = Environment().from_string((PROJECT / "macros" / "reporting.sql").read_text(encoding="utf-8"))
    return str(getattr(template.module, name)(*arguments)).strip()


def _halves(decimals: int) -> list[tuple[int, int]]:
    """Every k of n whose percentage lies exactly between two numbers of so many decimals."""
    step = 2 * 100 * 10**decimals
    return [(k, n) for n in SIZES for k in range(n + 1) if step * k % n == 0 and step * k // n % 2]


def _rounded(sql: str, shares: list[tuple[int, int]], sign: int) -> list:
    frame = ", ".join(f"({place}, {sign * k}, {n})" for place, (k, n) in enumerate(shares))
    query = f"select {sql} from (select place, k / n as share from (values {frame}) as t (place, k, n)) order by place"
    return [value for (value,) in duckdb.execute(query).fetchall()]


def _by_hand(k: int, n: int, decimals: int) -> Decimal:
    return (Decimal(100 * k) / n).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def test_the_halves_are_those_that_a_plain_round_gets_wrong():
    shares = _halves(0)
    assert len(shares) == 416
    plain = _rounded("round(100 * share, 0)", shares, 1)
    wrong = [share for share, value in zip(shares, plain, strict=True) if value != _by_hand(*share, 0)]
    assert len(wrong) == 12
    assert (23, 40) in wrong


@pytest.mark.parametrize("decimals", [0, 1, 2, 3])
@pytest.mark.parametrize("sign", [1, -1])
def test_every_exact_half_is_rounded_away_from_zero(decimals, sign):
    shares = _halves(decimals)
    expected = [float(sign * _by_hand(k, n, decimals)) for k, n in shares]
    assert _rounded(_macro("round_half_away", "100 * share", decimals), shares, sign) == expected
    texts = [f"{sign * _by_hand(k, n, decimals):.{decimals}f}" for k, n in shares]
    assert _rounded(_macro("printed", "100 * share", decimals), shares, sign) == texts


@pytest.mark.parametrize("decimals", [0, 1])
def test_no_other_share_changes(decimals):
    """Also the shares next to a half, such as 57.49 of 100: every k of every n, compared with whole numbers."""
    shares = [(k, n) for n in SIZES for k in range(n + 1)]
    expected = [float(_by_hand(k, n, decimals)) for k, n in shares]
    assert _rounded(_macro("round_half_away", "100 * share", decimals), shares, 1) == expected
