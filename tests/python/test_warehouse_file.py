"""The file that a build writes: which one it is, what is wrong with it, and what lies around it that is no file."""

import errno
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from building import PROJECT
from coproduction.cli import main
from coproduction.files import temporary, warehouse
from coproduction.files.plain_files import NotPlainError, make_private, open_plain
from coproduction.files.profile import ProfileError, path_in_profile
from coproduction.files.warehouse import (
    WarehouseError,
    file_of_path,
    open_warehouse,
    prepare_to_write,
    published_path,
    set_aside,
    warehouse_path,
)
from coproduction.publishing.plan import PublicationError
from coproduction.publishing.snapshot import replace_published

PROFILES = """
coproduction:
  target: "{{ env_var('SURVEY_TARGET', 'local') }}"
  outputs:
    local: {type: duckdb, path: "{{ env_var('COPRODUCTION_WAREHOUSE', '') or 'warehouse/coproduction.duckdb' }}"}
    trial: {type: duckdb, path: "{{ env_var('HOME') }}/trial.duckdb"}
    unused: {type: duckdb, path: "{{ env_var('NEVER_SET') }}"}
other:
  target: local
  outputs:
    local: {type: duckdb, path: other.duckdb}
"""


@pytest.fixture(autouse=True)
def _no_options(monkeypatch):
    for name in [name for name in os.environ if name.startswith(("DBT_", "COPRODUCTION_"))]:
        monkeypatch.delenv(name)


def built_file(path: Path) -> Path:
    """A file like one of a build: a table of ours, on several blocks."""
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema reports")
        connection.execute("create table reports.rpt_levels as select hash(range) as a, range as b from range(400000)")
    return path


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Path:
    return built_file(tmp_path_factory.mktemp("whole") / "coproduction.duckdb")


def with_bytes(content: bytes):
    return lambda path: path.write_bytes(content)


def cut_to(n_bytes: int):
    return lambda path: os.truncate(path, n_bytes)


def overwritten(place: int):
    def overwrite(path):
        with path.open("r+b") as file:
            file.seek(place)
            file.write(bytes(range(256)) * 32)

    return overwrite


def of_sqlite(path):
    path.unlink()
    connection = sqlite3.connect(path)
    connection.execute("create table a (b)")
    connection.commit()
    connection.close()


def of_another_project(path):
    path.unlink()
    with duckdb.connect(str(path)) as connection:
        connection.execute("create table somebody_elses as select 1 as a")


BROKEN = {
    "empty": (with_bytes(b""), "is empty: 0 bytes"),
    "text": (with_bytes(b"a list of locks and blocks\n" * 1000), "is no DuckDB file"),
    "sqlite": (of_sqlite, "is no DuckDB file"),
    "cut in its header": (cut_to(100), "is damaged"),
    "cut in its middle": (cut_to(600_000), "is damaged"),
    "overwritten header": (overwritten(4096), "is damaged"),
    "of another program": (of_another_project, "is a DuckDB file of something else"),
}


@pytest.mark.parametrize(("spoil", "words"), BROKEN.values(), ids=BROKEN)
def test_a_broken_file_is_named_as_what_it_is_with_the_remedy(whole, tmp_path, spoil, words):
    path = Path(shutil.copy(whole, tmp_path))
    spoil(path)
    with pytest.raises(WarehouseError) as refused:
        prepare_to_write(path)
    assert words in str(refused.value)
    assert "`coproduction reset` sets it aside" in str(refused.value)
    assert "in use" not in str(refused.value)


@pytest.mark.parametrize(("spoil", "words"), BROKEN.values(), ids=BROKEN)
def test_a_command_that_reads_names_a_broken_file_too(whole, tmp_path, monkeypatch, capsys, spoil, words):
    path = Path(shutil.copy(whole, tmp_path))
    spoil(path)
    monkeypatch.setenv("COPRODUCTION_WAREHOUSE", str(path))
    assert main(["levels", "--project-dir", str(PROJECT)]) == 1
    message = capsys.readouterr().err
    assert words in message
    assert "`coproduction reset` sets it aside" in message
    assert message.count("\n") == 1


