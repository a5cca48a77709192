"""Checks whether a file is a table that dbt can read: its bytes, its separator, its rows and its header.

The checks run in stages, and each stage needs the previous stage: a file that is not text has no header, for example.
"""

import contextlib
import csv
import io
from collections.abc import Iterator
from itertools import pairwise

from coproduction.files.cleaning import Change, clean_name
from coproduction.files.column_checks import check_expected_columns, check_header_names, check_row_lengths
from coproduction.files.conversion import changes, changes_of_bytes, layout_problem
from coproduction.files.csv_file import CsvFile
from coproduction.files.encodings import UTF8, UndecodableError, line_of
from coproduction.files.finding import Finding
from coproduction.files.layout import cells_of, first_lines

RUN_REPAIR = (
    "run `coproduction repair`, which converts the file and keeps the original file; or correct it where it comes "
    "from, and save it as comma-separated CSV in UTF-8"
)
_SAVE_AS_UTF8 = (
    "save the file again as CSV in UTF-8 (in Excel: Save As, 'CSV UTF-8 (Comma delimited)'; in LibreOffice: "
    "Save As, edit filter settings, character set Unicode (UTF-8), field delimiter comma)"
)

# DuckDB cannot read a longer row (its max_line_size, in bytes), and its message names neither file nor line.
LONGEST_ROW = 2_000_000


def check_file(file: CsvFile) -> list[Finding]:
    """Return the errors of a file and the conversions that it needs; an empty list means that dbt can read it."""
    findings = refusals(file)
    return findings or [as_error(file, change) for change in changes(file)]


def check_bytes(file: CsvFile) -> list[Finding]:
    """Run only the first stage, which is enough to know that dbt can open the file."""
    findings = [finding for check in BYTE_CHECKS for finding in check(file)]
    return findings or [as_error(file, change, _SAVE_AS_UTF8) for change in changes_of_bytes(file)]


def refusals(file: CsvFile) -> list[Finding]:
    """Run the stages in turn and return the findings of the first stage that has any."""
    for stage in STAGES:
        findings = [finding for check in stage for finding in check(file)]
        if findings:
            return findings
    return []


def as_error(file: CsvFile, change: Change, remedy: str = RUN_REPAIR) -> Finding:
    """Return an error that says which change the file needs."""
    return file.error(change.problem, remedy, line=change.line, column=change.column, value=change.value)


def check_encoding(file: CsvFile) -> Iterator[Finding]:
    """Require text: UTF-8, or an encoding that can be converted to UTF-8 without a guess."""
    try:
        file.decoded  # noqa: B018 -- decoded once, here, and kept for the checks that follow
    except UndecodableError as reason:
        yield file.error(reason.problem, reason.remedy, line=line_of(file.raw, reason.place), value=reason.value)


def check_nul_bytes(file: CsvFile) -> Iterator[Finding]:
    """Refuse NUL characters: an editor does not show them, and for a database they belong to the label."""
    with contextlib.suppress(UndecodableError):
        place = file.text.find("\0")
        if place >= 0:
            yield file.error(
                f"{file.text.count(chr(0))} NUL byte(s), the first on this line: the file is damaged or was cut off",
                "export the file again from the survey tool",
                line=_line_in(file.text, place),
            )


def check_not_empty(file: CsvFile) -> Iterator[Finding]:
    """Require a header. A file without rows is allowed, a file without columns is not."""
    if not file.text.strip("\ufeff \t\r\n,;|"):
        yield file.error(
            "the file is empty: it has no header", "export it again, with the column names in line 1", line=1
        )


def check_separator_and_title(file: CsvFile) -> Iterator[Finding]:
    """Refuse another separator or lines above the header, unless all expected names prove where the header is."""
    n_above = file.layout[1]
    if file.layout == (",", 0) or _is_header_certain(file):
        return
    problem, shown = layout_problem(file)
    yield file.error(
        problem,
        "save the file again as comma-separated CSV with the column names in line 1, spelled as in the codebook, and "
        "delete the lines above them",
        line=1 if n_above else n_above + 1,
        value=shown,
    )


def check_longest_row(file: CsvFile) -> Iterator[Finding]:
    """Refuse a row that is too long for DuckDB."""
    if len(file.raw) <= LONGEST_ROW:
        return
    lines = list(io.StringIO(file.text, newline=""))
    for begin, end in pairwise([file.header_line, *file.table.lines, len(lines) + 1]):
        n_bytes = sum(len(line.encode(UTF8)) for line in lines[begin - 1 : end - 1])
        if n_bytes > LONGEST_ROW:
            yield file.error(
                f"the row has {n_bytes:,} bytes; at most {LONGEST_ROW:,} can be read",
                "look for a quotation mark that is not closed, or shorten the text",
                line=begin,
            )
            return


def check_quotation_marks(file: CsvFile) -> Iterator[Finding]:
    """Require that quoted cells are closed, and that quotation marks within them are doubled."""
    try:
        file.table  # noqa: B018 -- parsed once, here, and kept for the checks that follow
    except csv.Error:
        yield file.error(
            "a cell that begins with a quotation mark on this line is not closed before the next comma or line end",
            'close it, and write a quotation mark within a quoted cell twice, as in "the ""other"" one"',
            line=_first_unreadable_line(file),
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


def _is_header_certain(file: CsvFile) -> bool:
    """Return whether the header has every expected name and at least one name is expected."""
    if not file.expected:
        return False
    separator, n_above = file.layout
    line = first_lines(file.text)[n_above]
    return set(file.expected) <= {clean_name(name, file.expected) for name in cells_of(line, separator)}


def _line_in(text: str, place: int) -> int:
    before = text[:place].replace("\r\n", "\n")
    return 1 + before.count("\n") + before.count("\r")


def _first_unreadable_line(file: CsvFile) -> int:
    """Return the first line of the row that Python's csv module cannot read."""
    n_above = file.layout[1]
    reader = csv.reader(file.stream_from_header(), strict=True, skipinitialspace=True, delimiter=file.layout[0])
    begin = n_above + 1
    with contextlib.suppress(csv.Error):
        for _ in reader:
            begin = n_above + reader.line_num + 1
    return begin
