"""numpy computes without threads of its own in every command, unless the user says otherwise."""

import os
import subprocess
import sys

import pytest

DOORS = ["coproduction.build.start", "coproduction.cli", "coproduction.statistics.methods.resampling"]
PRINTED = "import sys, {door}, os; print(os.environ.get('OPENBLAS_NUM_THREADS'), 'numpy' in sys.modules)"


def printed(code: str, **environment: str) -> list[str]:
    kept = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    answer = subprocess.run([sys.executable, "-c", code], env=kept | environment, capture_output=True, check=True)
    return answer.stdout.decode().split()


@pytest.mark.parametrize("door", DOORS)
def test_the_project_limits_the_threads_of_numpy(door):
    assert printed(PRINTED.format(door=door))[0] == "1"


def test_a_number_that_the_user_has_set_stays():
    assert printed(PRINTED.format(door=DOORS[0]), OPENBLAS_NUM_THREADS="3")[0] == "3"


def test_dbt_has_not_loaded_numpy_when_it_imports_the_project():
    """numpy reads the number when it is loaded, so a later limit would do nothing."""
    code = PRINTED.format(door="dbt.cli.main, dbt.adapters.duckdb, dbt_coproduction")
    assert printed(code)[1] == "False"
