"""A panel is dealt to arms: balanced, by chance, the same for the same seed, and nothing is ever written over."""

import csv
import random
import subprocess
from collections import Counter

import pytest

from building import PROJECT
from coproduction.cli import main
from coproduction.fieldwork.assignment import BLANK, assign, groups_of

ARMS = ("none", "a", "b")
GENDERS = [("Female", "Male", "Male", "")[n % 4] for n in range(200)]
IDS = [f"P{n:03}" for n in range(200)]
HOUSES = [f"H{n // 3}" if n % 10 else "" for n in range(200)]
PEOPLE = [["P1", "Female", "31"], ["P2", "Male", "32"], ["P3", "Female", "33"], ["P4", "Male", "34"]]


def differences(assigned, values, arms=ARMS):
    """Return for each value by how many people the largest arm exceeds the smallest."""
    counts = Counter(zip(values, assigned, strict=True))
    return {value: max(n := [counts[value, arm] for arm in arms]) - min(n) for value in set(values)}


@pytest.mark.parametrize("seed", range(8))
def test_arms_differ_by_one_at_most_in_each_block_and_by_two_overall(seed):
    bands = [str(n % 5) for n in range(200)]
    assigned = assign(IDS, {"gender": GENDERS, "band": bands}, [], ARMS, seed)
    blocks = [*zip(GENDERS, bands, strict=True)]
    assert max(differences(assigned, blocks).values()) <= 1
    assert differences(assigned, ["all"] * 200)["all"] <= 2
    assert differences(assign(IDS, {}, [], ARMS, seed), ["all"] * 200) == {"all": 1}


def test_people_whom_nobody_resembles_are_balanced_by_each_trait():
    """Blocks of one person: without a rule for what is left over, gender would differ by chance."""
    streets = [f"S{n}" for n in range(60)]
    genders = ["Female" if n % 3 else "Male" for n in range(60)]
    for seed in range(10):
        assigned = assign(streets, {"gender": genders, "street": streets}, [], ("none", "a"), seed)
        assert max(differences(assigned, genders, ("none", "a")).values()) <= 2


def test_the_order_of_the_rows_and_the_capitals_of_an_id_play_no_part():
    first = dict(zip(IDS, assign(IDS, {"gender": GENDERS}, HOUSES, ARMS, 7), strict=True))
    places = list(range(200))
    random.Random(1).shuffle(places)
    shuffled = [[column[place] for place in places] for column in (IDS, GENDERS, HOUSES)]
    again = assign([name.lower() for name in shuffled[0]], {"gender": shuffled[1]}, shuffled[2], ARMS, 7)
    assert dict(zip(shuffled[0], again, strict=True)) == first
    assert assign(IDS, {"gender": GENDERS}, HOUSES, ARMS, 8) != [*first.values()]


def test_a_household_is_in_one_arm_and_people_without_one_are_dealt_alone():
    assigned = assign(IDS, {"gender": GENDERS}, HOUSES, ARMS, 3)
    arms_of = {}
    for house, arm in zip(HOUSES, assigned, strict=True):
        arms_of.setdefault(house, set()).add(arm)
    alone = arms_of.pop("")
    assert {len(arms) for arms in arms_of.values()} == {1}
    assert alone == set(ARMS)
    units = [*{(house or name): arm for house, name, arm in zip(HOUSES, IDS, assigned, strict=True)}.values()]
    assert max(n := Counter(units).values()) - min(n) <= 2


def test_every_arm_is_as_likely_for_everybody():
    """Of 600 seeds each of 7 people gets each of 3 arms about 200 times, also where blocks leave people over."""
    people, traits = [f"P{n}" for n in range(7)], {"gender": list("aabbbbc")}
    counts = Counter(pair for seed in range(600) for pair in enumerate(assign(people, traits, [], ARMS, seed)))
    assert len(counts) == 21
    assert all(abs(n_times - 200) < 4.5 * (600 * 2 / 9) ** 0.5 for n_times in counts.values())


def test_two_people_of_one_block_are_not_tied_to_each_other_beyond_the_balance():
    """In a block of two whole rounds the last two of three do not always follow from the first round's order."""
    dealt = {tuple(assign([f"P{n}" for n in range(4)], {}, [], ("none", "a"), seed)) for seed in range(200)}
    assert len(dealt) == 6, "all six ways to deal two arms twice occur"


def test_a_trait_of_many_numbers_is_balanced_in_groups_of_about_equal_size():
    ages = [str(18 + n % 60) for n in range(300)]
    groups = groups_of([*ages, ""])
    sizes = Counter(groups)
    assert sizes.pop(BLANK) == 1
    assert len(sizes) == 5 and min(sizes.values()) == max(sizes.values()) == 60
    assert groups_of(["a", " a ", "b"]) == ["a", "a", "b"]
    assert groups_of([f"Street {n}" for n in range(20)]) is None


def written(path, rows, header=("Ref", "Gender", "Age")):
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def run(capsys, *arguments):
    code = main([*map(str, arguments)])
    captured = capsys.readouterr()
    return code, captured.out + captured.err


