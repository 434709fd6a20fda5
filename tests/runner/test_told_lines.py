"""What a program says of itself in an exception, however odd, is its own fault and never taken for tampering."""

from pathlib import Path

import pytest

import grader
from grader.course.model import Exercise
from grader.verdict import Fault

HEAD = "async def one_after_the_other(say_after, *rest):\n    "


@pytest.fixture(scope="module")
def exercise() -> Exercise:
    return next(one for one in grader.load_course(Path(__file__).parents[2]).exercises if one.slug == "say-after")


@pytest.mark.parametrize(
    ("body", "title", "line"),
    [
        ("raise GeneratorExit", "your function raised GeneratorExit", 2),
        *(
            (f"raise SyntaxError('x', ('say_after.py', {told}, 1, 'y'))", "your function raised SyntaxError", line)
            for told, line in (("10**18", 2), ("-3", 2), ("'a'", 2), ("True", 2), ("None", 2), ("7", 7))
        ),
        (
            "exec(compile('1/0', 'say_after.py', 'exec').replace(co_firstlineno=10**8))",
            "your function raised ZeroDivisionError",
            10**8,
        ),
    ],
)
def test_it_is_told_as_any_other(exercise: Exercise, body: str, title: str, line: int) -> None:
    verdict = grader.grade(exercise, f"{HEAD}{body}\n", seed="1", isolation="child")
    fault = next(case.fault for case in verdict.cases if case.entry == "one_after_the_other")
    assert isinstance(fault, Fault)
    assert (fault.title, fault.line) == (title, line)