def test_damage_that_is_found_while_reading_is_named(whole, tmp_path):
    path = Path(shutil.copy(whole, tmp_path))
    os.truncate(path, path.stat().st_size - 300_000)
    with pytest.raises(WarehouseError, match=r"is damaged.*coproduction reset"), open_warehouse(path) as connection:
        connection.execute("select sum(hash(t)) from reports.rpt_levels as t").fetchall()


def test_reset_sets_a_damaged_file_aside_and_the_next_build_may_begin(whole, tmp_path, monkeypatch, capsys):
    path = Path(shutil.copy(whole, tmp_path))
    cut_to(100)(path)
    path.with_name("coproduction.duckdb.wal").write_bytes(b"changes")
    monkeypatch.setenv("COPRODUCTION_WAREHOUSE", str(path))
    assert main(["reset", "--project-dir", str(PROJECT)]) == 0
    assert "It holds what people answered" in capsys.readouterr().out
    kept = sorted(file.name for file in tmp_path.glob("coproduction.duckdb*"))
    assert len(kept) == 2
    assert all(name.startswith("coproduction.duckdb.set_aside_") for name in kept)
    assert (tmp_path / kept[0]).stat().st_size == 100
    prepare_to_write(path)
    assert main(["reset", "--project-dir", str(PROJECT)]) == 0
    assert "nothing was set aside" in capsys.readouterr().out


def test_reset_waits_for_a_build(whole, tmp_path):
    path = Path(shutil.copy(whole, tmp_path))
    hold = (
        "import sys; from pathlib import Path; from coproduction.files.warehouse import prepare_to_write; "
        "prepare_to_write(Path(sys.argv[1])); print('held', flush=True); sys.stdin.readline()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", hold, str(path)],
        env={**os.environ, "PYTHONPATH": str(PROJECT / "python")},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(WarehouseError, match=f"process {holder.pid}"):
            set_aside(path)
        # Under another name of the same file, too.
        (tmp_path / "link.duckdb").symlink_to(path)
        with pytest.raises(WarehouseError, match=f"process {holder.pid}"):
            prepare_to_write(tmp_path / "link.duckdb")
        holder.communicate("\n", timeout=60)
    assert path.exists()


# --- What is no file ---


def a_link(path):
    path.with_name("victim").write_text("keep me")
    path.symlink_to(path.with_name("victim"))


KINDS = {"link": (a_link, "a link"), "pipe": (os.mkfifo, "a pipe"), "folder": (os.mkdir, "a folder")}


@pytest.mark.parametrize(("make", "words"), KINDS.values(), ids=KINDS)
def test_a_claim_or_log_that_is_no_file_is_refused(tmp_path, make, words):
    path = tmp_path / ".coproduction.duckdb.claim"
    make(path)
    with pytest.raises(NotPlainError, match=f"claim is {words} and no file"):
        prepare_to_write(tmp_path / "coproduction.duckdb")
    with pytest.raises(NotPlainError, match=f"claim is {words} and no file"):
        make_private(path)
    if words == "a link":
        assert path.with_name("victim").read_text() == "keep me"


@pytest.mark.parametrize(("make", "words"), KINDS.values(), ids=KINDS)
def test_a_published_file_that_is_no_file_is_refused_before_the_build_and_by_the_publication(tmp_path, make, words):
    """A new file would take the place of a link, and readers of what it leads to would see the old one for ever."""
    path = tmp_path / "published.duckdb"
    make(path)
    with pytest.raises(NotPlainError, match=f"published.duckdb is {words} and no file"):
        prepare_to_write(tmp_path / "coproduction.duckdb")
    with pytest.raises(PublicationError, match=f"Not published: .*published.duckdb is {words} and no file"):
        replace_published(path, lambda _: None, duckdb.connect())
    if words == "a link":
        assert path.with_name("victim").read_text() == "keep me"


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir])
def test_a_warehouse_that_is_no_file_is_refused(tmp_path, make):
    path = tmp_path / "coproduction.duckdb"
    make(path)
    with pytest.raises(WarehouseError, match="is no file"):
        prepare_to_write(path)
    with pytest.raises(WarehouseError, match="is no file"), open_warehouse(path):
        pass


