"""The changes of a conversion to a file: encoding, separator, line ends and empty columns."""

import csv
import io
from collections.abc import Iterator

from coproduction.files.cleaning import Change
from coproduction.files.csv_file import CsvFile
from coproduction.files.encodings import UTF8, line_of
from coproduction.files.layout import SEPARATORS, first_lines

_LINE_ENDS = {"\r\n": "a Windows line end", "\n": "a Unix line end", "\r": "an old Macintosh line end"}


def changes(file: CsvFile) -> list[Change]:
    """Return the changes of a conversion to a file that has no errors."""
    return [*changes_of_bytes(file), *_changes_of_layout(file), *file.converted[1]]


def changes_of_bytes(file: CsvFile) -> Iterator[Change]:
    """Yield the change of the encoding, if the file is not UTF-8."""
    decoded = file.decoded
    if decoded.encoding != UTF8:
        problem = f"the file is not UTF-8: {decoded.recognised}"
        yield Change(problem, f"converted from {decoded.encoding} to UTF-8", line_of(file.raw, decoded.place))


def layout_problem(file: CsvFile) -> tuple[str, str]:
    """Return the problem of the separator or of the lines above the header, and the line that shows it."""
    separator, n_above = file.layout
    lines = first_lines(file.text)
    if separator != ",":
        problem = f"the columns are separated by a {SEPARATORS[separator]}, not by a comma"
        return problem, lines[n_above].rstrip("\r\n")
    above = "line 1 is" if n_above == 1 else f"lines 1 to {n_above} are"
    problem = f"{above} not the header: the column names seem to be in line {n_above + 1}"
    return problem, lines[0].rstrip("\r\n")


def _changes_of_layout(file: CsvFile) -> Iterator[Change]:
    separator, n_above = file.layout
    problem, shown = layout_problem(file)
    if n_above:
        above = "the line" if n_above == 1 else f"the {n_above} lines"
        title = f"line 1 is not the header: the column names are in line {n_above + 1}"
        yield Change(title, f"{above} above the column names left out", 1, value=first_lines(file.text)[0].strip())
    if separator != ",":
        done = f"{SEPARATORS[separator]}s between the columns replaced by commas"
        yield Change(problem, done, n_above + 1, value=shown)
    yield from _changes_of_line_ends(file)


def _changes_of_line_ends(file: CsvFile) -> Iterator[Change]:
    """Yield a change if line ends differ, because DuckDB refuses such a file without naming the line."""
    without_windows = file.text.replace("\r\n", "")
    kinds = ("\r\n" in file.text) + ("\n" in without_windows) + ("\r" in without_windows)
    if kinds < 2:
        return
    ends = list(_row_ends(file.text))
    usual = ends[0][1] if ends else ""
    for line, end in ends:
        if end != usual:
            problem = f"this row ends with {_LINE_ENDS[end]}, the rows above it with {_LINE_ENDS[usual]}"
            yield Change(problem, "every row ended with one kind of line end", line)
            return


def _row_ends(text: str) -> Iterator[tuple[int, str]]:
    """Yield for each row its last line and its line end; line ends within quoted cells do not count."""
    last = ""

    def remembered() -> Iterator[str]:
        nonlocal last
        for line in io.StringIO(text, newline=""):
            last = line
            yield line

    reader = csv.reader(remembered(), skipinitialspace=True)
    for _ in reader:
        end = last[len(last.rstrip("\r\n")) :]
        if end:
            yield reader.line_num, end
