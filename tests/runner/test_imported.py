"""Which modules a run has brought is known, however it did that, and none of it is left."""

import sys
from collections.abc import Iterator
from types import ModuleType

import pytest

from grader.clock.library.dict_memory import CAN_LOOK
from grader.runner import imported as module
from grader.runner.imported import Imported, imported


@pytest.fixture(params=[True, False], ids=["by memory", "one by one"], autouse=True)
def modules(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(module, "CAN_LOOK", CAN_LOOK and request.param)
    monkeypatch.setattr(module, "_standing", [])
    before = dict(sys.modules)
    yield
    sys.modules.clear()
    sys.modules.update(before)


def test_those_that_came_are_its_last_ones() -> None:
    there = Imported()
    assert there.others() == []
    sys.modules["one"] = ModuleType("one")
    sys.modules["two"] = ModuleType("two")
    assert sorted(there.others()) == ["one", "two"]


def test_so_many_that_the_table_grows_are_found() -> None:
    there = Imported()
    names = [f"made{number}" for number in range(3000)]
    sys.modules.update({name: ModuleType(name) for name in names})
    assert sorted(there.others()) == sorted(names)


@pytest.mark.parametrize("gone", [False, True])
def test_one_that_is_another_or_gone_is_put_back(gone: bool) -> None:
    there, real = Imported(), sys.modules["json"]
    sys.modules["made"] = ModuleType("made")
    if gone:
        del sys.modules["json"]
    else:
        sys.modules["json"] = ModuleType("json")
    found = there.others()
    assert "made" in found
    assert ("json" in found) is not gone
    there.put_back()
    assert sys.modules["json"] is real


def test_those_of_the_last_run_are_taken_where_they_are_the_same() -> None:
    first = imported()
    assert (imported() is first) is vars(module)["CAN_LOOK"]
    sys.modules["made"] = ModuleType("made")
    assert "made" in imported().before
    assert "made" not in first.before
    del sys.modules["made"]
    assert imported() is not first
