"""The commands and their options. Each function calls the module that does the work."""

from __future__ import annotations

import errno
import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from coproduction.build.stopping import INTERRUPTED
from coproduction.cli import part_commands, part_options, survey_commands, warehouse_text
from coproduction.cli.around_surveys import before_the_field, exchange_options
from coproduction.cli.build_command import StoppedError
from coproduction.cli.build_command import build as run_build
from coproduction.cli.disclosure_command import disclosure as run_disclosure
from coproduction.cli.erase_command import erase as run_erase
from coproduction.cli.file_commands import check as run_check
from coproduction.cli.file_commands import repair as run_repair
from coproduction.cli.project_folder import PerhapsProjectFolder, ProjectFolder, known_exports, require_project
from coproduction.cli.report_command import REPORTS_FOLDER
from coproduction.cli.report_command import files as run_files
from coproduction.cli.report_command import report as run_report
from coproduction.cli.report_command import workbook as run_workbook
from coproduction.cli.terminal import show
from coproduction.drafting.adding_surveys.adding import Wave
from coproduction.errors import CoproductionError
from coproduction.files.encodings import ENCODINGS
from coproduction.files.warehouse import open_warehouse, published_path, set_aside, warehouse_path

# Help and error messages are plain text without frames, and a mistake of the program shows an ordinary traceback.
app = typer.Typer(
    help="The survey warehouse from the command line. `coproduction COMMAND --help` shows an example of each command.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

Variables = Annotated[str, typer.Option("--vars", help="Variables as for dbt, in YAML.")]
Encoding = StrEnum("Encoding", [(name, name) for name in ENCODINGS])  # type: ignore[misc]


_FAULTS_OF_THE_MACHINE = (
    errno.EACCES, errno.EDQUOT, errno.EEXIST, errno.EIO, errno.EISDIR, errno.ENAMETOOLONG, errno.ENOENT, errno.ENOSPC,
    errno.ENOTDIR, errno.EPERM, errno.EROFS,
)  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code.

    0 means success, 1 that errors were found or that the warehouse cannot be read, 2 that the command does not exist,
    130 that somebody pressed Ctrl-C. ``arguments`` are those of the process if None.
    """
    # A terminal may not be able to show a character of a council's file. The message matters more than the character.
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        app(args=arguments, prog_name="coproduction")
    except StoppedError as reason:
        print(reason)
        return INTERRUPTED
    except CoproductionError as reason:
        print(reason, file=sys.stderr)
        return 1
    except OSError as reason:
        # A folder that is not there or a full disk is no mistake of the program.
        if reason.errno not in _FAULTS_OF_THE_MACHINE:
            raise
        where = f"{reason.filename}: " if reason.filename else ""
        print(f"{where}{reason.strerror or reason}. See whether the name is right and you may use it.", file=sys.stderr)
        return 1
    except SystemExit as ended:
        if ended.code == INTERRUPTED:
            print("Stopped.")
        return ended.code if isinstance(ended.code, int) else int(bool(ended.code))
    return 0


@app.command(epilog="Example: coproduction check bristol")
def check(
    exports: Annotated[
        list[str] | None,
        typer.Argument(help="Exports to check; all if none is named.", autocompletion=known_exports),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print what was found as JSON.")] = False,
    project: ProjectFolder = Path(),
    variables: Variables = "",
) -> None:
    """Find mistakes in the files before a build.

    Checks the exports in seeds/exports and the codebook in seeds/codebook, and says what to do about each mistake and
    which reports the answers of each export feed.
    """
    _exit(run_check(project, variables, only=exports or [], as_json=as_json))


@app.command(epilog="Example: coproduction repair swansea --encoding cp1252")
def repair(
    names: Annotated[
        list[str] | None, typer.Argument(help="Exports or codebook files; all that need it if none is named.")
    ] = None,
    encoding: Annotated[
        Encoding | None, typer.Option(help="Encoding of the files named, if the check asks for it.")
    ] = None,
    project: ProjectFolder = Path(),
) -> None:
    """Convert files to UTF-8 with commas.

    The original file is kept beside the new one.
    """
    _exit(run_repair(project, names or [], encoding.value if encoding else None))


@app.command(epilog="Example: coproduction build --vars '{include_synthetic: false}'")
def build(
    project: ProjectFolder = Path(),
    variables: Variables = "",
    changed: Annotated[bool, typer.Option("--changed", help="Count only the council-waves that have changed.")] = False,
    full_refresh: Annotated[bool, typer.Option("--full-refresh", help="With --changed: count all again.")] = False,
) -> None:
    """Check the files, build, test, publish and report.

    Runs `dbt build` and prints one line per layer, every warning and every error, and at the end the levels. Writes the
    report into the folder reports. With --changed, the tables of each council-wave are kept in warehouse/parts, and
    those that have changed are counted again.
    """
    if changed or full_refresh:
        _exit(part_commands.build_changed(project, variables, full_refresh))
    _exit(run_check(project, variables, shows_notes=False) and run_build(project, variables))


@app.command(epilog="Example: coproduction report --folder ~/for-the-committee")
def report(
    file: Annotated[Path | None, typer.Argument(help="A published file; the project's own if none is named.")] = None,
    folder: Annotated[Path | None, typer.Option(help="Where to write the pages; `reports` in the project.")] = None,
    project: PerhapsProjectFolder = Path(),
) -> None:
    """Write the report as pages that open offline.

    Writes a page for the whole study, one for each council and a dictionary. They show what is in the published file,
    and nothing that is withheld there.
    """
    run_report(file or _published(project), folder or require_project(project) / REPORTS_FOLDER)


@app.command(epilog="Example: coproduction workbook --folder ~/for-the-committee")
def workbook(
    file: Annotated[Path | None, typer.Argument(help="A published file; the project's own if none is named.")] = None,
    folder: Annotated[Path | None, typer.Option(help="Where to write the files; `reports` in the project.")] = None,
    project: PerhapsProjectFolder = Path(),
) -> None:
    """Write the reports as workbooks and as CSV files.

    Writes tables.xlsx with a sheet for each report, for the levels and for the answers, with charts; questions.xlsx
    with a sheet and a chart for each question; and a CSV file of each report. They show what is in the published file,
    and nothing that is withheld there.
    """
    run_workbook(file or _published(project), folder or require_project(project) / REPORTS_FOLDER)


@app.command(epilog="Example: coproduction files --folder ~/for-the-committee")
def files(
    file: Annotated[Path | None, typer.Argument(help="A published file; the project's own if none is named.")] = None,
    folder: Annotated[Path | None, typer.Option(help="Where to write the files; `reports` in the project.")] = None,
    project: PerhapsProjectFolder = Path(),
) -> None:
    """Write the pages of the report as Word documents, and their charts as SVG and PNG.

    A document has the findings, the charts with alternative texts and the tables of its page. A chart is a file with
    its title and the key to its colours, in the folder `charts`.
    """
    run_files(file or _published(project), folder or require_project(project) / REPORTS_FOLDER)


@app.command(epilog="Example: coproduction draft panel_2026.xlsx --sheet Responses")
def draft(
    files: Annotated[list[Path], typer.Argument(help="The file of answers; perhaps also one with wordings or codes.")],
    sheet: Annotated[str, typer.Option(help="Sheet of a workbook; the one with most answers if none is named.")] = "",
    into: Annotated[
        Path | None, typer.Option(help="Folder for the draft; one beside the file if none is named.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the draft as JSON.")] = False,
    project: ProjectFolder = Path(),
) -> None:
    """Draft the codebook of a survey.

    Reads the file of any survey tool and writes rows for the codebook into a folder, each with a confidence and its
    evidence, the doubtful ones first. Nothing of the project is changed.
    """
    survey_commands.draft(project, files, sheet, into, as_json)


@app.command(epilog="Example: coproduction add panel.xlsx --codebook panel_draft --council hillford --wave wave_1")
def add(
    files: Annotated[list[Path], typer.Argument(help="The file of answers, and those that the draft was made from.")],
    folder: Annotated[Path, typer.Option("--codebook", help="Folder of the completed draft.")],
    council: Annotated[str, typer.Option(help="Id of the council, such as hillford.")],
    wave: Annotated[str, typer.Option(help="Id of the wave, such as wave_1.")],
    sheet: Annotated[str, typer.Option(help="Sheet of a workbook, as for the draft.")] = "",
    export: Annotated[str, typer.Option(help="Name of the export; council_wave if none is named.")] = "",
    is_synthetic: Annotated[bool, typer.Option("--synthetic", help="The answers are made up.")] = False,
    accepts_likely: Annotated[
        bool, typer.Option("--accept-likely", help="Take likely rows that nobody has marked as checked.")
    ] = False,
    kept: Annotated[
        list[str] | None,
        typer.Option("--keep", help="Copy this column too, although it looks like personal data or free text."),
    ] = None,
    council_name: Annotated[str, typer.Option(help="Name of a new council.")] = "",
    country: Annotated[str, typer.Option(help="Country of a new council.")] = "",
    population: Annotated[int | None, typer.Option(help="Inhabitants of a new council.")] = None,
    population_year: Annotated[int | None, typer.Option(help="Year of that number.")] = None,
    area_type: Annotated[str, typer.Option(help="metropolitan, free_standing or rural.")] = "",
    project: ProjectFolder = Path(),
) -> None:
    """Add a survey with its completed draft.

    Checks the draft, says everything that is wrong at once, and changes nothing until it is right. Doubtful and likely
    rows have to be marked as checked. The same council and wave again replaces it.
    """
    described = {
        "council_name": council_name, "country": country, "population": str(population or ""),
        "population_year": str(population_year or ""), "area_type": area_type,
    }  # fmt: skip
    provenance = "synthetic" if is_synthetic else "real"
    survey = Wave(
        council, wave, described if council_name else {}, provenance, export, accepts_likely, tuple(kept or ())
    )
    _exit(survey_commands.add(project, files, sheet, folder, survey))


@app.command(epilog="Example: coproduction remove hillford_wave_1")
def remove(
    export: Annotated[str, typer.Argument(help="The export to remove.", autocompletion=known_exports)],
    project: ProjectFolder = Path(),
) -> None:
    """Take a survey out of the project.

    Removes its file, its rows in the codebook, and scales that only it has. Councils, themes and constructs stay.
    """
    survey_commands.remove(project, export)


@app.command(epilog="Example: coproduction surveys --json")
def surveys(
    as_json: Annotated[bool, typer.Option("--json", help="Print the list as JSON.")] = False,
    project: ProjectFolder = Path(),
) -> None:
    """List the surveys of the project and what each feeds."""
    survey_commands.surveys(project, as_json)


@app.command(epilog="Example: coproduction levels")
def levels(project: ProjectFolder = Path()) -> None:
    """Print the levels by council and theme."""
    path = warehouse_path(project)
    with open_warehouse(path) as connection:
        show(
            warehouse_text.levels_table(connection, path),
            *warehouse_text.left_out_sentences(connection),
            warehouse_text.gate_sentence(connection),
        )


@app.command(epilog="Example: coproduction tables")
def tables(project: ProjectFolder = Path()) -> None:
    """Print every table with its number of rows."""
    with open_warehouse(warehouse_path(project)) as connection:
        show(warehouse_text.tables_table(connection))


@app.command(epilog="Example: coproduction summary --project-dir ~/our-survey")
def summary(project: ProjectFolder = Path()) -> None:
    """Print what is built and how to open it.

    Says where the warehouse is, which data are synthetic, what is published and what the levels are.
    """
    path = warehouse_path(project)
    with open_warehouse(path) as connection:
        show(
            f"Warehouse: {path}",
            warehouse_text.synthetic_sentence(connection),
            warehouse_text.published_sentence(connection, path),
            warehouse_text.how_to_open(path),
            "`coproduction tables` prints every table with its number of rows.",
            *warehouse_text.levels_or_reason(connection, path),
            *warehouse_text.contrary_sentences(connection),
        )


@app.command(epilog="Example: coproduction reset")
def reset(project: ProjectFolder = Path()) -> None:
    """Set a damaged warehouse aside, so that the next build makes a new one.

    The file gets another name in its folder. The published file stays as it is.
    """
    path = warehouse_path(project)
    aside = set_aside(path)
    if aside is None:
        print(f"There is no warehouse at {path}: nothing was set aside.")
        return
    print(f"{path} is now {aside}. It holds what people answered: remove it when nobody needs it.")
    print("`coproduction build` makes a new warehouse.")


@app.command(epilog="Example: coproduction erase bristol B0123")
def erase(
    council: Annotated[str, typer.Argument(help="The council, as council_id in the codebook.")],
    respondent: Annotated[str, typer.Argument(help="The person's id, as it is in the exports.")],
    project: ProjectFolder = Path(),
    variables: Variables = "",
) -> None:
    """Erase a person from the exports and from all that was built, and build anew.

    Removes the person's rows from every export of the council, the warehouse and dbt's caches. Then it builds, so that
    the published file is one without this person.
    """
    _exit(run_erase(project, council, respondent, variables))


@app.command(epilog="Example: coproduction disclosure warehouse/published.duckdb --sharp")
def disclosure(
    file: Annotated[Path | None, typer.Argument(help="A published file; the project's own if none is named.")] = None,
    sharp: Annotated[bool, typer.Option("--sharp", help="Use intervals and p-values as well.")] = False,
    project: PerhapsProjectFolder = Path(),
) -> None:
    """Try to compute the withheld counts.

    Reads a published file as somebody would who has nothing else and knows every rule.
    """
    _exit(run_disclosure(file or _published(project), sharp))


exchange_options.register(app)
before_the_field.register(app)
part_options.register(app)


def _published(project: Path) -> Path:
    """Return the published file of a project."""
    return published_path(warehouse_path(require_project(project)))


def _exit(is_good: bool) -> None:
    """End a command with exit code 0 or 1."""
    raise typer.Exit(0 if is_good else 1)
