"""What DuckDB and Spark spell alike and understand differently, and what sqlglot 30 does not know of either.

Each entry says what would be wrong without it. sqlglot knows the rest; where it does not, Spark refuses the query.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import sqlglot
from sqlglot import exp
from sqlglot.dialects.spark import Spark
from sqlglot.errors import UnsupportedError

# Spark reads '' within a text as one quote only since 4.0. sqlglot writes \' instead, which every version reads alike.
WRITER: type[Spark] = Spark

# Functions of DuckDB by name, in Spark's words. :1 and :2 are their arguments.
FUNCTIONS = {
    # 0 where the value is not in the list; null in DuckDB, and the models turn that into 0.
    "list_position": "NULLIF(ARRAY_POSITION(:1, :2), 0)",
    "list_select": "TRANSFORM(:2, place -> TRY_ELEMENT_AT(:1, CAST(place AS INT)))",
    # Spark counts the places in brackets from 0, and takes one that is not there for an error.
    "list_extract": "TRY_ELEMENT_AT(:1, CAST(:2 AS INT))",
    "list_slice": "SLICE(:1, CAST(:2 AS INT), CAST(:3 - :2 + 1 AS INT))",
    "list_has_all": "SIZE(ARRAY_EXCEPT(:2, :1)) = 0",
    # Spark has no unsigned numbers: the same 64 bits are a number that may be negative.
    "md5_number_lower": "CAST(CONV("
    + " || ".join(f"SUBSTRING(MD5(:1), {place}, 2)" for place in range(31, 16, -2))
    + ", 16, -10) AS BIGINT)",
}
_LISTS = (exp.ArrayFilter, exp.Transform)
# 2^53: up to here every whole number is a double, and Spark turns a double into a decimal without rounding.
_WHOLE = "CAST(9007199254740992 AS DOUBLE)"
_EXACT_DECIMAL = (
    f"CAST(FLOOR(:1 / {_WHOLE}) AS DECIMAL(38, 0)) * CAST(9007199254740992 AS DECIMAL(38, 0))"
    f" + CAST(:1 - FLOOR(:1 / {_WHOLE}) * {_WHOLE} AS DECIMAL(38, 0))"
)

# Spark writes 1.0E7, DuckDB 10000000.0.
_PLAIN_NUMBER = (
    "CASE WHEN :1 = 0 OR ABS(:1) BETWEEN 0.001 AND 9999999 THEN CAST(:1 AS STRING) WHEN :1 IS NOT NULL"
    " THEN RAISE_ERROR('DuckDB and Spark do not print this number alike, so no text can be made of it: ' || :1) END"
)


def respelled(tree: exp.Expression) -> exp.Expression:
    """Return a query in which every expression means in Spark what it means in DuckDB.

    Args: `tree` is a query with the type of each expression; it is changed. Raises UnsupportedError for an expression
    that might mean something else.
    """
    for node in list(tree.walk(bfs=False))[::-1]:
        rule = _RULES.get(type(node))
        new = rule(node) if rule else node
        if new is not node:
            if node.parent is None:
                return new
            node.replace(new)
    return tree


def in_spark(template: str, *arguments: exp.Expression) -> exp.Expression:
    """Return an expression in Spark's words whose :1, :2 ... are replaced by the arguments."""
    tree = sqlglot.parse_one(re.sub(r":(\d)", r"__\1", template), read="spark")
    for column in list(tree.find_all(exp.Column)):
        if re.fullmatch(r"__\d", column.name):
            column.replace(arguments[int(column.name[2:]) - 1].copy())
    return tree


def java_pattern(pattern: exp.Expression) -> str:
    r"""Return a pattern of DuckDB as Java's: `\v` is one character instead of several, and `$` is only the very end."""
    if not pattern.is_string:
        raise UnsupportedError(f"a pattern that is no plain text: {pattern.sql()}")
    text = pattern.name.replace(r"\v", r"\x0B")
    return re.sub(r"(?<!\\)\$$", r"\\z", text)


def _named(node: exp.Anonymous) -> exp.Expression:
    template = FUNCTIONS.get(node.name.lower())
    if template is None:
        raise UnsupportedError(f"the function {node.name}")
    return exp.paren(in_spark(template, *node.expressions), copy=False)


def _full_match(node: exp.RegexpFullMatch) -> exp.Expression:
    pattern = exp.Literal.string(rf"\A(?:{java_pattern(node.expression)})\z")
    return exp.RegexpLike(this=node.this.copy(), expression=pattern)


def _replaced(node: exp.RegexpReplace) -> exp.Expression:
    pattern = java_pattern(node.expression)
    is_global = "g" in (node.args["modifiers"].name if node.args.get("modifiers") else "")
    # Spark replaces every match, so a pattern without g has to be one that matches once.
    if not is_global and not pattern.startswith("^") and not pattern.endswith(r"\z"):
        raise UnsupportedError(f"regexp_replace without 'g' and without ^ or $: {pattern}")
    replacement = re.sub(r"\\(\d)", r"$\1", node.args["replacement"].name)
    return exp.func(
        "REGEXP_REPLACE",
        node.this.copy(),
        exp.Literal.string(pattern),
        exp.Literal.string(replacement),
        dialect="spark",
    )


