"""The command line of the project: everything that a user runs, as ``coproduction COMMAND``."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from coproduction.build.stopping import INTERRUPTED

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code, as `coproduction.cli.commands.main` says.

    The commands are imported here, because that takes seconds and Ctrl-C may come then too.
    """
    try:
        from coproduction.cli.commands import main as run

        return run(arguments)
    except KeyboardInterrupt:
        print("Stopped.")
        return INTERRUPTED
    except (MemoryError, ImportError) as reason:
        # What the system says of a library for which there is no room.
        if isinstance(reason, ImportError) and "failed to map segment" not in str(reason):
            raise
        print("This machine has too little memory for this. Close other programs, and try again.", file=sys.stderr)
        return 1
