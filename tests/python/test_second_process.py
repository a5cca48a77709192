"""The process beside dbt's and its twin: what comes back, what goes wrong there, and that neither stays behind."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from pathlib import Path

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from coproduction.second_process import SecondProcessError, _second_process, compute


@pytest.fixture(autouse=True)
def both_are_there():
    """Start two new ones, whatever the test before did to its own."""
    _second_process.stop()
    compute("exports.labels:normalise_label", "started")


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


def test_two_are_asked_at_a_time():
    """One computes the multiverse, say, while the other answers for something small."""
    pids = [_second_process._process.pid, *_children(_second_process._process.pid)]
    assert len(pids) == 2
    os.kill(pids[0], signal.SIGSTOP)
    try:
        with ThreadPoolExecutor(2) as threads:
            asked = [threads.submit(compute, "exports.labels:normalise_label", label) for label in ("Often", "Never")]
            assert wait(asked, timeout=30, return_when=FIRST_COMPLETED).done
            os.kill(pids[0], signal.SIGCONT)
            assert [answer.result(timeout=30) for answer in asked] == ["often", "never"]
    finally:
        os.kill(pids[0], signal.SIGCONT)


def test_a_process_that_was_killed_is_named_and_its_twin_answers():
    os.kill(_second_process._process.pid, signal.SIGKILL)
    assert sorted(map(_outcome, range(4))) == ["often", "often", "often", "SecondProcessError"][::-1]


def test_when_both_were_killed_others_are_started():
    for pid in [*_children(_second_process._process.pid), _second_process._process.pid]:
        os.kill(pid, signal.SIGKILL)
    outcomes = [_outcome(number) for number in range(4)]
    assert outcomes[-2:] == ["often", "often"]
    assert "SecondProcessError" in outcomes


def test_both_end_when_the_process_that_started_them_is_killed():
    parent = subprocess.Popen([sys.executable, "-c", _START_AND_WAIT], stdout=subprocess.PIPE, text=True)
    pid = int(parent.stdout.readline())
    pids = [pid, *_children(pid)]
    parent.kill()
    parent.wait()
    assert len(pids) == 2
    assert all(_ends_within(pid, seconds=30) for pid in pids)


def _outcome(_: int) -> str:
    try:
        return compute("exports.labels:normalise_label", "Often")
    except SecondProcessError as error:
        assert "ended before it answered" in str(error)
        return "SecondProcessError"


def _children(pid: int) -> list[int]:
    """Return the processes that a process started, as Linux lists them."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _ends_within(pid: int, seconds: int) -> bool:
    for _ in range(10 * seconds):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False
