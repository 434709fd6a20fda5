"""Functions of provided files are, to whoever asks about them, as those of any file."""

from typing import Any

import pytest

from grader.feedback.text import render
from grader.grading import grade
from grader.verdict import outcome_of
from tests.adopted import WAIT, adopted, asking
from tests.staging import PLACES

TEXT = 'async def wait_a_while(max_delay=10):\n    """Part of the exercise."""\n'
ASKED: dict[str, Any] = {
    "inspect.getsource(w)": TEXT,
    "list(inspect.getsourcelines(w))": [TEXT.splitlines(keepends=True), 8],
    "str(inspect.signature(w))": "(max_delay=10)",
    "inspect.getfullargspec(w).args + list(inspect.getfullargspec(w).defaults)": ["max_delay", 10],
    "w.__module__": "0-wait_a_while",
    "w.__name__ + w.__qualname__ + w.__code__.co_name": "wait_a_while" * 3,
    "inspect.getdoc(w)": "Part of the exercise.",
    "inspect.iscoroutinefunction(w) and asyncio.iscoroutinefunction(w) and inspect.isfunction(w)": True,
    "inspect.iscoroutinefunction(plain) or inspect.iscoroutinefunction(blocks)": False,
    "inspect.getsource(plain) + inspect.getsource(blocks)": (
        'def plain(a, b=2):\n    """Part of the exercise."""\ndef blocks():\n    """Part of the exercise."""\n'
    ),
    "[inspect.getmodule(w) is m, inspect.getfile(w) == inspect.getsourcefile(w) == m.__file__]": [True, True],
    "pickle.loads(pickle.dumps(w)) is w": True,
    "m.__doc__": "Part of the exercise.",
    "sorted(name for name in vars(m) if name[0] != '_')": [
        "asyncio",
        "blocks",
        "plain",
        "random",
        "uniform",
        "wait_a_while",
    ],
    "'_exercise' in inspect.getsource(m)": True,
    "functools.wraps(w)(lambda: 1).__name__": "wait_a_while",
    "[w.__annotations__, type(w).__name__, inspect.getcomments(w)]": [{}, "function", None],
}
HEAD = (
    'import asyncio, functools, inspect, pickle\nm = __import__("0-wait_a_while")\n'
    "w, plain, blocks = m.wait_a_while, m.plain, m.blocks\n"
)
PLAIN = {"params": ["a", "b=2"], "plain": True, "result": "=a + b"}
BLOCKS: dict[str, Any] = {"params": [], "blocking": True, "duration": 4}


def world(code: str = "") -> dict[str, Any]:
    operations = {"wait_a_while": WAIT, "plain": PLAIN, "blocks": BLOCKS}
    module = {"operations": list(operations), "also": ["asyncio", "random", "random.uniform"], "code": code}
    return {"world": {"operations": operations, "modules": {"0-wait_a_while": module}}}


@pytest.mark.parametrize("what", ASKED)
def test_what_is_asked_about_a_provided_function_is_as_of_any_file(what: str) -> None:
    asked = {"asked": ASKED[what], "delays": [1, 1, 1]}
    exercise = adopted(**world(), **asking({"kind": "holds", "holds": "=result == asked"}), vars=asked)
    program = f"{HEAD}async def main():\n    await w()\n    return {what}\n"
    verdict = grade(exercise, program)
    assert (verdict.checks[0].rationale, verdict.points) == ("", 10)


@pytest.mark.parametrize("place", PLACES)
def test_they_do_what_they_did(place: str) -> None:
    exercise = adopted(**world(), **asking({"kind": "result", "result": [97, 5, None]}))
    program = (
        f"{HEAD}async def main():\n    task = asyncio.create_task(w(max_delay=3))\n"
        "    return [await task, plain(3), blocks()]\n"
    )
    verdict = grade(exercise, program, isolation=place)
    assert (verdict.checks[0].rationale, verdict.points) == ("", 10)
    assert [(bar.operation, bar.start, bar.end, bar.line) for bar in verdict.cases[0].timeline.bars] == [
        ("wait_a_while", 0, 3, 5),
        ("plain", 3, 3, 6),
        ("blocks", 3, 7, 6),
    ]


def test_what_stands_beneath_it_in_the_file_does_no_work() -> None:
    exercise = adopted(**world(), **asking({"kind": "parallel", "parallel": "wait_a_while[*]"}))
    verdict = grade(exercise, f"{HEAD}async def main():\n    await asyncio.gather(w.__wrapped__(), w.__wrapped__())\n")
    assert (verdict.points, verdict.cases[0].timeline.bars) == (0, ())


def test_an_operation_of_two_files_is_one_function_with_the_place_of_the_first() -> None:
    module = {"operations": ["wait_a_while"]}
    two = {"world": {"operations": {"wait_a_while": WAIT}, "modules": {"0-wait_a_while": module, "1-more": module}}}
    program = (
        'first, second = __import__("1-more").wait_a_while, __import__("0-wait_a_while").wait_a_while\n'
        "async def main():\n    return [first is second, first.__module__, await second()]\n"
    )
    exercise = adopted(**two, **asking({"kind": "result", "result": [True, "1-more", 97]}))
    assert grade(exercise, program).checks[0].rationale == ""


@pytest.mark.parametrize("place", PLACES)
def test_wrong_arguments_are_the_learners_own_mistake_with_their_line(place: str) -> None:
    exercise = adopted(**world(), **asking({"kind": "result", "result": 1}))
    verdict = grade(exercise, f"{HEAD}async def main():\n    return await w(most=3)\n", isolation=place)
    fault = verdict.cases[0].fault
    assert fault is not None
    assert (outcome_of(verdict), fault.line, fault.source_line) == ("crash", 5, "return await w(most=3)")
    assert "wait_a_while.py" not in render(verdict, width=200, colour=False, ascii_only=True)


def test_code_of_the_author_uses_them_and_is_told_as_they_are() -> None:
    code = "def both():\n    return asyncio.gather(wait_a_while(), wait_a_while())\n"
    exercise = adopted(**world(code), **asking({"kind": "result", "result": [[97, 99], 10]}))
    program = (
        f"{HEAD}async def main():\n    return [list(await m.both()), inspect.getsource(m.both).count('wait') + 8]\n"
    )
    assert grade(exercise, program).checks[0].rationale == ""
