"""The process beside dbt's: what comes back, what goes wrong there, and that it never stays behind."""

import os
import signal
import subprocess
import sys
import time

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from coproduction.second_process import SecondProcessError, _second_process, compute

_START_AND_WAIT = """
import time
from coproduction.second_process import _second_process, compute
compute("exports.labels:normalise_label", "started")
print(_second_process._process.pid, flush=True)
time.sleep(60)
"""


def test_frames_come_back_as_the_function_returned_them():
    from coproduction.statistics.multiverse import axes_of_multiverse

    assert_frame_equal(compute("statistics.multiverse:axes_of_multiverse"), axes_of_multiverse())


def test_what_goes_wrong_there_is_told_here_and_the_next_question_is_answered():
    with pytest.raises(SecondProcessError, match=r"(?s)Traceback.*estimate_levels.*no column council_id"):
        compute("statistics.levels:estimate_levels", pd.DataFrame({"no_such_count": [1]}))
    assert compute("exports.labels:normalise_label", " Often ") == "often"


def test_what_a_function_prints_is_no_answer(tmp_path):
    # Prints that the folder is no project, and returns the exit code.
    assert compute("cli:main", ["check", "--project-dir", str(tmp_path)]) == 1
    assert compute("exports.labels:normalise_label", "Often") == "often"


def test_a_process_that_was_killed_is_named_and_started_again():
    compute("exports.labels:normalise_label", "started")
    os.kill(_second_process._process.pid, signal.SIGKILL)
    with pytest.raises(SecondProcessError, match="ended before it answered"):
        compute("exports.labels:normalise_label", "Often")
    assert compute("exports.labels:normalise_label", "Often") == "often"


def test_it_ends_when_the_process_that_started_it_is_killed():
    parent = subprocess.Popen([sys.executable, "-c", _START_AND_WAIT], stdout=subprocess.PIPE, text=True)
    pid = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    assert _ends_within(pid, seconds=30)


def _ends_within(pid: int, seconds: int) -> bool:
    for _ in range(10 * seconds):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False
