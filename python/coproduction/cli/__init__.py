"""The command line of the project: everything that a user runs, as ``coproduction COMMAND``."""

from __future__ import annotations

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
