"""What the author of an exercise that grades files as they are may write, and what is told of everything else."""

import shutil
from pathlib import Path

import pytest

from grader.course.load import find_exercise, load_course, load_exercise, locate_exercise
from grader.errors import CourseError, UsageError
from tests.course.conftest import Spoil

HERE = "exercises/05_two_calls/exercise.yaml"
ADOPTED = """slug: two-calls
module: "3-both"
within: basics
needs: ["0-say"]
"""
SLEEP = "sleep: {params: [delay, 'result=None'], key: delay, duration: '=delay', result: '=result'}"


def world(modules: str, more: str = "") -> str:
    return f"world:\n  modules: {modules}\n{more}  operations:"


def told(spoil: Spoil, *pieces: str, slug: str = ADOPTED, modules: str = '{"0-say": {operations: [say]}}') -> list[str]:
    folder = spoil("slug: two-calls\n", slug, "world:\n  operations:", world(modules), *pieces)
    (folder / "3-both.py").write_text("async def both(say, a, first, b, second):\n    pass\n")
    try:
        load_exercise(folder)
    except CourseError as error:
        return [str(problem) for problem in error.problems]
    return []


def test_an_adopted_exercise_is_read_as_it_is_written(spoil: Spoil) -> None:
    assert told(spoil) == []
    exercise = load_exercise("exercises/05_two_calls")
    assert (exercise.module, exercise.file.within, exercise.is_adopted, exercise.counted) == (
        "3-both",
        "basics",
        True,
        (),
    )


@pytest.mark.parametrize(
    ("slug", "files", "message"),
    [
        (ADOPTED, "{people.txt: 'a b', 'a-b.json': '{}'}", None),
        (ADOPTED, "{1-wait.py: 'x = 1'}", "'1-wait.py' is a Python file; describe it under 'modules'"),
        (ADOPTED, "{../x.txt: 'a'}", "key '../x.txt' of 'files' must be the name of a file, without a folder"),
        (ADOPTED, "{.env: 'a'}", "key '.env' of 'files' must be the name of a file, without a folder"),
        (ADOPTED, "{a.txt: 7}", "'a.txt' must be text, not 7"),
        ("slug: two-calls\n", "{people.txt: 'a'}", "'files' is for files that are graded as they are; add"),
    ],
)  # fmt: skip
def test_other_files_are_provided_by_their_names(spoil: Spoil, slug: str, files: str, message: str | None) -> None:
    modules = '{"0-say": {operations: [say]}}' if slug == ADOPTED else "{}"
    found = told(spoil, "  operations:\n", f"  files: {files}\n  operations:\n", slug=slug, modules=modules)
    assert len(found) == bool(message)
    assert all(message is not None and message in line for line in found)


def test_the_words_for_everything_else_are_read(spoil: Spoil) -> None:
    found = told(
        spoil,
        "params: [delay, what]",
        "params: [delay, 'what=\"x\"']",
        "  operations:\n",
        f"  replaces: [asyncio.sleep]\n  operations:\n    {SLEEP}\n",
        "{name: documented,",
        "{name: documented, repeat: 3,",
        "- {id: time, points: 2, elapsed:",
        '- {id: holds, holds: "=len(result) == 2 and yields == []", says: "it gave {result} for {a}"}\n'
        "      - {id: warned, level: warn, source: {forbid: ['call:sorted']}}\n"
        "      - {id: time, points: 2, under: provided, elapsed:",
        slug=ADOPTED + "dependencies: both\nimport_seconds: 2\n",
        modules='{"0-say": {operations: [say], also: [asyncio, random.uniform], code: "x = 1"}}',
    )
    assert found == []


