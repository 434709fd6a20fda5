"""In continuous integration nothing may be skipped: a test that skips there has a part missing that must be installed.

Nor is anything left to chance there: property tests try the same examples each time. How long one takes is never a failure.
"""

import os
import signal
import sys

import pytest
from hypothesis import settings

settings.register_profile("house", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("house")

# jsonschema looks for it wherever Jupyter is installed, and it builds a grammar of IRIs for four seconds; none is checked here
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

collect_ignore = ["programs"]  # what is graded in tests, and a course among it, is no test itself


def pytest_configure() -> None:
    # What a shell starts in the background ignores Ctrl-C, with all that it starts; tests of Ctrl-C are of one who is there.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


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
