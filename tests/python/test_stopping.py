"""Ctrl-C ends a build at any moment, also while it prints."""

import subprocess
import sys

import pytest

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
