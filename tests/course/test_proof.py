"""Mistakes of meaning: what is well-formed and cannot be meant, with file, line, value and remedy."""

# ruff: noqa: E501 (a table of mistakes reads best with one a line)

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.course.load import load_course
from grader.errors import CourseError

Spoil = Callable[..., Path]
HERE = "exercises/05_two_calls/exercise.yaml"


def add_world(folder: Path, text: str) -> None:
    (folder / "world.py").write_text(text)


def complaints() -> list[str]:
    with pytest.raises(CourseError) as error:
        load_course(".")
    return [str(problem) for problem in error.value.problems]


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("  a: {number: [1, 9], step: 0.5}", "  a: {number: [9, 1], step: 0.5}", 7, "the range [9.0, 1.0] of 'a' ends below its start; swap the two"),
        ("  a: {number: [1, 9], step: 0.5}", "  a: {step: 0.5}", 7, "the draw 'a' says nothing of what is drawn; give it exactly one of number, int, word, choice, shuffle"),
        ("  a: {number: [1, 9], step: 0.5}", "  a: {number: [1, 9], word: true}", 7, "the draw 'a' has number and word; give it exactly one of number, int, word, choice, shuffle"),
        ("  a: {number: [1, 9], step: 0.5}", "  a: {int: [1, 9], step: 2}", 7, "'step' of 'a' is for 'number' only; remove it"),
        ("  a: {number: [1, 9], step: 0.5}", "  a: {int: [1, 9], distinct: true}", 7, "'distinct' of 'a' is for lists; add 'list', or remove it"),
        ("  a: {number: [1, 9], step: 0.5}", "  a: {choice: []}", 7, "'a' has nothing to choose from; give at least one value"),
        ("  a: {number: [1, 9], step: 0.5}", "  a: {int: [1, 2], list: two}", 7, "'list' of 'a' is 'two'; it must be a whole number or an expression"),
        ("  a: {number: [1, 9], step: 0.5}", '  a: "=b + 1"', 7, "'b' in '=b + 1' has no value yet; move it above"),
        ("  a: {number: [1, 9], step: 0.5}", '  a: {shuffle: "=[q]"}', 7, "unknown name 'q' in '=[q]'"),
        ("  a: {number: [1, 9], step: 0.5}", "  a: 3\n  max: 4", 8, "var 'max' has the name of a function of expressions; choose another"),
        ("  a: {number: [1, 9], step: 0.5}", "  a: 3\n  a-b: 4", 8, "var 'a-b' is not a name; use letters, digits and '_', a letter first"),
        ("  a: {number: [1, 9], step: 0.5}", "  a: 3\n  say: 4", 15, "'say' is a var as well; choose another name"),
        ('"=a != b"', '"=a != sum"', 11, "'sum' in '=a != sum' is a function; call it as sum(...)"),
        ('"=a != b"', '"=a != "', 11, "cannot be read as an expression: a !=; mend its syntax (in '=a != ')"),
        ('"=a != b"', '"=a != mx(b)"', 11, "'mx' is not a function of expressions; did you mean 'max'? (in '=a != mx(b)')"),
        ('duration: "=delay"', 'duration: "=dealy"', 17, "unknown name 'dealy' in '=dealy'; did you mean 'delay'?"),
        ('duration: "=delay"', "duration: soon", 17, "'duration' is 'soon'; it must be a number from 0 on, or an expression"),
        ('duration: "=delay"', "duration: -1", 17, "'duration' is -1; it must be a number from 0 on, or an expression"),
        ('duration: "=delay"', 'capacity: "=delay"', 17, "unknown name 'delay' in '=delay'; choose from a, b, first, second"),
        ('duration: "=delay"', "fails: maybe", 17, "'fails' is 'maybe'; it must be true, false or an expression that says when"),
        ('duration: "=delay"', "fails: 1", 17, "'fails' is 1; it must be true, false or an expression that says when"),
        ('duration: "=delay"', "capacity: 0", 17, "'capacity' is 0; it must be a whole number from 1 on, or an expression"),
        ('duration: "=delay"', "cleanup: .inf", 17, "'cleanup' is inf; it must be a number from 0 on, at most 1000000000, or an expression"),
        ('parallel: ["say[{first}]", "say[{second}]"]', 'calls: "say[*]", count: two', 24, "'count' is 'two'; it must be a whole number from 0 on, or an expression"),
        ('parallel: ["say[{first}]", "say[{second}]"]', 'calls: "say[*]", at_least: 1.5', 24, "'at_least' is 1.5; it must be a whole number from 0 on, or an expression"),
        ('parallel: ["say[{first}]", "say[{second}]"]', 'calls: "say[*]", at_least: 3, at_most: 2', 24, "check 'together' can never pass: 'at_least' is 3 and 'at_most' 2; swap them"),
        ('parallel: ["say[{first}]", "say[{second}]"]', 'concurrency: "say[*]", max: true', 24, "'max' is true; it must be a whole number from 0 on, or an expression"),
        ('elapsed: "=max(a, b)"}', "elapsed: -1}", 25, "'elapsed' is -1; it must be a number from 0 on, or an expression"),
        ('elapsed: "=max(a, b)"}', "elapsed: .inf}", 25, "'elapsed' is inf; it must be a number that is finite"),
        ('elapsed: "=max(a, b)"}', "tasks: -1}", 25, "'tasks' is -1; it must be a whole number from 0 on, or an expression"),
        ("name: drawn, draws: 2", "name: drawn, cancel_at: soon", 28, "'cancel_at' is 'soon'; it must be a number from 0 on, or an expression"),
        ("concepts: [task]", "concepts: [task, task]", 5, "in 'concepts', 'task' stands here twice (first on line 5); remove it, or write what you meant"),
        ("name: drawn, draws: 2", "name: drawn, only: [both, both]", 28, "in 'only', 'both' stands here twice (first on line 28); remove it, or write what you meant"),
        ('parallel: ["say[{first}]", "say[{second}]"]', "relation: {a: say, b: say, is: [meets, meets]}", 24, "in 'is', 'meets' stands here twice (first on line 24); remove it, or write what you meant"),
        ("schema: 1\n", "schema: 1\nprerequisites: [two-calls]\n", 2, "the prerequisite 'two-calls' is the exercise itself; remove it"),
        ("  a: {number: [1, 9], step: 0.5}", "  a: 3\n  \ufb01rst: 4", 8, "var '\ufb01rst' has letters that Python reads as others; write it 'first'"),
        ("  a: {number: [1, 9], step: 0.5}", "  a: {int: [1, 2], list: 1001}", 7, "'list' of 'a' is 1001; it must be a whole number or an expression, at most 1000"),
        ('duration: "=delay"', "plain: true\n      duration: 1", 18, "'say' is plain and answers at once; remove 'duration'"),
        ('duration: "=delay"', "plain: true\n      blocking: true", 18, "'say' is plain and answers at once; remove 'blocking', or 'plain'"),
        ('duration: "=delay"', "blocking: true\n      cleanup: 1", 18, "'say' is blocking and cannot be cancelled; remove 'cleanup'"),
        ('duration: "=delay"', "raises: RuntimeEror", 17, "'RuntimeEror' is not a builtin exception; did you mean 'RuntimeError'?"),
        ('duration: "=delay"', "raises: Nonsuch", 17, "'Nonsuch' is not a builtin exception; use one"),
        ("params: [delay, what]", "params: [what, what]", 15, "parameter 'what' stands here twice (first on line 15); choose another"),
        ("world:\n", "world:\n  gives: [x]\n", 13, "'gives' needs world code; add 'python: world.py', or remove it"),
        ("world:\n", "world:\n  python: world.py\n", 13, "there is no file 'world.py' beside the exercise; write it, or remove 'python'"),
        ('args: ["=say"', 'args: ["=sya"', 21, "unknown name 'sya' in '=sya'; did you mean 'say'?"),
        ("    args:", "    ticker: tick\n    args:", 21, "the ticker 'tick' is no operation; choose from say"),
        ("    args:", "    ticker: say\n    args:", 21, "the ticker 'say' must be plain, without params; add 'plain: true'"),
        ('"say[{first}]"', '"sya[{first}]"', 24, "'sya[{first}]' selects no operation of the world; did you mean 'say'?"),
        ('"say[{first}]"', '"say[{frist}]"', 24, "unknown name 'frist' in 'say[{frist}]'; did you mean 'first'?"),
        ('"say[{first}]"', '"say[{first]"', 24, "'{' without '}' in 'say[{first]' (in 'say[{first]')"),
        ('parallel: ["say[{first}]", "say[{second}]"]', 'parallel: ["say[*]"]', 24, "check 'together' selects too little; give 'parallel' at least 2 selectors"),
        ('parallel: ["say[{first}]", "say[{second}]"]', 'calls: "say[*]"', 24, "check 'together' does not say how often; give 'count', 'at_least' or 'at_most'"),
        ('parallel: ["say[{first}]", "say[{second}]"]', 'calls: "say[*]", count: 1, at_most: 2', 24, "check 'together' has both 'count' and bounds; keep one of them"),
        ('parallel: ["say[{first}]", "say[{second}]"]', 'concurrency: "say[*]"', 24, "check 'together' has no bounds; give 'max' or 'min'"),
        ('parallel: ["say[{first}]", "say[{second}]"]', "relation: {a: say, b: say, is: []}", 24, "check 'together' names no relation; give at least one under 'is'"),
        ('parallel: ["say[{first}]", "say[{second}]"]', "relation: {a: sya, b: say, is: [before]}", 24, "'sya' selects no operation of the world; did you mean 'say'?"),
        ('parallel: ["say[{first}]", "say[{second}]"]', "at_return: {}", 24, "check 'together' names no operation; give 'running' or 'finished'"),
        ('parallel: ["say[{first}]", "say[{second}]"]', "at_return: {running: [sya]}", 24, "'sya' selects no operation of the world; did you mean 'say'?"),
        ('parallel: ["say[{first}]", "say[{second}]"]', "source: {}", 24, "check 'together' has no rule; give 'require', 'forbid' or 'once'"),
        ('parallel: ["say[{first}]", "say[{second}]"]', "hygiene: []", 24, "check 'together' has no rule; write 'hygiene: default' for all"),
        ('parallel: ["say[{first}]", "say[{second}]"]', "cancelled: []", 24, "check 'together' selects too little; give 'cancelled' at least 1 selector"),
        ('parallel: ["say[{first}]", "say[{second}]"]', "tasks: {}", 24, "check 'together' has no bounds; give 'at_least' or 'at_most'"),
        ('parallel: ["say[{first}]", "say[{second}]"]', 'starts_in_order: "=[q]"', 24, "unknown name 'q' in '=[q]'"),
        ('parallel: ["say[{first}]", "say[{second}]"]', "python: checks.py:order", 24, "there is no file 'checks.py' beside the exercise; write it"),
        ('elapsed: "=max(a, b)"}', "elapsed: {}}", 25, "check 'time' has no bounds; give 'at_least' or 'at_most'"),
        ('elapsed: "=max(a, b)"}', 'elapsed: {at_most: "=c"}}', 25, "unknown name 'c' in '=c'"),
        ("id: time", "id: result", 25, "check 'result' stands here twice (first on line 23); choose another"),
        ('elapsed: "=max(a, b)"}', 'for_each: {u: "=xs"}, elapsed: "=u"}', 25, "unknown name 'xs' in '=xs'; choose from a, b, first, second"),
        ("name: drawn, draws: 2", "name: documented, draws: 2", 28, "case 'documented' stands here twice (first on line 27); choose another"),
        ("name: drawn, draws: 2", "name: drawn, draws: 2, only: [bth]", 28, "'only' names 'bth', which is no entry; did you mean 'both'?"),
        ("name: drawn, draws: 2", "name: drawn, with: {first: no}", 28, "'with' fixes 'first' at false, and what is drawn for it is a text; quote it"),
        ("name: drawn, draws: 2", "name: drawn, with: {first: [x]}", 28, "'with' fixes 'first' at a list, and one text is drawn for it; fix it at such a one"),
        ("name: drawn, draws: 2", "name: drawn, with: {a: '1'}", 28, "'with' fixes 'a' at '1', and what is drawn for it is a number; write such a one"),
        ("name: drawn, draws: 2", "name: drawn, with: {frist: x}", 28, "'with' fixes 'frist', which is no var; did you mean 'first'?"),
        ("name: drawn, draws: 2", 'name: drawn, with: {a: "=b"}', 28, "'b' in '=b' has no value yet; move it above"),
        ("name: drawn, draws: 2", 'name: drawn, such_that: ["=c"]', 28, "unknown name 'c' in '=c'; choose from a, b, first, second"),
        ("name: drawn, draws: 2", 'name: drawn, cancel_at: "=c"', 28, "unknown name 'c' in '=c'; choose from a, b, first, second"),
        ("name: drawn, draws: 2", "name: drawn, draws: 2, with: {a: 1, b: 2, first: x, second: y}", 28, "case 'drawn' has 2 draws, and draws nothing; remove 'draws'"),
        ("entry: both, elapsed", "entry: bth, elapsed", 31, "'bth' is no entry; did you mean 'both'?"),
        ("entry: both, elapsed", "entry: both, fails: [tme], elapsed", 31, "'tme' is no check of 'both'; did you mean 'time'?"),
        ('when: {entry: both, elapsed: "=a + b"}', "when: {}", 31, "misconception 'one-by-one' matches everything; say when"),
        ('elapsed: "=a + b"}', 'elapsed: "=a + c"}', 31, "unknown name 'c' in '=a + c'; choose from a, b, first, second"),
        ('elapsed: "=a + b"}', "where: \"=call['say'] > 2\"}", 31, "unknown name 'call' in \"=call['say'] > 2\"; did you mean 'calls'?"),
        ('elapsed: "=a + b"}', "where: \"=calls['sya'] > 2\"}", 31, "calls['sya'] selects no operation of the world; did you mean 'say'?"),
        ("hints: [Make", "  - {id: one-by-one, when: {event: raised}, says: x, example: y}\nhints: [Make", 34, "misconception 'one-by-one' stands here twice (first on line 30); choose another"),
        ("schema: 1\n", "schema: 1\nprerequisites: [first-await]\n", 2, "the prerequisite 'first-await' is no exercise of this course; take it out"),
        ("schema: 1\n", "schema: 1\nprerequisites: [two-cals]\n", 2, "the prerequisite 'two-cals' is no exercise; did you mean 'two-calls'?"),
        ("slug: two-calls", "slug: three-calls", 2, "slug 'three-calls' does not match the folder '05_two_calls'; rename one of them"),
        ("points: 2, elapsed", "points: 1, elapsed", 19, "the checks' points add up to 9, and course.yaml gives 10; change one of the two"),
    ],
)  # fmt: skip
def test_what_is_well_formed_and_cannot_be_meant_is_told(
    spoil: Spoil, old: str, new: str, line: int, message: str
) -> None:
    spoil(old, new)
    found = complaints()
    assert [one for one in found if one.startswith(f"{HERE}:{line}: {message}")], found


