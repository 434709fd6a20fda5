"""The world of a run: what the learner's calls meet, and what an author is told before it runs."""

# ruff: noqa: E501 (a table of mistakes reads best with one a line)

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.course.cases import cases_of
from grader.course.load import load_exercise
from grader.course.operations import Setting, Values, is_plain, set_up
from grader.errors import CourseError
from grader.referee.world import Offered
from tests.course.samples import QuietWorld

Spoil = Callable[..., Path]


class Cancelled(BaseException):
    """What the world throws into a coroutine that is cancelled; its name is of no account."""


def setting_of(folder: Path, case: int = 0) -> tuple[Setting, QuietWorld]:
    exercise, world = load_exercise(folder), QuietWorld()
    return set_up(exercise, cases_of(exercise, "seed", hidden=False)[case], world), world


def operation(setting: Setting, at: int = 0) -> Callable[..., Any]:
    offered = setting.args[at]
    assert isinstance(offered, Offered)
    return offered.function


def finish(coroutine: Any) -> Any:
    """Let every sleep end, and return the result."""
    try:
        while True:
            coroutine.send(None)
    except StopIteration as stop:
        return stop.value


# ---------------------------------------------------------------- operations in YAML


def test_the_entry_gets_operations_and_values(folder: Path) -> None:
    setting, _ = setting_of(folder)
    say = setting.args[0]
    assert isinstance(say, Offered)
    assert (say.name, say.params, say.is_operation) == ("say", ["delay", "what"], True)
    assert setting.args[1:] == [1, "hello", 2, "world"]
    assert setting.records == {"say"}
    assert (setting.gives, setting.replaced, setting.ticker) == ({}, {}, None)


def test_an_operation_takes_its_time_and_gives_its_result(folder: Path) -> None:
    setting, world = setting_of(folder)
    assert finish(operation(setting)(2.5, "hi")) == "hi"
    assert world.slept == [2.5]


def test_a_call_has_the_key_of_its_argument(folder: Path) -> None:
    say = setting_of(folder)[0].args[0]
    assert say.key_of(1, "hello") == "hello"
    assert say.key_of(1) is None


@pytest.mark.parametrize("args", [(), (1,), (1, 2, 3)])
def test_the_wrong_number_of_arguments_is_a_type_error(folder: Path, args: tuple[int, ...]) -> None:
    setting, _ = setting_of(folder)
    with pytest.raises(TypeError) as error:
        finish(operation(setting)(*args))
    assert str(error.value) == f"say() takes 2 arguments (delay, what), {len(args)} given"


def test_an_operation_that_fails_raises_at_its_end(spoil: Spoil) -> None:
    new = "duration: 3\n      fails: '=what == first'\n      raises: ConnectionError\n      message: \"=f'no {what}'\""
    setting, world = setting_of(spoil('duration: "=delay"', new))
    assert finish(operation(setting)(1, "world")) == "world"
    with pytest.raises(ConnectionError) as error:
        finish(operation(setting)(1, "hello"))
    assert str(error.value) == "no hello"
    assert world.slept == [3, 3]


def test_a_failure_without_message_has_none(spoil: Spoil) -> None:
    setting, _ = setting_of(spoil('duration: "=delay"', "fails: true"))
    with pytest.raises(RuntimeError) as error:
        finish(operation(setting)(1, "x"))
    assert error.value.args == ()


def test_a_cancelled_operation_cleans_up_first(spoil: Spoil) -> None:
    setting, world = setting_of(spoil('duration: "=delay"', 'duration: "=delay"\n      cleanup: 0.5'))
    running = operation(setting)(4, "x")
    running.send(None)
    running.throw(Cancelled())
    assert world.slept == [4, 0.5]
    with pytest.raises(Cancelled):
        running.send(None)


def test_a_second_cancellation_ends_the_cleaning_up(spoil: Spoil) -> None:
    setting, _ = setting_of(spoil('duration: "=delay"', 'duration: "=delay"\n      cleanup: 0.5'))
    running = operation(setting)(4, "x")
    running.send(None)
    running.throw(Cancelled())
    with pytest.raises(Cancelled):
        running.throw(Cancelled())


def test_an_operation_without_cleaning_up_ends_at_once(folder: Path) -> None:
    setting, world = setting_of(folder)
    running = operation(setting)(4, "x")
    running.send(None)
    with pytest.raises(Cancelled):
        running.throw(Cancelled())
    assert world.slept == [4]


