"""What a reader says when it cannot read a file."""

from coproduction.errors import CoproductionError


class UnknownFileError(CoproductionError):
    """A file that no reader understands, or that has no answers; the message names the way out."""
