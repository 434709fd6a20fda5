"""Mistakes of shape: keys, types and forms, each with file, line, value and remedy, all at once."""

# ruff: noqa: E501 (a table of mistakes reads best with one a line)

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.course.load import load_course
from grader.errors import CourseError

Spoil = Callable[..., Path]
HERE = "exercises/05_two_calls/exercise.yaml"


def complaints() -> list[str]:
    with pytest.raises(CourseError) as error:
        load_course(".")
    return [str(problem) for problem in error.value.problems]


def test_all_problems_of_a_file_are_told_at_once(spoil: Spoil) -> None:
    spoil(
        *("parallel:", "paralel:"),
        *('elapsed: "=max(a, b)"', 'elapsed: "=max(a, c)"'),
        *("key: what", "key: wath"),
        *("hints:", "hnts:"),
        *("draws: 2", "draws: 0"),
    )
    assert complaints() == [
        f"{HERE}:16: the key 'wath' of say is none of its params; did you mean 'what'?",
        f"{HERE}:24: unknown key 'paralel'; did you mean 'parallel'?",
        f"{HERE}:25: unknown name 'c' in '=max(a, c)'; choose from a, b, first, second",
        f"{HERE}:28: 'draws' is 0; it must be at least 1",
        f"{HERE}:34: unknown key 'hnts'; did you mean 'hints'?",
    ]


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("schema: 1", "schema: 2", 1, "'schema' is 2, which is not known; choose from 1"),
        ("slug: two-calls", "slug: Two", 2, "'slug' is 'Two'; it must be lower-case words joined by '-'"),
        ("concepts: [task]", "concepts: task", 5, "'concepts' must be a list, not 'task'"),
        ("concepts: [task]", "concepts: [1]", 5, "item 1 of 'concepts' must be text, not 1; put it in quotes: \"1\""),
        ("concepts: [task]", "concepts:", 5, "'concepts' must be a list, not nothing"),
        ("points: 4, result", "points: ten, result", 23, "'points' must be a number, not 'ten'"),
        ("points: 4, result", "points: true, result", 23, "'points' must be a number, not true"),
        ("points: 4, result", "points: -1, result", 23, "'points' is -1; it must be at least 0"),
        ("params: [delay, what]", "prams: [delay, what]", 15, "unknown key 'prams'; did you mean 'params'?"),
        ("    args:", "    kind: corutine\n    args:", 21, "'kind' is 'corutine', which is not known; did you mean 'coroutine'?"),
        ("hints: [Make a task.]", "hints: []", 34, "'hints' has 0 items; at least 1 is needed"),
        ("number: [1, 9], step", "number: [1], step", 7, "'number' has 1 items; at least 2 are needed"),
        ('such_that: ["=a != b"', 'such_that: ["a != b"', 11, "item 1 of 'such_that' is 'a != b'; it must be an expression that begins with '='"),
        ("first: {word: true}", "first: {x: 1}", 9, "unknown key 'x'; choose from choice, distinct, int, list, number, shuffle, step, word; a mapping here says how a value is drawn, and a dict as it stands is written '={...}'"),
        ('parallel: ["say[{first}]", "say[{second}]"]', 'parallel: 3', 24, "'parallel' must be text or a list, not 3"),
        ('parallel: ["say[{first}]"', 'parallel: ["Say {first}"', 24, "item 1 of 'parallel' is 'Say {first}'; it must be an operation's name, with a key in [...] if needed, such as 'get[{url}]'"),
        ('elapsed: "=max(a, b)"}', "elapsed: soon}", 25, "'elapsed' is 'soon'; it must be an expression that begins with '='"),
        ('elapsed: "=max(a, b)"}', "elapsed: {at_last: 1}}", 25, "unknown key 'at_last'; did you mean 'at_least'?"),
        ('elapsed: "=max(a, b)"}', "tasks: none_redundent}", 25, "'tasks' is 'none_redundent'; it must be 'none_redundant', or an expression that begins with '='"),
        ('elapsed: "=max(a, b)"}', "hygiene: defalt}", 25, "'hygiene' is 'defalt', which is not known; did you mean 'default'?"),
        ('elapsed: "=max(a, b)"}', "at_return: idel}", 25, "'at_return' is 'idel', which is not known; did you mean 'idle'?"),
        ("points: 2, elapsed", "points: 2, result: 1, elapsed", 25, "a check has one kind, and this one has result, elapsed; make a check of each"),
        ("points: 2, elapsed", "kind: elapsed, points: 2, elapsed", 25, "unknown key 'kind'; the key that names a check is its kind"),
        ("goal: Call twice at the same time.", "goal: no", 3, "'goal' must be text, not false; put it in quotes: \"no\""),
        ("goal: Call twice at the same time.", "goal: 1.50", 3, "'goal' must be text, not 1.5; put it in quotes: \"1.50\""),
        ("goal: Call twice at the same time.", "goal: '  '", 3, "'goal' is '  '; it must be text, and not empty"),
        ("prompt: Write both.", 'prompt: ""', 4, "'prompt' is ''; it must be text, and not empty"),
        ("key: what", "message: no", 16, "'message' must be text, not false; put it in quotes: \"no\""),
        ("key: what", "message: 404", 16, "'message' must be text, not 404; put it in quotes: \"404\""),
        ("key: what", "raises: yes", 16, "'raises' must be text, not true; put it in quotes: \"yes\""),
        ("key: what", "key: on", 16, "'key' must be text, not true; put it in quotes: \"on\""),
        ("id: result, points: 4", "help: yes, id: off, points: 4", 23, "'help' must be text, not true; put it in quotes: \"yes\""),
        ("id: result, points: 4", "help: yes, id: off, points: 4", 23, "'id' must be text, not false; put it in quotes: \"off\""),
        ("says: It took both times.", "says:", 32, "'says' must be text, not nothing"),
        ("hints: [Make a task.]", "hints: [~]", 34, "item 1 of 'hints' must be text, not nothing"),
        ("points: 4, result", "points: .nan, result", 23, "'points' is nan; it must be a number that is finite"),
        ("points: 4, result", "points: 1.0e+300, result", 23, "'points' is 1e+300; it must be at most 1000000"),
        ("a: {number: [1, 9], step: 0.5}", "a: {number: [1, .inf], step: 0.5}", 7, "item 2 of 'number' is inf; it must be a number that is finite"),
        ("a: {number: [1, 9], step: 0.5}", "a: {int: [1, 0x" + "f" * 2000 + "]}", 7, "item 2 of 'int' is a number of 8000 bits; write a smaller one"),
        ("a: {number: [1, 9], step: 0.5}", "a: .nan", 7, "'a' is nan; it must be a number that is finite"),
        ("a: 1, b: 2", "a: [.nan], b: 2", 27, "item 1 of 'a' is .nan, which equals nothing; write a number"),
        ("    checks:", "    checks: []\n    chks:", 22, "'checks' has 0 items; at least 1 is needed"),
        ("schema: 1\n", "schema: 1\nlimits: {turns: -1}\n", 2, "'turns' is -1; it must be at least 1"),
        ("schema: 1\n", "schema: 1\nlimits: {cpu_seconds: 1.0e+9}\n", 2, "'cpu_seconds' is 1000000000.0; it must be at most 86400"),
        ("schema: 1\n", "schema: 1\nlimits: {wall_secnds: 3}\n", 2, "unknown key 'wall_secnds'; did you mean 'wall_seconds'?"),
    ],
)  # fmt: skip
def test_a_part_of_the_wrong_shape_is_one_problem(spoil: Spoil, old: str, new: str, line: int, message: str) -> None:
    spoil(old, new)
    assert f"{HERE}:{line}: {message}" in complaints()


def test_a_check_without_a_kind_lists_the_kinds(spoil: Spoil) -> None:
    spoil(', elapsed: "=max(a, b)"}', "}")
    (found,) = complaints()
    assert found == (
        f"{HERE}:25: check 'time' has no kind; give it one of at_return, calls, cancelled, cleaned, concurrency, elapsed, "
        "ends_in_order, holds, hygiene, parallel, python, raises, relation, result, sequential, source, starts_in_order, tasks"
    )
