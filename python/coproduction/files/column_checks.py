"""Checks of a table's columns: names are unique, rows have equal length, no expected name is missing."""

from collections import Counter
from collections.abc import Iterator

from coproduction.files import characters
from coproduction.files.csv_file import CsvFile
from coproduction.files.finding import Finding, meant, quoted, shortened

# Spreadsheets often repeat one mistake on every row, so a few examples are enough.
_MOST_RAGGED_ROWS = 5
_MOST_MISSING = 10


def check_header_names(file: CsvFile) -> Iterator[Finding]:
    """Require a name for every column that no other column has; capitals make no difference, as in SQL."""
    header = file.converted[0].header
    for position, name in enumerate(header, start=1):
        finding = _wrong_name(file, name, f"column {position} of {len(header)}")
        if finding:
            yield finding
    for lowered, n_times in Counter(name.lower() for name in header if name).items():
        if n_times > 1:
            twins = [name for name in header if name.lower() == lowered]
            yield file.error(
                f"{n_times} columns have the same name: {', '.join(map(quoted, twins[:5]))}",
                "rename all but one of them (capitals and invisible characters do not make a difference)",
                line=file.header_line,
                column=twins[0],
            )


def check_row_lengths(file: CsvFile) -> Iterator[Finding]:
    """Require as many cells in every row as in the header."""
    table = file.converted[0]
    width = len(table.header)
    ragged = [(line, row) for line, row in zip(table.lines, table.rows, strict=True) if len(row) != width]
    for line, row in ragged[:_MOST_RAGGED_ROWS]:
        yield file.error(
            f"the row has {len(row)} cells, the header {width}",
            "put a text that contains a comma into quotation marks, or add or delete the cells that differ",
            line=line,
            value=",".join(row),
        )
    if len(ragged) > _MOST_RAGGED_ROWS:
        yield file.error(
            f"{len(ragged) - _MOST_RAGGED_ROWS} more rows have another number of cells than the header",
            "see the rows above; most likely all have one cause",
            line=ragged[_MOST_RAGGED_ROWS][0],
        )


def check_expected_columns(file: CsvFile) -> Iterator[Finding]:
    """Require the columns that the codebook names, with the same spelling."""
    header = file.converted[0].header
    missing = [name for name in file.expected if name not in header]
    if len(header) == 1 and len(missing) > 1:
        yield file.error(
            f"the file has one column only, and none of the {len(missing)} that the codebook names: the columns are "
            "separated by none of comma, semicolon, tab and vertical bar",
            "save the file again as comma-separated CSV in UTF-8",
            line=file.header_line,
            value=header[0],
        )
        return
    findings = [_missing_column(file, name, header) for name in missing]
    # What has no similar name in the header is one mistake: another file, or another header.
    unlike = [name for name, finding in zip(missing, findings, strict=True) if finding.allowed]
    similar = [finding for finding in findings if not finding.allowed]
    yield from similar[:_MOST_MISSING]
    if len(unlike) == 1:
        yield from (finding for finding in findings if finding.allowed)
    listed = unlike if len(unlike) > 1 else []
    listed += [finding.column for finding in similar[_MOST_MISSING:] if finding.column]
    if listed:
        yield file.error(
            f"{len(listed)} of the {len(file.expected)} columns in the codebook are missing, and nothing in the header "
            f"resembles them: {shortened(map(quoted, listed))}",
            "see whether this is the right file, and whether its column names are in line 1",
            line=file.header_line,
            allowed=tuple(map(quoted, header)),
        )


def _wrong_name(file: CsvFile, name: str, place: str) -> Finding | None:
    """Return the error of a column's name, if any; ``place`` describes the column for the message."""
    line = file.header_line
    if not name:
        return file.error(f"{place} has no name", "name it, or delete the column", line=line)
    if characters.is_formula(name) and name not in file.expected:
        problem, remedy = "a spreadsheet would run this column name as a formula", "give the column another name"
        return file.error(problem, f"{remedy} in the file", line=line, value=name)
    damage = characters.find_damage(name)
    if damage:
        problem = f"the column name has a damaged character, {characters.spelled(damage)}"
        return file.error(problem, "correct the name in the file, or export it again", line=line, value=name)
    return None


def _missing_column(file: CsvFile, name: str, header: list[str]) -> Finding:
    """Return the finding about a missing column, with similar names of the header."""
    twin = next((column for column in header if characters.skeleton(column) == characters.skeleton(name)), None)
    close = meant(name, header)
    if twin:
        hint = f"; {quoted(twin)} in the header looks like it, but has {characters.spelled(twin) or 'other spaces'}"
    else:
        hint = f"; did you mean {' or '.join(map(quoted, close))}?" if close else ""
    return file.error(
        f"the column is missing, but {file.expected[name]} names it{hint}",
        "correct the name in the codebook or in the file's header, or take the column out of the codebook",
        line=file.header_line,
        column=name,
        allowed=() if close or twin else tuple(map(quoted, header)),
    )
