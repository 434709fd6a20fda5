"""What is a kind of plain data is that data to the checks of a file that is graded as it is, and nothing else is."""

from collections import deque
from typing import Any

import pytest
from msgspec.structs import replace

from grader.grading import grade
from grader.runner.plain_values import plain_value
from tests.adopted import returns
from tests.staging import PLACES

HEAD = """
import collections, dataclasses, enum, typing
@dataclasses.dataclass(slots=True, frozen=True)
class Job:
    name: str
    after: "list[Job]" = dataclasses.field(default_factory=list)
    kind: typing.ClassVar[str] = "job"
@dataclasses.dataclass(frozen=True)
class Key:
    name: str
class Point(typing.NamedTuple):
    x: int
    y: int
class Colour(enum.Enum):
    RED = "r"
class Level(enum.IntEnum):
    HIGH = 3
class Page(str):
    def __str__(self):
        return "another"
class Rows(dict):
    def items(self):
        return [("another", 1)]
class Odd(Exception):
    def __str__(self):
        raise ValueError
async def main():
    return VALUE
"""
VALUES: dict[str, tuple[str, Any]] = {
    "a named tuple": ("[Point(1, 2)]", [(1, 2)]),
    "a counter": ("collections.Counter('aab')", {"a": 2, "b": 1}),
    "dicts": ("[collections.defaultdict(list, a=[1]), collections.OrderedDict(b=2)]", [{"a": [1]}, {"b": 2}]),
    "a dict of its own": ("Rows(c=3)", {"c": 3}),
    "a deque": ("collections.deque([Point(1, 2)], 5)", [(1, 2)]),
    "enumerations": ("[Colour.RED, Level.HIGH]", ["r", 3]),
    "a text of its own": ("Page('mine')", "mine"),
    "objects of a dataclass": ("Job('a', [Job('b')])", {"name": "a", "after": [{"name": "b", "after": []}]}),
    "exceptions": ("[ValueError('no'), KeyError()]", ["ValueError: no", "KeyError"]),
    "a set of tuples": ("{Point(1, 2)}", {(1, 2)}),
}  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", VALUES)
def test_a_kind_of_plain_data_is_that_data(name: str, place: str) -> None:
    text, expected = VALUES[name]
    verdict = grade(returns(expected), HEAD.replace("VALUE", text), isolation=place)
    assert verdict.status == "passed", verdict.checks


@pytest.mark.parametrize("text", ["object()", "Odd()", "{Key('a'): 1}", "Job", "iter([1])", "(1).bit_length"])
def test_what_is_none_or_cannot_be_looked_at_stays_what_it_is(text: str) -> None:
    verdict = grade(returns(5), HEAD.replace("VALUE", text))
    assert verdict.status == "failed"
    assert "5 is asked for" in verdict.checks[0].rationale


def test_a_circle_and_a_great_many_stay_what_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    circle: list[Any] = []
    circle.append(circle)
    assert plain_value(circle) is circle
    many = [deque([at]) for at in range(10)]
    assert plain_value(many) == [[at] for at in range(10)]
    monkeypatch.setattr("grader.runner.plain_values.MAX_ITEMS", 10)
    assert plain_value(many) is many


def test_an_exercise_of_functions_alone_asks_type_for_type() -> None:
    made = returns({"a": 1})
    plain = replace(made, file=replace(made.file, module=None, within=None))
    counter = "import collections\nasync def main():\n    return collections.Counter('a')\n"
    assert [grade(one, counter).status for one in (made, plain)] == ["passed", "failed"]
