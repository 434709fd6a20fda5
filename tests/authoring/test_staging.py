"""What cannot even begin is told with its line, for all cases at once, before any program is played."""

# ruff: noqa: E501 (a table of mistakes reads best with one a line)

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.authoring.staging import staged
from grader.course.load import load_course

Spoil = Callable[..., Path]
HERE = "exercises/05_two_calls/exercise.yaml"
PARALLEL = 'parallel: ["say[{first}]", "say[{second}]"]'


def told() -> list[str]:
    return sorted(str(problem) for problem in staged(load_course().exercises[0], 2))


@pytest.mark.usefixtures("folder")
def test_a_good_exercise_can_begin() -> None:
    assert told() == []


def test_every_case_that_cannot_be_drawn_is_told(spoil: Spoil, tmp_path: Path) -> None:
    solutions = tmp_path / "solutions" / "05_two_calls"
    solutions.mkdir(parents=True)
    (solutions / "hidden.yaml").write_text(
        "schema: 1\ncases:\n  - {name: h, with: {a: '=1/0'}}\n  - {name: i, with: {first: bird}, cancel_at: '=first'}\n"
    )
    spoil("with: {a: 1, b: 2, first: hello", "with: {a: 2, b: 2, first: hello", "draws: 2", 'such_that: ["=a > 100"]')
    assert told() == [
        f"{HERE}:27: case 'documented': the fixed values do not meet '=a != b'; change them",
        f"{HERE}:28: case 'drawn': 1000 draws in a row did not meet '=a > 100'; loosen it, or widen the ranges",
        "solutions/05_two_calls/hidden.yaml:3: case 'h': '=1/0' has no value: int / int: division by zero; mend the expression",
        "solutions/05_two_calls/hidden.yaml:4: case 'i': 'cancel_at' is 'bird'; it must be a number of seconds from 0 to 1000000000",
    ]


@pytest.mark.parametrize(
    ("part", "told_of"),
    [
        ("duration: '=1 - number'", "call 3: 'duration' is -1; it must be a number of seconds from 0 on"),
        ("duration: '=[0, second][number]'", "call 2: 'duration' is 'world'; it must be a number of seconds from 0 on"),
        ("cleanup: '=[0, b - 3][number]'", "call 2: 'cleanup' is -1; it must be a number of seconds from 0 on"),
        ("duration: '=delay - 10 + number'", ""),  # as it is called
        ("duration: '=[1, 2][number]'", ""),  # who calls more often than that is told so
    ],
)
def test_what_an_operation_lasts_in_its_first_calls_is_looked_at(spoil: Spoil, part: str, told_of: str) -> None:
    spoil('duration: "=delay"', part)
    assert told() == ([f"{HERE}:17: in case 'documented', {told_of}"] if told_of else [])


def test_a_condition_without_a_value_is_told_once_and_not_for_every_case(spoil: Spoil) -> None:
    spoil('"=a != b"', '"=first / 2 > 1"')
    assert told() == [
        f"{HERE}:11: case 'documented': '=first / 2 > 1' has no value: str / int is not possible; mend the expression"
    ]


def test_all_mistakes_of_the_world_are_told(spoil: Spoil) -> None:
    folder = spoil('duration: "=delay"', 'duration: "=0 - a"\n      cleanup: "=first"\n      capacity: "=second"')
    spoil("world:\n", "world:\n  python: world.py\n  gives: [thing]\n")
    (folder / "world.py").write_text("def build(world, v):\n    return {'gives': {'thing': v.thing}}\n")
    assert told() == [
        f"{HERE}:19: 'duration' is -1; it must be a number of seconds from 0 on",
        f"{HERE}:20: 'cleanup' is 'hello'; it must be a number of seconds from 0 on",
        f"{HERE}:21: 'capacity' is 'world'; it must be a whole number from 1 on",
        "exercises/05_two_calls/world.py:2: world code raised AttributeError: there is no var 'thing'; "
        "there are a, b, first, second; mend it",
    ]


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ('result: "=[first, second]"', 'result: "=first / second"', 23, "check 'result' in case 'documented': '=first / second' has no value: str / str is not possible; mend the expression"),
        (PARALLEL, 'calls: "say[{first[9]}]", count: 1', 24, "check 'together' in case 'documented': 'say[{first[9]}]' has no value: there is no item 9 among 5; mend the expression"),
        (PARALLEL, 'calls: "say", count: "=a / 2"', 24, "check 'together' in case 'documented': '=a / 2' gives 0.5; it must give a whole number from 0 on"),
        (PARALLEL, 'calls: "say", count: "=first"', 24, "check 'together' in case 'documented': '=first' gives 'hello'; it must give a whole number from 0 on"),
        ('elapsed: "=max(a, b)"', 'elapsed: {at_most: "=a - b"}', 25, "check 'time' in case 'documented': '=a - b' gives -1; it must give a number from 0 on"),
        ('elapsed: "=max(a, b)"', 'for_each: {u: "=a"}, elapsed: "=u"', 25, "check 'time' in case 'documented': 'for_each' has no value: '=a' gives 1, which has no items; mend the expression"),
        ('elapsed: "=max(a, b)"', 'for_each: {u: "=[1, 0]"}, elapsed: "=1 / u"', 25, "check 'time' in case 'documented': '=1 / u' has no value: int / int: division by zero; mend the expression"),
        ('args: ["=say"', 'args: ["=a[0]"', 21, "'=a[0]' has no value: int has no items to index; mend the expression"),
    ],
)  # fmt: skip
def test_what_has_no_value_in_a_case_is_told_with_its_own_line(
    spoil: Spoil, old: str, new: str, line: int, message: str
) -> None:
    spoil(old, new)
    assert told() == [f"{HERE}:{line}: {message}"]
