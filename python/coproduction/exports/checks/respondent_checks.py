"""Notes about the rows of an export: who has several rows, in this file and in others, and which columns are not read.

Every check takes one export and yields notes. ROW_CHECKS lists them in the order of their notes.
"""

from collections import defaultdict
from collections.abc import Iterator

from coproduction.codebook.labels import normalise_label
from coproduction.codebook.tables import Codebook, CodebookRow
from coproduction.exports.checks.answer_checks import Export
from coproduction.files.columns.column import Column
from coproduction.files.finding import NOTE, Finding, quoted, shortened

# A limit, because a wrong respondent column would otherwise print the whole file.
_MOST_RESPONDENTS = 10


def note_no_rows(export: Export) -> Iterator[Finding]:
    """Note a file that has only a header: it can be built, but gives no result."""
    filters = export.codebook.filters_of(export.export_id)
    if not export.table.n_rows and filters:
        listed = ", ".join(f"{quoted(column)} {' or '.join(sorted(answers))}" for column, answers in filters.items())
        yield export.note(
            f"no row of the file belongs to {export.export_id}, because of its filter: {listed}",
            "correct seeds/codebook/row_filters.csv, unless the fieldwork has not begun",
        )
    elif not export.table.n_rows:
        yield export.note("the file has a header and no data rows", "nothing, if the fieldwork has not begun", line=1)


def note_unclaimed_columns(export: Export) -> Iterator[Finding]:
    """List the columns without a question: their cells are counted but not read."""
    claimed = {*export.codebook.columns_used(export.export_id), export.respondent_column}
    unclaimed = [name for name in export.table.header if name not in claimed]
    if unclaimed:
        verb = "column is" if len(unclaimed) == 1 else "columns are"
        yield export.note(
            f"{len(unclaimed)} {verb} not in questions.csv and will not be read: "
            f"{shortened(map(quoted, unclaimed), most=30)}",
            "nothing, or add rows to seeds/codebook/questions.csv",
            line=1,
        )


def note_respondents(export: Export) -> Iterator[Finding]:
    """Note blank respondent ids, and respondents with several rows: empty, identical or conflicting."""
    if not export.respondent_column:
        return
    identifiers = export.identifiers
    yield from _blank_identifiers(export, identifiers)
    repeated_ids = identifiers.repeated() - {""}
    several = defaultdict[str, list[int]](list)
    for place, identifier in enumerate(identifiers) if repeated_ids else ():
        if identifier in repeated_ids:
            several[identifier].append(place)
    answering = {identifier: _answering(export, found) for identifier, found in several.items()}
    yield from _empty_rows(export, several, answering)
    repeated = {identifier: found for identifier, found in answering.items() if len(found) > 1}
    for identifier in list(repeated)[:_MOST_RESPONDENTS]:
        yield _repeated_respondent(export, identifier, repeated[identifier])
    if len(repeated) > _MOST_RESPONDENTS:
        yield export.note(
            f"{len(repeated) - _MOST_RESPONDENTS} more respondents have several rows, {len(repeated)} in all",
            "check that respondent_column in seeds/codebook/exports.csv names the right column",
            column=export.respondent_column,
        )


ROW_CHECKS = (note_no_rows, note_unclaimed_columns, note_respondents)


def note_same_people(codebook: Codebook, identifiers: dict[str, Column]) -> Iterator[Finding]:
    """Note people who are in several exports of a council, wave and role, and which of their rows counts.

    ``identifiers`` has the ids of the respondents of each export that takes part.
    """
    groups: dict[tuple[str, ...], list[CodebookRow]] = defaultdict(list)
    for row in codebook["exports"]:
        if row["export_id"] in identifiers:
            groups[row["council_id"], row["wave_id"], row["respondent_role"]].append(row)
    for rows in groups.values():
        for row, others in ((row, rows[:place]) for place, row in enumerate(rows)):
            for other in others:
                people = set(identifiers[other["export_id"]]) - {""}
                shared = sorted(people.intersection(identifiers[row["export_id"]]))
                if shared:
                    yield _same_people(codebook, row, other, shared)


