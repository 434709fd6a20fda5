"""A task that is made by its class, as `asyncio.Task(...)`, is one as the loop makes it: seen, numbered and ordered alike."""

from pathlib import Path

import pytest

from grader.course.model import Exercise
from grader.grading import grade
from grader.verdict import Verdict, encode
from tests.proof.the_course import EXERCISES

BY_FUNCTION, BY_CLASS = "asyncio.create_task(", "asyncio.Task       ("  # as long, for columns that are told
# one hangs on where a loop is looked for at import, the other has a message of its own for a bare `create_task`
OTHERWISE = {"task_at_module_level", "tasks_not_kept"}


def _programs() -> list[tuple[Exercise, Path]]:
    return [
        (exercise, path)
        for exercise in EXERCISES.values()
        for path in sorted(Path(exercise.solutions or "").rglob("*.py"))
        if path.stem not in OTHERWISE and BY_FUNCTION in path.read_text(errors="replace")
    ]


def _verdict(exercise: Exercise, text: str) -> Verdict:
    return grade(exercise, text.encode(), seed="seed", hidden=True, filename="program.py")


@pytest.mark.parametrize(
    ("exercise", "path"), [pytest.param(*each, id=f"{each[1].parent.name}/{each[1].stem}") for each in _programs()]
)
def test_a_program_has_the_verdict_that_it_has_with_tasks_of_the_loops(exercise: Exercise, path: Path) -> None:
    text = path.read_text()
    found = encode(_verdict(exercise, text.replace(BY_FUNCTION, BY_CLASS)))
    assert found.replace(BY_CLASS.encode(), BY_FUNCTION.encode()) == encode(_verdict(exercise, text))


def test_the_class_is_asyncios_for_whoever_asks() -> None:
    text = """
import asyncio

class Own(asyncio.Task):
    pass

async def one_after_the_other(say_after, a, first, b, second):
    return [await say_after(a, first), await say_after(b, second)]

async def together(say_after, a, first, b, second):
    task = asyncio.Task(say_after(a, first), name="mine")
    own = Own(say_after(b, second))
    asyncio.get_running_loop().set_task_factory(lambda loop, coro, **more: asyncio.Task(coro, loop=loop, **more))
    third = asyncio.create_task(asyncio.sleep(0))
    assert type(task) is asyncio.Task is type(third)
    print(task.get_name(), third.get_name(), asyncio.Task, asyncio.Task[int].__origin__ is asyncio.Task)
    for one in (task, own, third, 3):
        print(isinstance(one, asyncio.Task), isinstance(one, Own))
    print(issubclass(Own, asyncio.Task), issubclass(int, asyncio.Task), asyncio.Task.__module__)
    return [await task, await own]
"""
    verdict = _verdict(EXERCISES["say-after"], text)
    printed = next(case.output for case in verdict.cases if case.entry == "together")
    assert printed.splitlines() == [
        "mine Task-2 <class '_asyncio.Task'> True",
        "True False",
        "True True",
        "True False",
        "False False",
        "True False _asyncio",
    ]


OWN = {
    "own arguments": "class Own(asyncio.Task):\n    def __init__(self, coro):\n        super().__init__(coro)",
    "another": "class Own(asyncio.Task):\n    def __init__(self, coro, /, a=0):\n        super().__init__(coro, loop=None)",
    "its own making": "class Own(asyncio.Task):\n    def __new__(cls, coro):\n        return super().__new__(cls)",
    "an abstract class": "import abc\nclass Own(asyncio.Task, abc.ABC):\n    pass",
    "names of its own": "class Bus:\n    stands = 3\nclass Own(Bus, asyncio.Task):\n    stands = True",
    "a class of a class": "class One(asyncio.Task):\n    pass\nclass Own(One):\n    pass",
}


@pytest.mark.parametrize("text", OWN.values(), ids=OWN)
def test_a_class_of_ones_own_is_made_as_it_is_written(text: str) -> None:
    program = f"""
import asyncio
{text}

async def one_after_the_other(say_after, a, first, b, second):
    return [await say_after(a, first), await say_after(b, second)]

async def together(say_after, a, first, b, second):
    tasks = [Own(say_after(a, first)), Own(say_after(b, second))]
    assert all(type(task) is Own and isinstance(task, asyncio.Task) for task in tasks)
    return [await task for task in tasks]
"""
    assert _verdict(EXERCISES["say-after"], program).points == 10
