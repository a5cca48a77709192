"""The statistics in a process beside dbt's.

dbt is Python from end to end: what it does between two queries holds the interpreter's lock for most of a build, and
importing Great Expectations, scipy and statsmodels takes seconds more. A second process imports them while dbt starts,
and computes on the second core while dbt goes on. It works for one build: it ends when the process that started it
ends, however that came about.
"""

from __future__ import annotations

import atexit
import importlib
import os
import pickle
import signal
import subprocess
import sys
import threading
import traceback
from typing import Any, BinaryIO

# What takes longest to import, and the gate waits for it; it brings scipy and pandas along.
_CALLED_AT_START = "quality.expectations:import_great_expectations"


class SecondProcessError(RuntimeError):
    """What was asked of the second process went wrong there; the message holds the traceback from there."""


class _SecondProcess:
    """The one process beside this one. Several threads may ask; it answers one at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, if it is not there yet. Returns at once; it imports its libraries while the caller goes on."""
        with self._lock:
            self._start()

    def run(self, function: str, arguments: tuple) -> Any:
        """Have it call a function and wait for the result."""
        with self._lock:
            process = self._start()
            try:
                pickle.dump((function, arguments), process.stdin, pickle.HIGHEST_PROTOCOL)
                process.stdin.flush()
                result, reason = pickle.load(process.stdout)
            except (EOFError, OSError, pickle.UnpicklingError) as stopped:
                self._process = None
                process.kill()
                raise SecondProcessError(
                    f"The process that computes {function} ended before it answered (exit code {process.wait()}); "
                    "the system may have been out of memory. Build again."
                ) from stopped
        if reason:
            raise SecondProcessError(reason)
        return result

    def stop(self) -> None:
        """Let it end: it ends when there is nothing more to read."""
        if self._process:
            self._process.stdin.close()
            self._process.wait()
            self._process = None

    def _start(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            # -P: what lies in the folder of the project is not imported by accident.
            command = [sys.executable, "-P", "-m", "coproduction.second_process"]
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            atexit.register(self.stop)
        return self._process


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
            answer = _named(function)(*arguments), None
        except Exception:
            answer = None, traceback.format_exc()
        try:
            pickle.dump(answer, answers, pickle.HIGHEST_PROTOCOL)
            answers.flush()
        except BrokenPipeError:
            return


def _named(function: str) -> Any:
    module, _, name = function.partition(":")
    return getattr(importlib.import_module(f"coproduction.{module}"), name)


def main() -> None:
    """Serve the process at the other end of standard input and output."""
    # An interrupt from the keyboard is for dbt, which then closes the pipe.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Whatever a library prints must not end up among the answers.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    _named(_CALLED_AT_START)()
    _answer(sys.stdin.buffer, answers)
    # Nothing is left to write, and taking down that many modules in good order would keep the other side waiting.
    os._exit(0)


if __name__ == "__main__":
    main()
