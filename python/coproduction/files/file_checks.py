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
from itertools import pairwise

from coproduction.files import characters
from coproduction.files.encodings import UTF8, Decoded, UndecodableError, decode, line_of
from coproduction.files.finding import ERROR, Finding, quoted
from coproduction.files.reading import CsvTable, parse_table

RUN_REPAIR = (
    "run `coproduction repair`, which converts the file and keeps it as it came; or correct it where it comes from, "
    "and save it as comma-separated CSV in UTF-8"
)
_SAVE_AS_UTF8 = (
    "save the file again as CSV in UTF-8 (in Excel: Save As, 'CSV UTF-8 (Comma delimited)'; in LibreOffice: "
    "Save As, edit filter settings, character set Unicode (UTF-8), field delimiter comma)"
)

# A header further down than this is not looked for.
_LINES_SEARCHED = 30

_SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar (|)"}

# Spreadsheets repeat one mistake on every row: a few examples tell as much as thousands.
_MOST_RAGGED_ROWS = 5
_MOST_MISSING = 10

# DuckDB reads no row of more bytes than this (its max_line_size), and names neither file nor line.
_LONGEST_ROW = 2_000_000

# Beyond this a comparison of every name with every other takes minutes.
_MOST_NAMES_COMPARED = 2_000


@dataclass(frozen=True)
class Change:
    """One thing that a conversion does to a file without a guess: what is the matter, and what is done about it."""

    problem: str
    done: str
    line: int
    column: str | None = None
    value: str | None = None


@dataclass(frozen=True)
class CsvFile:
    """One CSV file. ``expected`` gives each column that must be there, and who says so, for the message.

    ``encoding`` is what a person has said that the file is in; None where nobody has.
    """

    name: str
    raw: bytes
    expected: Mapping[str, str]
    encoding: str | None = None

    @cached_property
    def decoded(self) -> Decoded:
        """The text and where it comes from. Raises UndecodableError."""
        return decode(self.raw, self.encoding)

    @property
    def text(self) -> str:
        """The file as text, without a byte order mark. Only after the checks of the bytes."""
        return self.decoded.text

    @cached_property
    def layout(self) -> tuple[str, int]:
        """The separator, and how many lines stand above the header. Only after the check that there is any text."""
        return _header_found(_first_lines(self.text), self.expected)

    @cached_property
    def table(self) -> CsvTable:
        """Header and rows as they stand in the file. Only after the checks of the layout. Raises csv.Error."""
        separator, n_above = self.layout
        return parse_table(self.text, separator, n_above)

    @cached_property
    def converted(self) -> tuple[CsvTable, list[Change]]:
        """The table with clean names, without what holds nothing, and what was changed. Only after the table."""
        return _converted(self)

    @cached_property
    def spaced(self) -> CsvTable:
        """The converted table with the spaces at the begin of cells, which dbt keeps and the reader passes over."""
        separator, n_above = self.layout
        table = self.converted[0]
        stream = io.StringIO(self.text, newline="")
        for _ in range(n_above):
            stream.readline()
        rows = [row or [""] for row in csv.reader(stream, delimiter=separator)][1:]
        rows = [row for row in rows if row != [""] or len(table.header) == 1]
        return (
            CsvTable(table.header, rows, table.lines) if _without_begin(rows) == _without_begin(table.rows) else table
        )

    def error(self, problem: str, remedy: str, **where: object) -> Finding:
        """Return a finding about this file that refuses the build."""
        return Finding(ERROR, self.name, problem, remedy, **where)


def check_file(file: CsvFile) -> list[Finding]:
    """Return what refuses a file, and what has to be converted first; an empty list means that dbt can read it."""
    findings = refusals(file)
    return findings or [as_error(file, change) for change in changes(file)]


def check_bytes(file: CsvFile) -> list[Finding]:
    """Run only the first stage: enough to know that dbt can read the file without dying."""
    findings = [finding for check in BYTE_CHECKS for finding in check(file)]
    return findings or [as_error(file, change, _SAVE_AS_UTF8) for change in _changes_of_bytes(file)]


def refusals(file: CsvFile) -> list[Finding]:
    """Run the stages in turn; the first one that finds something is the last."""
    for stage in STAGES:
        findings = [finding for check in stage for finding in check(file)]
        if findings:
            return findings
    return []


def changes(file: CsvFile) -> list[Change]:
    """Return what a conversion does to a file that is not refused."""
    return [*_changes_of_bytes(file), *_changes_of_layout(file), *file.converted[1]]


