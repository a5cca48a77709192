"""Is a file a table at all? Text, separators and header of one CSV file, before anyone reads its answers.

The checks run in stages: a file that is not UTF-8 has no header to speak of, so each stage needs the one before it.
"""

import contextlib
import csv
import difflib
import io
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from coproduction.exports.finding import ERROR, Finding, quoted
from coproduction.exports.reading import CsvTable, parse_table

_SAVE_AS_UTF8 = (
    "save the file again as CSV in UTF-8 (in Excel: Save As, 'CSV UTF-8 (Comma delimited)'; in LibreOffice: "
    "Save As, edit filter settings, character set Unicode (UTF-8), field delimiter comma)"
)

# A header further down than this is not looked for.
_LINES_SEARCHED = 30

_SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar (|)"}

# Spreadsheets repeat one mistake on every row: a few examples tell as much as thousands.
_MOST_RAGGED_ROWS = 5


@dataclass(frozen=True)
class CsvFile:
    """One CSV file. ``expected`` gives each column that must be there, and who says so, for the message."""

    name: str
    raw: bytes
    expected: Mapping[str, str]

    @cached_property
    def text(self) -> str:
        """The file as text, without a byte order mark. Only after the checks of the bytes."""
        return self.raw.decode("utf-8-sig")

    @cached_property
    def table(self) -> CsvTable:
        """Header and rows. Only after the checks of the layout."""
        return parse_table(self.text)

    def error(self, problem: str, remedy: str, **where: object) -> Finding:
        """Return a finding about this file that refuses the build."""
        return Finding(ERROR, self.name, problem, remedy, **where)


def check_file(file: CsvFile) -> list[Finding]:
    """Run the stages in turn; the first one that finds something is the last."""
    for stage in STAGES:
        findings = [finding for check in stage for finding in check(file)]
        if findings:
            return findings
    return []


def check_bytes(file: CsvFile) -> list[Finding]:
    """Run only the first stage: enough to know that dbt can read the file without dying."""
    return [finding for check in BYTE_CHECKS for finding in check(file)]


def check_encoding(file: CsvFile) -> Iterator[Finding]:
    """Require UTF-8; name the first byte that is not, its line, and what the file probably is."""
    guess = _utf16_guess(file.raw)
    if guess:
        shown = " ".join(f"0x{byte:02X}" for byte in file.raw[:2])
        yield file.error(
            f"the file is not UTF-8: it begins with the bytes {shown}, which is {guess}", _SAVE_AS_UTF8, line=1
        )
        return
    try:
        file.raw.decode("utf-8")
    except UnicodeDecodeError as reason:
        yield _not_utf8(file, reason.start)


def check_nul_bytes(file: CsvFile) -> Iterator[Finding]:
    """Refuse bytes of the number zero: invisible in an editor, part of the label for a database."""
    place = file.raw.find(b"\0")
    if place >= 0 and not _utf16_guess(file.raw):
        yield file.error(
            f"{file.raw.count(0)} NUL byte(s), the first on this line: the file is damaged or was cut off",
            "export the file again from the survey tool",
            line=_line_of(file.raw, place),
        )


def check_not_empty(file: CsvFile) -> Iterator[Finding]:
    """Require a header; a file without rows is fine, a file without columns is not."""
    if not file.text.strip():
        yield file.error("the file is empty: it has no header", "export it again, with the column names in line 1")


def check_separator_and_title(file: CsvFile) -> Iterator[Finding]:
    """Require commas and the header in line 1, judged by where the expected column names are found."""
    lines = _first_lines(file.text)
    separator, place = _header_found(lines, file.expected)
    if separator == "," and place > 0:
        yield _title_rows(file, lines, place)
    elif separator != ",":
        yield file.error(
            f"the columns are separated by a {_SEPARATORS[separator]}, not by a comma",
            "save the file again as comma-separated CSV, with the column names in line 1",
            line=place + 1,
            value=lines[place].rstrip("\r\n"),
        )


def check_quotation_marks(file: CsvFile) -> Iterator[Finding]:
    """Require that quoted cells are closed, and quotation marks within them doubled."""
    try:
        file.table  # noqa: B018 -- parsed once, here, and kept for the checks that follow
    except csv.Error:
        yield file.error(
            "a cell that begins with a quotation mark on this line is not closed before the next comma or line end",
            'close it, and write a quotation mark within a quoted cell twice, as in "the ""other"" one"',
            line=_first_unreadable_line(file.text),
        )


def check_line_ends(file: CsvFile) -> Iterator[Finding]:
    """Require one kind of line end between the rows: DuckDB refuses a mixture without saying where."""
    without_windows = file.text.replace("\r\n", "")
    kinds = ("\r\n" in file.text) + ("\n" in without_windows) + ("\r" in without_windows)
    if kinds < 2:
        return
    ends = list(_row_ends(file.text))
    usual = ends[0][1] if ends else ""
    for line, end in ends:
        if end != usual:
            yield file.error(
                f"this row ends with {_named(end)}, the rows above it with {_named(usual)}",
                "open the file in a spreadsheet or editor and save it again, so that all rows end alike",
                line=line,
            )
            return


def check_header_names(file: CsvFile) -> Iterator[Finding]:
    """Require a name of its own for every column; capitals do not make a difference, as in SQL."""
    header = file.table.header
    for position, name in enumerate(header, start=1):
        if not name.strip():
            yield file.error(
                f"column {position} of {len(header)} has no name",
                "name it, or delete the column where it is empty",
                line=1,
            )
    for lowered, n_times in Counter(name.lower() for name in header if name.strip()).items():
        if n_times > 1:
            twins = [name for name in header if name.lower() == lowered]
            yield file.error(
                f"{n_times} columns have the same name: {', '.join(map(quoted, twins))}",
                "rename all but one of them (capitals do not make a difference)",
                line=1,
                column=twins[0],
            )


