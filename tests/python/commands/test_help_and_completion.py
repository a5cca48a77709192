"""Each command shows an example that it would accept, a shell can complete its words, and --json is for scripts."""

import json
import os
import pty
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from building import PROJECT
from coproduction.cli import main
from coproduction.cli.commands import app

COMMANDS = typer.main.get_command(app).commands
RUN = [sys.executable, "-c", "import sys; from coproduction.cli import main; sys.exit(main(sys.argv[1:]))"]
SURVEY = "Ref,Q1. How often have you picked up litter in the last 12 months?,Gender\n" + "".join(
    f"H{n},{('Often', 'Sometimes', 'Never')[n % 3]},{('Female', 'Male')[n % 2]}\n" for n in range(40)
)


def example_of(command) -> list[str]:
    assert command.epilog.startswith("Example: coproduction ")
    return shlex.split(command.epilog.removeprefix("Example: coproduction "))


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_each_command_has_an_example_that_the_command_accepts(name, capsys, monkeypatch):
    monkeypatch.chdir(PROJECT)
    assert main([name, "--help"]) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert COMMANDS[name].epilog in printed
    command, *arguments = example_of(COMMANDS[name])
    assert command == name
    # Options that do not exist, values of another type and arguments too many or too few raise an error.
    with COMMANDS[name].make_context(name, arguments, resilient_parsing="--project-dir" in arguments) as context:
        assert set(arguments) <= set(shlex.split(COMMANDS[name].epilog)) and context.info_name == name


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_and_option_is_explained(name):
    assert COMMANDS[name].help
    missing = [option.name for option in COMMANDS[name].params if not option.help and option.name != "help"]
    assert missing == []


def test_an_example_with_an_option_that_is_none_would_be_found(monkeypatch):
    monkeypatch.chdir(PROJECT)
    with pytest.raises(Exception, match="No such option"):
        COMMANDS["check"].make_context("check", ["bristol", "--no-such-option"])


def run(*arguments, home, **variables):
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "PYTHONPATH": str(PROJECT / "python"), **variables}
    return subprocess.run([*RUN, *arguments], env=environment, cwd=PROJECT, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_the_words_of_a_shell_are_printed_and_nothing_is_written(tmp_path):
    # With this variable typer is told the shell and does not look for it: a test may run without one.
    done = run("--show-completion", "bash", home=tmp_path, _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1")
    assert done.returncode == 0
    assert "complete -o default -F _coproduction_completion coproduction" in done.stdout
    assert [*tmp_path.iterdir()] == []


@pytest.mark.slow
def test_installing_them_writes_what_the_page_says_and_names_it(tmp_path):
    done = run("--install-completion", "bash", home=tmp_path, _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1")
    written = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert written == {".bashrc", ".bash_completions/coproduction.sh"}
    assert f"bash completion installed in {tmp_path}/.bash_completions/coproduction.sh" in done.stdout
    assert (tmp_path / ".bashrc").read_text().split() == ["source", f"'{tmp_path}/.bash_completions/coproduction.sh'"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("coproduction rem", ["remove"]),
        ("coproduction remove b", ["barnet", "bristol"]),
        ("coproduction export sw", ["swansea"]),
        ("coproduction plan --resp", ["--response-rate"]),
    ],
)
def test_words_are_completed(words, expected, tmp_path):
    place = str(len(words.split()) - 1)
    done = run(home=tmp_path, _COPRODUCTION_COMPLETE="complete_bash", COMP_WORDS=words, COMP_CWORD=place)
    assert done.stdout.split() == expected
    assert done.stderr == ""


def test_where_there_is_no_project_no_name_is_completed(tmp_path, monkeypatch, capsys):
    from coproduction.cli.project_folder import known_exports

    monkeypatch.chdir(tmp_path)
    assert known_exports("b") == []
    assert capsys.readouterr() == ("", "")


@pytest.fixture
def survey(tmp_path):
    (tmp_path / "panel.csv").write_text(SURVEY, encoding="utf-8")
    return tmp_path / "panel.csv"


def test_a_draft_is_printed_as_json(survey, capsys):
    assert main(["draft", str(survey), "--json", "--project-dir", str(PROJECT)]) == 0
    printed = capsys.readouterr().out
    found = json.loads(printed)
    assert found["n_respondents"] == 40
    assert found["respondent_column"] == "Ref"
    (gender,) = [row for row in found["questions"] if row["column_name"] == "Gender"]
    assert (gender["construct_id"], gender["confidence"]) == ("gender", "certain")
    assert (survey.parent / "panel_draft" / "questions.csv").is_file()


def test_the_next_command_can_be_copied_with_every_file_that_the_draft_was_made_from(survey, capsys, monkeypatch):
    monkeypatch.chdir(survey.parent)
    answers = survey.rename("Our survey (1-40).csv")
    Path("wordings.csv").write_text("variable,wording\nRef,Number\nGender,What is your gender?\n", encoding="utf-8")
    assert main(["draft", str(answers), "wordings.csv", "--project-dir", str(PROJECT)]) == 0
    (then,) = [line for line in capsys.readouterr().out.splitlines() if line.startswith("Then: ")]
    command = shlex.split(then.removeprefix("Then: "))
    draft = "our_survey_1_40_draft"
    expected = ["coproduction", "add", str(answers), "wordings.csv", "--codebook", draft]
    assert command == [*expected, "--council", "COUNCIL", "--wave", "WAVE"]
    assert then.removeprefix("Then: ") in Path(draft, "README.txt").read_text(encoding="utf-8")


def test_surveys_are_printed_as_json(capsys):
    assert main(["surveys", "--json", "--project-dir", str(PROJECT)]) == 0
    found = {row["export_id"]: row for row in json.loads(capsys.readouterr().out)}
    assert found["bristol"]["council_id"] == "bristol"
    assert found["bristol"]["n_respondents"] == 953
    assert "bristol feeds" in found["bristol"]["feeds"]


def test_an_error_of_a_command_with_json_leaves_the_output_empty(tmp_path, capsys):
    assert main(["draft", str(tmp_path / "no.csv"), "--json", "--project-dir", str(PROJECT)]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "no.csv cannot be opened" in printed.err


@pytest.mark.slow
def test_a_terminal_sees_what_is_being_done_and_a_script_does_not(survey):
    """The progress is on the terminal behind the error stream; the output is JSON alone, and so is a log's."""
    arguments = ["draft", str(survey), "--json", "--project-dir", str(PROJECT)]
    environment = os.environ | {"TERM": "xterm", "PYTHONPATH": str(PROJECT / "python")}
    terminal, side = pty.openpty()
    done = subprocess.run([*RUN, *arguments], stderr=side, stdout=subprocess.PIPE, env=environment, check=True)
    os.close(side)
    seen = os.read(terminal, 100_000).decode()
    os.close(terminal)
    assert "Drafting 3 columns" in seen
    assert json.loads(done.stdout)["n_respondents"] == 40
    quiet = subprocess.run([*RUN, *arguments, "--into", str(survey.parent / "b")], capture_output=True, env=environment)
    assert (quiet.returncode, quiet.stderr) == (0, b"")


def test_a_command_begins_without_the_libraries_that_take_long_to_import():
    """Completion starts the program at each press of the tabulator."""
    heavy = "{'scipy', 'numpy', 'pandas', 'statsmodels', 'great_expectations', 'dbt'}"
    code = f"import sys, coproduction.cli.commands; print(sorted({heavy} & set(sys.modules)))"
    environment = os.environ | {"PYTHONPATH": str(PROJECT / "python")}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True)
    assert done.stdout == "[]\n"
