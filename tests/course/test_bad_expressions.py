"""An expression that cannot be read is the author's mistake wherever it stands: told with its place, never a crash."""

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.course.load import load_course
from grader.errors import CourseError

Spoil = Callable[..., Path]
# expressions that the parser or the grammar refuses, and by what words
BAD = {
    '=output.count("x") == 1': "only the functions of expressions can be called, by their names",
    "=result ==": "cannot be read as an expression",
    "=result.real": "attributes (a dot) are not available",
    "=lambda: 3": "lambda is not available",
    '=f"{result.x}"': "attributes (a dot) are not available",
    "=(yield)": "yield is not available",
    "=_x": "names do not begin with '_'",
    "=": "the expression is empty",
}
TIME = '- {id: time, points: 2, elapsed: "=max(a, b)"}'
HOLDS = "- {id: time, points: 2, holds: '@'}"
TOGETHER = 'parallel: ["say[{first}]", "say[{second}]"]'
DRAW = "  a: {number: [1, 9], step: 0.5}"
WHEN = 'elapsed: "=a + b"'
# every place that takes an expression; `@` is it, `%` its text without the `=`
PLACES = (
    (DRAW, "  a: '@'"),
    (DRAW, "  a: {number: [1, 9], list: '@'}"),
    (DRAW, "  a: {shuffle: '@'}"),
    (DRAW, "  a: {choice: ['@']}"),
    ('such_that: ["=a != b", "=first != second"]', "such_that: ['@']"),
    ('duration: "=delay"', "duration: '@'"),
    ('duration: "=delay"', "cleanup: '@'"),
    ('duration: "=delay"', "capacity: '@'"),
    ('duration: "=delay"', "fails: '@'"),
    ('result: "=what"', "result: {x: ['@']}"),
    ('args: ["=say"', "args: ['@'"),
    (TIME, "- {id: time, points: 2, elapsed: '@'}"),
    (TIME, "- {id: time, points: 2, elapsed: {at_least: '@', at_most: '@'}}"),
    (TIME, "- {id: time, points: 2, tasks: '@'}"),
    (TIME, "- {id: time, points: 2, tasks: {at_most: '@'}}"),
    (TIME, HOLDS),
    (TIME, "- {id: time, points: 2, holds: '=elapsed > a', says: '{%}'}"),
    (TIME, "- {id: time, points: 2, holds: '@', says: '{%}'}"),
    (TIME, "- {id: time, points: 2, for_each: {u: '@'}, elapsed: 3}"),
    (TIME, "- {id: time, points: 2, result: '@'}"),
    (TIME, "- {id: time, points: 2, raises: ValueError, message: '@'}"),
    (TIME, "- {id: time, points: 2, starts_in_order: '@'}"),
    (TIME, "- {id: time, points: 2, ends_in_order: '@'}"),
    (TIME, "- {id: time, points: 2, ends_in_order: ['say[{%}]', say]}"),
    (TOGETHER, "calls: 'say[{%}]', count: '@'"),
    (TOGETHER, "calls: 'say[*]', at_least: '@', at_most: '@'"),
    (TOGETHER, "concurrency: 'say[*]', max: '@', min: '@'"),
    (TOGETHER, "sequential: ['say[{%}]', say]"),
    (TOGETHER, "relation: {a: 'say[{%}]', b: say, is: [meets]}"),
    (TOGETHER, "at_return: {running: ['say[{%}]']}"),
    (TOGETHER, "cancelled: ['say[{%}]']"),
    (TOGETHER, "cleaned: ['say[{%}]']"),
    ("with: {a: 1,", "with: {a: '@',"),
    ("name: drawn, draws: 2", "name: drawn, such_that: ['@']"),
    ("name: drawn, draws: 2", "name: drawn, cancel_at: '@'"),
    (WHEN, "elapsed: '@'"),
    (WHEN, "where: '@'"),
)


# all kinds of them where a check looks for what they name, and one kind everywhere
WITH = [(*place, bad) for place in PLACES for bad in BAD if place == (TIME, HOLDS) or bad == "=result =="]


@pytest.mark.parametrize(("old", "new", "bad"), WITH)
def test_what_cannot_be_read_is_told_wherever_it_stands(old: str, new: str, bad: str, spoil: Spoil) -> None:
    folder = spoil(old, new.replace("@", bad).replace("%", bad.removeprefix("=")))
    with pytest.raises(CourseError) as error:
        load_course(folder.parent.parent)
    assert any(BAD[bad] in str(problem) for problem in error.value.problems), error.value.problems
