"""What stands is seen to be as it was, to the last name, and nothing else that changes beside it is minded."""

import types
from types import SimpleNamespace
from typing import Any

import pytest

from grader.clock.library import held
from grader.clock.library.dict_memory import HAS_VERSIONS, changes
from grader.clock.library.held import Held
from grader.clock.library.kept import Kept


class Owner:
    there: Any = 1
    beside: Any = 2


def owners() -> list[Any]:
    module = types.ModuleType("made")
    vars(module).update(there=[], beside=2)
    return [module, type("Made", (Owner,), {"there": [], "beside": 2}), SimpleNamespace(there=[], beside=2)]


@pytest.fixture(params=[True, False], ids=["by numbers", "by names"])
def counts(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if not request.param:
        monkeypatch.setattr(held, "HAS_VERSIONS", False)


@pytest.mark.usefixtures("counts")
def test_a_name_that_is_another_or_gone_is_seen() -> None:
    for owner in owners():
        before = owner.there
        looks = Held([(owner, "there")])
        assert looks.same()
        owner.there = []  # equal, and another
        assert not looks.same()
        assert not looks.same()
        owner.there = before
        assert looks.same()
        del owner.there
        assert not looks.same()


@pytest.mark.usefixtures("counts")
def test_a_name_beside_it_may_change() -> None:
    for owner in owners():
        looks = Held([(owner, "there")])
        owner.beside = 3
        owner.new = 4
        assert looks.same()
        owner.there = None
        assert not looks.same()


@pytest.mark.usefixtures("counts")
def test_what_held_nothing_is_seen_when_it_is_gone() -> None:
    (module, *_) = owners()
    module.there = None
    looks = Held([(module, "there")])
    del module.there
    assert not looks.same()


def test_what_is_kept_stands_again_and_in_the_end_all_is_as_before() -> None:
    (module, *_) = owners()
    before, ours = module.there, object()
    kept = Kept([(module, "there", ours), (module, "new", ours)])
    module.there = module.new = 5
    kept.stand()
    assert (module.there, module.new) == (ours, ours)
    del module.new
    kept.stand()
    assert module.new is ours
    kept.take_down()
    assert module.there is before
    assert not hasattr(module, "new")


def test_changes_of_many_dictionaries_are_read_in_one_go() -> None:
    many: list[dict[str, int]] = [{"there": number} for number in range(9)]
    if not HAS_VERSIONS:  # dictionaries count their changes no more
        assert held._changes(many) is None
        return
    read = changes([*many, many[0]])
    before, by_place = read(), sorted(many, key=id)
    assert len(before) == len(many)
    by_place[4]["there"] = -1
    assert [number for number, (was, now) in enumerate(zip(before, read(), strict=True)) if was != now] == [4]
    assert changes([])() == ()