def test_one_mistake_in_a_var_is_not_told_again_at_every_use(spoil: Spoil) -> None:
    spoil("a: {number: [1, 9], step: 0.5}", "a: {numbre: [1, 9], step: 0.5}")
    assert complaints() == [f"{HERE}:7: unknown key 'numbre'; did you mean 'number'?"]


def test_vars_that_cannot_be_read_at_all_are_one_problem(spoil: Spoil, exercise_text: str) -> None:
    block = exercise_text[exercise_text.index("vars:") : exercise_text.index("such_that:")]
    spoil(block, "vars: [a]\n")
    assert complaints() == [f"{HERE}:6: 'vars' must be a mapping, not a list"]


def test_where_is_told_what_was_observed(spoil: Spoil) -> None:
    spoil('elapsed: "=a + b"}', "where: \"=sorted(result) == [first] and calls['say'] > tasks + elapsed\"}")
    load_course()


def test_what_an_event_was_about_needs_an_event_that_is_about_something(spoil: Spoil) -> None:
    spoil('elapsed: "=a + b"}', "what: time.sleep}")
    assert complaints() == [f"{HERE}:31: 'time.sleep' is what an event was about; say which under 'event'"]


def test_an_event_that_is_about_nothing_with_a_name_takes_no_what(spoil: Spoil) -> None:
    spoil('elapsed: "=a + b"}', "event: missing, what: main}")
    assert complaints() == [f"{HERE}:31: 'missing' is about nothing that has a name, 'main'; leave 'what' out"]


