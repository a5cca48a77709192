"""Lines that a build shows to the person who started it, between dbt's own."""


def tell_user(*lines: str) -> None:
    """Print lines to standard output at once, so that they stand in order with the lines of dbt."""
    print(*lines, sep="\n", flush=True)
