"""Ends a build at Ctrl-C with one line. dbt itself would print a traceback of whatever it was waiting for."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from types import FrameType

INTERRUPTED = 130
STANDARD_OUTPUT = 1

# The file that this command has published, once it has.
published: list[Path] = []


def stop_at_interrupt() -> None:
    """Let Ctrl-C end this process at once, if it is the program `dbt` and not another one that calls dbt.

    Nothing is cleaned up, because the next build copes with a build that was killed at any moment.
    """
    is_dbt = Path(sys.argv[0]).stem == "dbt"
    if is_dbt and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _stop)
        # Python's own helper process would warn after our line of the semaphores that dbt could not give back.
        quiet = "ignore:resource_tracker"
        os.environ["PYTHONWARNINGS"] = ",".join(filter(None, [os.environ.get("PYTHONWARNINGS"), quiet]))


def _stop(number: int, frame: FrameType | None) -> None:
    if published:
        line = f"Stopped. Every test had passed, and {published[0]} is new."
    else:
        line = "Stopped. Nothing was published: what was published before stays as it was."
    # Not by print: if the signal came while dbt printed a line, Python would refuse a second one inside it with an
    # error that dbt catches, and the build would go on.
    os.write(STANDARD_OUTPUT, f"{line}{os.linesep}".encode())
    os._exit(INTERRUPTED)
