"""A new Python that changes what the clock relies on is noticed, by the name of what has changed."""

import linecache
import subprocess
import sys
import types
from typing import Any

import pytest

from tests.conformance.cpython import ROOT
from tests.conformance.internals import changes, checked, fingerprint, found
from tests.conformance.relied_on import Reliance


@pytest.mark.skipif(sys.platform != "linux", reason="the table was taken down on Linux")
def test_what_the_clock_relies_on_is_as_it_was_checked() -> None:
    # in a process of its own: in this one a run may have replaced some of it
    done = subprocess.run(
        [sys.executable, "-m", "tests.conformance.internals"], cwd=ROOT, capture_output=True, text=True
    )
    assert (done.stdout.strip(), done.stderr) == ("", "")


def test_each_name_was_checked_on_every_supported_python() -> None:
    assert [name for name, versions in checked().items() if set(versions) != {"3.11", "3.12", "3.13"}] == []


# ---------------------------------------------------------------- the comparison

RELIED_ON = (Reliance("loop", "it is replaced", ("library:function",)),)


def compiled(source: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A function from a module that can be read again."""
    module = types.ModuleType("library")
    linecache.cache["<library>"] = (len(source), None, source.splitlines(keepends=True), "<library>")
    exec(compile(source, "<library>", "exec"), vars(module))
    monkeypatch.setitem(sys.modules, "library", module)
    return module.function


def test_a_change_is_named_with_who_relies_on_it_and_why(monkeypatch: pytest.MonkeyPatch) -> None:
    before = fingerprint(compiled("def function():\n    return 1\n", monkeypatch))
    after = compiled("def function():\n    return 2\n", monkeypatch)
    said = changes("3.12", {"library:function": {"3.12": [before]}}, RELIED_ON, lambda name: after)
    assert said == [
        "library.function is not what was checked on Python 3.12; grader/clock/loop.py relies on it: it is replaced. "
        "Read both, run tests/clock and tests/conformance, then: python -m tests.conformance.internals --write"
    ]


def test_a_python_that_was_never_checked_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    (said,) = changes("3.99", {"library:function": {"3.12": ["0"]}}, RELIED_ON)
    assert said.startswith("library.function was never checked on Python 3.99; grader/clock/loop.py relies on it: ")


def test_comments_and_docstrings_are_no_change(monkeypatch: pytest.MonkeyPatch) -> None:
    before = fingerprint(compiled("def function():\n    return 1\n", monkeypatch))
    after = fingerprint(compiled('def function():\n    "What it does."\n    return 1  # why\n', monkeypatch))
    assert before == after


def test_what_has_gone_is_a_change() -> None:
    assert fingerprint(found("threading:Thread.no_such_method")) == "absent"
    assert fingerprint(found("no_such_module:thing")) == "absent"


def test_of_what_is_written_in_c_the_signature_counts() -> None:
    assert fingerprint(found("math:hypot")) != fingerprint(found("math:floor"))
