"""Many mistakes in one file: each is told, none hides another, and none is told again by what it leads to."""

# ruff: noqa: E501 (a table of mistakes reads best with one a line)

import shutil
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
            "unknown key 'colour'; choose from blocking, capacity, cleanup, duration, fails, key, message, params, plain, raises, result",
            "unknown name 'xx' in '=xx'; choose from a, b, delay, first, number, second, what",
            "unknown name 'yyy' in '=yyy'; choose from a, b, delay, first, number, second, what",
        )
    ]


COURSE_MISTAKES = """\
schema: 1
title: no
title: Again
units:
  - {id: Bad Id, title: "", exercises: [{folder: ../../05_two_calls, title: s, points: ten}, {folder: 05_two_call, title: t, pionts: -3}]}
  - {id: u, title: 2024-01-01, exercises: [{folder: 07_nowhere, title: 1}]}
  - {id: u, titel: x, exercises: [3]}
defaults: {limits: {wall_seconds: -1, turns: 0, memory_mb: .nan, tsks: 3}}
"""


def test_all_mistakes_of_the_course_are_told_beside_those_of_its_exercises(spoil: Spoil, tmp_path: Path) -> None:
    spoil("hints:", "hnts:", "key: what", "kee: wat")
    (tmp_path / "course.yaml").write_text(COURSE_MISTAKES)
    assert complaints() == [
        "course.yaml:2: 'title' must be text, not false; put it in quotes: \"no\"",
        "course.yaml:3: key 'title' stands here twice (first on line 2); keep one of them",
        "course.yaml:5: 'folder' is '../../05_two_calls'; it must be the name of a folder in exercises, without '/'",
        "course.yaml:5: 'id' is 'Bad Id'; it must be lower-case words joined by '-'",
        "course.yaml:5: 'points' is -3; it must be at least 0",
        "course.yaml:5: 'points' must be a number, not 'ten'",
        "course.yaml:5: 'title' is ''; it must be text, and not empty",
        "course.yaml:5: there is no exercise '05_two_call' in exercises; did you mean '05_two_calls'?",
        "course.yaml:5: unknown key 'pionts'; did you mean 'points'?",
        "course.yaml:6: '2024-01-01' is read as a date; put it in quotes",
        "course.yaml:6: 'title' must be text, not 1; put it in quotes: \"1\"",
        "course.yaml:6: there is no exercise '07_nowhere' in exercises; choose from 05_two_calls",
        "course.yaml:7: item 1 of 'exercises' must be a mapping, not 3",
        "course.yaml:7: unit 'u' stands here twice (first on line 6); choose another",
        "course.yaml:7: unknown key 'titel'; did you mean 'title'?",
        "course.yaml:8: 'memory_mb' must be a whole number, not nan",
        "course.yaml:8: 'turns' is 0; it must be at least 1",
        "course.yaml:8: 'wall_seconds' is -1; it must be more than 0",
        "course.yaml:8: unknown key 'tsks'; did you mean 'tasks'?",
        f"{HERE}:16: the key 'wat' of say is none of its params; did you mean 'what'?",
        f"{HERE}:16: unknown key 'kee'; did you mean 'key'?",
        f"{HERE}:34: unknown key 'hnts'; did you mean 'hints'?",
    ]


def test_no_file_outside_of_the_exercises_is_ever_read(folder: Path, tmp_path: Path, course_text: str) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "exercise.yaml").write_text("- not read\n")
    (tmp_path / "course.yaml").write_text(course_text.replace("folder: 05_two_calls", "folder: ../elsewhere"))
    assert complaints() == [
        "course.yaml:3: the exercise '05_two_calls' is there, and not in the course; list it under a unit, or move it away",
        "course.yaml:7: 'folder' is '../elsewhere'; it must be the name of a folder in exercises, without '/'",
    ]


def test_what_stands_under_a_key_that_is_there_twice_is_looked_at_both_times(spoil: Spoil) -> None:
    spoil(
        "hints: [Make a task.]",
        'hints: [Make a task.]\nvars: {third: {wrd: true}}\nentries: {both: {args: ["=third", "=thrd"], checks: []}}',
    )
    assert complaints() == [
        f"{HERE}:35: key 'vars' stands here twice (first on line 6); keep one of them",
        f"{HERE}:35: unknown key 'wrd'; did you mean 'word'?",
        f"{HERE}:36: key 'entries' stands here twice (first on line 19); keep one of them",
        f"{HERE}:36: unknown name 'thrd' in '=thrd'; did you mean 'third'?",
    ]


def test_text_that_is_not_yaml_hides_no_more_than_its_own_key(spoil: Spoil) -> None:
    spoil(
        *("concepts: [task]", "concepts: [task"),
        *("key: what", "kee: what"),
        *("hints: [Make a task.]", "hints: @[Make a task.]"),
    )
    assert complaints() == [
        f"{HERE}:6: not valid YAML: while parsing a flow sequence, did not find expected ',' or ']'; "
        "close the bracket, and put ',' between items",
        f"{HERE}:16: unknown key 'kee'; did you mean 'key'?",
        f"{HERE}:34: not valid YAML: while scanning for the next token, found character that cannot start any token; "
        "indent with spaces, not tabs, and quote texts that begin with a special character",
    ]