def test_the_list_is_written_anew_with_one_more_column_for_its_owner_alone(tmp_path, capsys):
    panel = written(tmp_path / "panel.csv", PEOPLE)
    before = panel.read_bytes()
    code, said = run(capsys, "assign", panel, "--arms", "none,a", "--by", "Gender", "--seed", 4711)
    assert code == 0
    assert "panel.csv: 4 people dealt to 2 arms in blocks by Gender, with the seed 4711. Ids: Ref." in said
    assert panel.read_bytes() == before
    made = tmp_path / "panel_with_arms.csv"
    with made.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    assert header == ["Ref", "Gender", "Age", "arm"]
    assert [row[:3] for row in rows] == PEOPLE
    assert Counter((row[1], row[3]) for row in rows) == Counter(
        {("Female", "none"): 1, ("Female", "a"): 1, ("Male", "none"): 1, ("Male", "a"): 1}
    )
    record = tmp_path / "panel_with_arms.txt"
    assert {path.stat().st_mode & 0o077 for path in (made, record)} == {0}
    assert "4711" in record.read_text(encoding="utf-8-sig") and "gender" not in record.read_text().split("Gender")[0]
    code, said = run(capsys, "assign", panel, "--arms", "none,a", "--by", "Gender", "--seed", 4711)
    assert code == 1 and "is never written over" in said


def test_the_command_in_the_record_gives_the_same_list_again(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    written(tmp_path / "panel.csv", [[f"P{n}", "FM"[n % 2], 18 + n % 50] for n in range(60)])
    run(capsys, "assign", "panel.csv", "--arms", "none,a", "--by", "Gender,Age")
    first = (tmp_path / "panel_with_arms.csv").read_bytes()
    record = (tmp_path / "panel_with_arms.txt").read_text(encoding="utf-8-sig")
    command = next(line for line in record.splitlines() if line.startswith("coproduction assign"))
    for path in tmp_path.glob("panel_with_arms.*"):
        path.unlink()
    assert run(capsys, *command.split()[1:])[0] == 0
    assert (tmp_path / "panel_with_arms.csv").read_bytes() == first
    assert (tmp_path / "panel_with_arms.txt").read_text(encoding="utf-8-sig") == record


def test_git_ignores_the_list_and_its_record(tmp_path):
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    (tmp_path / ".gitignore").write_text((PROJECT / ".gitignore").read_text())
    names = ["panel_with_arms.csv", "panel_with_arms.txt"]
    for name in names:
        (tmp_path / name).touch()
    ignored = subprocess.run(
        ["git", "-C", tmp_path, "check-ignore", *names], capture_output=True, text=True, check=True
    )
    assert ignored.stdout.split() == names


@pytest.mark.parametrize(
    ("rows", "options", "said"),
    [
        ([["p1", "F", 1], ["P2", "M", 1], ["P1", "F", 1]], [], 'line 4, column "Ref": the id is in line 2, too'),
        ([["P1", "F", 1], ["", "M", 1]], [], 'line 3, column "Ref": the row has no id'),
        (PEOPLE, ["--column", "gender"], 'column "Gender": the column is there already'),
        (PEOPLE, ["--by", "Gendr"], 'column "Gendr": there is no such column; did you mean the one below?'),
        (PEOPLE, ["--together", "street"], 'column "street": there is no such column'),
        (PEOPLE, ["--by", "Ref"], "4 different texts in 4 rows"),
        (PEOPLE, ["--arms", "none"], "--arms is 'none'. Allowed: two or more different names"),
        (PEOPLE, ["--arms", "none,None"], "Allowed: two or more different names"),
        (PEOPLE, ["--arms", "a,b,c,d,e"], "has 4 rows, fewer than arms"),
        (PEOPLE, ["--seed", "-1"], "--seed is -1. Allowed: a whole number from 0"),
        (PEOPLE, ["--column", " "], "--column is blank"),
    ],
)
def test_a_mistake_is_named_with_its_place_and_nothing_is_written(rows, options, said, tmp_path, capsys):
    panel = written(tmp_path / "panel.csv", rows)
    arms = [] if "--arms" in options else ["--arms", "none,a"]
    code, printed = run(capsys, "assign", panel, *arms, *options)
    assert code == 1
    assert said in printed
    assert "what to do" in printed or "Allowed" in printed or "Name " in printed
    assert [path.name for path in tmp_path.iterdir()] == ["panel.csv"]


def test_many_rows_without_an_id_are_counted_and_not_all_printed(tmp_path, capsys):
    panel = written(tmp_path / "panel.csv", [["", "F", 1]] * 30)
    _, printed = run(capsys, "assign", panel, "--arms", "none,a")
    assert printed.count("the row has no id") == 10
    assert "and 20 more mistakes" in printed


def test_a_plan_needs_people_or_an_effect_and_says_so(capsys):
    code, printed = run(capsys, "plan", "--level", 40)
    assert code == 1 and "--invited 2000" in printed
    assert "--invited is 0" in run(capsys, "plan", "--invited", 0)[1]
    assert "--cluster-size needs --icc" in run(capsys, "plan", "--invited", 100, "--cluster-size", 3)[1]
    assert "too few to find any effect" in run(capsys, "plan", "--invited", 6)[1]
