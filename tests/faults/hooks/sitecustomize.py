"""Makes faults on request inside dbt. Python imports this module at its start where the folder is on its path.

FAULT_KILL_AT names a moment of publication at which the process kills itself; FAULT_KILL_BEFORE names a function, as in
``cli.erase_command:erase_rows:2``, before whose second call it does; FAULT_EXIT_IN names one, as in
``build.publication:publish``, that ends its process instead of returning, FAULT_RAISE_IN one that raises an error;
FAULT_FILL leaves so many bytes on the disk when publication begins; FAULT_CLOCK moves the clock by so many seconds;
FAULT_NO_NETWORK refuses every connection that leaves this machine, and writes each attempt into the file that it
names. Production code knows nothing of any of these.
"""

import importlib.abc
import importlib.machinery
import os
import signal
import sys
import time


class _Patched(importlib.abc.Loader):
    """Loads a module as usual, then changes it."""

    def __init__(self, loader, change):
        self._loader, self._change = loader, change

    def create_module(self, spec):
        return self._loader.create_module(spec)

    def exec_module(self, module):
        self._loader.exec_module(module)
        self._change(module)


class _Finder(importlib.abc.MetaPathFinder):
    """Finds one module as usual, to be changed once it is loaded."""

    def __init__(self, name, change):
        self._name, self._change = name, change

    def find_spec(self, name, path, target=None):
        if name != self._name:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec:
            spec.loader = _Patched(spec.loader, self._change)
        return spec


def _when_loaded(module, change):
    sys.meta_path.insert(0, _Finder(module, change))


def _die():
    os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(60)


def _calls_before(module, name, call):
    original = getattr(module, name)

    def changed(*arguments, **keywords):
        call(*arguments)
        return original(*arguments, **keywords)

    setattr(module, name, changed)


def _kill_at(moment):
    """Patch publication so that the process is gone at one of its moments."""
    n_tables = 0

    def change(snapshot):
        def of_folder(path):
            if path.is_dir():
                _die()

        def count(*_):
            nonlocal n_tables
            n_tables += 1
            if n_tables == 12:
                _die()

        if moment == "before copy":
            _calls_before(snapshot, "remove_leftovers", lambda *_: _die())
        elif moment == "mid copy":
            _calls_before(snapshot, "create_table", count)
        elif moment == "before checkpoint":
            original = snapshot._attached

            def attached(connection, path):
                return _DieBeforeCheckpoint(original(connection, path))

            snapshot._attached = attached
        elif moment == "before sync":
            _calls_before(snapshot, "_give_mode", lambda *_: _die())
        elif moment == "before rename":
            original_sync = snapshot._sync

            def sync_and_die(path):
                original_sync(path)
                if not path.is_dir():
                    _die()

            snapshot._sync = sync_and_die
        elif moment == "after rename":
            _calls_before(snapshot, "_sync", of_folder)
        elif moment == "before the claim is dropped":
            import atexit

            atexit.register(_die)
        else:
            raise ValueError(moment)

    _when_loaded("coproduction.publishing.snapshot", change)


class _DieBeforeCheckpoint:
    """Stands in for the attached file, and dies when it would be committed."""

    def __init__(self, attached):
        self._attached = attached

    def __enter__(self):
        return self._attached.__enter__()

    def __exit__(self, *reason):
        if reason[0] is None:
            _die()
        return self._attached.__exit__(*reason)


def _kill_before(call):
    """Kill the process before the call of a function of so high a number, the first if none is named."""
    module, name, number = [*call.split(":"), "1"][:3]
    n_calls = 0

    def count(*_):
        nonlocal n_calls
        n_calls += 1
        if n_calls == int(number):
            _die()

    _when_loaded(f"coproduction.{module}", lambda loaded: _calls_before(loaded, name, count))


def _fill_disk(n_left):
    """Fill the disk of the published file, when it is about to be written, up to so many bytes."""

    def fill(path, *_):
        state = os.statvfs(path.parent)
        with (path.parent / "filler").open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, state.f_bavail * state.f_frsize - n_left)

    _when_loaded("coproduction.publishing.snapshot", lambda module: _calls_before(module, "replace_published", fill))


def _exit_in(function, end):
    module, _, name = function.partition(":")

    def change(loaded):
        setattr(loaded, name, end)

    _when_loaded(f"coproduction.{module}", change)


def _fail(*_, **__):
    raise ZeroDivisionError("a fault of the test")


def _move_clock(seconds):
    import datetime

    # Never under `time.monotonic`: an operator who sets the clock does not move that one.
    real, real_ns, real_datetime = time.time, time.time_ns, datetime.datetime
    time.time = lambda: real() + seconds
    time.time_ns = lambda: real_ns() + int(seconds * 1e9)
    # Compiled modules accept no other class under this name, so those that a build uses are imported before.
    from coproduction.exports.expectations import import_great_expectations

    import_great_expectations()

    class Moved(real_datetime):
        """A datetime whose now is another."""

        @classmethod
        def now(cls, tz=None):
            return real_datetime.now(tz) + datetime.timedelta(seconds=seconds)

        @classmethod
        def utcnow(cls):
            return real_datetime.now(datetime.UTC).replace(tzinfo=None) + datetime.timedelta(seconds=seconds)

    datetime.datetime = Moved


def _refuse_network(record):
    def refuse(event, arguments):
        if event not in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"):
            return
        import socket

        if event in ("socket.connect", "socket.sendto") and arguments[0].family == socket.AF_UNIX:
            return
        with open(record, "a") as file:  # noqa: PTH123 -- pathlib would be imported into every process
            file.write(f"{event} {arguments!r}\n")
        raise OSError(f"{event} is refused by a test: a build makes no network connection")

    sys.addaudithook(refuse)


if os.environ.get("FAULT_KILL_AT"):
    _kill_at(os.environ["FAULT_KILL_AT"])
if os.environ.get("FAULT_KILL_BEFORE"):
    _kill_before(os.environ["FAULT_KILL_BEFORE"])
if os.environ.get("FAULT_FILL"):
    _fill_disk(int(os.environ["FAULT_FILL"]))
if os.environ.get("FAULT_EXIT_IN"):
    _exit_in(os.environ["FAULT_EXIT_IN"], lambda *_, **__: os._exit(3))
if os.environ.get("FAULT_RAISE_IN"):
    _exit_in(os.environ["FAULT_RAISE_IN"], _fail)
if os.environ.get("FAULT_CLOCK"):
    _move_clock(float(os.environ["FAULT_CLOCK"]))
if os.environ.get("FAULT_NO_NETWORK"):
    _refuse_network(os.environ["FAULT_NO_NETWORK"])
