"""A fault in an earlier file of the learner's is told as one there: the file is named whose line it is."""

from typing import Any

import pytest
from msgspec import UNSET, structs

from grader.course.model import Exercise
from grader.exports.checked import summary
from grader.feedback.markup import joined
from grader.feedback.message import compose
from grader.feedback.text import render
from grader.grading import grade
from grader.report.feedback import feedback
from grader.run.submitted import Submitted
from grader.verdict import Fault, Verdict
from tests.adopted import GOOD, adopted
from tests.staging import PLACES

OTHER = "0-wait_a_while.py"
WAITS = "\n\nasync def wait_a_while(max_delay=10):\n"
ORDER = {
    "entries": {
        "fetch_all": {
            "args": [3],
            "checks": [{"kind": "holds", "id": "order", "points": 10, "holds": "=result == sorted(result)"}],
        }
    }
}
IMPORTS = f"your file imports `{OTHER}`, which "
FAULTS: dict[str, tuple[str, str, int | None]] = {
    # name: (the earlier file, the title, its line)
    "raises": (f"{WAITS}    return 1 / 0\n", f"your function raised ZeroDivisionError in line 4 of your `{OTHER}`", 4),
    "raises while it is loaded": (
        f"{WAITS}    pass\nx = 1 / 0\n",
        f"{IMPORTS}stopped with ZeroDivisionError while it was being loaded",
        5,
    ),
    "is no Python": ("import asyncio\nasync def wait_a_while(:\n", f"{IMPORTS}is not valid Python yet", 2),
    "imports what is not there": (
        f"import nowhere{WAITS}    pass\n",
        f"{IMPORTS}imports `nowhere`, which is not there",
        1,
    ),
    "takes what is not there": (
        f"import random\nx = random.uniformly{WAITS}    pass\n",
        f"{IMPORTS}takes `uniformly` from `random`, which does not have it",
        2,
    ),
    "exits": (f"import sys\nsys.exit(3){WAITS}    pass\n", f"{IMPORTS}ends the whole program while it is imported", 2),
    "ends the process": (
        f"import os\nos._exit(3){WAITS}    pass\n",
        f"{IMPORTS}ends the whole program while it is imported",
        2,
    ),
    "runs a loop": (
        f"import asyncio{WAITS}    pass\nasyncio.run(wait_a_while())\n",
        f"{IMPORTS}runs an event loop while it is imported",
        5,
    ),
    "computes": (f"while True: pass{WAITS}    pass\n", f"{IMPORTS}is not imported in the time that it has", 1),
    "waits while it is loaded": (
        f"import queue\nqueue.Queue().get(){WAITS}    pass\n",
        f"{IMPORTS}waits for something that can never come while it is imported",
        2,
    ),
    "is refused": (f"{WAITS}    input()\n", f"`input` cannot be used in an exercise (in line 4 of your `{OTHER}`)", 4),
    "waits for ever": (
        f"import asyncio{WAITS}    await asyncio.Event().wait()\n",
        "your program waits for something that can never come",
        4,
    ),
    "computes for ever": (
        f"{WAITS}    while True: pass\n",
        "your program runs on without ever waiting, so nothing else gets a turn",
        4,
    ),
    "goes round": (
        f"import asyncio{WAITS}    while True:\n        await asyncio.sleep(0)\n",
        "your program goes round and round while time stands still",
        5,
    ),
    "ends in its function": (
        f"import os{WAITS}    os._exit(3)\n",
        "your program ended before your function was done",
        4,
    ),
    "a task of it fails": (
        f"import asyncio{WAITS}    async def fails():\n        raise ValueError('mine')\n"
        "    task = asyncio.create_task(fails())\n"
        "    await asyncio.sleep(1)\n    return 1 + await asyncio.Event().wait()\n",
        f"a task of yours failed with ValueError in line 5 of your `{OTHER}`",
        5,
    ),
}


def graded(earlier: str, place: str = "in-process", *, program: str = GOOD, **changes: Any) -> Verdict:
    exercise = quick(adopted(**{"dependencies": "own", **ORDER, **changes}))
    return grade(exercise, Submitted(program.encode(), (("0-wait_a_while", earlier.encode()),)), isolation=place)


def quick(exercise: Exercise) -> Exercise:
    file = structs.replace(exercise.file, import_seconds=0.2)
    return structs.replace(exercise, file=file, limits=structs.replace(exercise.limits, cpu_seconds=0.3, turns=300))


def fault_of(verdict: Verdict) -> Fault:
    assert verdict.cases[0].fault is not None, verdict.checks
    return verdict.cases[0].fault


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", FAULTS)
def test_the_file_is_named_whose_line_it_is(name: str, place: str) -> None:
    earlier, title, line = FAULTS[name]
    fault = fault_of(graded(earlier, place))
    assert (fault.title, fault.file, fault.line) == (title, OTHER, line)
    assert line is not None
    assert fault.source_line == earlier.split("\n")[line - 1].strip()


def test_a_fault_of_the_file_itself_names_no_other() -> None:
    right = "import asyncio\nasync def wait_a_while(max_delay=10):\n    await asyncio.sleep(1)\n    return 1\n"
    fault = fault_of(graded(right, program=GOOD.replace("sorted(", "1 / 0, sorted(")))
    assert (fault.title, fault.file, fault.line) == ("your function raised ZeroDivisionError", UNSET, 5)
    lacks = fault_of(graded("x = 1\n"))
    assert (lacks.title, lacks.file, lacks.line) == (
        "your file takes `wait_a_while` from `0-wait_a_while`, which does not have it",
        UNSET,
        3,
    )


