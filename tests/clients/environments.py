"""Environments of their own for the clients: made once, from locked requirements, in a folder that git ignores."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
CLIENTS = Path(__file__).resolve().parent
FOLDER = PROJECT / "target" / "clients"
# The oldest and the newest DuckDB before 2.0 have their locks already, for `make older-duckdb`.
LOCKS = {
    "duckdb-1.0": PROJECT / "tests/older_duckdb/1.0.txt",
    "duckdb-1.5": PROJECT / "tests/older_duckdb/1.5.txt",
    **{lock.stem: lock for lock in (CLIENTS / "requirements").glob("*.txt")},
}


def python_of(name: str) -> Path:
    """Return the interpreter of an environment, made if it is not there. Skips the test if it cannot be installed."""
    lock, environment = LOCKS[name], FOLDER / name
    fingerprint = hashlib.sha256(lock.read_bytes()).hexdigest()
    python, made = environment / "bin" / "python", environment / "made-from"
    if not (made.is_file() and made.read_text(encoding="utf-8") == fingerprint):
        run([sys.executable, "-I", "-m", "venv", "--clear", "--without-pip", str(environment)])
        install = [sys.executable, "-m", "pip", "--python", str(python), "--quiet", "--disable-pip-version-check"]
        install += ["install", "--only-binary", ":all:", "--require-hashes", "--requirement", str(lock)]
        _install(install, name)
        made.write_text(fingerprint, encoding="utf-8")
    return python


def node_folder() -> Path:
    """Return the folder of the client for node, with its packages. Skips the test without node."""
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("node is not installed here")
    source, folder = CLIENTS / "node", FOLDER / "node"
    lock = (source / "package-lock.json").read_bytes()
    made = folder / "made-from"
    if not (made.is_file() and made.read_bytes() == lock):
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(source, folder)
        _install(["npm", "--prefix", str(folder), "ci", "--silent"], "node")
        made.write_bytes(lock)
    shutil.copy(source / "read.mjs", folder)
    return folder


def _install(command: list[str], name: str) -> None:
    try:
        run(command)
    except AssertionError as reason:
        pytest.skip(f"{name} cannot be installed here: {str(reason).strip().splitlines()[-1]}")


def run(command: list[str]) -> str:
    """Return what a command prints. Raises AssertionError with its errors if it fails."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, done.stderr or done.stdout
    return done.stdout
