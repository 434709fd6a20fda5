"""One module of CPython's own tests, played on one kind of loop in a process of its own; prints what was seen as JSON.

`one_module.py NAME [asyncio]`: NAME is a module of `test.test_asyncio`. Every loop that the tests ask the policy for, or make as
`asyncio.SelectorEventLoop()`, is the loop under test. A test counts as built when at least one was made while it ran.
"""

import asyncio
import json
import os
import sys
import unittest
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))
real_selector_loop = asyncio.SelectorEventLoop
made = [0]


def loop_under_test(kind: str) -> Any:
    """The class that tests build: it counts how often."""
    if kind == "asyncio":

        class SelectorEventLoop(real_selector_loop):  # type: ignore[misc,valid-type]
            def __init__(self, selector: Any = None) -> None:
                super().__init__(selector)
                made[0] += 1

        return SelectorEventLoop

    from grader.clock import Outside, VirtualLoop

    class OutsideLoop(VirtualLoop):
        def __init__(self, selector: Any = None) -> None:
            super().__init__(outside=Outside(selector=selector))
            made[0] += 1

    return OutsideLoop


class Seen(unittest.TestResult):
    """What became of each test."""

    def __init__(self) -> None:
        super().__init__()
        self.tests: dict[str, dict[str, Any]] = {}
        self._made = 0

    def startTest(self, test: unittest.TestCase) -> None:
        super().startTest(test)
        self._made = made[0]
        self.tests[test.id()] = {"end": "passed", "built": False}
        if os.environ.get("CONFORMANCE_SHOW"):
            print(test.id(), file=sys.stderr, flush=True)

    def stopTest(self, test: unittest.TestCase) -> None:
        super().stopTest(test)
        self.tests[test.id()]["built"] = made[0] > self._made

    def _is(self, test: Any, end: str, detail: str) -> None:
        told = getattr(test, "test_case", test).id()
        self.tests.setdefault(told, {"built": False}).update(end=end, detail=detail)

    def addSkip(self, test: unittest.TestCase, reason: str) -> None:
        super().addSkip(test, reason)
        self._is(test, "skipped", reason)

    def addError(self, test: unittest.TestCase, err: Any) -> None:
        super().addError(test, err)
        self._is(test, "failed", self.errors[-1][1])

    def addFailure(self, test: unittest.TestCase, err: Any) -> None:
        super().addFailure(test, err)
        self._is(test, "failed", self.failures[-1][1])

    def addSubTest(self, test: unittest.TestCase, subtest: unittest.TestCase, err: Any) -> None:
        super().addSubTest(test, subtest, err)
        if err is not None:
            self._is(test, "failed", (self.failures + self.errors)[-1][1])

    def addUnexpectedSuccess(self, test: unittest.TestCase) -> None:
        super().addUnexpectedSuccess(test)
        self._is(test, "failed", "unexpected success")


def play(name: str, kind: str) -> dict[str, Any]:
    loop = loop_under_test(kind)
    asyncio.DefaultEventLoopPolicy._loop_factory = loop  # type: ignore[attr-defined]
    asyncio.SelectorEventLoop = loop  # type: ignore[misc]
    suite = unittest.defaultTestLoader.loadTestsFromName(f"test.test_asyncio.{name}")
    seen = Seen()
    suite.run(seen)
    return seen.tests


if __name__ == "__main__":
    tests = play(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "virtual")
    out = os.fdopen(os.dup(1), "w") if not Path("/dev/null").exists() else sys.__stdout__
    print(json.dumps(tests), file=out)