def test_the_fails_of_a_misconception_belong_to_one_entry(spoil: Spoil) -> None:
    spoil(
        *("cases:", "  one:\n    args: []\n    checks: [{id: lonely, elapsed: 1}]\ncases:"),
        *("when: {entry: both, elapsed", "when: {fails: [lonely, time], elapsed"),
    )
    assert complaints() == [f"{HERE}:34: no entry has all of the checks lonely, time; name those of one entry"]


def test_an_entry_that_no_visible_case_runs_is_told(spoil: Spoil) -> None:
    spoil(
        *("cases:", "  one:\n    args: []\n    checks: [{id: lonely, elapsed: 1}]\ncases:"),
        *("draws: 2}", "draws: 2, only: [both]}"),
        *("name: documented,", "name: documented, only: [both],"),
    )
    assert complaints() == [f"{HERE}:26: entry 'one' is run by no visible case; add it to 'only' of one"]


def test_a_stub_that_is_not_there_is_named(folder: Path) -> None:
    (folder / "two_calls.py").unlink()
    assert complaints() == [f"{HERE}:2: there is no stub 'two_calls.py' beside the exercise; write it"]


@pytest.mark.parametrize(
    ("world", "line", "message"),
    [
        ("import asyncio\ndef build(world, v): ...\n", 1, "world code must not import 'asyncio'; wait with 'await world.sleep(...)' and draw in 'vars'"),
        ("def build(world, v):\n    from time import sleep\n", 2, "world code must not import 'time'; wait with 'await world.sleep(...)' and draw in 'vars'"),
        ("import concurrent.futures\ndef build(world, v): ...\n", 1, "world code must not import 'concurrent.futures'; wait with 'await world.sleep(...)' and draw in 'vars'"),
        ("def build(world, v):\n    return __import__('time')\n", 2, "world code must not use '__import__'; remove it"),
        ("def build(world, v:\n", 1, "not valid Python; mend the syntax"),
        ("return 1\ndef build(world, v): ...\n", 1, "not valid Python; mend the syntax"),
        ("\nasync def build(world, v): ...\n", 2, "'build' must answer at once; write 'def build(world, v)', without async"),
        ("def build(world): ...\n", 1, "'build' is called with two arguments; write 'def build(world, v)'"),
        ("def build(world, v, *, w): ...\n", 1, "'build' is called with two arguments; write 'def build(world, v)'"),
        ("def build(world, v): return " + "-" * 100_000 + "1\n", 0, "too deeply nested; write it flatter"),
        ("def bild(world, v): ...\n", 1, "there is no function 'build'; add 'def build(world, v)'"),
    ],
)  # fmt: skip
def test_world_code_is_read_and_refused_with_its_line(spoil: Spoil, world: str, line: int, message: str) -> None:
    folder = spoil("world:\n", "world:\n  python: world.py\n")
    add_world(folder, world)
    where = f"exercises/05_two_calls/world.py:{line}" if line else "exercises/05_two_calls/world.py"
    assert complaints() == [f"{where}: {message}"]


