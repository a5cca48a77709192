"""The base of every exception that this package raises on its own account."""


class CoproductionError(Exception):
    """Something that a user can put right; the message says what happened and what to do."""


class MessageError(CoproductionError):
    """An error of a Python model of which dbt prints the message alone.

    dbt-duckdb prints the traceback of every error in a Python model, with its causes. The message says all that the
    user needs, so this error shows neither.
    """

    __traceback__ = None
    __cause__ = None
    __suppress_context__ = True
