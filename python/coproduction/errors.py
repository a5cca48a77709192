"""The base of every exception that this package raises on its own account."""


class CoproductionError(Exception):
    """Something that a user can put right; the message says what happened and what to do."""
