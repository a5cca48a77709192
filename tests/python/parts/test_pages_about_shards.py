"""What docs/parts.md shows for clusters runs each line of a plan once, with a cluster that is only pretended."""

import os
import re
import subprocess
import sys
import types

import pytest
import yaml

from building import PROJECT

PLAN = ["coproduction part a.w1 --vars '{}'", "coproduction part b.w1 'c d.w1' --vars '{}'", "coproduction part e.w1"]


def block(language):
    text = (PROJECT / "docs" / "parts.md").read_text(encoding="utf-8")
    (found,) = re.findall(rf"^```{language}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    return found


@pytest.fixture
def data(tmp_path):
    """A folder with a plan, and a program `coproduction` that writes down what it was asked."""
    (tmp_path / "parts").mkdir()
    (tmp_path / "project").mkdir()
    (tmp_path / "parts" / "shards.txt").write_text("".join(f"{line}\n" for line in PLAN))
    program = tmp_path / "coproduction"
    program.write_text(f'#!/bin/sh\nprintf "%s|" "$@" >> {tmp_path}/asked\necho >> {tmp_path}/asked\n')
    program.chmod(0o755)
    return tmp_path


def asked(data):
    return [line.split("|")[:-1] for line in (data / "asked").read_text().splitlines()]


def test_each_pod_runs_its_own_line(data):
    job = yaml.safe_load(block("yaml"))
    (container,) = job["spec"]["template"]["spec"]["containers"]
    assert job["spec"]["completionMode"] == "Indexed"
    for place in range(len(PLAN)):
        environment = {"PATH": f"{data}:{os.environ['PATH']}", "JOB_COMPLETION_INDEX": str(place)}
        command = [word.replace("/data", str(data)) for word in [*container["command"], *container["args"]]]
        subprocess.run(command, env=environment, check=True)
    assert asked(data) == [
        ["part", "a.w1", "--vars", "{}"], ["part", "b.w1", "c d.w1", "--vars", "{}"], ["part", "e.w1"],
    ]  # fmt: skip


def test_ray_runs_each_line_and_then_builds(data, monkeypatch):
    ray = types.ModuleType("ray")
    ray.init = lambda: None
    ray.get = list
    ray.remote = lambda **_: lambda function: types.SimpleNamespace(remote=function)
    monkeypatch.setitem(sys.modules, "ray", ray)
    monkeypatch.setenv("PATH", f"{data}:{os.environ['PATH']}")
    exec(compile(block("python").replace("/data", str(data)), "parts.md", "exec"), {})
    assert asked(data)[:2] == [["part", "a.w1", "--vars", "{}"], ["part", "b.w1", "c d.w1", "--vars", "{}"]]
    assert asked(data)[-1] == ["build", "--vars", f"{{parts_from: {data}/parts}}"]


def test_the_line_for_xargs_runs_each_line(data):
    text = (PROJECT / "docs" / "parts.md").read_text(encoding="utf-8")
    (line,) = re.findall(r"`(xargs .*?)`", text)
    environment = {"PATH": f"{data}:{os.environ['PATH']}"}
    command = line.replace("warehouse/parts", str(data / "parts")).replace("-P 4", "-P 1")
    subprocess.run(["sh", "-c", command], env=environment, check=True)
    assert len(asked(data)) == len(PLAN)