@pytest.mark.parametrize(
    ("slug", "modules", "pieces", "message"),
    [
        (
            "slug: two-calls\nneeds: ['0-say']\n",
            '{"0-say": {operations: [say]}}',
            (),
            "'modules' is for files that are graded as they are; add 'module' or 'within', or remove it",
        ),
        (
            ADOPTED.replace("0-say", "0-sya"),
            '{"0-say": {operations: [say]}}',
            (),
            "nothing is provided for '0-sya'; did you mean '0-say'?; describe it under 'modules' of the world",
        ),
        (
            ADOPTED.replace('"0-say"', '"0-say", "0-say"'),
            '{"0-say": {operations: [say]}}',
            (),
            "module '0-say' stands here twice (first on line 5); keep one",
        ),
        (
            ADOPTED.replace('["0-say"]', '["0-say", "3-both"]'),
            '{"0-say": {operations: [say]}}',
            (),
            "'3-both' is the exercise's own file; remove it",
        ),
        (
            ADOPTED.replace('"3-both"', "random"),
            '{"0-say": {operations: [say]}}',
            (),
            "'random' is the name of another module, which it would hide; choose another",
        ),
        (
            ADOPTED.replace("3-both", "../3-both"),
            '{"0-say": {operations: [say]}}',
            (),
            "'module' is '../3-both'; it must be the name of a Python file, without its ending, such as '3-fetch_all'",
        ),
        (
            ADOPTED.replace("basics", "../basics"),
            '{"0-say": {operations: [say]}}',
            (),
            "'within' is '../basics'; name a folder of what is handed in, such as 'async_basics'",
        ),
        (
            ADOPTED + "dependencies: own\n",
            '{"0-say": {operations: [say]}}',
            (),
            "'0-say' is the learner's own, so nothing of it is provided; remove it, or write 'both'",
        ),
        (
            ADOPTED + "dependencies: own\n",
            "{}",
            ("- {id: time, points: 2, elapsed:", "- {id: time, points: 2, under: provided, elapsed:"),
            "no earlier file is provided here, so this would never be looked at; remove it, or write 'both'",
        ),
        (
            'slug: two-calls\nmodule: "3-both"\ndependencies: both\n',
            '{"0-say": {operations: [say]}}',
            (),
            "'both' says whose the earlier files are; name them under 'needs'",
        ),
        (ADOPTED, '{"0-say": {operations: [sya]}}', (), "'sya' is no operation of the world; did you mean 'say'?"),
        (ADOPTED, '{"0-say": {}}', (), "'0-say' provides nothing; name its operations"),
        (
            ADOPTED,
            '{"0-say": {operations: [say], code: "def f(:"}}',
            (),
            "the code of '0-say' is not valid Python (in its line 1); mend the syntax",
        ),
        (
            ADOPTED,
            '{"0-say": {operations: [say], also: ["a b"]}}',
            (),
            "item 1 of 'also' is 'a b'; it must be a module, or a name of one, such as 'asyncio' or 'random.uniform'",
        ),
        (
            ADOPTED,
            '{"0-say": {operations: [say]}}',
            ("  operations:\n", "  replaces: [asyncio.sleep]\n  operations:\n"),
            "there is no operation 'sleep' that could stand for 'asyncio.sleep'; write "
            "'sleep: {params: [delay, 'result=None'], key: delay, duration: '=delay', result: '=result'}'",
        ),
        (
            ADOPTED,
            '{"0-say": {operations: [say]}}',
            (
                "  operations:\n",
                "  replaces: [asyncio.sleep]\n  operations:\n    sleep: {params: []}\n",
            ),
            "'sleep' stands for 'asyncio.sleep': it takes time, and takes 'delay' and, if need be, 'result=None'",
        ),
        (
            ADOPTED,
            '{"0-say": {operations: [say]}}',
            ("params: [delay, what]", "params: ['delay=1', what]"),
            "'what' has no default, and stands after one that has; give it one, or move it before",
        ),
        (
            ADOPTED,
            '{"0-say": {operations: [say]}}',
            ("params: [delay, what]", "params: [delay, 'what=x']"),
            "the default 'x' of 'what' is no plain value; write it as in Python",
        ),
        (
            ADOPTED,
            '{"0-say": {operations: [say]}}',
            ("params: [delay, what]", "params: [delay, 'what=[1]']"),
            "the default '[1]' of 'what' is no number, text, True, False or None; use one of these",
        ),
        (
            ADOPTED,
            '{"0-say": {operations: [say]}}',
            ("  both:\n", "  both:\n    returns: task\n"),
            "'returns' is for a function that is called while a loop runs, and 'both' is a coroutine; remove it",
        ),
        (
            ADOPTED,
            '{"0-say": {operations: [say]}}',
            ("{name: documented,", "{name: documented, repeat: 3, cancel_at: 1,"),
            "case 'documented' repeats the entry, which is cancelled once; remove 'repeat', or 'cancel_at'",
        ),
        (
            ADOPTED,
            '{"0-say": {operations: [say]}}',
            ("{name: documented,", "{name: documented, omit: 6,"),
            "case 'documented' omits 6 arguments, and 'both' has 5; name fewer, or others under 'only'",
        ),
        (
            ADOPTED,
            '{"0-say": {operations: [say]}}',
            ("{name: documented,", "{name: documented, checks: [tim],"),
            "'checks' names 'tim', which is no check of what the case runs; did you mean 'time'?",
        ),
        (
            ADOPTED,
            '{"0-say": {operations: [say]}}',
            (
                '- {id: time, points: 2, elapsed: "=max(a, b)"}',
                "- {id: time, points: 2, level: warn, source: {forbid: [while_true]}}",
            ),
            "check 'time' is a warning and costs nothing; remove 'points', or 'level'",
        ),
        (
            ADOPTED,
            '{"0-say": {operations: [say]}}',
            ('- {id: time, points: 2, elapsed: "=max(a, b)"}', "- {id: time, points: 2, holds: '=a < 100'}"),
            "check 'time' looks at nothing that was observed; name one of at_once, calls, durations, elapsed, ends, "
            "in_loop, in_thread, keys, loops, objects, output, result, returned, runs, starts, tasks, yields",
        ),
        (
            ADOPTED,
            '{"0-say": {operations: [say]}}',
            (
                '- {id: time, points: 2, elapsed: "=max(a, b)"}',
                "- {id: time, points: 2, holds: '=elapsed > a', says: 'it took {elapsd}'}",
            ),
            "unknown name 'elapsd' in 'it took {elapsd}'; did you mean 'elapsed'?",
        ),
        (
            ADOPTED,
            '{"0-say": {operations: [say]}}',
            (
                '- {id: time, points: 2, elapsed: "=max(a, b)"}',
                """- {id: time, points: 2, holds: "=durations['sya'] == [1, 2]"}""",
            ),
            "durations['sya'] selects no operation of the world; did you mean 'say'?",
        ),
        (
            ADOPTED,
            '{"0-say": {operations: [say]}}',
            (
                '- {id: time, points: 2, elapsed: "=max(a, b)"}',
                """- {id: time, points: 2, holds: "=elapsed > a", says: "called with {keys['Say']}"}""",
            ),
            "keys['Say'] selects no operation of the world; did you mean 'say'?",
        ),
        (
            ADOPTED,
            '{"0-say": {operations: [say]}}',
            (
                '- {id: time, points: 2, elapsed: "=max(a, b)"}',
                """- {id: time, points: 2, holds: "=keys[0] == a"}""",
            ),
            "keys[0] selects no operation of the world; choose from say",
        ),
    ],
)
def test_every_mistake_is_told_with_what_to_do(
    slug: str, modules: str, pieces: tuple[str, ...], message: str, spoil: Spoil
) -> None:
    found = told(spoil, *pieces, slug=slug, modules=modules)
    assert [one.split(": ", 1)[1] for one in found if one.startswith(HERE)].count(message) == 1, found


