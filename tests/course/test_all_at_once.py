"""Many mistakes in one file: each is told, none hides another, and none is told again by what it leads to."""

# ruff: noqa: E501 (a table of mistakes reads best with one a line)

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from grader.course.load import load_course
from grader.errors import CourseError

Spoil = Callable[..., Path]
HERE = "exercises/05_two_calls/exercise.yaml"
Mistake = tuple[str, str, int, tuple[str, ...]]

# What is replaced, by what, and what is said of it, on which line. Each line of the sample has several, side by side.
MISTAKES: list[Mistake] = [
    ("slug: two-calls\ngoal: Call twice at the same time.", "slug: two-calls\ngoal: no", 3, ("'goal' must be text, not false; put it in quotes: \"no\"",)),
    ("prompt: Write both.", "prompt:", 4, ("'prompt' must be text, not nothing",)),
    ("concepts: [task]", "concepts: [task, task, 2024-01-01]", 5, ("'2024-01-01' is read as a date; put it in quotes", "in 'concepts', 'task' stands here twice (first on line 5); remove it, or write what you meant")),
    ("a: {number: [1, 9], step: 0.5}", "a: {nmber: [1, 9], step: 0, lst: \"=nn\"}", 7, ("unknown key 'nmber'; did you mean 'number'?", "'step' is 0; it must be more than 0", "unknown key 'lst'; did you mean 'list'?", "unknown name 'nn' in '=nn'; there are no names here")),
    ("b: {number: [1, 9], step: 0.5}", "b: {number: [9, 1], step: 0.5, word: true}", 8, ("the draw 'b' has number and word; give it exactly one of number, int, word, choice, shuffle", "the range [9.0, 1.0] of 'b' ends below its start; swap the two")),
    ("first: {word: true}", "first: {choice: [\"=b + cc\", \"=mx(dd)\"], distinct: true}", 9, ("unknown name 'cc' in '=b + cc'; choose from a, b", "unknown name 'dd' in '=mx(dd)'; choose from a, b", "'mx' is not a function of expressions; did you mean 'max'? (in '=mx(dd)')", "'distinct' of 'first' is for lists; add 'list', or remove it")),
    ("second: {word: true}", "second: {word: 010}", 10, ("'010' would be read in another base; put it in quotes or write it in tens",)),
    ('such_that: ["=a != b"', 'such_that: ["=a != c", "=a.x + ee", 3', 11, ("unknown name 'c' in '=a != c'; choose from a, b, first, second", "attributes (a dot) are not available; index with [...] or call a function instead (in '=a.x + ee')", "unknown name 'ee' in '=a.x + ee'; choose from a, b, first, second", "item 3 of 'such_that' must be an expression, not 3")),
    ("params: [delay, what]", "params: [delay, what, what, 3]", 15, ("parameter 'what' stands here twice (first on line 15); choose another", "item 4 of 'params' must be text, not 3; put it in quotes: \"3\"")),
    ('duration: "=delay"', 'duration: -1', 17, ("'duration' is -1; it must be a number from 0 on, or an expression",)),
    ('result: "=what"', 'result: {x: "=wht", y: ["=what", "=wht.z"]}', 18, ("unknown name 'wht' in '=wht'; did you mean 'what'?", "attributes (a dot) are not available; index with [...] or call a function instead (in '=wht.z')", "unknown name 'wht' in '=wht.z'; did you mean 'what'?")),
    ('args: ["=say", "=a"', 'args: ["=sy", "=a"', 21, ("unknown name 'sy' in '=sy'; did you mean 'say'?",)),
    ('id: result, points: 4, result: "=[first, second]"', 'id: result, points: four, result: "=[frst, scond]", help: yes', 23, ("'points' must be a number, not 'four'", "unknown name 'frst' in '=[frst, scond]'; did you mean 'first'?", "unknown name 'scond' in '=[frst, scond]'; did you mean 'second'?", "'help' must be text, not true; put it in quotes: \"yes\"")),
    ('id: together, points: 4, parallel: ["say[{first}]", "say[{second}]"]', 'id: result, pionts: -4, paralel: ["sya[{frst}]", "say[{second]", 3], gate: maybe', 24, ("check 'result' stands here twice (first on line 23); choose another", "unknown key 'pionts'; did you mean 'points'?", "'points' is -4; it must be at least 0", "unknown key 'paralel'; did you mean 'parallel'?", "'sya[{frst}]' selects no operation of the world; did you mean 'say'?", "unknown name 'frst' in 'sya[{frst}]'; did you mean 'first'?", "'{' without '}' in 'say[{second]' (in 'say[{second]')", "item 3 of 'parallel' must be text, not 3; put it in quotes: \"3\"", "'gate' must be true or false, not 'maybe'")),
    ('points: 2, elapsed: "=max(a, b)"', 'points: 2, for_each: {u: "=us"}, elapsed: {at_last: "=v", at_most: x}', 25, ("unknown name 'us' in '=us'; choose from a, b, first, second", "unknown key 'at_last'; did you mean 'at_least'?", "unknown name 'v' in '=v'; choose from a, b, first, second, u", "'at_most' is 'x'; it must be a number from 0 on, or an expression")),
    ("name: documented, with: {a: 1, b: 2, first: hello, second: world}", "name: Documented, with: {a: 1, bb: 2, first: \"=gg\", second: world}, only: [bth]", 27, ("'name' is 'Documented'; it must be lower-case letters, digits and '-'", "'with' fixes 'bb', which is no var; did you mean 'b'?", "unknown name 'gg' in '=gg'; choose from a, b", "'only' names 'bth', which is no entry; did you mean 'both'?")),
    ("name: drawn, draws: 2", "name: drawn, draws: 200, such_that: [\"=hh\"], cancel_at: -2, wth: {zz: 1}", 28, ("'draws' is 200; it must be at most 50", "unknown name 'hh' in '=hh'; choose from a, b, first, second", "'cancel_at' is -2; it must be a number from 0 on, or an expression", "unknown key 'wth'; did you mean 'with'?", "'with' fixes 'zz', which is no var; choose from a, b, first, second")),
    ('when: {entry: both, elapsed: "=a + b"}', "when: {entry: bth, fails: [zz, result], event: rased, where: \"=cals\"}", 31, ("'bth' is no entry; did you mean 'both'?", "'zz' is no check; choose from {ids}", "'event' is 'rased', which is not known; did you mean 'raised'?", "unknown name 'cals' in '=cals'; did you mean 'calls'?")),
    ("says: It took both times.", "says: 2", 32, ("'says' must be text, not 2; put it in quotes: \"2\"",)),
    ("example: wrong/one_by_one.py", "exmple: 1", 33, ("unknown key 'exmple'; did you mean 'example'?",)),
    ("hints: [Make a task.]", "hnts: []", 34, ("unknown key 'hnts'; did you mean 'hints'?", "'hints' has 0 items; at least 1 is needed")),
    ('docs: ["https://docs.python.org/3/library/asyncio-task.html"]', "docs: ['']\nlimits: {wall_seconds: 0, tasks: 1.5, memry_mb: 1}", 35, ("item 1 of 'docs' is ''; it must be text, and not empty",)),
]  # fmt: skip


