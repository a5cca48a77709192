"""Lines that a build prints for the user among the lines of dbt."""


def tell_user(*lines: str) -> None:
    """Print lines to standard output without delay, so that they appear in order with the lines of dbt."""
    print(*lines, sep="\n", flush=True)
