"""kill -9 at any moment: the published file is the old one or the new one, and the next build needs no hand."""

import os
import random
import signal
import time

import pytest

# COPRODUCTION_FAULT_KILLS more or fewer; each costs about one build and a half.
N_KILLS = int(os.environ.get("COPRODUCTION_FAULT_KILLS", "32"))
SEED = int(os.environ.get("COPRODUCTION_FAULT_SEED", "20"))

MOMENTS = {
    "before copy": False,
    "mid copy": False,
    "before checkpoint": False,
    "before sync": False,
    "before rename": False,
    "after rename": True,
    "before the claim is dropped": True,
}

# What dbt started, such as git, ends by itself when dbt is gone.
SECONDS_TO_END = 60


def moments(n_kills: int) -> list[float]:
    """Return moments as parts of a build's time: one drawn from each of so many equal stretches, in mixed order."""
    source = random.Random(SEED)
    drawn = [(place + source.random()) / n_kills for place in range(n_kills)]
    source.shuffle(drawn)
    return drawn


@pytest.mark.fault("kills")
@pytest.mark.parametrize(("number", "part"), list(enumerate(moments(N_KILLS))))
def test_a_kill_at_any_moment(chain, seconds, number, part):
    """Every second time only dbt is killed, and not what it started."""
    before, build_id, build = _started(chain, part * seconds)
    if number % 2:
        os.kill(build.process.pid, signal.SIGKILL)
    else:
        os.killpg(build.process.pid, signal.SIGKILL)
    build.finish()
    assert build.all_end_within(SECONDS_TO_END), "a process stays behind"
    if chain.fingerprint != before:
        # Only where the whole new file had taken the name already.
        assert chain.build_id() != build_id
    chain.assert_recovers()


def _started(chain, delay: float):
    """Return a build that has run for so many seconds, and what was published before it.

    Where the machine has become faster, a late moment comes when the build is over: then earlier, until one is caught.
    """
    for attempt in range(5):
        before, build_id = chain.fingerprint, chain.build_id()
        build = chain.start()
        time.sleep(delay * 0.8**attempt)
        if build.process.poll() is None:
            return before, build_id, build
        returncode, output = build.finish()
        assert returncode == 0, output
    raise AssertionError("every build was over before it could be killed")


@pytest.mark.fault("publish moments")
@pytest.mark.parametrize(("moment", "is_new"), MOMENTS.items())
def test_a_kill_at_each_moment_of_publication(chain, moment, is_new):
    before, build_id = chain.fingerprint, chain.build_id()
    build = chain.start(FAULT_KILL_AT=moment)
    returncode, output = build.finish()
    assert returncode == -signal.SIGKILL, output
    assert build.all_end_within(SECONDS_TO_END)
    assert (chain.fingerprint != before) == is_new
    assert (chain.build_id() != build_id) == is_new
    chain.assert_recovers()