def as_error(file: CsvFile, change: Change, remedy: str = RUN_REPAIR) -> Finding:
    """Return a change that was not made yet as the reason for refusing a file."""
    return file.error(change.problem, remedy, line=change.line, column=change.column, value=change.value)


def check_encoding(file: CsvFile) -> Iterator[Finding]:
    """Require text: UTF-8, or what can be converted to it without a guess."""
    try:
        file.decoded  # noqa: B018 -- decoded once, here, and kept for the checks that follow
    except UndecodableError as reason:
        yield file.error(reason.problem, reason.remedy, line=line_of(file.raw, reason.place), value=reason.value)


def check_nul_bytes(file: CsvFile) -> Iterator[Finding]:
    """Refuse characters of the number zero: invisible in an editor, part of the label for a database."""
    with contextlib.suppress(UndecodableError):
        place = file.text.find("\0")
        if place >= 0:
            yield file.error(
                f"{file.text.count(chr(0))} NUL byte(s), the first on this line: the file is damaged or was cut off",
                "export the file again from the survey tool",
                line=_line_in(file.text, place),
            )


def check_not_empty(file: CsvFile) -> Iterator[Finding]:
    """Require a header; a file without rows is fine, a file without columns is not."""
    if not file.text.strip("\ufeff \t\r\n,;|"):
        yield file.error(
            "the file is empty: it has no header", "export it again, with the column names in line 1", line=1
        )


def check_separator_and_title(file: CsvFile) -> Iterator[Finding]:
    """Refuse another separator or a title where no expected names show for certain that it is one."""
    separator, n_above = file.layout
    if (separator, n_above) == (",", 0) or _is_header_certain(file):
        return
    problem, shown = _layout_problem(file)
    yield file.error(
        problem,
        "save the file again as comma-separated CSV with the column names in line 1, spelled as in the codebook, and "
        "delete what stands above them",
        line=1 if n_above else n_above + 1,
        value=shown,
    )


def check_longest_row(file: CsvFile) -> Iterator[Finding]:
    """Refuse a row that DuckDB cannot read because of its length."""
    if len(file.raw) <= _LONGEST_ROW:
        return
    lines = list(io.StringIO(file.text, newline=""))
    for begin, end in pairwise([file.layout[1] + 1, *file.table.lines, len(lines) + 1]):
        n_bytes = sum(len(line.encode(UTF8)) for line in lines[begin - 1 : end - 1])
        if n_bytes > _LONGEST_ROW:
            yield file.error(
                f"the row has {n_bytes:,} bytes; at most {_LONGEST_ROW:,} can be read",
                "look for a quotation mark that is not closed, or shorten the text",
                line=begin,
            )
            return


def check_quotation_marks(file: CsvFile) -> Iterator[Finding]:
    """Require that quoted cells are closed, and quotation marks within them doubled."""
    try:
        file.table  # noqa: B018 -- parsed once, here, and kept for the checks that follow
    except csv.Error:
        yield file.error(
            "a cell that begins with a quotation mark on this line is not closed before the next comma or line end",
            'close it, and write a quotation mark within a quoted cell twice, as in "the ""other"" one"',
            line=_first_unreadable_line(file),
        )


