"""The base of every error that this package raises on purpose."""


class CoproductionError(Exception):
    """Something went wrong in a way that the message explains; a program may catch every such error by this name."""
