"""Temporary changes of the estimators' modules: how a check saves time, and how a mutation breaks something."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from importlib import import_module
from typing import NamedTuple
from unittest import mock


class Change(NamedTuple):
    """One name of a module and what replaces it for a while; `module` is its path below coproduction.statistics."""

    module: str
    name: str
    replacement: object


@contextmanager
def applied(changes: Sequence[Change]) -> Iterator[None]:
    """Put the replacements in place, and the originals back at the end.

    Raises:
        AttributeError: a module has no such name: the estimator was rewritten, and the change with it must be.

    """
    with ExitStack() as stack:
        for module, name, replacement in changes:
            of = import_module(f"coproduction.statistics.{module}")
            stack.enter_context(mock.patch.object(of, name, replacement))
        yield
