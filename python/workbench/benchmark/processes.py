"""Runs programs as processes of their own, and says what they used: processor time, time and memory."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

PROJECT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Usage:
    """What a process used, with its children: CPU seconds, seconds of wall clock and MiB at its peak."""

    cpu: float
    wall: float
    peak: float


def used_by(*command: str, directory: Path, **environment: str) -> Usage:
    """Run a command in a folder and return what it used. Raises CalledProcessError with what it printed if it fails.

    The peak is that of the largest process: the sum over a process and its children is not known.
    """
    start = perf_counter()
    # The folder of the environment is first on the path, because dbt is a command of the environment.
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    with (directory / "printed.txt").open("w+", encoding="utf-8") as printed:
        process = subprocess.Popen(
            command,
            cwd=directory,
            env=os.environ | {"PATH": path} | environment,
            stdout=printed,
            stderr=subprocess.STDOUT,
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = perf_counter() - start
        if status:
            printed.seek(0)
            raise subprocess.CalledProcessError(status, command, output=printed.read()[-4000:])
    return Usage(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024)


def apart(function: Callable[..., object], *arguments: object) -> None:
    """Call a function in a process of its own: Linux counts the memory of whoever starts a program as its peak, too."""
    process = multiprocessing.get_context("spawn").Process(target=function, args=arguments)
    process.start()
    process.join()
    if process.exitcode:
        raise RuntimeError(f"{function.__name__} failed with {arguments}.")


def middle(usages: Sequence[Usage]) -> Usage:
    """Return the median time and the highest peak of several runs."""
    times = (median(usage.cpu for usage in usages), median(usage.wall for usage in usages))
    return Usage(*times, max(usage.peak for usage in usages))
