"""A build asks the system for no connection. `make test` refuses Python's; here DuckDB's would be seen as well."""

import re
import shutil
import subprocess
import sys

import pytest

INTERNET = re.compile(r"(?:connect|sendto|sendmsg)\(.*AF_INET6?")
CONNECT = "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).connect(('127.0.0.1', 9))"

pytestmark = pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")


def attempts(command: list[str], folder, trace) -> list[str]:
    """Run a command with all its processes; return its attempts to reach a machine by an address, also this one."""
    watched = ["strace", "-f", "-qq", "--seccomp-bpf", "-e", "trace=connect,sendto,sendmsg", "-o", str(trace), *command]
    finished = subprocess.run(watched, cwd=folder, capture_output=True, text=True, check=False, timeout=900)
    if not trace.exists():
        pytest.skip(f"strace may not trace here: {finished.stderr}")
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return [line for line in trace.read_text(errors="replace").splitlines() if INTERNET.search(line)]


@pytest.mark.fault("builds that connect to nothing")
def test_a_build_makes_no_network_connection(faulty, tmp_path):
    dbt = shutil.which("dbt", path=str(sys.executable).rpartition("/")[0])
    assert attempts([dbt, "build"], faulty.project.directory, tmp_path / "trace") == []


def test_a_connection_would_be_seen(tmp_path):
    assert len(attempts([sys.executable, "-c", CONNECT], tmp_path, tmp_path / "trace")) == 1