def test_a_closed_operation_does_not_clean_up(spoil: Spoil) -> None:
    setting, world = setting_of(spoil('duration: "=delay"', 'duration: "=delay"\n      cleanup: 0.5'))
    running = operation(setting)(4, "x")
    running.send(None)
    running.close()
    assert world.slept == [4]


def test_more_calls_at_once_than_the_capacity_are_refused(spoil: Spoil) -> None:
    setting, _ = setting_of(spoil('duration: "=delay"', 'duration: "=delay"\n      capacity: 2'))
    say = operation(setting)
    first, second = say(1, "x"), say(1, "y")
    first.send(None)
    second.send(None)
    with pytest.raises(RuntimeError) as error:
        finish(say(1, "z"))
    assert (type(error.value).__name__, str(error.value)) == ("Overloaded", "say takes at most 2 calls at once")
    assert finish(first) == "x"
    assert finish(say(1, "z")) == "z"
    assert finish(second) == "y"


def test_a_cancelled_call_frees_its_place(spoil: Spoil) -> None:
    setting, _ = setting_of(spoil('duration: "=delay"', 'duration: "=delay"\n      capacity: 1'))
    running = operation(setting)(1, "x")
    running.send(None)
    with pytest.raises(Cancelled):
        running.throw(Cancelled())
    assert finish(operation(setting)(1, "y")) == "y"


def test_an_argument_that_the_exercise_does_not_know_is_a_value_error_that_tells_nothing(spoil: Spoil) -> None:
    setting, _ = setting_of(spoil('duration: "=delay"', 'duration: "={first: a, second: b}[what]"'))
    with pytest.raises(ValueError, match=r"^say\(\) cannot be called with delay=1, what='nonsense'$"):
        finish(operation(setting)(1, "nonsense"))


def test_a_duration_that_is_no_number_is_the_callers_mistake(folder: Path) -> None:
    setting, _ = setting_of(folder)
    for delay in ("soon", None, True, float("nan"), float("inf"), 10**5000, object()):
        with pytest.raises(TypeError, match=r"^say\(\) cannot be called with .*: it needs a number of seconds$"):
            finish(operation(setting)(delay, "x"))


def test_a_result_is_made_anew_for_every_call(spoil: Spoil) -> None:
    setting, _ = setting_of(spoil('result: "=what"', "result: [1]"))
    first = finish(operation(setting)(1, "x"))
    first.append(2)
    assert finish(operation(setting)(1, "x")) == [1]


def test_a_blocking_operation_takes_its_time_and_is_offered_as_such(spoil: Spoil) -> None:
    setting, world = setting_of(spoil('duration: "=delay"', 'duration: "=delay"\n      blocking: true'))
    assert setting.args[0].blocking is True
    assert finish(operation(setting)(2.5, "hi")) == "hi"
    assert world.slept == [2.5]


def test_a_ticker_may_take_time(spoil: Spoil) -> None:
    beat = "operations:\n    beat: {params: [], duration: 0.5}\n    say:"
    folder = spoil("operations:\n    say:", beat, "    args:", "    ticker: beat\n    args:")
    ticker = setting_of(folder)[0].ticker
    assert ticker is not None
    assert ticker.is_operation is True


def test_a_ticker_may_not_block(spoil: Spoil) -> None:
    beat = "operations:\n    beat: {params: [], duration: 1, blocking: true}\n    say:"
    with pytest.raises(CourseError) as error:
        load_exercise(spoil("operations:\n    say:", beat, "    args:", "    ticker: beat\n    args:"))
    said = "the ticker 'beat' is blocking, and would hold up the loop; remove 'blocking: true'"
    assert [problem.message for problem in error.value.problems] == [said]


@pytest.mark.parametrize("unfit", ["params: [what], duration: 1", "params: []", "params: [], duration: 0"])
def test_a_ticker_has_no_params_and_takes_time_unless_it_is_plain(unfit: str, spoil: Spoil) -> None:
    beat = f"operations:\n    beat: {{{unfit}}}\n    say:"
    with pytest.raises(CourseError) as error:
        load_exercise(spoil("operations:\n    say:", beat, "    args:", "    ticker: beat\n    args:"))
    said = "the ticker 'beat' must be plain, without params; add 'plain: true'"
    assert [problem.message for problem in error.value.problems] == [said]


def test_a_plain_operation_answers_at_once(spoil: Spoil) -> None:
    new = "operations:\n    tick: {params: [], plain: true, result: '=first'}\n    say:"
    folder = spoil("operations:\n    say:", new, "    args:", "    ticker: tick\n    args:")
    setting, world = setting_of(folder)
    assert setting.ticker is not None
    assert setting.ticker.function() == "hello"
    assert setting.ticker.is_operation is False
    assert world.slept == []