def complaints() -> list[str]:
    with pytest.raises(CourseError) as error:
        load_course(".")
    return [str(problem) for problem in error.value.problems]


IDS, SPOILT_IDS = "result, time, together", "result, time"
LIMITS = (
    "'wall_seconds' is 0; it must be more than 0",
    "'tasks' must be a whole number, not 1.5",
    "unknown key 'memry_mb'; did you mean 'memory_mb'?",
    "'memory_mb' is 1; it must be at least 16",
)


def told(mistakes: Sequence[Mistake], ids: str) -> list[str]:
    said = [f"{HERE}:{line}: {one.replace('{ids}', ids)}" for _, _, line, sayings in mistakes for one in sayings]
    limits = LIMITS if MISTAKES[-1] in mistakes else ()
    return sorted([*said, *(f"{HERE}:36: {one}" for one in limits)])


@pytest.mark.parametrize("mistake", MISTAKES, ids=[mistake[0][:20] for mistake in MISTAKES])
def test_mistakes_of_one_line_are_told_together_and_nothing_else_is(spoil: Spoil, mistake: Mistake) -> None:
    spoil(*mistake[:2])
    assert sorted(complaints()) == told([mistake], IDS)


def test_mistakes_on_every_line_are_told_as_if_each_were_alone(spoil: Spoil) -> None:
    spoil(*(piece for mistake in MISTAKES for piece in mistake[:2]))
    assert sorted(complaints()) == told(MISTAKES, SPOILT_IDS)


OPERATION = """\
    say:
      params: [delay, what]
      key: what
      duration: "=delay"
      result: "=what"
"""


def test_all_mistakes_of_an_operation_are_told(spoil: Spoil) -> None:
    spoil(
        OPERATION,
        "    say: {params: [delay, what], kee: wht, durtion: soon, fials: 1, message: no, raises: ValuError, cleanup: .nan,\n"
        "      capacity: 1.5, result: [=xx, '=delay + (', =yyy], colour: red}\n",
    )
    assert complaints() == [
        f"{HERE}:14: {said}"
        for said in (
            "'ValuError' is not a builtin exception; did you mean 'ValueError'?",
            "'cleanup' is .nan, which equals nothing; write a number",
            "'duration' is 'soon'; it must be a number from 0 on, or an expression",
            "'fails' is 1; it must be true, false or an expression that says when",
            "'message' must be text, not false; put it in quotes: \"no\"",
            "the key 'wht' of say is none of its params; did you mean 'what'?",
            "unknown key 'durtion'; did you mean 'duration'?",
            "unknown key 'fials'; did you mean 'fails'?",
            "unknown key 'kee'; did you mean 'key'?",
        )
    ] + [
        f"{HERE}:15: {said}"
        for said in (
            "'capacity' is 1.5; it must be a whole number from 1 on, or an expression",
            "cannot be read as an expression: delay + (; mend its syntax (in '=delay + (')",
            "unknown key 'colour'; choose from capacity, cleanup, duration, fails, key, message, params, plain, raises, result",
            "unknown name 'xx' in '=xx'; choose from a, b, delay, first, second, what",
            "unknown name 'yyy' in '=yyy'; choose from a, b, delay, first, second, what",
        )
    ]
