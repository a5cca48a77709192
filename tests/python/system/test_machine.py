"""A build on a machine that others use: where it writes, what it imports, and what it says when it has to stop."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from building import Project

# What would run if Python looked for its own modules in the current folder.
PLANTED = "from pathlib import Path\nPath({marker!r}).write_text('ran')\nraise SystemExit(3)\n"


@pytest.fixture(scope="module")
def moved(built, tmp_path_factory) -> Project:
    """A copy of the built project in a folder whose name a shell would take apart, with a profile of three targets."""
    project = Project.copy_of(built, tmp_path_factory.mktemp("moved") / "Tom's survey")
    path = project.directory / "profiles.yml"
    text = path.read_text(encoding="utf-8")
    local = text[text.index("    local:") :]
    place = local[local.index("path: ") :].partition("\n")[0]
    trial = local.replace("local:", "trial:").replace(place, "path: warehouse/trial.duckdb")
    little = local.replace("local:", "little:").replace(
        "config_options:", "config_options:\n        memory_limit: 20MB"
    )
    path.write_text(text + trial + little)
    return project


def run(*command: str, folder: Path, **environment: str) -> subprocess.CompletedProcess:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("DBT_", "COPRODUCTION_"))}
    # Python would otherwise write no compiled code, and so leave no trace in a temporary folder.
    kept.pop("PYTHONDONTWRITEBYTECODE", None)
    return subprocess.run(
        [str(Path(sys.executable).parent / command[0]), *command[1:]],
        cwd=folder,
        env={**kept, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=300,
    )


@pytest.mark.slow
def test_a_build_from_elsewhere_writes_and_imports_nothing_there(moved, tmp_path):
    """dbt-duckdb imports Python models from the temporary folder, and multiprocessing starts `python -c`."""
    elsewhere, temporary, marker = tmp_path / "elsewhere", tmp_path / "temporary", tmp_path / "marker"
    elsewhere.mkdir()
    temporary.mkdir()
    for folder in (elsewhere, moved.directory):
        for name in ("struct", "signal", "multiprocessing", "tempfile"):
            (folder / f"{name}.py").write_text(PLANTED.format(marker=str(marker)))
    before = moved.warehouse_path.stat().st_mtime_ns
    folder = str(moved.directory)
    options = ["--project-dir", folder, "--profiles-dir", folder, "--select", "est_pooled", "rpt_families"]
    build = run("dbt", "build", *options, folder=elsewhere, TMPDIR=str(temporary), PYTHONSAFEPATH="")
    assert build.returncode == 0, build.stdout
    assert not marker.exists()
    assert moved.warehouse_path.stat().st_mtime_ns > before
    assert len(list(elsewhere.iterdir())) == 4
    assert not list(temporary.iterdir())
    for name in ("struct", "signal", "multiprocessing", "tempfile"):
        (moved.directory / f"{name}.py").unlink()


@pytest.mark.slow
def test_another_target_has_its_own_claim_and_published_file(moved):
    official = moved.warehouse_path.with_name("published.duckdb")
    before = official.read_bytes()
    trial = Path(shutil.copy(moved.warehouse_path, moved.warehouse_path.with_name("trial.duckdb")))
    ran = run("dbt", "run", "--target", "trial", "--select", "path:models/publication", folder=moved.directory)
    assert ran.returncode == 0, ran.stdout
    assert f"There is no {trial.with_name('trial.published.duckdb')} yet" in ran.stdout
    assert trial.with_name(".trial.duckdb.claim").exists()
    assert official.read_bytes() == before
    options = ["--project-dir", str(moved.directory)]
    summary = run("coproduction", "summary", *options, folder=moved.directory.parent, DBT_TARGET="trial")
    assert f"Warehouse: {trial}" in summary.stdout, summary.stdout
    assert "Nothing is published yet" in summary.stdout


@pytest.mark.slow
def test_too_little_memory_is_said_in_one_line_at_the_end(moved):
    build = run("dbt", "run", "--target", "little", "--select", "cnt_answers", folder=moved.directory)
    assert build.returncode != 0, build.stdout
    assert "This machine had too little memory for cnt_answers. What was published before stays" in build.stdout
    assert "Traceback" not in build.stdout


@pytest.mark.slow
def test_a_relative_project_folder_from_elsewhere_is_refused_with_the_full_path(moved):
    parent = moved.directory.parent
    options = ["--project-dir", moved.directory.name, "--profiles-dir", moved.directory.name]
    build = run("dbt", "build", *options, folder=parent)
    assert build.returncode != 0
    assert "Give the folder of the project as a full path: --project-dir '" in build.stdout
    assert "Traceback" not in build.stdout


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal")
@pytest.mark.parametrize("command", [["dbt", "build"], ["coproduction", "build"]], ids=" ".join)
def test_ctrl_c_ends_a_build_with_one_line(moved, command):
    before = moved.warehouse_path.with_name("published.duckdb").read_bytes()
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("DBT_", "COPRODUCTION_"))}
    with subprocess.Popen(
        [str(Path(sys.executable).parent / command[0]), *command[1:]],
        cwd=moved.directory,
        env=kept,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        # A shell lets what it runs in the background ignore Ctrl-C, these tests and their children among it.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    ) as build:
        # Not while Python still imports dbt: no code of ours runs there.
        assert any("Found " in line or "load the exports" in line for line in build.stdout)
        # As a terminal does: to dbt, and to the command that started it.
        os.killpg(build.pid, signal.SIGINT)
        output = build.communicate(timeout=120)[0]
    assert build.returncode != 0, output
    assert "Traceback" not in output, output
    assert output.rstrip().splitlines()[-1].startswith("Stopped."), output
    assert moved.warehouse_path.with_name("published.duckdb").read_bytes() == before
