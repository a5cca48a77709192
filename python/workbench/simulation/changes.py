"""Temporary changes of the estimators' modules: a check uses them to save time, a mutation to plant a mistake."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from importlib import import_module
from typing import NamedTuple
from unittest import mock


class Change(NamedTuple):
    """One name of a module and its temporary replacement; `module` is its path below coproduction.statistics."""

    module: str
    name: str
    replacement: object


@contextmanager
def applied(changes: Sequence[Change]) -> Iterator[None]:
    """Put the replacements in place, and the originals back at the end.

    Raises:
        AttributeError: a module has no such name, because the estimator was rewritten; rewrite the change as well.

    """
    with ExitStack() as stack:
        for module, name, replacement in changes:
            of = import_module(f"coproduction.statistics.{module}")
            stack.enter_context(mock.patch.object(of, name, replacement))
        yield
