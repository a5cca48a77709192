"""What an install fetches: exact versions whose hashes are known, and all that pyproject.toml asks for."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")


def locked(text: str) -> dict[str, Requirement]:
    """Return the requirements of a lock by name. Raises ValueError for one that is not pinned or has no hash."""
    found = {}
    for entry in text.replace("\\\n", " ").splitlines():
        if not entry.strip() or entry.startswith("#"):
            continue
        if entry.startswith("-"):
            raise ValueError(f"an option in the lock: {entry}")
        words = entry.partition(" --hash=")
        requirement = Requirement(words[0].strip())
        hashes = (words[1] + words[2]).split()
        if requirement.url or [specifier.operator for specifier in requirement.specifier] != ["=="]:
            raise ValueError(f"not pinned: {requirement}")
        if not hashes or not all(HASH.fullmatch(word) for word in hashes):
            raise ValueError(f"without hashes: {requirement}")
        found[canonicalize_name(requirement.name)] = requirement
    return found


def asked_for(project: dict) -> list[Requirement]:
    """Return what a project needs itself: to be built, to run, and for its extras."""
    extras = [line for lines in project["project"]["optional-dependencies"].values() for line in lines]
    return [
        Requirement(line)
        for line in [*project["build-system"]["requires"], *project["project"]["dependencies"], *extras]
    ]


@pytest.fixture(scope="module")
def lock() -> str:
    return (ROOT / "requirements.lock").read_text(encoding="utf-8")


def test_every_requirement_is_pinned_and_has_hashes(lock):
    assert len(locked(lock)) > 50


def test_the_lock_has_what_the_project_asks_for(lock):
    # `make setup` installs all extras but Spark, which has half a gigabyte: `make spark` does.
    pins = locked(lock) | locked((ROOT / "tests" / "spark" / "requirements.txt").read_text(encoding="utf-8"))
    for requirement in asked_for(tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))):
        pin = pins[canonicalize_name(requirement.name)]
        (version,) = (specifier.version for specifier in pin.specifier)
        assert requirement.specifier.contains(version, prereleases=True), (str(requirement), version)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda text: re.sub(r"(?m)^duckdb==", "duckdb>=", text), "not pinned: duckdb"),
        (
            lambda text: re.sub(r"(?m)^(duckdb==\S+).*?(?=^\w)", r"\1\n", text, flags=re.DOTALL),
            "without hashes: duckdb",
        ),
        (lambda text: text.replace("--hash=sha256:", "--hash=md5:", 1), "without hashes"),
        (lambda text: "--trusted-host example.org\n" + text, "an option in the lock"),
        (
            lambda text: text + "evil @ https://example.org/evil.whl --hash=sha256:" + "0" * 64 + "\n",
            "not pinned: evil",
        ),
    ],
    ids=["range", "no hash", "weak hash", "option", "address"],
)
def test_a_looser_lock_is_noticed(lock, change, message):
    assert change(lock) != lock
    with pytest.raises(ValueError, match=message):
        locked(change(lock))


@pytest.mark.parametrize(("file", "version"), [("1.0", "1.0.0"), ("1.5", "1.5.")])
def test_the_older_versions_of_duckdb_are_pinned_with_hashes(file, version):
    pins = locked((ROOT / "tests" / "older_duckdb" / f"{file}.txt").read_text(encoding="utf-8"))
    assert str(pins.pop("duckdb").specifier).startswith(f"=={version}")
    assert not pins


def test_no_command_of_the_makefile_installs_without_hashes_or_imports_from_the_folder_of_the_project():
    """`python -m` and `python -c` look for modules in the current folder, unless -P or -I forbids it."""
    lines = [line for line in (ROOT / "Makefile").read_text(encoding="utf-8").splitlines() if line.startswith("\t")]
    for line in lines:
        if "pip install" in line:
            assert "--require-hashes" in line or "--no-deps --no-build-isolation --editable ." in line, line
        if re.search(r"(?:python|\$\(PYTHON\)) .*-[mc] (?:pip|venv|')", line):
            assert re.search(r"(?:python|\$\(PYTHON\)) -[PI] ", line), line
