"""The statistics in a process beside dbt's.

dbt is Python from end to end: what it does between two queries holds the interpreter's lock for most of a build, and
importing Great Expectations, scipy and statsmodels takes seconds more. A second process imports them while dbt starts,
and computes on the second core while dbt goes on. Once the libraries are there it makes a twin of itself, where the
system can do that: towards the end of a build dbt mostly waits, and two estimates are computed at a time. Both work
for one build: they end when the process that started them ends, however that came about.
"""

from __future__ import annotations

import atexit
import contextlib
import importlib
import os
import pickle
import pkgutil
import queue
import signal
import subprocess
import sys
import threading
import traceback
from typing import Any, BinaryIO

_CALLED_AT_START = "quality.expectations:import_great_expectations"


class SecondProcessError(RuntimeError):
    """What was asked of the second process went wrong there; the message holds the traceback from there."""


class _Lane:
    """One pair of pipes, with a process at the other end that answers one question at a time."""

    def __init__(self, questions: BinaryIO, answers: BinaryIO) -> None:
        self._questions, self._answers = questions, answers

    def ask(self, function: str, arguments: tuple) -> tuple[Any, str | None]:
        """Have a function called there; return what it returned, and what went wrong, if anything did."""
        pickle.dump((function, arguments), self._questions, pickle.HIGHEST_PROTOCOL)
        self._questions.flush()
        return pickle.load(self._answers)

    def close(self) -> None:
        """Let the process at the other end finish: it ends when there is nothing more to read."""
        for pipe in (self._questions, self._answers):
            # What is still in the buffer of a pipe that nobody reads cannot be written any more.
            with contextlib.suppress(OSError):
                pipe.close()


class _SecondProcess:
    """The process beside this one and its twin. Several threads may ask; each of the two answers one at a time."""

    def __init__(self) -> None:
        self._starting = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._n_lanes = 0
        self._free: queue.SimpleQueue[_Lane] = queue.SimpleQueue()

    def start(self) -> None:
        """Start it, if it is not there yet. Returns at once; it imports its libraries while the caller goes on."""
        with self._starting:
            if not self._n_lanes:
                self._start()

    def run(self, function: str, arguments: tuple) -> Any:
        """Have a function called there, and wait for the result."""
        self.start()
        lane = self._free.get()
        try:
            result, reason = lane.ask(function, arguments)
        except (EOFError, OSError, pickle.UnpicklingError) as stopped:
            lane.close()
            with self._starting:
                self._n_lanes -= 1
                # Others may be waiting for a lane.
                if not self._n_lanes:
                    self._start()
            raise SecondProcessError(
                f"The process that computes {function} ended before it answered; "
                "the system may have been out of memory. Build again."
            ) from stopped
        self._free.put(lane)
        if reason:
            raise SecondProcessError(reason)
        return result

    def stop(self) -> None:
        """Let both end, and wait for it. Nothing may be asked at the time."""
        for _ in range(self._n_lanes):
            self._free.get().close()
        self._n_lanes = 0
        if self._process:
            self._process.wait()

    def _start(self) -> None:
        # -P: what lies in the folder of the project is not imported by accident.
        command = [sys.executable, "-P", "-m", "coproduction.second_process"]
        # Two processes are as many as the cores of a small machine: threads of numpy would be in each other's way.
        environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        twin, ends_of_twin = _pipes() if hasattr(os, "fork") else (None, ())
        self._process = subprocess.Popen(
            [*command, *map(str, ends_of_twin)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            pass_fds=ends_of_twin,
            env=environment,
        )
        for end in ends_of_twin:
            os.close(end)
        lanes = [_Lane(self._process.stdin, self._process.stdout), *([twin] if twin else [])]
        for lane in lanes:
            self._free.put(lane)
        self._n_lanes = len(lanes)
        atexit.unregister(self.stop)
        atexit.register(self.stop)


def _pipes() -> tuple[_Lane, tuple[int, int]]:
    """Return the near end of two pipes, and the two file descriptors of the far end: to read from, to write to."""
    far_questions, near_questions = os.pipe()
    near_answers, far_answers = os.pipe()
    return _Lane(os.fdopen(near_questions, "wb"), os.fdopen(near_answers, "rb")), (far_questions, far_answers)


_second_process = _SecondProcess()
start = _second_process.start


def compute(function: str, *arguments: Any) -> Any:
    """Call a function in the second process and return what it returns.

    ``function`` is written 'statistics.levels:estimate_levels', below this package, so that this process need not
    import the module; arguments and result are frames, or whatever else can be pickled. Raises SecondProcessError with
    the traceback of the other side.
    """
    return _second_process.run(function, arguments)


def _answer(questions: BinaryIO, answers: BinaryIO) -> None:
    """Call what is asked, one after the other, until there is nothing more to read."""
    while True:
        try:
            function, arguments = pickle.load(questions)
        except EOFError:
            return
        try:
            answer = named(function)(*arguments), None
        except Exception:
            answer = None, traceback.format_exc()
        try:
            pickle.dump(answer, answers, pickle.HIGHEST_PROTOCOL)
            answers.flush()
        except BrokenPipeError:
            return


def named(function: str) -> Any:
    """Return the function that is written 'statistics.levels:estimate_levels', below this package."""
    module, _, name = function.partition(":")
    return getattr(importlib.import_module(f"coproduction.{module}"), name)


def main() -> None:
    """Serve the process at the other end of standard input and output, and with a twin at the end of two more pipes."""
    # An interrupt from the keyboard is for dbt, which then closes the pipes.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Whatever a library prints must not end up among the answers.
    questions, answers = os.dup(sys.stdin.fileno()), os.dup(sys.stdout.fileno())
    os.dup2(os.open(os.devnull, os.O_RDONLY), sys.stdin.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    _import_libraries()
    ends_of_twin = tuple(map(int, sys.argv[1:]))
    if ends_of_twin:
        # Neither may hold an end of the other's pipes, or the other would never see that there is nothing more to read.
        is_twin = os.fork() == 0
        for end in (questions, answers) if is_twin else ends_of_twin:
            os.close(end)
        if is_twin:
            questions, answers = ends_of_twin
    _answer(os.fdopen(questions, "rb"), os.fdopen(answers, "wb"))
    # Nothing is left to write, and taking down that many modules in good order would keep the other side waiting.
    os._exit(0)


def _import_libraries() -> None:
    """Import once, for both, what takes long: the gate's package first, it brings scipy and pandas along."""
    named(_CALLED_AT_START)()
    importlib.import_module("coproduction.frames")
    for module in pkgutil.iter_modules(importlib.import_module("coproduction.statistics").__path__):
        importlib.import_module(f"coproduction.statistics.{module.name}")


if __name__ == "__main__":
    main()
