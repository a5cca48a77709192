"""Names and texts as SQL writes them."""


def quoted(name: str) -> str:
    """Return a name in double quotes, so that any name can be one of a table or a column."""
    return '"' + name.replace('"', '""') + '"'


def literal(words: str) -> str:
    """Return words as a text in single quotes."""
    return "'" + words.replace("'", "''") + "'"


def text(words: str) -> str:
    """Return words as a text in single quotes, with one space for each run of white space."""
    return literal(" ".join(words.split()))