def test_a_hidden_case_must_not_have_the_name_of_a_visible_one(folder: Path, tmp_path: Path) -> None:
    solutions = tmp_path / "solutions" / "05_two_calls"
    solutions.mkdir(parents=True)
    (solutions / "hidden.yaml").write_text("schema: 1\ncases:\n  - {name: drawn}\n  - {name: x, with: {c: 1}}\n")
    assert complaints() == [
        "solutions/05_two_calls/hidden.yaml:3: case 'drawn' is a visible case as well; choose another name",
        "solutions/05_two_calls/hidden.yaml:4: 'with' fixes 'c', which is no var; choose from a, b, first, second",
    ]


def test_problems_of_all_files_are_told_together(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "course.yaml").write_text((tmp_path / "course.yaml").read_text().replace("title: A", "titel: A"))
    (folder / "exercise.yaml").write_bytes(b"")
    assert complaints() == [
        "course.yaml:2: unknown key 'titel'; did you mean 'title'?",
        f"{HERE}:1: the file is empty; it needs at least 'schema: 1'",
    ]


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("def ordr(view): ...\n", f"{HERE}:24: there is no function 'order' in checks.py; did you mean 'ordr'?"),
        ("", f"{HERE}:24: there is no function 'order' in checks.py; write it"),
        ("x = 1\ndef order(\n", "exercises/05_two_calls/checks.py:2: not valid Python; mend the syntax"),
    ],
)
def test_a_check_in_python_names_a_function_that_is_there(spoil: Spoil, code: str, message: str) -> None:
    folder = spoil('parallel: ["say[{first}]", "say[{second}]"]', "python: checks.py:order")
    (folder / "checks.py").write_text(code)
    assert complaints() == [message]
    (folder / "checks.py").write_text("def order(view): ...\n")
    load_course()


@pytest.mark.parametrize("fixed", ["a: 0.125", "a: null", "first: null", 'first: "no"', 'a: "=2 + 1"'])
def test_a_case_may_fix_what_would_not_be_drawn_and_is_of_its_kind_or_nothing(spoil: Spoil, fixed: str) -> None:
    spoil("name: drawn, draws: 2", f"name: drawn, with: {{{fixed}}}")
    load_course(".")
