"""The command line of the project: everything that a user runs, as ``coproduction COMMAND``."""

from coproduction.cli.commands import main

__all__ = ["main"]