def test_a_part_that_has_no_value_is_told_to_the_author_before_the_run(spoil: Spoil) -> None:
    folder = spoil('duration: "=delay"', 'duration: "=a / 0"')
    with pytest.raises(CourseError) as error:
        setting_of(folder)
    assert str(error.value) == (
        "exercises/05_two_calls/exercise.yaml:17: '=a / 0' has no value: int / int: division by zero; mend the expression"
    )


def test_a_duration_that_is_never_a_number_is_told_to_the_author(spoil: Spoil) -> None:
    folder = spoil('duration: "=delay"', 'duration: "=first"')
    with pytest.raises(
        CourseError, match=r"exercise.yaml:17: 'duration' is 'hello'; it must be a number of seconds from 0 on$"
    ):
        setting_of(folder)


def test_a_capacity_is_at_least_one(spoil: Spoil) -> None:
    folder = spoil('duration: "=delay"', 'capacity: "=a - 1"')
    with pytest.raises(CourseError, match=r"yaml:17: 'capacity' is 0; it must be a whole number from 1 on$"):
        setting_of(folder)


# ---------------------------------------------------------------- world.py


@pytest.fixture
def with_world(spoil: Spoil, world_text: str) -> Path:
    folder = spoil(
        *("world:\n", "world:\n  python: world.py\n  gives: [sessions, total]\n  records: [ask]\n"),
        *('args: ["=say"', 'args: ["=sessions[0]", "=total", "=say"'),
    )
    (folder / "world.py").write_text(world_text)
    return folder


def test_world_code_gives_objects_to_the_entry_and_plain_data_to_expressions(with_world: Path) -> None:
    setting, world = setting_of(with_world)
    assert setting.gives == {"total": 3}
    assert setting.args[1] == 3
    assert setting.records == {"say", "ask"}
    assert finish(setting.args[0].ask()) == "hello"
    assert world.slept == [1]


def test_world_code_is_executed_anew_for_every_run(with_world: Path) -> None:
    first, second = setting_of(with_world)[0], setting_of(with_world)[0]
    assert type(first.args[0]) is not type(second.args[0])


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("v.first", "v.frist", "11: world code raised AttributeError: there is no var 'frist'; there are a, b, first, second; mend it"),
        ("v.a + v.b", "v.a / 0", "11: world code raised ZeroDivisionError: division by zero; mend it"),
        ('"gives": {', '"gave": {', "10: build() must return a dict with 'gives' and, where needed, 'replaces'"),
        (', "total": v.a + v.b', "", "10: build() gives 'sessions', and the exercise names 'sessions', 'total'; make the two the same"),
    ],
)  # fmt: skip
def test_a_mistake_in_world_code_is_the_authors_with_its_line(
    with_world: Path, world_text: str, old: str, new: str, message: str
) -> None:
    assert old in world_text
    (with_world / "world.py").write_text(world_text.replace(old, new))
    with pytest.raises(CourseError) as error:
        setting_of(with_world)
    assert str(error.value) == f"exercises/05_two_calls/world.py:{message}"


def test_functions_of_asyncio_are_replaced_by_those_of_the_world(spoil: Spoil) -> None:
    folder = spoil("world:\n", "world:\n  python: world.py\n  replaces: [asyncio.create_subprocess_shell]\n")
    (folder / "world.py").write_text(
        "def build(world, v):\n"
        "    async def shell(cmd, stdout=None):\n"
        "        return cmd\n"
        "    return {'replaces': {'asyncio.create_subprocess_shell': shell}}\n"
    )
    (name, offered), *more = setting_of(folder)[0].replaced.items()
    assert more == []
    assert (name, offered.name) == ("asyncio.create_subprocess_shell", "create_subprocess_shell")
    assert finish(offered.function("top")) == "top"


def test_world_code_cannot_change_the_values_of_a_case() -> None:
    values = {"xs": [1]}
    v = Values(values)
    v.xs.append(2)
    assert values == {"xs": [1]}
    with pytest.raises(AttributeError, match="the values of a case cannot be changed: 'xs'"):
        v.xs = []


def test_only_data_all_through_is_plain() -> None:
    assert is_plain({"a": [1, 2.0, ("x", None), {b"y"}]})
    assert not is_plain([1, object()])
    assert not is_plain({"a": Values({})})
