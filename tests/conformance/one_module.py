"""One module of CPython's own tests, played on one kind of loop in a process of its own; prints what was seen as JSON.

`one_module.py NAME outside|alone|asyncio [TEST...]`: NAME is a module of `test.test_asyncio`; with TESTs, only those. Every
loop that they ask the policy for, or make as `asyncio.SelectorEventLoop(...)` or `asyncio.EventLoop()`, is the one under test.
A test has built it when it was made at least once while that test ran.
"""

import asyncio
import importlib
import json
import os
import signal
import sys
import unittest
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))
_NEWEST = (3, 13)
_made = [0]
_last: list[Any] = []  # of the loops in memory


def loop_under_test(kind: str) -> Any:
    """The class that the tests build; it counts how often."""
    if kind == "asyncio":

        class SelectorEventLoop(asyncio.SelectorEventLoop):
            def __init__(self, selector: Any = None) -> None:
                super().__init__(selector)
                _made[0] += 1

        return SelectorEventLoop

    from grader.clock import Outside, OutsideLoop, VirtualLoop

    class RealOutside(OutsideLoop):
        def __init__(self, selector: Any = None) -> None:
            super().__init__(outside=Outside(selector=selector))
            _made[0] += 1

    class Alone(VirtualLoop):
        def __init__(self, selector: Any = None) -> None:  # of which it has no use
            from tests.conformance.memory_programs import register

            super().__init__()
            _made[0] += 1
            _last[:] = [self]
            register(self.clock.programs)

    return {"outside": RealOutside, "alone": Alone}[kind]


def in_memory() -> None:
    """The server that CPython's tests start for themselves is in memory, too."""
    from tests.conformance.memory_server import servers

    utils = importlib.import_module("test.test_asyncio.utils")
    vars(utils).update(servers(lambda: _last[0], utils.simple_server_sslcontext))
    unix_events: Any = asyncio.unix_events
    for watcher in (unix_events.BaseChildWatcher, unix_events.ThreadedChildWatcher, unix_events.PidfdChildWatcher):
        watcher.attach_loop = lambda *_: (
            None
        )  # it listens to a signal of the system, of which a loop in memory has none


def as_loops_of_its_policy(loop: Any) -> None:
    """`test_runners` sets a policy whose loops are `BaseEventLoop()` with mock objects for what waits; they note one call."""

    def new_loop(_: unittest.TestCase) -> Any:
        made = loop()
        made.shutdown_ag_run = False
        shutdown = made.shutdown_asyncgens

        async def shutdown_asyncgens() -> None:
            made.shutdown_ag_run = True
            await shutdown()

        made.shutdown_asyncgens = shutdown_asyncgens
        return made

    importlib.import_module("test.test_asyncio.test_runners").BaseTest.new_loop = new_loop


class Seen(unittest.TestResult):
    """What became of each test: `end` is passed, skipped or failed."""

    def __init__(self) -> None:
        super().__init__()
        self.tests: dict[str, dict[str, Any]] = {}
        self._made_before = 0

    def startTest(self, test: unittest.TestCase) -> None:
        super().startTest(test)
        self._made_before = _made[0]
        self._of(test)

    def stopTest(self, test: unittest.TestCase) -> None:
        super().stopTest(test)
        self._of(test)["built"] = _made[0] > self._made_before

    def addSkip(self, test: unittest.TestCase, reason: str) -> None:
        super().addSkip(test, reason)
        self._of(test)["end"] = "skipped"

    def addError(self, test: unittest.TestCase, err: Any) -> None:
        super().addError(test, err)
        self._failed(test, self.errors[-1][1])

    def addFailure(self, test: unittest.TestCase, err: Any) -> None:
        super().addFailure(test, err)
        self._failed(test, self.failures[-1][1])

    def addSubTest(self, test: unittest.TestCase, subtest: unittest.TestCase, err: Any) -> None:
        super().addSubTest(test, subtest, err)
        if err is not None:
            self._failed(test, (self.failures + self.errors)[-1][1])

    def addUnexpectedSuccess(self, test: unittest.TestCase) -> None:
        super().addUnexpectedSuccess(test)
        self._failed(test, "it passed, which was not expected of it")

    def _of(self, test: unittest.TestCase) -> dict[str, Any]:
        name = test.id().removeprefix("test.test_asyncio.")
        return self.tests.setdefault(name, {"end": "passed", "built": False, "detail": ""})

    def _failed(self, test: unittest.TestCase, detail: str) -> None:
        self._of(test).update(end="failed", detail=detail)


def play(name: str, kind: str, only: list[str]) -> dict[str, dict[str, Any]]:
    from tests.conformance.modules import LEFT_OUT

    loop = loop_under_test(kind)
    asyncio.DefaultEventLoopPolicy._loop_factory = loop  # type: ignore[attr-defined]
    vars(asyncio).update(SelectorEventLoop=loop, EventLoop=loop)
    if name == "test_runners":
        as_loops_of_its_policy(loop)
    suite = unittest.defaultTestLoader.loadTestsFromNames([f"test.test_asyncio.{each}" for each in only or [name]])
    seen = Seen()
    if kind == "alone":
        in_memory()
    if name in LEFT_OUT[kind]:
        suite = unittest.TestSuite(without(LEFT_OUT[kind][name], list(tests_of(suite)), seen, bool(only)))
    suite.run(seen)
    return seen.tests


def tests_of(suite: Any) -> Iterator[unittest.TestCase]:
    for each in suite:
        if isinstance(each, unittest.TestCase):
            yield each
        else:
            yield from tests_of(each)


def _is_meant(part: str, name: str) -> bool:
    kind, _, test = name.partition(".")
    if not part.islower():
        return part in kind
    return part == test if part.startswith("test_") else part in test


def without(parts: Iterable[str], tests: list[unittest.TestCase], seen: Seen, some: bool) -> list[unittest.TestCase]:
    """Those that have none of `parts` in their names; one that begins with `test_` is a whole name, and one with a capital is a
    part of the name of a class.

    A part that is in no name is a failure where all tests of the newest Python are there, and not but `some`.
    """
    names = {test: ".".join(test.id().split(".")[-2:]) for test in tests}
    for part in parts:
        if not some and sys.version_info >= _NEWEST and not any(_is_meant(part, name) for name in names.values()):
            seen.tests[part] = {"end": "failed", "built": False, "detail": f"no test has {part!r} in its name"}
    return [test for test, name in names.items() if not any(_is_meant(part, name) for part in parts)]


if __name__ == "__main__":
    signal.signal(
        signal.SIGINT, signal.default_int_handler
    )  # which a shell has ignored for what it runs in the background
    # what the tests write themselves is not to be taken for what is printed here
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    print(json.dumps(play(sys.argv[1], sys.argv[2], sys.argv[3:])), file=out)