@pytest.mark.parametrize(("make", "words"), KINDS.values(), ids=KINDS)
def test_a_build_is_refused_before_dbt_opens_a_log_that_is_no_file(tmp_path, monkeypatch, capsys, make, words):
    """dbt would wait for ever for somebody to read the pipe, and would write into what the link names."""
    from coproduction.cli import commands

    monkeypatch.setattr(commands, "run_check", lambda *_, **__: True)
    (tmp_path / "dbt_project.yml").touch()
    (tmp_path / "logs").mkdir()
    make(tmp_path / "logs" / "dbt.log")
    assert main(["build", "--project-dir", str(tmp_path)]) == 1
    assert f"dbt.log is {words} and no file" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["logs", "target"])
def test_a_build_names_the_folder_that_dbt_cannot_write(tmp_path, monkeypatch, capsys, name):
    """dbt ends without a word if it cannot open its log."""
    from coproduction.cli import commands

    monkeypatch.setattr(commands, "run_check", lambda *_, **__: True)
    (tmp_path / "dbt_project.yml").write_text("name: coproduction\n")
    (tmp_path / name).write_text("a file")
    assert main(["build", "--project-dir", str(tmp_path)]) == 1
    message = capsys.readouterr().err
    assert f"{tmp_path / name} is no folder. dbt writes there" in message
    assert "DBT_" in message
    (tmp_path / name).unlink()
    monkeypatch.setattr("os.access", lambda path, mode: not mode & os.W_OK or Path(path) != tmp_path)
    assert main(["build", "--project-dir", str(tmp_path)]) == 1
    assert f"This account may not write into {tmp_path}. dbt writes there" in capsys.readouterr().err


def test_a_build_where_another_account_has_built_says_so(tmp_path, monkeypatch):
    def refuse(path):
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    (tmp_path / ".coproduction.duckdb.claim").touch()
    monkeypatch.setattr(warehouse, "open_plain", refuse)
    with pytest.raises(WarehouseError, match="claim is of another account, which has built here"):
        prepare_to_write(tmp_path / "coproduction.duckdb")


def test_a_file_that_is_created_is_for_the_owner_alone(tmp_path):
    os.close(open_plain(tmp_path / "new"))
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o600


# --- Which file ---


@pytest.mark.slow
@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"COPRODUCTION_WAREHOUSE": ""},
        {"COPRODUCTION_WAREHOUSE": "elsewhere/survey.duckdb"},
        {"DBT_TARGET": "trial", "HOME": "/somewhere"},
        {"SURVEY_TARGET": "trial", "HOME": "/somewhere"},
        {"DBT_PROFILE": "other"},
        {"DBT_PROFILES_DIR": "profiles", "DBT_TARGET": "trial"},
    ],
    ids=str,
)
def test_the_path_of_the_command_line_is_the_path_of_dbt(tmp_path, monkeypatch, environment):
    """dbt's own reading of a profile, which takes seconds to import, stands beside ours."""
    from dbt.config.profile import Profile, read_profile
    from dbt.config.renderer import ProfileRenderer
    from dbt_common.context import set_invocation_context

    (tmp_path / "dbt_project.yml").write_text("name: small\nprofile: coproduction\n")
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles.yml").write_text(PROFILES)
    (tmp_path / "profiles" / "profiles.yml").write_text(PROFILES.replace("/trial.", "/in_folder."))
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    set_invocation_context(os.environ)
    name = environment.get("DBT_PROFILE", "coproduction")
    folder = tmp_path / environment.get("DBT_PROFILES_DIR", ".")
    target = environment.get("DBT_TARGET")
    _, of_dbt = Profile.render_profile(read_profile(str(folder))[name], name, target, ProfileRenderer({}))
    assert path_in_profile(tmp_path) == of_dbt["path"] != ""
    assert warehouse_path(tmp_path) == tmp_path / of_dbt["path"]


def test_an_empty_variable_and_a_relative_path_mean_files_of_the_project(tmp_path, monkeypatch):
    for name in ("profiles.yml", "dbt_project.yml"):
        shutil.copy(PROJECT / name, tmp_path)
    monkeypatch.setenv("COPRODUCTION_WAREHOUSE", "")
    assert warehouse_path(tmp_path) == tmp_path / "warehouse" / "coproduction.duckdb"
    monkeypatch.setenv("COPRODUCTION_WAREHOUSE", "other/a.duckdb")
    assert warehouse_path(tmp_path) == tmp_path / "other" / "a.duckdb"