def test_what_an_earlier_file_only_passes_on_is_its_line_and_what_it_calls_back_is_not() -> None:
    calls_back = "async def wait_a_while(call):\n    return call()\n"
    program = (
        'wait_a_while = __import__("0-wait_a_while").wait_a_while\ndef fails():\n    return [][1]\n'
        "async def fetch_all(n):\n    return await wait_a_while(fails)\n"
    )
    fault = fault_of(graded(calls_back, program=program))
    assert (fault.title, fault.file, fault.line) == ("your function raised IndexError", UNSET, 3)


def test_a_deadlock_names_the_lines_of_both_files() -> None:
    fault = fault_of(graded(FAULTS["waits for ever"][0]))
    assert fault.detail == (
        f"`wait_a_while` waits in line 4 of your `{OTHER}` for an Event: nothing that runs can set it; `fetch_all` waits in "
        "line 5 for Task-2 (wait_a_while), Task-3 (wait_a_while), Task-4 (wait_a_while), which wait themselves"
    )


def test_the_authors_own_words_of_an_exception_are_read_in_the_file_that_has_them() -> None:
    fault = fault_of(graded(f"class Tired(Exception):\n    pass{WAITS}    raise Tired('too late')\n"))
    assert (fault.title, fault.detail) == (f"your function raised Tired in line 5 of your `{OTHER}`", "Tired: too late")


def test_every_output_shows_the_line_with_its_file() -> None:
    verdict = graded(FAULTS["raises"][0])
    text = render(verdict, width=120, colour=False, ascii_only=True)
    assert f"    {OTHER}, line 4: return 1 / 0\n" in text
    assert f"{OTHER}, line 4: return 1 / 0" in str(joined(*feedback(compose(verdict))))
    assert f"({OTHER}, line 4)" in summary(verdict)
    assert verdict.checks[0].rationale == (
        f"your function raised ZeroDivisionError, line 4 of your `{OTHER}`, so there is no return to look at"
    )


def test_with_both_the_sentence_of_the_own_chain_names_the_file() -> None:
    verdict = graded(FAULTS["raises"][0], dependencies="both")
    assert verdict.cases[0].fault is None
    assert verdict.own is not UNSET
    assert verdict.own.says == (
        "With your own `0-wait_a_while` it is not right yet: your function raised ZeroDivisionError in line 4 of your "
        f"`{OTHER}`: a number was divided by zero."
    )


def test_a_file_that_the_exercise_provides_is_never_blamed() -> None:
    fault = fault_of(
        graded("x = 1\n", dependencies="provided", program=GOOD.replace("wait_a_while()", "wait_a_while(1, 2, 3)"))
    )
    assert (fault.file, fault.line) == (UNSET, 5)


def test_the_same_is_recorded_through_either_door() -> None:
    for earlier, _, _ in (FAULTS["raises"], FAULTS["waits for ever"], FAULTS["goes round"]):
        one, two = (structs.replace(graded(earlier, place), isolation="") for place in PLACES)
        assert one == two


IN_THREE = GOOD.replace("wait_a_while() for", "wait_a_while(10) for")
PLAIN = "import asyncio\n\n\ndef wait_a_while(max_delay=10):\n    return max_delay\n"
BROUGHT_ABOUT: dict[str, tuple[str, str, str]] = {
    # name: (the graded file, the earlier one, what is said of the graded file's line)
    "takes none": (
        IN_THREE,
        WAITS.replace("max_delay=10", ""),
        f"`wait_a_while` in line 3 of your `{OTHER}` takes no argument, and was called with 1",
    ),
    "takes two": (
        IN_THREE,
        WAITS.replace("max_delay=10", "least, most"),
        f"`wait_a_while` in line 3 of your `{OTHER}` takes 2",
    ),
    "has other names": (
        GOOD.replace("wait_a_while() for", "wait_a_while(most=10) for"),
        WAITS,
        f"`wait_a_while` in line 3 of your `{OTHER}` has no argument `most`, and was called with one",
    ),
    "gathered": (
        GOOD,
        PLAIN,
        f"`wait_a_while` in line 4 of your `{OTHER}` is an ordinary function (`def`), and no coroutine function (`async def`)",
    ),
    "awaited under another name": (
        'import asyncio\nother = __import__("0-wait_a_while")\n\nasync def fetch_all(n):\n'
        "    return [await other.wait_a_while()\n            for _ in range(n)]\n",
        PLAIN,
        f"`wait_a_while` in line 4 of your `{OTHER}` is an ordinary function (`def`), and no coroutine function (`async def`)",
    ),
}


@pytest.mark.parametrize("name", BROUGHT_ABOUT)
def test_a_type_error_that_an_earlier_function_brings_about_names_it(name: str) -> None:
    program, earlier, said = BROUGHT_ABOUT[name]
    earlier += "    return 1\n"
    detail = fault_of(graded(earlier, program=program)).detail
    assert detail == said
    own = graded(earlier, program=program, dependencies="both").own
    assert own is not UNSET
    assert (
        own.says
        == f"With your own `0-wait_a_while` it is not right yet: your function raised TypeError (line 5): {said}."
    )


def test_a_function_of_the_graded_file_itself_is_no_earlier_one() -> None:
    program = "async def wait():\n    pass\n\nasync def fetch_all(n):\n    return await wait(n)\n"
    found = fault_of(graded(f"{WAITS}    pass\n", program=program))
    assert found.detail == "something was called with more arguments than it takes"


def test_with_both_the_authors_own_words_are_told_as_well() -> None:
    own = graded(f"{WAITS}    raise ValueError('too small')\n", dependencies="both").own
    assert own is not UNSET
    assert own.says.endswith(f"your function raised ValueError in line 4 of your `{OTHER}`: too small.")
