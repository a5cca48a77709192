"""docs/before-the-field.md, followed to the letter: its commands print what it shows."""

import re
import shlex

from building import PROJECT
from coproduction.cli import main

PAGE = (PROJECT / "docs" / "before-the-field.md").read_text(encoding="utf-8")
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_the_commands_print_what_the_page_shows(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    blocks = FENCE.findall(PAGE)
    (panel,) = (text for kind, text in blocks if kind == "csv")
    (tmp_path / "panel.csv").write_text(panel, encoding="utf-8")
    commands = [text for kind, text in blocks if kind == "sh" and "--chart" not in text]
    (chart,) = [text for kind, text in blocks if kind == "sh" and "--chart" in text]
    shown = [text for kind, text in blocks if kind == "text"]
    assert len(commands) == 3
    for command, text in zip(commands, shown, strict=True):
        assert main(shlex.split(command)[1:]) == 0
        assert capsys.readouterr().out == text
    assert main(shlex.split(chart)[1:]) == 0
    assert capsys.readouterr().out == f"{shown[0]}\nChart: plan.html. Open it in a browser.\n"
    assert (tmp_path / "plan.html").is_file()
