"""The last resort: set for a time, taken away again, and never where a person sits at a debugger."""

import faulthandler
import sys
import types
from typing import Any

import pytest

from grader.run.backstop import backstop


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    seen: list[Any] = []
    monkeypatch.setattr(faulthandler, "dump_traceback_later", lambda seconds, **named: seen.append((seconds, named)))
    monkeypatch.setattr(faulthandler, "cancel_dump_traceback_later", lambda: seen.append("taken away"))
    return seen


def test_it_ends_the_process_unless_it_is_taken_away(done: list[Any]) -> None:
    def fails() -> None:
        with backstop(50, 7):
            assert done == [(50, {"exit": True, "file": 7})]
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()
    assert done[1:] == ["taken away"]


def test_it_is_not_set_where_a_debugger_is_at_work(done: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "debugpy", types.ModuleType("debugpy"))
    with backstop(50):
        pass
    assert done == []