def check_row_lengths(file: CsvFile) -> Iterator[Finding]:
    """Require as many cells in every row as in the header."""
    table = file.table
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
    """Require the columns that the codebook names, spelled alike."""
    header = file.table.header
    for name, origin in file.expected.items():
        if name not in header:
            close = _close_matches(name, header)
            meant = f"; did you mean {' or '.join(map(quoted, close))}?" if close else ""
            yield file.error(
                f"the column is missing, but {origin} names it{meant}",
                "correct the name in the codebook or in the file's header, or take the column out of the codebook",
                line=1,
                column=name,
                allowed=() if close else tuple(map(quoted, header)),
            )


BYTE_CHECKS = (check_encoding, check_nul_bytes)
STAGES = (
    BYTE_CHECKS,
    (check_not_empty,),
    (check_separator_and_title,),
    (check_quotation_marks, check_line_ends),
    (check_header_names, check_row_lengths, check_expected_columns),
)


def _utf16_guess(raw: bytes) -> str | None:
    """Name the UTF-16 encoding by its mark, or by every other byte being zero; None where it is not UTF-16."""
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "the mark of UTF-16 (what Excel calls 'Unicode Text')"
    begin = raw[:200]
    if len(begin) >= 8 and max(begin[0::2].count(0), begin[1::2].count(0)) > 0.4 * len(begin):
        return "typical of UTF-16 without a mark"
    return None


def _not_utf8(file: CsvFile, place: int) -> Finding:
    byte, line = file.raw[place], _line_of(file.raw, place)
    try:
        character = bytes([byte]).decode("cp1252")
        guess = f"in Windows-1252 (cp1252, the usual Windows encoding) it is {quoted(character)}"
    except UnicodeDecodeError:
        guess = "it is no character of Windows-1252 either; ask how the file was saved"
    around = file.raw[max(0, place - 20) : place + 20].decode("cp1252", errors="replace")
    return file.error(f"the file is not UTF-8: byte 0x{byte:02X}; {guess}", _SAVE_AS_UTF8, line=line, value=around)


def _line_of(raw: bytes, place: int) -> int:
    """Return the line, from 1, on which a byte stands."""
    before = raw[:place].replace(b"\r\n", b"\n")
    return 1 + before.count(b"\n") + before.count(b"\r")


def _first_lines(text: str) -> list[str]:
    return [line for line, _ in zip(io.StringIO(text, newline=""), range(_LINES_SEARCHED), strict=False)]


def _header_found(lines: list[str], expected: Mapping[str, str]) -> tuple[str, int]:
    """Return the separator and the line, from 0, that show the most expected names. Ties go to comma and line 1."""
    wanted = {name.lower() for name in expected}
    best, most = (",", 0), _n_found(lines[0], ",", wanted)
    for place, line in enumerate(lines):
        for separator in _SEPARATORS:
            n_found = _n_found(line, separator, wanted)
            # More than twice as many, and half of all: an answer that equals a column's name makes no header.
            if n_found > 2 * most and (place == 0 or 2 * n_found >= len(wanted)):
                best, most = (separator, place), n_found
    if most > 0 or not lines[0].strip():
        return best if most > 0 else (",", 1)
    return _separator_of_unknown_header(lines), 0


def _separator_of_unknown_header(lines: list[str]) -> str:
    """Guess from the punctuation of the first line where it holds no expected name; comma unless all speaks against."""
    if "," in lines[0]:
        return ","
    for separator in (";", "\t", "|"):
        if separator in lines[0]:
            return separator
    return ","


def _n_found(line: str, separator: str, wanted: set[str]) -> int:
    cells = next(csv.reader([line], delimiter=separator, skipinitialspace=True), [])
    return len(wanted.intersection(cell.strip().lower() for cell in cells))


def _first_unreadable_line(text: str) -> int:
    """Return the line on which the row begins that Python's csv module cannot read."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, skipinitialspace=True)
    begin = 1
    with contextlib.suppress(csv.Error):
        for _ in reader:
            begin = reader.line_num + 1
    return begin


def _title_rows(file: CsvFile, lines: list[str], place: int) -> Finding:
    above = "line 1 is" if place == 1 else f"lines 1 to {place} are"
    return file.error(
        f"{above} not the header: the column names seem to stand in line {place + 1}",
        f"delete what stands above the column names, so that they are in line 1 (now in line {place + 1})",
        line=1,
        value=lines[0].rstrip("\r\n"),
    )


def _row_ends(text: str) -> Iterator[tuple[int, str]]:
    """Yield for each row the line on which it ends and its line end; line ends within quoted cells do not count."""
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


def _named(line_end: str) -> str:
    return {"\r\n": "a Windows line end", "\n": "a Unix line end", "\r": "an old Macintosh line end"}[line_end]


def _close_matches(name: str, header: list[str]) -> list[str]:
    """Return names of the header that a reader might take for the one missing, capitals and spaces aside."""
    by_bare_name = {"".join(column.lower().split()): column for column in header}
    close = difflib.get_close_matches("".join(name.lower().split()), by_bare_name, n=3, cutoff=0.7)
    return [by_bare_name[bare] for bare in close]
