"""The command ``init``: makes a study of one's own, and brings it up to date."""

from __future__ import annotations

from pathlib import Path

from coproduction.cli.terminal import counted
from coproduction.drafting.folder import relative
from coproduction.study.making import Upgraded, make_study, upgrade_study


def init(folder: Path, is_upgrade: bool) -> None:
    """Make a study in a folder, or bring the one there up to date, and say what was done."""
    if is_upgrade:
        _say(folder, upgrade_study(folder))
        return
    n_files = make_study(folder)
    print(f"Made a study in {relative(folder)}: {counted(n_files, 'file')}, with the vocabulary and without data.")
    print(f"Next: cd {relative(folder)}, and there: coproduction draft FILE. README.md there has the steps.")


def _say(folder: Path, done: Upgraded) -> None:
    print(f"{relative(folder)}: {counted(len(done.written), 'file')} new, {len(done.removed)} removed.")
    if done.merged:
        print(f"Your changes and the new ones are both in: {', '.join(done.merged)}.")
    if done.kept:
        print(f"Left as you changed it: {', '.join(done.kept)}. The new form of each is in .coproduction/new.")
        print("Compare both and take over what you need, or copy the new file over yours.")
    print("Next: coproduction check")
