"""Loading: a good course as structs, and every mistake with file, line, value and remedy, all at once."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.course.limits import DEFAULTS
from grader.course.load import find_exercise, load_course, load_exercise, locate_exercise
from grader.course.model import Draw, ElapsedCheck, ParallelCheck
from grader.errors import CourseError, UsageError

Spoil = Callable[..., Path]
HERE = "exercises/05_two_calls/exercise.yaml"


def complaints(path: str | Path = ".") -> list[str]:
    with pytest.raises(CourseError) as error:
        load_course(path)
    return [str(problem) for problem in error.value.problems]


def add_world(folder: Path, text: str) -> None:
    (folder / "world.py").write_text(text)


# ---------------------------------------------------------------- what is right


def test_a_course_is_loaded_with_its_places(folder: Path) -> None:
    course = load_course()
    (exercise,) = course.exercises
    assert (course.title, exercise.title, exercise.unit, exercise.number) == ("A course", "Two calls", "tasks", "05")
    assert (exercise.slug, exercise.module, exercise.points) == ("two-calls", "two_calls", 10)
    assert exercise.folder == str(folder)
    assert exercise.solutions is None
    assert exercise.hidden == ()


def test_a_check_has_the_kind_of_the_key_that_names_it(folder: Path) -> None:
    checks = load_course().exercises[0].file.entries["both"].checks
    assert isinstance(checks[1], ParallelCheck)
    assert isinstance(checks[2], ElapsedCheck)
    assert checks[2].elapsed == "=max(a, b)"


def test_a_draw_keeps_whole_numbers_whole(spoil: Spoil) -> None:
    spoil("a: {number: [1, 9], step: 0.5}", "a: {int: [1, 9]}")
    drawn = load_course().exercises[0].file.vars["a"]
    assert drawn == Draw(int=[1, 9])


def test_limits_come_from_the_exercise_then_the_course_then_the_defaults(spoil: Spoil) -> None:
    spoil("schema: 1\n", "schema: 1\nlimits: {tasks: 3}\n")
    limits = load_course().exercises[0].limits
    assert (limits.tasks, limits.wall_seconds, limits.turns) == (3, 7, DEFAULTS.turns)


def test_an_exercise_is_loaded_by_itself_with_its_place_in_the_course(folder: Path) -> None:
    exercise = load_exercise(folder)
    assert (exercise.title, exercise.unit, exercise.limits.wall_seconds) == ("Two calls", "tasks", 7)


def test_an_exercise_handed_out_alone_has_its_goal_as_title_and_the_sum_of_its_points(
    folder: Path, tmp_path: Path
) -> None:
    alone = tmp_path / "elsewhere" / "05_two_calls"
    shutil.copytree(folder, alone)
    exercise = load_exercise(alone)
    assert (exercise.title, exercise.unit, exercise.points) == ("Call twice at the same time.", "", 10)


def test_hidden_cases_come_from_the_solutions(folder: Path, tmp_path: Path) -> None:
    solutions = tmp_path / "solutions" / "05_two_calls"
    solutions.mkdir(parents=True)
    (solutions / "hidden.yaml").write_text("schema: 1\ncases:\n  - {name: secret, draws: 3}\n")
    exercise = load_exercise(folder)
    assert [case.name for case in exercise.hidden] == ["secret"]
    assert exercise.solutions == str(solutions)


@pytest.mark.parametrize(
    "name", ["two-calls", "two_calls", "05", "5", "05_two_calls", "exercises/05_two_calls", "exercises/05_two_calls/"]
)
def test_an_exercise_has_many_names(folder: Path, name: str) -> None:
    assert find_exercise(load_course(), name).slug == "two-calls"
    assert locate_exercise(".", name) == str(folder)


def test_an_unknown_exercise_has_a_nearest_one(folder: Path) -> None:
    with pytest.raises(UsageError) as error:
        find_exercise(load_course(), "two_cals")
    assert str(error.value) == "there is no exercise 'two_cals'; did you mean 'two-calls'?"


def test_a_course_is_found_by_its_file_too(folder: Path, tmp_path: Path) -> None:
    assert load_course(tmp_path / "course.yaml").path == str(tmp_path / "course.yaml")


# ---------------------------------------------------------------- what is not


def test_all_problems_of_a_file_are_told_at_once(spoil: Spoil) -> None:
    spoil(
        *("parallel:", "paralel:"),
        *('elapsed: "=max(a, b)"', 'elapsed: "=max(a, c)"'),
        *("key: what", "key: wath"),
        *("hints:", "hnts:"),
        *("draws: 2", "draws: 0"),
    )
    assert complaints() == [
        f"{HERE}:1: key 'hints' is missing; add it",
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
        ("concepts: [task]", "concepts: [1]", 5, "item 1 of 'concepts' must be text, not 1"),
        ("concepts: [task]", "concepts:", 5, "'concepts' must be a list, not nothing"),
        ("points: 4, result", "points: ten, result", 23, "'points' must be a number, not 'ten'"),
        ("points: 4, result", "points: true, result", 23, "'points' must be a number, not true"),
        ("points: 4, result", "points: -1, result", 23, "'points' is -1; it must be at least 0"),
        ("params: [delay, what]", "prams: [delay, what]", 15, "unknown key 'prams'; did you mean 'params'?"),
        ("    args:", "    kind: corutine\n    args:", 21, "'kind' is 'corutine', which is not known; did you mean 'coroutine'?"),
        ("hints: [Make a task.]", "hints: []", 34, "'hints' has 0 items; at least 1 is needed"),
        ("number: [1, 9], step", "number: [1], step", 7, "'number' has 1 items; at least 2 are needed"),
        ('such_that: ["=a != b"', 'such_that: ["a != b"', 11, "item 1 of 'such_that' is 'a != b'; it must be an expression that begins with '='"),
        ('parallel: ["say[{first}]", "say[{second}]"]', 'parallel: 3', 24, "'parallel' must be text or a list, not 3"),
        ('parallel: ["say[{first}]"', 'parallel: ["Say {first}"', 24, "item 1 of 'parallel' is 'Say {first}'; it must be an operation's name, with a key in [...] if needed, such as 'get[{url}]'"),
        ('elapsed: "=max(a, b)"}', "elapsed: soon}", 25, "'elapsed' is 'soon'; it must be an expression that begins with '='"),
        ('elapsed: "=max(a, b)"}', "elapsed: {at_last: 1}}", 25, "unknown key 'at_last'; did you mean 'at_least'?"),
        ('elapsed: "=max(a, b)"}', "tasks: none_redundent}", 25, "'tasks' is 'none_redundent'; it must be 'none_redundant', or an expression that begins with '='"),
        ('elapsed: "=max(a, b)"}', "hygiene: defalt}", 25, "'hygiene' is 'defalt', which is not known; did you mean 'default'?"),
        ('elapsed: "=max(a, b)"}', "at_return: idel}", 25, "'at_return' is 'idel', which is not known; did you mean 'idle'?"),
        ("points: 2, elapsed", "points: 2, result: 1, elapsed", 25, "a check has one kind, and this one has result, elapsed; make a check of each"),
        ("points: 2, elapsed", "kind: elapsed, points: 2, elapsed", 25, "unknown key 'kind'; the key that names a check is its kind"),
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
        "ends_in_order, hygiene, parallel, python, raises, relation, result, sequential, source, starts_in_order, tasks"
    )


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
        ('"=a != b"', '"=a != "', 11, "cannot be read as an expression: a != (in '=a != ')"),
        ('"=a != b"', '"=a != mx(b)"', 11, "'mx' is not a function of expressions; did you mean 'max'? (in '=a != mx(b)')"),
        ('duration: "=delay"', 'duration: "=dealy"', 17, "unknown name 'dealy' in '=dealy'; did you mean 'delay'?"),
        ('duration: "=delay"', "duration: soon", 17, "'duration' is 'soon'; it must be a number from 0 on, or an expression"),
        ('duration: "=delay"', "duration: -1", 17, "'duration' is -1; it must be a number from 0 on, or an expression"),
        ('duration: "=delay"', 'capacity: "=delay"', 17, "unknown name 'delay' in '=delay'; choose from a, b, first, second"),
        ('duration: "=delay"', "plain: true\n      duration: 1", 18, "'say' is plain and answers at once; remove 'duration'"),
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
        ("hints: [Make", "  - {id: one-by-one, when: {event: raised}, says: x, example: y}\nhints: [Make", 34, "misconception 'one-by-one' stands here twice (first on line 30); choose another"),
        ("schema: 1\n", "schema: 1\nprerequisites: [first-await]\n", 2, "the prerequisite 'first-await' is no exercise; choose from two-calls"),
        ("slug: two-calls", "slug: three-calls", 2, "slug 'three-calls' does not match the folder '05_two_calls'; rename one of them"),
        ("points: 2, elapsed", "points: 1, elapsed", 20, "the checks' points add up to 9, and course.yaml gives 10; change one of the two"),
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
        ("def bild(world, v): ...\n", 1, "there is no function 'build'; add 'def build(world, v)'"),
    ],
)  # fmt: skip
def test_world_code_is_read_and_refused_with_its_line(spoil: Spoil, world: str, line: int, message: str) -> None:
    folder = spoil("world:\n", "world:\n  python: world.py\n")
    add_world(folder, world)
    assert complaints() == [f"exercises/05_two_calls/world.py:{line}: {message}"]


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
        "course.yaml:1: key 'title' is missing; add it",
        "course.yaml:2: unknown key 'titel'; did you mean 'title'?",
        f"{HERE}:1: the file is empty; it needs at least 'schema: 1'",
    ]


# ---------------------------------------------------------------- the course itself


@pytest.mark.parametrize(
    ("old", "new", "messages"),
    [
        (
            "folder: 05_two_calls",
            "folder: 05_two_cals",
            [
                "course.yaml:3: the exercise '05_two_calls' is there, and not in the course; list it under a unit, or move it away",
                "course.yaml:7: there is no exercise '05_two_cals' in exercises; did you mean '05_two_calls'?",
            ],
        ),
        (
            "defaults:",
            "      - {folder: 05_two_calls, title: Again, points: 10}\ndefaults:",
            ["course.yaml:8: '05_two_calls' is listed twice (first on line 7); keep one"],
        ),
        ("points: 10", "pionts: 10", ["course.yaml:7: unknown key 'pionts'; did you mean 'points'?"]),
        ("units:\n", "units: []\nunis:\n", ["course.yaml:3: 'units' has 0 items; at least 1 is needed", "course.yaml:4: unknown key 'unis'; did you mean 'units'?"]),
        ("wall_seconds: 7", "wall_seconds: soon", ["course.yaml:9: 'wall_seconds' must be a number, not 'soon'"]),
    ],
)  # fmt: skip
def test_a_course_that_cannot_be_is_told(
    folder: Path, tmp_path: Path, course_text: str, old: str, new: str, messages: list[str]
) -> None:
    assert old in course_text
    (tmp_path / "course.yaml").write_text(course_text.replace(old, new))
    assert complaints() == messages


def test_a_prerequisite_comes_first(spoil: Spoil, tmp_path: Path, course_text: str) -> None:
    folder = spoil("schema: 1\n", "schema: 1\nprerequisites: [later]\n")
    later = folder.parent / "06_later"
    later.mkdir()
    text = (folder / "exercise.yaml").read_text().replace("two-calls", "later").replace("prerequisites: [later]\n", "")
    (later / "exercise.yaml").write_text(text)
    (later / "later.py").write_text("")
    more = "      - {folder: 06_later, title: Later}\ndefaults:"
    (tmp_path / "course.yaml").write_text(course_text.replace("defaults:", more))
    assert complaints() == [f"{HERE}:2: the prerequisite 'later' comes later; change the order"]


def test_a_folder_without_a_course_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert complaints() == [".: there is no course.yaml here; go to the folder of a course, or name it"]


def test_a_list_where_a_course_belongs_is_told(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "course.yaml").write_text("- a\n")
    assert complaints() == ["course.yaml:1: the file must be a mapping, not a list"]


def test_a_list_where_an_exercise_belongs_is_told(folder: Path) -> None:
    (folder / "exercise.yaml").write_text("- a\n")
    assert complaints() == [f"{HERE}:1: the file must be a mapping, not a list"]


def test_a_folder_that_is_no_exercise_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CourseError, match=r"^\.: there is no exercise\.yaml here; name the folder of an exercise$"):
        load_exercise(".")


def test_a_folder_without_number_is_told(folder: Path) -> None:
    moved = folder.rename(folder.parent / "two_calls")
    with pytest.raises(
        CourseError, match="the folder 'two_calls' is not a number and the slug; name it such as '05_two_calls'"
    ):
        load_exercise(moved)
