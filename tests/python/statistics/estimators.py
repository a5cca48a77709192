"""The estimators, as the models in models/estimates call them: a new model is found without being listed."""

import re
from collections.abc import Callable
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

import pandas as pd

MODELS = Path(__file__).resolve().parents[3] / "models" / "estimates"

_FUNCTION = re.compile(r"from (coproduction\.statistics\.estimates\.[\w.]+) import (estimate_\w+)")
_REFERENCE = re.compile(r'dbt\.ref\("(\w+)"\)')


class Estimator(NamedTuple):
    """The function that a model calls, and the tables that it passes to the function, in their order."""

    function: Callable[..., pd.DataFrame]
    tables: tuple[str, ...]


@cache
def estimators() -> dict[str, Estimator]:
    """Return the estimator of each model of estimates, by the name of the model."""
    found = {}
    for path in sorted(MODELS.glob("est_*.py")):
        text = path.read_text(encoding="utf-8")
        for module, name in _FUNCTION.findall(text):
            found[path.stem] = Estimator(getattr(import_module(module), name), tuple(_REFERENCE.findall(text)))
    return found
