"""Two builds at once, a file that is held, a crash in a model, a clock that goes back, a reader that stays."""

import subprocess
import sys
import time

import duckdb
import pytest

HOLD = """
import sys, duckdb
with duckdb.connect(sys.argv[1], read_only=sys.argv[2] == "read") as held:
    print("held", flush=True)
    sys.stdin.readline()
"""
READ_AGAIN_AND_AGAIN = """
import select, sys, duckdb
with duckdb.connect(sys.argv[1], read_only=True) as held:
    while not select.select([sys.stdin], [], [], 0.2)[0]:
        held.execute("select sum(hash(r)) from reports.rpt_levels as r").fetchall()
        print(held.execute("select value from publication.manifest where item = 'build_id'").fetchone()[0], flush=True)
"""
DAY = 24 * 60 * 60


@pytest.mark.fault("two builds at once")
@pytest.mark.parametrize("delay", [0.0, 1.0, 4.0])
def test_the_second_of_two_builds_is_refused_and_the_first_succeeds(faulty, delay):
    first = faulty.start()
    time.sleep(delay)
    second = faulty.start()
    ends = [first.finish(), second.finish()]
    # Started at the same moment, either may be the first.
    refused, built = sorted(ends, key=lambda end: end[0] == 0)
    assert built[0] == 0, built[1]
    assert refused[0] != 0
    assert "in use by process" in refused[1]
    assert "Wait until it has finished" in refused[1]
    assert "Traceback" not in refused[1]
    if delay:
        assert f"process {first.process.pid}" in refused[1]
        assert refused is ends[1]
    faulty.assert_recovers()


@pytest.mark.fault("held build files")
@pytest.mark.parametrize("how", ["read", "write"])
def test_a_build_file_that_somebody_holds(faulty, how):
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(faulty.project.warehouse_path), how],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout.readline() == "held\n"
    before = faulty.fingerprint
    returncode, output = faulty.build()
    holder.communicate("\n", timeout=60)
    assert returncode != 0
    assert f"process {holder.pid}" in output
    assert "close that program" in output
    assert "Traceback" not in output
    assert faulty.fingerprint == before
    faulty.assert_recovers()


@pytest.mark.fault("crashes in a model")
@pytest.mark.parametrize(
    "function",
    ["statistics.estimates.levels.est_levels:estimate_levels", "build.publication:publish"],
    ids=["in an estimate", "in publication"],
)
def test_an_exception_in_a_python_model(faulty, function):
    before = faulty.fingerprint
    returncode, output = faulty.build(FAULT_RAISE_IN=function)
    assert returncode == 1, output
    assert "a fault of the test" in output
    assert faulty.fingerprint == before
    faulty.assert_recovers()


@pytest.mark.fault("crashes in a model")
@pytest.mark.parametrize(
    "function",
    ["statistics.estimates.levels.est_levels:estimate_levels", "exports.expectations:validate_answers"],
    ids=["in an estimate", "in the gate"],
)
def test_a_python_model_that_ends_the_process(faulty, function):
    """Python models run in dbt's own process, so dbt ends with it and prints no message of its own."""
    before = faulty.fingerprint
    returncode, output = faulty.build(FAULT_EXIT_IN=function)
    assert returncode == 3, output
    assert faulty.fingerprint == before
    faulty.assert_recovers()


@pytest.mark.fault("clocks going back")
@pytest.mark.parametrize("seconds", [-3600, -400 * DAY])
def test_a_clock_that_goes_back_between_two_builds(faulty, seconds):
    before = faulty.build_id()
    returncode, output = faulty.build(FAULT_CLOCK=str(seconds))
    assert returncode == 0, output
    assert faulty.build_id() != before
    with duckdb.connect(str(faulty.published), read_only=True) as connection:
        published = "select value from publication.manifest where item = 'published_at'"
        told = connection.execute(f"select epoch(cast(({published}) as timestamptz))").fetchone()[0]
    # The clock did go back for the whole build.
    assert abs(told - (time.time() + seconds)) < 600
    faulty.assert_recovers()


@pytest.mark.fault("readers of the published file")
def test_readers_of_the_published_file_neither_block_nor_are_blocked(faulty):
    before = faulty.build_id()
    # In a process of its own: within one, DuckDB would give the file that is open to whoever opens the name again.
    holder = subprocess.Popen(
        [sys.executable, "-c", READ_AGAIN_AND_AGAIN, str(faulty.published)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout.readline() == f"{before}\n"
    build = faulty.start()
    seen = []
    while build.process.poll() is None:
        # New readers come all the time; each sees one build, whole.
        seen.append(faulty.build_id())
        time.sleep(0.1)
    returncode, output = build.finish()
    assert returncode == 0, output
    after = faulty.build_id()
    assert after != before
    assert len(seen) > 10
    assert list(dict.fromkeys([*seen, after])) == [before, after]
    # The one who held the file all along has read what it opened, many times over, and nothing else.
    held = holder.communicate("\n", timeout=60)[0].splitlines()
    assert len(held) > 10
    assert set(held) == {before}
    assert holder.returncode == 0
    faulty.assert_recovers()
