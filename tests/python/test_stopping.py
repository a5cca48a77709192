"""Ctrl-C ends a build at any moment, also while it prints."""

import subprocess
import sys

import pytest
from dbt.events.types import MainEncounteredError
from dbt_common.events.event_manager_client import get_event_manager
from dbt_common.events.functions import fire_event

from coproduction.build.full_disk import tell_of_a_full_disk
from coproduction.build.stopping import INTERRUPTED

# The program's name is dbt, and the signal comes in the middle of a line that it prints.
PRINTS_AND_IS_INTERRUPTED = """
import io, os, signal, sys
from coproduction.build.stopping import stop_at_interrupt

class Interrupted(io.RawIOBase):
    def writable(self):
        return True

    def write(self, text):
        os.kill(os.getpid(), signal.SIGINT)
        return os.write(1, text)

sys.argv = ["dbt"]
signal.signal(signal.SIGINT, signal.default_int_handler)
stop_at_interrupt()
sys.stdout = io.TextIOWrapper(io.BufferedWriter(Interrupted()))
try:
    print("Found 300 models", flush=True)
except Exception as error:
    print(error, file=sys.stderr)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal")
def test_ctrl_c_while_a_line_is_printed_ends_the_build():
    ran = subprocess.run([sys.executable, "-c", PRINTS_AND_IS_INTERRUPTED], capture_output=True, text=True, check=False)
    assert ran.returncode == INTERRUPTED, ran.stderr
    assert ran.stdout.splitlines()[-1].startswith("Stopped. Nothing was published"), ran.stdout


# After a failed checkpoint no macro runs at the end of the build, so the plugin says it.
@pytest.mark.parametrize(
    ("message", "is_said"),
    [
        ("FATAL Error: database has been invalidated. Could not write file: No space left on device", True),
        ("Compilation Error in model cnt_levels", False),
    ],
)
def test_a_build_that_breaks_off_on_a_full_disk_says_so(message, is_said, tmp_path, capsys):
    callbacks = get_event_manager().callbacks
    before = list(callbacks)
    try:
        tell_of_a_full_disk(tmp_path / "coproduction.duckdb")
        fire_event(MainEncounteredError(exc=message))
    finally:
        callbacks[:] = before
    assert (f"The disk of {tmp_path / 'coproduction.duckdb'} is full" in capsys.readouterr().out) == is_said


# The import of the commands takes seconds, and the fault comes in the middle of it.
FAULT_WHILE_IT_IMPORTS = """
import sys
from coproduction.cli import main

class Fault:
    def find_spec(self, name, *_):
        if name == "typer":
            raise {}

assert "typer" not in sys.modules
sys.meta_path.insert(0, Fault())
sys.exit(main(["check"]))
"""


NO_ROOM = 'ImportError("libscipy.so: failed to map segment from shared object")'
TOO_LITTLE = "This machine has too little memory for this. Close other programs, and try again.\n"


@pytest.mark.parametrize(
    ("fault", "ending"),
    [
        ("KeyboardInterrupt", (INTERRUPTED, "Stopped.\n", "")),
        ("MemoryError", (1, "", TOO_LITTLE)),
        (NO_ROOM, (1, "", TOO_LITTLE)),
    ],
)
def test_a_fault_while_a_command_is_imported_is_one_line(fault, ending):
    command = [sys.executable, "-c", FAULT_WHILE_IT_IMPORTS.format(fault)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout, ran.stderr) == ending