def check_header_names(file: CsvFile) -> Iterator[Finding]:
    """Require a name of its own for every column; capitals do not make a difference, as in SQL."""
    table, line = file.converted[0], file.layout[1] + 1
    for position, name in enumerate(table.header, start=1):
        if not name:
            yield file.error(
                f"column {position} of {len(table.header)} has no name",
                "name it, or delete the column",
                line=line,
            )
        elif characters.is_formula(name) and name not in file.expected:
            yield file.error(
                "a spreadsheet would run this column name as a formula",
                "give the column another name in the file",
                line=line,
                value=name,
            )
        elif characters.find_damage(name):
            yield file.error(
                f"the column name has a damaged character, {_damage(name)}",
                "correct the name in the file, or export it again",
                line=line,
                value=name,
            )
    for lowered, n_times in Counter(name.lower() for name in table.header if name).items():
        if n_times > 1:
            twins = [name for name in table.header if name.lower() == lowered]
            yield file.error(
                f"{n_times} columns have the same name: {', '.join(map(quoted, twins[:5]))}",
                "rename all but one of them (capitals and invisible characters do not make a difference)",
                line=line,
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
    """Require the columns that the codebook names, spelled alike."""
    header = file.converted[0].header
    missing = [name for name in file.expected if name not in header]
    if len(header) == 1 and len(missing) > 1:
        yield file.error(
            f"the file has one column only, and none of the {len(missing)} that the codebook names: the columns are "
            "separated by none of comma, semicolon, tab and vertical bar",
            "save the file again as comma-separated CSV in UTF-8",
            line=file.layout[1] + 1,
            value=header[0],
        )
        return
    by_look = {characters.skeleton(name): name for name in header}
    for name in missing[:_MOST_MISSING]:
        origin = file.expected[name]
        twin = by_look.get(characters.skeleton(name))
        close = _close_matches(name, header)
        if twin:
            meant = (
                f"; {quoted(twin)} in the header looks like it, but has {characters.spelled(twin) or 'other spaces'}"
            )
        else:
            meant = f"; did you mean {' or '.join(map(quoted, close))}?" if close else ""
        yield file.error(
            f"the column is missing, but {origin} names it{meant}",
            "correct the name in the codebook or in the file's header, or take the column out of the codebook",
            line=file.layout[1] + 1,
            column=name,
            allowed=() if close or twin else tuple(map(quoted, header)),
        )
    if len(missing) > _MOST_MISSING:
        yield file.error(
            f"{len(missing) - _MOST_MISSING} more of the {len(file.expected)} columns in the codebook are missing",
            "see whether this is the right file, and whether its column names stand in line 1",
            line=file.layout[1] + 1,
        )


BYTE_CHECKS = (check_encoding, check_nul_bytes)
STAGES = (
    BYTE_CHECKS,
    (check_not_empty,),
    (check_separator_and_title,),
    (check_quotation_marks,),
    (check_longest_row,),
    (check_header_names, check_row_lengths, check_expected_columns),
)


def _changes_of_bytes(file: CsvFile) -> Iterator[Change]:
    decoded = file.decoded
    if decoded.encoding != UTF8:
        line = line_of(file.raw, decoded.place)
        yield Change(
            f"the file is not UTF-8: {decoded.recognised}", f"converted from {decoded.encoding} to UTF-8", line
        )


def _changes_of_layout(file: CsvFile) -> Iterator[Change]:
    separator, n_above = file.layout
    problem, shown = _layout_problem(file)
    if n_above:
        above = "the line" if n_above == 1 else f"the {n_above} lines"
        title = f"line 1 is not the header: the column names stand in line {n_above + 1}"
        yield Change(title, f"{above} above the column names left out", 1, value=_first_lines(file.text)[0].strip())
    if separator != ",":
        yield Change(problem, f"{_SEPARATORS[separator]}s between the columns made commas", n_above + 1, value=shown)
    yield from _changes_of_line_ends(file)


def _changes_of_line_ends(file: CsvFile) -> Iterator[Change]:
    """DuckDB refuses a mixture of line ends between the rows without saying where."""
    without_windows = file.text.replace("\r\n", "")
    kinds = ("\r\n" in file.text) + ("\n" in without_windows) + ("\r" in without_windows)
    if kinds < 2:
        return
    ends = list(_row_ends(file.text))
    usual = ends[0][1] if ends else ""
    for line, end in ends:
        if end != usual:
            problem = f"this row ends with {_named(end)}, the rows above it with {_named(usual)}"
            yield Change(problem, "every row ended with one kind of line end", line)
            return


def _converted(file: CsvFile) -> tuple[CsvTable, list[Change]]:
    """Clean the names of the columns and take out what holds nothing: nameless blank columns, repeated headers."""
    table, line, done = file.table, file.layout[1] + 1, []
    names = [_clean_name(name, file.expected) for name in table.header]
    for old, new in zip(table.header, names, strict=True):
        if old != new:
            what = characters.spelled(old)
            problem = f"the column name has {what or 'spaces'} that nobody sees"
            done.append(Change(problem, f"column name written as {quoted(new)}", line, column=new, value=old))
    rows, lines = table.rows, table.lines
    n_names, n_surplus = len(names), _n_surplus(names, rows)
    if n_surplus:
        rows = [row[:n_names] for row in rows]
        problem = f"every row has {n_surplus} blank cell(s) more than the header"
        done.append(Change(problem, "the blank cells at the end of every row left out", lines[0]))
    blank = _blank_nameless(names, rows)
    if blank:
        kept = [place for place in range(n_names) if place not in blank]
        names, rows = [names[place] for place in kept], [[row[place] for place in kept] for row in rows]
        what = "1 column has" if len(blank) == 1 else f"{len(blank)} columns have"
        done.append(Change(f"{what} neither a name nor an answer", "columns without name and answers left out", line))
    repeated = {place for place, row in enumerate(rows) if len(names) > 1 and row in (table.header, names)}
    if repeated:
        first = lines[min(repeated)]
        rows = [row for place, row in enumerate(rows) if place not in repeated]
        lines = [line for place, line in enumerate(lines) if place not in repeated]
        done.append(Change(f"the column names stand again in this row ({len(repeated)} in all)",
                           "rows that repeat the column names left out", first))  # fmt: skip
    return (CsvTable(names, rows, lines) if done else table), done


def _without_begin(rows: list[list[str]]) -> list[list[str]]:
    return [[cell.lstrip(" ") for cell in row] for row in rows]


def _clean_name(name: str, expected: Mapping[str, str]) -> str:
    """Return a column name without what a reader does not see; spaces within it stay, unless the codebook has one."""
    if name in expected:
        return name
    cleaned = characters.clean(name)
    plain = " ".join(name.split())
    # Two plain spaces within an unclaimed name do no harm.
    return (
        name
        if cleaned == plain and name == name.strip() and name.isprintable() and cleaned not in expected
        else cleaned
    )


def _n_surplus(names: list[str], rows: list[list[str]]) -> int:
    """Return how many cells all rows have beyond the header, if all those are blank; 0 where any row differs."""
    widths = {len(row) for row in rows}
    if len(widths) != 1 or min(widths) <= len(names):
        return 0
    return 0 if any(any(row[len(names) :]) for row in rows) else min(widths) - len(names)


def _blank_nameless(names: list[str], rows: list[list[str]]) -> set[int]:
    """Return the places of columns without a name and without any text, where all rows are as long as the header."""
    nameless = [place for place, name in enumerate(names) if not name]
    if not nameless or len(nameless) == len(names) or any(len(row) != len(names) for row in rows):
        return set()
    return {place for place in nameless if not any(row[place].strip() for row in rows)}


def _is_header_certain(file: CsvFile) -> bool:
    """Say whether every expected name stands in the header found."""
    if not file.expected:
        return False
    separator, n_above = file.layout
    line = _first_lines(file.text)[n_above]
    return set(file.expected) <= {_clean_name(name, file.expected) for name in _cells(line, separator)}


def _layout_problem(file: CsvFile) -> tuple[str, str]:
    """Return what is wrong with the separator or the lines above the header, and the line that shows it."""
    separator, n_above = file.layout
    lines = _first_lines(file.text)
    if separator != ",":
        problem = f"the columns are separated by a {_SEPARATORS[separator]}, not by a comma"
        return problem, lines[n_above].rstrip("\r\n")
    above = "line 1 is" if n_above == 1 else f"lines 1 to {n_above} are"
    problem = f"{above} not the header: the column names seem to stand in line {n_above + 1}"
    return problem, lines[0].rstrip("\r\n")


def _damage(text: str) -> str:
    return characters.spelled(characters.find_damage(text) or "")


def _line_in(text: str, place: int) -> int:
    before = text[:place].replace("\r\n", "\n")
    return 1 + before.count("\n") + before.count("\r")


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
    if most > 0:
        return best
    n_blank = next((place for place, line in enumerate(lines) if line.strip(" \t\r\n")), 0)
    return (",", n_blank) if n_blank else (_separator_of_unknown_header(lines), 0)


def _separator_of_unknown_header(lines: list[str]) -> str:
    """Guess from the punctuation of the first line where it holds no expected name; comma unless all speaks against."""
    if "," in lines[0]:
        return ","
    for separator in (";", "\t", "|"):
        if separator in lines[0]:
            return separator
    return ","


def _n_found(line: str, separator: str, wanted: set[str]) -> int:
    return len(wanted.intersection(characters.clean(cell).lower() for cell in _cells(line, separator)))


def _cells(line: str, separator: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=separator, skipinitialspace=True), [])
    except csv.Error:
        return []


def _first_unreadable_line(file: CsvFile) -> int:
    """Return the line on which the row begins that Python's csv module cannot read."""
    separator, n_above = file.layout
    stream = io.StringIO(file.text, newline="")
    for _ in range(n_above):
        stream.readline()
    reader = csv.reader(stream, strict=True, skipinitialspace=True, delimiter=separator)
    begin = n_above + 1
    with contextlib.suppress(csv.Error):
        for _ in reader:
            begin = n_above + reader.line_num + 1
    return begin


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
    if len(header) > _MOST_NAMES_COMPARED:
        return []
    by_bare_name = {"".join(column.lower().split()): column for column in header}
    close = difflib.get_close_matches("".join(name.lower().split()), by_bare_name, n=3, cutoff=0.7)
    return [by_bare_name[bare] for bare in close]