def note_more_than_invited(
    codebook: Codebook, identifiers: dict[str, Column], n_without_id: dict[str, int]
) -> Iterator[Finding]:
    """Note waves in which more people answered than were invited.

    ``identifiers`` has the ids of the respondents of each export that takes part; ``n_without_id`` how many have none.
    """
    exports: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in codebook["exports"]:
        if row["respondent_role"] == "citizen":
            exports[row["council_id"], row["wave_id"]].append(row["export_id"])
    for row in codebook["waves"]:
        export_ids = exports[row["council_id"], row["wave_id"]]
        if not row["n_invited"].isdecimal():
            continue
        people = {name for export_id in export_ids for name in identifiers.get(export_id, ()) if name}
        n_respondents = len(people) + sum(n_without_id.get(export_id, 0) for export_id in export_ids)
        if n_respondents > int(row["n_invited"]):
            who = "1 person" if n_respondents == 1 else f"{n_respondents:,} people"
            problem = (
                f"{who} answered in {row['wave_id']} of {row['council_id']}, more than the {int(row['n_invited']):,} "
                "invited: the response rate would be above 100 %"
            )
            remedy = "nothing, if the survey was open to others, too; or correct n_invited"
            yield Finding(NOTE, row.file, problem, remedy, row.line, "n_invited", row["n_invited"])


def _same_people(codebook: Codebook, row: CodebookRow, other: CodebookRow, shared: list[str]) -> Finding:
    who = "1 respondent is" if len(shared) == 1 else f"{len(shared):,} respondents are"
    other_file = codebook.path_of(other["file"] or other["export_id"])
    where = f"in {other_file}, too, of the same council and wave: {shortened(map(quoted, shared))}"
    if row["duplicate_priority"] and other["duplicate_priority"]:
        first = min((row, other), key=lambda export: int(export["duplicate_priority"]))
        fate = f"their rows in {first['export_id']} count, because its duplicate_priority is lower"
        remedy = "nothing"
    else:
        fate = "all their rows are excluded, because nobody knows which one is right"
        remedy = (
            "if one file comes first, give both a duplicate_priority in seeds/codebook/exports.csv (1 for the one that "
            "counts); if the same id means two people, give them different ids; if the files ask different questions, "
            "join them into one"
        )
    file, column = codebook.path_of(row["file"] or row["export_id"]), row["respondent_column"]
    return Finding(NOTE, file, f"{who} {where}; {fate}", remedy, column=column)


def _blank_identifiers(export: Export, identifiers: Column) -> Iterator[Finding]:
    n_blank = sum(identifier == "" for identifier in identifiers)
    if n_blank:
        yield export.note(
            f"{n_blank} {'row has' if n_blank == 1 else 'rows have'} no respondent id, the first in this line: "
            "kept and flagged, but nobody can know whether they are duplicates",
            "ask the council for the ids, if it has them",
            line=export.table.lines[identifiers.first("".__eq__)],
            column=export.respondent_column,
        )


def _answering(export: Export, places: list[int]) -> list[int]:
    """Return the rows of a respondent that have an answer; all of them where none has one."""
    return [place for place in places if any(_contents(export, place))] or places


def _contents(export: Export, place: int) -> tuple[str, ...]:
    """Return the cells of the claimed columns of a row, in the one spelling."""
    return tuple(normalise_label(export.cells(row["source_column"])[place]) for row in export.questions)


def _empty_rows(export: Export, several: dict[str, list[int]], answering: dict[str, list[int]]) -> Iterator[Finding]:
    """Note rows without a claimed answer of respondents who have answered in another row."""
    rows = ((place, identifier) for identifier, places in several.items() for place in places)
    empty = sorted(place for place, identifier in rows if place not in answering[identifier])
    if empty:
        one = len(empty) == 1
        yield export.note(
            f"{len(empty)} {'row has' if one else 'rows have'} no answer in a claimed column, and the respondent has "
            f"answered in another row: {'it is' if one else 'they are'} left out and the respondent stays; the first "
            "in this line",
            "nothing, if the survey tool writes a row for each part of a form",
            line=export.table.lines[empty[0]],
            column=export.respondent_column,
        )


def _repeated_respondent(export: Export, identifier: str, places: list[int]) -> Finding:
    """Return a note on how many rows a respondent has, and whether they agree in every claimed column."""
    contents = {_contents(export, place) for place in places}
    lines = shortened(str(export.table.lines[place]) for place in places)
    if len(contents) == 1:
        fate, remedy = "identical in the claimed columns: one is kept", "nothing, or delete the copies"
    else:
        fate, remedy = "conflicting in the claimed columns: all are excluded", "keep the right row, delete the others"
    return export.note(
        f"a respondent has {len(places)} rows, lines {lines}, {fate}",
        remedy,
        line=export.table.lines[places[0]],
        column=export.respondent_column,
        value=identifier,
    )