def test_an_expression_that_is_too_long_is_cut_where_it_is_told(spoil: Spoil) -> None:
    spoil('"=max(a, b)"', '"=max(a, b' + ", b" * 5000 + ')"')
    (found,) = complaints()
    assert found.startswith(
        f"{HERE}:25: the expression has 15009 characters; at most 2000 are allowed; use a var (in '=max(a, b"
    )
    assert len(found) < 300


def test_no_message_is_longer_than_can_be_read(spoil: Spoil) -> None:
    name = "z" * 1900
    spoil('"=max(a, b)"', f'"={name}"', "id: result,", f"id: {name}, {name}: 1,", "with: {a: 1", f"with: {{{name}: 1")
    assert max(map(len, complaints())) < 600


def test_a_key_with_letters_that_only_look_right_is_told_with_their_names(spoil: Spoil) -> None:
    spoil("goal:", "g\u043eal:")
    assert complaints() == [
        f"{HERE}:3: unknown key 'g\u043eal'; did you mean 'goal'? it holds CYRILLIC SMALL LETTER O; "
        "write it with plain letters"
    ]


def test_a_check_with_two_kinds_is_looked_at_as_each_of_them(spoil: Spoil) -> None:
    spoil('elapsed: "=max(a, b)"', 'elapsed: "=c", calls: "sya[{d}]", count: -1')
    assert complaints() == [
        f"{HERE}:25: 'count' is -1; it must be a whole number from 0 on, or an expression",
        f"{HERE}:25: 'sya[{{d}}]' selects no operation of the world; did you mean 'say'?",
        f"{HERE}:25: a check has one kind, and this one has elapsed, calls; make a check of each",
        f"{HERE}:25: unknown name 'c' in '=c'; choose from a, b, first, second",
        f"{HERE}:25: unknown name 'd' in 'sya[{{d}}]'; choose from a, b, first, second",
    ]


def test_hidden_cases_are_looked_at_where_the_exercise_has_mistakes(spoil: Spoil, tmp_path: Path) -> None:
    spoil("hints:", "hnts:")
    solutions = tmp_path / "solutions" / "05_two_calls"
    solutions.mkdir(parents=True)
    (solutions / "hidden.yaml").write_text(
        "schema: 1\ncases:\n  - {name: drawn, drws: 0}\n  - {name: x, with: {c: '=d'}}\n"
    )
    assert complaints() == [
        f"{HERE}:34: unknown key 'hnts'; did you mean 'hints'?",
        "solutions/05_two_calls/hidden.yaml:3: 'draws' is 0; it must be at least 1",
        "solutions/05_two_calls/hidden.yaml:3: case 'drawn' is a visible case as well; choose another name",
        "solutions/05_two_calls/hidden.yaml:3: unknown key 'drws'; did you mean 'draws'?",
        "solutions/05_two_calls/hidden.yaml:4: 'with' fixes 'c', which is no var; choose from a, b, first, second",
        "solutions/05_two_calls/hidden.yaml:4: unknown name 'd' in '=d'; choose from a, b, first, second",
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("points: 4, result", "pionts: 5, result"),
        ("points: 4, result", "points: 5, gat: true, result"),
        ("goal: Call", "gaol: Call"),
    ],
)
def test_the_sum_of_the_points_is_told_beside_other_mistakes(spoil: Spoil, old: str, new: str) -> None:
    spoil(old, new, "points: 2, elapsed", "points: 3, elapsed")
    assert any("the checks' points add up to 1" in one for one in complaints())
    assert len(complaints()) == 2


def test_a_copied_exercise_has_one_mistake_and_not_two(folder: Path, tmp_path: Path, course_text: str) -> None:
    copy = folder.parent / "06_other"
    shutil.copytree(folder, copy)
    (copy / "other.py").write_text("")
    more = "      - {folder: 06_other, title: Other}\ndefaults:"
    (tmp_path / "course.yaml").write_text(course_text.replace("defaults:", more))
    assert complaints() == [
        "exercises/06_other/exercise.yaml:2: slug 'two-calls' does not match the folder '06_other'; rename one of them"
    ]
    shutil.move(copy, folder.parent / "06_two_calls")
    (tmp_path / "course.yaml").write_text((tmp_path / "course.yaml").read_text().replace("06_other", "06_two_calls"))
    assert complaints() == [
        "exercises/06_two_calls/exercise.yaml:2: slug 'two-calls' belongs to an exercise above as well; choose another"
    ]


def test_a_name_that_is_taken_is_told_beside_a_mistake_below_it(spoil: Spoil) -> None:
    spoil("  second: {word: true}", "  second: {word: true}\n  say: 1", "key: what", "message: no")
    assert complaints() == [
        f"{HERE}:15: 'say' is a var as well; choose another name",
        f"{HERE}:17: 'message' must be text, not false; put it in quotes: \"no\"",
    ]