def test_a_profile_that_names_no_path_is_explained(tmp_path):
    (tmp_path / "dbt_project.yml").write_text("profile: coproduction\n")
    (tmp_path / "profiles.yml").write_text("coproduction: {outputs: {local: {type: duckdb}}, target: local}\n")
    with pytest.raises(ProfileError, match="names no path for the target local of the profile coproduction"):
        warehouse_path(tmp_path)


@pytest.mark.parametrize("path", ["", ":memory:", "md:survey", "ducklake:survey"])
def test_a_database_that_is_no_file_is_refused(tmp_path, path):
    with pytest.raises(WarehouseError, match="The warehouse has to be a file"):
        file_of_path(path, tmp_path)


def test_each_warehouse_has_a_published_file_of_its_own(tmp_path):
    official = tmp_path / "coproduction.duckdb"
    official.touch()
    (tmp_path / "other").symlink_to(tmp_path)
    (tmp_path / "link.duckdb").symlink_to(official)
    assert published_path(official) == tmp_path / "published.duckdb"
    assert published_path(tmp_path / "other" / "coproduction.duckdb") == tmp_path / "published.duckdb"
    assert published_path(tmp_path / "link.duckdb") == tmp_path / "published.duckdb"
    assert published_path(tmp_path / "trial.duckdb") == tmp_path / "trial.published.duckdb"
    with pytest.raises(WarehouseError, match="a build publishes under that name"):
        prepare_to_write(tmp_path / "trial.published.duckdb")


def test_two_warehouses_that_would_publish_under_one_name_are_refused(whole, tmp_path):
    for name in ("trial.duckdb", "trial.db"):
        shutil.copy(whole, tmp_path / name)
    for name in ("trial.csv", "trial.duckdb.wal"):
        (tmp_path / name).write_text("no warehouse")
    with pytest.raises(WarehouseError, match=r"trial.db would both be published as trial.published.duckdb"):
        prepare_to_write(tmp_path / "trial.duckdb")
    (tmp_path / "trial.db").unlink()
    (tmp_path / "trial.duckdb.wal").unlink()
    prepare_to_write(tmp_path / "trial.duckdb")


# --- The temporary folder ---


def test_the_temporary_folder_is_for_this_process_and_what_killed_ones_left_is_removed(tmp_path):
    of_a_killed = tmp_path / "coproduction-4194304000-abc"
    of_a_running = tmp_path / f"coproduction-{os.getpid()}-abc"
    of_another_program = tmp_path / "other-4194304000-abc"
    for folder in (of_a_killed, of_a_running, of_another_program):
        folder.mkdir()
        (folder / "file").touch()
    (tmp_path / "coproduction-4194304001-link").symlink_to(of_another_program)
    code = (
        "import os, tempfile; from coproduction.files.temporary import use_private_temporary_folder as use; "
        "folder = use(); assert use() == folder; assert tempfile.gettempdir() == os.environ['TMPDIR'] == str(folder); "
        "print(folder.name.split('-')[1] == str(os.getpid()), oct(folder.stat().st_mode & 0o777), folder.parent)"
    )
    environment = {**os.environ, "TMPDIR": str(tmp_path), "PYTHONPATH": str(PROJECT / "python")}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "0o700", str(tmp_path)]
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {of_a_running.name, of_another_program.name, "coproduction-4194304001-link"}
    assert (of_another_program / "file").exists()


def test_a_machine_without_room_for_temporary_files_is_one_line(monkeypatch):
    def full(prefix):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(temporary.tempfile, "tempdir", "/somewhere")
    monkeypatch.setattr(temporary.tempfile, "mkdtemp", full)
    with pytest.raises(temporary.TemporaryFolderError, match=r"No space left on device\)\. Make room in it"):
        temporary.use_private_temporary_folder()


def test_a_process_that_runs_is_known():
    assert temporary.is_running(os.getpid())
    assert not temporary.is_running(4194304000)