def test_the_stub_has_the_name_of_the_file(spoil: Spoil) -> None:
    folder = spoil("slug: two-calls\n", 'slug: two-calls\nmodule: "3-both"\n')
    with pytest.raises(CourseError, match=r"there is no stub '3-both\.py' beside the exercise; write it"):
        load_exercise(folder)


def test_a_course_says_where_the_files_lie(spoil: Spoil) -> None:
    folder = spoil("slug: two-calls\n", "slug: two-calls\nwithin: basics\n")
    course = folder.parent.parent / "course.yaml"
    course.write_text(course.read_text() + 'submissions:\n  files: "**/{within}/{module}.py"\n')
    found = load_course(folder.parent.parent)
    assert found.file.submissions is not None
    assert found.file.submissions.files == "**/{within}/{module}.py"
    assert found.exercises[0].module == "two_calls"


def test_an_exercise_is_found_by_the_name_of_its_file(spoil: Spoil) -> None:
    assert told(spoil) == []
    for name in ("3-both", "3-both.py", "two-calls", "05"):
        assert find_exercise(load_course(), name).slug == "two-calls"
        assert locate_exercise(".", name).endswith("05_two_calls")
    other = Path("exercises/06_other_calls")
    shutil.copytree("exercises/05_two_calls", other)
    text = (other / "exercise.yaml").read_text()
    (other / "exercise.yaml").write_text(text.replace("slug: two-calls", "slug: other-calls").replace("basics", "more"))
    course = Path("course.yaml").read_text()
    listed = "      - {folder: 06_other_calls, title: Other calls}\n"
    Path("course.yaml").write_text(course.replace("defaults:", f"{listed}defaults:"))
    for find in (lambda: find_exercise(load_course(), "3-both"), lambda: locate_exercise(".", "3-both")):
        with pytest.raises(
            UsageError, match="'3-both' is the file of several exercises; name one of them: 05_two_calls, 06_other"
        ):
            find()
    with pytest.raises(UsageError, match="there is no exercise '4-both'"):
        locate_exercise(".", "4-both")
