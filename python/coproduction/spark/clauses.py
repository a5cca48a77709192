"""Rewrites the clauses that Spark does not have: lists made rows side by side, unions by name, extended windows."""

from __future__ import annotations

from sqlglot import exp
from sqlglot.errors import UnsupportedError


def with_clauses_of_spark(tree: exp.Expression) -> exp.Expression:
    """Return a query whose clauses Spark has, too. Every * must have been replaced by columns.

    Args: `tree` is a query as sqlglot read it; it is changed. Raises UnsupportedError for what has no equivalent.
    """
    for union in list(tree.find_all(exp.SetOperation)):
        if union.args.get("by_name"):
            _match_by_place(union)
    for select in list(tree.find_all(exp.Select))[::-1]:  # The innermost first, because a query is copied into another.
        _write_out_windows(select)
        rows = select
        if select.args.get("qualify"):
            rows = _qualified_rows(select)
        elif any(_is_list_of_rows(item) for item in select.expressions):
            rows = _rows_of_lists(select)
        if rows is not select:
            if select is tree:
                return rows
            select.replace(rows)
    return tree


def _match_by_place(union: exp.SetOperation) -> None:
    """Let both sides of a union by name have the same columns in the same order, null where a side has none."""
    names = union.left.named_selects
    names += [name for name in union.right.named_selects if name not in names]
    for side in ("this", "expression"):
        query = union.args[side]
        has = query.named_selects
        columns = [_column(name) if name in has else exp.alias_(exp.null(), name, quoted=True) for name in names]
        union.set(side, exp.select(*columns).from_(query.copy().subquery("side")))
    union.set("by_name", None)


def _write_out_windows(select: exp.Select) -> None:
    """Replace a window that extends a named one by the whole definition: Spark has no `(name order by ...)`."""
    named = {window.this.name: window for window in select.args.get("windows") or []}
    for window in select.find_all(exp.Window):
        name = window.args.get("alias")
        extends = window.args.get("order") or window.args.get("spec")
        if name is not None and extends and window.parent_select is select:
            window.set("alias", None)
            window.set("partition_by", [part.copy() for part in named[name.name].args.get("partition_by") or []])


def _qualified_rows(select: exp.Select) -> exp.Select:
    """Return a query that chooses rows by a window in a `where` around it; sqlglot's own rewriting loses names here."""
    if any(_is_list_of_rows(item) for item in select.expressions):
        raise UnsupportedError("qualify and unnest in one select")
    inner = select.copy()
    condition = inner.args["qualify"].this
    inner.set("qualify", None)
    inner.append("expressions", exp.alias_(condition, "is_chosen", quoted=True))
    return _around(inner, select.named_selects).where(_column("is_chosen"))


def _around(inner: exp.Select, names: list[str]) -> exp.Select:
    """Return a query of some columns of another query, which is not distinct then; the CTEs stay at the beginning."""
    with_, is_distinct = inner.args.get("with_"), inner.args.get("distinct")
    inner.set("with_", None)
    inner.set("distinct", None)
    outer = exp.select(*map(_column, names)).from_(inner.subquery("inner_rows"))
    if is_distinct:
        outer.set("distinct", is_distinct)
    outer.set("with_", with_)
    return outer


def _is_list_of_rows(item: exp.Expression) -> bool:
    return isinstance(item.unalias(), exp.Explode)


def _rows_of_lists(select: exp.Select) -> exp.Select:
    """Return a query that makes several lists rows side by side, as DuckDB does: Spark would pair all with all.

    The lists are computed in a query within the query, so that a window numbers the rows before the lists become rows.
    """
    inner = select.copy()
    lists: list[exp.Expression] = []
    kept: list[exp.Expression] = []
    for item in inner.expressions:
        if isinstance(item.unalias(), exp.Posexplode):
            raise UnsupportedError(f"unnest with places: {item.sql()}")
        if _is_list_of_rows(item):
            lists.append(exp.alias_(item.unalias().this, f"list_{len(lists)}", quoted=True))
        else:
            kept.append(item)
    of_lists = [item.alias for item in select.expressions if _is_list_of_rows(item)]
    inner.set("expressions", [*kept, *lists])
    # A list that is null is as long as an empty one.
    zipped = exp.func("ARRAYS_ZIP", *(exp.func("COALESCE", _column(item.alias), exp.Array()) for item in lists))
    zipped = exp.func("INLINE", zipped)
    rows = exp.Aliases(this=zipped, expressions=[exp.to_identifier(name, quoted=True) for name in of_lists])
    unnested = _around(inner, [item.alias_or_name for item in kept])
    unnested.append("expressions", rows)
    return _around(unnested, select.named_selects)


def _column(name: str) -> exp.Column:
    return exp.column(name, quoted=True)