def _cast(node: exp.Cast) -> exp.Expression:
    """Round where DuckDB rounds. Spark cuts decimals off, and makes a decimal of the shortest digits of a double."""
    is_from = node.this.is_type
    if is_from(*exp.DataType.REAL_TYPES) and node.to.is_type(*exp.DataType.INTEGER_TYPES):
        node.set("this", exp.func("RINT", node.this.copy()))
    elif is_from(exp.DataType.Type.DOUBLE) and node.to.is_type(exp.DataType.Type.DECIMAL):
        return exp.paren(in_spark(_EXACT_DECIMAL, node.this), copy=False)
    elif node.to.is_type(*exp.DataType.TEXT_TYPES):
        node.set("this", _as_text(node.this))
    return node


def _listed(node: exp.ArrayAgg) -> exp.Expression:
    """Write a list of a group in its order and with its nulls; Spark's own list has neither."""
    filtered = node.parent if isinstance(node.parent, exp.Filter) else None
    value, keys, is_distinct = node.this, [], False
    if isinstance(value, exp.Order):
        value, keys = value.this, value.expressions
    if isinstance(value, exp.Distinct):
        (value,), is_distinct = value.expressions, True
    parts: list[exp.Expression] = []
    for place, key in enumerate(keys):
        if key.args.get("desc"):
            raise UnsupportedError(f"a list in descending order: {node.sql()}")
        # Nulls last, as everywhere in DuckDB.
        for name, part in (("is_null", key.this.is_(exp.null())), ("key", key.this.copy())):
            parts += [exp.Literal.string(f"{name}_{place}"), part]
    rows = exp.func("NAMED_STRUCT", *parts, exp.Literal.string("value"), value.copy(), dialect="spark")
    listed: exp.Expression = exp.Distinct(expressions=[rows]) if is_distinct else rows
    listed = exp.Anonymous(this="COLLECT_LIST", expressions=[listed])
    if filtered:
        listed = exp.Filter(this=listed, expression=filtered.expression.copy())
    new = in_spark("NULLIF(TRANSFORM(ARRAY_SORT(:1), row -> row.value), ARRAY())", listed)
    if filtered:
        filtered.replace(new)
        return node
    return new


def _lowered(node: exp.Lower) -> exp.Expression:
    """Write small letters as DuckDB does: Spark makes two of the Turkish capital, and a sigma of its own at an end."""
    return exp.Lower(this=in_spark("TRANSLATE(:1, '\u0130\u03a3', 'i\u03c3')", node.this))


def _length(node: exp.Length) -> exp.Expression:
    # sqlglot gives no type to a list that was filtered or changed.
    is_list = isinstance(node.this, _LISTS) or node.this.is_type(*exp.DataType.ARRAY_TYPES)
    return exp.func("SIZE", node.this.copy()) if is_list else node


def _distinct_list(node: exp.ArrayDistinct) -> exp.Expression:
    return in_spark("ARRAY_DISTINCT(ARRAY_COMPACT(:1))", node.this)


def _divided(node: exp.Div) -> exp.Expression:
    """Divide as doubles, as DuckDB does: Spark would divide decimals as decimals."""
    decimal = exp.DataType.Type.DECIMAL
    if node.left.is_type(decimal) or node.right.is_type(decimal):
        return exp.Div(this=exp.cast(node.left.copy(), "double"), expression=exp.cast(node.right.copy(), "double"))
    return node


def _joined_text(node: exp.DPipe | exp.ConcatWs) -> exp.Expression:
    parts = list(node.iter_expressions())
    if isinstance(node, exp.DPipe) and parts[0].is_type(*exp.DataType.ARRAY_TYPES):  # Two lists are made one.
        return node
    for part in parts:
        part.replace(_as_text(part))
    return node


def _as_text(value: exp.Expression) -> exp.Expression:
    """Return a value of which a text is made; both print numbers with decimals alike only if they are plain numbers."""
    if value.is_type(*exp.DataType.NESTED_TYPES):
        raise UnsupportedError(
            f"a list as text, which each engine prints in its way: {value.sql()}. Use array_to_string."
        )
    return in_spark(_PLAIN_NUMBER, value) if value.is_type(*exp.DataType.REAL_TYPES) else value.copy()


_RULES: dict[type[exp.Expression], Callable[..., exp.Expression]] = {
    exp.Anonymous: _named,
    exp.ArrayAgg: _listed,
    exp.ArrayDistinct: _distinct_list,
    exp.Cast: _cast,
    exp.ConcatWs: _joined_text,
    exp.Div: _divided,
    exp.DPipe: _joined_text,
    exp.Length: _length,
    exp.Lower: _lowered,
    exp.RegexpFullMatch: _full_match,
    exp.RegexpReplace: _replaced,
}
