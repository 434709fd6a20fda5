"""In continuous integration nothing may be skipped: a test that skips there has a part missing that must be installed.

Nor is anything left to chance there: property tests try the same examples each time. How long one takes is never a failure.
"""

import faulthandler
import functools
import gc
import os
import signal
import sys
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import settings

from grader.course import load
from grader.course.model import Course
from grader.errors import Problem

settings.register_profile("house", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("house")

# jsonschema looks for it wherever Jupyter is installed, and it builds a grammar of IRIs for four seconds; none is checked here
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

collect_ignore = ["programs"]  # what is graded in tests, and a course among it, is no test itself


ROOT = Path(__file__).parents[1]
OURS = frozenset(str(folder / name) for folder in (ROOT, ROOT / "examples" / "adopted") for name in ("", "course.yaml"))
_read_course = load.read_course
_read_once = functools.cache(_read_course)


def _remembered(path: str | os.PathLike[str] = ".") -> tuple[Course, list[Problem]]:
    """The project's own courses, which no test changes, are read once in a process and not hundreds of times, a tenth of a
    second each. Tests of reading write courses of their own."""
    there = os.path.abspath(path)
    course, problems = _read_once(there) if there in OURS else _read_course(path)
    return course, [*problems]


load.read_course = _remembered

MERCY = 120.0  # s that a test has beyond its own time-out, before the process ends
_stderr = pytest.StashKey[int]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_stderr] = os.dup(2)  # capturing is suspended here, and takes it for each test
    # What a shell starts in the background ignores Ctrl-C, with all that it starts; tests of Ctrl-C are of one who is there.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """A test that hangs where its time-out, a signal, cannot end it (in C, or with the signal blocked) ends its process,
    with the lines of all threads: pytest-xdist names the test, and goes on with another process."""
    marker = item.get_closest_marker("timeout")
    own = float(marker.args[0]) if marker is not None else float(item.config.getini("timeout"))
    faulthandler.dump_traceback_later(own + MERCY, exit=True, file=item.config.stash[_stderr])
    try:
        return (yield)
    finally:
        faulthandler.cancel_dump_traceback_later()


@pytest.fixture(scope="module", autouse=True)
def _little_to_collect(request: pytest.FixtureRequest) -> None:
    """Who has the garbage collected, as each run in process does, looks through what has been made since this module began,
    and not through all that was imported and collected for all modules, which takes a fifth of a second.

    `hygiene` sets that aside by itself, at once, where nothing is yet; to count what is, as it must, takes it a twentieth."""
    gc.collect(1)
    (gc.unfreeze if hasattr(request.module, "hygiene") else gc.freeze)()


def pytest_runtest_teardown() -> None:
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, ()) if hasattr(signal, "pthread_sigmask") else ()
    if blocked:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, blocked)
        pytest.fail(f"left blocked: {', '.join(signal.Signals(each).name for each in sorted(blocked))}")


def pytest_sessionfinish(session: pytest.Session) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = terminalreporter.stats.get("skipped", ())
    if os.environ.get("CI") and skipped:
        terminalreporter.section("skipped, which counts as failed here", red=True)
        for report in skipped:
            terminalreporter.line(f"{report.nodeid}: {report.longrepr}")
