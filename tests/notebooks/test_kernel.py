"""In a learner's kernel: `check(fn)` and `%%check` beside its running loop, their feedback, their ends, their errors."""

import re
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.notebooks.a_course import write_course
from tests.notebooks.kernel import Kernel, Shown, environment, running

pytest.importorskip("ipykernel", reason="ipykernel is not installed: pip install -e '.[dev]'")

TOGETHER = """
async def together(say, a, b):
    return await asyncio.gather(say(a, "x"), say(b, "y"))
"""
ONE_BY_ONE = """
async def together(say, a, b):
    first = await say(a, "x")
    return [first, await say(b, "y")]
"""
WAITS_FOR_REAL = """
import os

async def together(say, a, b):
    os.read(os.pipe()[0], 1)
"""


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_course(tmp_path_factory.mktemp("course"))


@pytest.fixture(scope="module")
def kernel(course: Path) -> Iterator[Kernel]:
    """One for all: each test runs cells that stand for themselves."""
    folder = course / "notebooks"
    folder.mkdir()
    with running(folder) as kernel:
        kernel.run("import asyncio\nfrom grader.notebooks import check, check_async\n%load_ext grader.notebooks")
        yield kernel


def test_a_function_of_a_cell_is_checked_beside_the_running_loop_whatever_failed_to_take_its_place(
    kernel: Kernel,
) -> None:
    kernel.run(TOGETHER)
    kernel.run("1 / 0\n" + ONE_BY_ONE)
    shown = kernel.run("asyncio.get_running_loop()\ncheck(together)")
    assert shown.text.startswith("two-waits: 10 of 10 points\n  Everything that was asked for is there.")
    assert "<strong>two-waits</strong> Wait for two things at once." in shown.html
    assert '<span class="points good">10 of 10 points</span>' in shown.html
    assert (shown.printed, shown.complained, shown.kinds) == (
        "",
        "",
        ["status", "execute_input", "display_data", "status"],
    )


def test_a_cell_under_the_magic_is_checked_and_run_and_the_lines_in_the_feedback_are_its_own(kernel: Kernel) -> None:
    shown, cell = kernel.run("%%check two-waits\n# mine\n" + ONE_BY_ONE.strip() + "\n7 * 6"), kernel.number
    for feedback in (shown.text, shown.html):
        assert f"cell {cell}, line 4" in feedback
        assert "The number of a cell is the one in brackets beside it." in feedback
    assert "<svg" in shown.html
    assert shown.text.startswith("42two-waits: 4 of 10 points")
    assert kernel.run("asyncio.iscoroutinefunction(together), together.__code__.co_firstlineno").text == "(True, 3)"


def test_what_the_magic_has_run_is_the_function_that_is_checked_then(kernel: Kernel) -> None:
    """Although a cell with a later number has tried to define another."""
    shown = kernel.run("%%check two-waits\nasync def together(say, a, b):\n    return 3")
    cell = kernel.number
    kernel.run("1 / 0\n" + TOGETHER)
    again = kernel.run("%check two-waits")
    assert "0 of 10 points" in shown.text
    assert again.text == shown.text
    assert cell == kernel.number - 2


def test_it_is_that_very_function_that_is_checked(kernel: Kernel) -> None:
    kernel.run(TOGETHER + "\nolder = together")
    older = kernel.number
    kernel.run(ONE_BY_ONE)
    told = kernel.run("check(older)")
    said = f"this is older, which cell {older} defines, in the place of together"
    assert told.text.startswith(f"{said}\ntwo-waits: 10 of 10 points\n")
    assert told.html.startswith(f"<p>{said}</p>")
    kernel.run("kept = [together]\ndel together")
    nameless = kernel.run("check(kept[0])").text
    said = f"this is together as cell {older + 1} defines it: what check was given has no name in the notebook"
    assert nameless.startswith(f"{said}\ntwo-waits: 4 of 10 points\n")


@pytest.mark.slow
@pytest.mark.parametrize("named", ["@functools.wraps(function)", "pass"])
def test_one_that_is_wrapped_is_checked_as_it_is_wrapped(kernel: Kernel, named: str) -> None:
    kernel.run(f"""
        import functools
        def together(say, a, b): "an older one, in the cell of what wraps"
        def in_the_end(function):
            {named}
            async def wrapper(say, a, b):
                await say(a, "x")
                return await function(say, a, b)
            return wrapper
    """)
    kernel.run(TOGETHER)
    kernel.run("together = in_the_end(together)")
    assert "two-waits: 4 of 10 points" in kernel.run("check(together)").text
    kernel.run(f"@in_the_end{TOGETHER}")
    assert "two-waits: 4 of 10 points" in kernel.run("check(together)").text


def test_what_computes_without_end_is_ended_at_its_limit_and_says_so(kernel: Kernel) -> None:
    kernel.run("async def together(say, a, b):\n    while True:\n        pass")
    shown, cell = kernel.run("check(together)"), kernel.number - 1
    assert "computes for more than 1 s without waiting" in shown.text
    assert f"cell {cell}, line 2" in shown.text or f"cell {cell}, line 3" in shown.text


# tells when the process beside the kernel has begun, and is heard by whoever reads the outputs
LOUD = """
from grader.notebooks import beside
real = beside.json.loads
class Loud:
    dumps = beside.json.dumps
    def loads(line):
        begun()
        return real(line)
beside.json = Loud
begun = lambda: display("begun")
"""
# what a thread displays is not of this cell
AWAITED = """
from contextvars import copy_context
from functools import partial
begun = partial(asyncio.get_running_loop().call_soon_threadsafe, partial(copy_context().run, display, "begun"))
await check_async(together)
"""


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("check(together)", "KeyboardInterrupt"),
        ("await asyncio.sleep(0)\ncheck(together)", "KeyboardInterrupt"),
        (AWAITED, "CancelledError"),
    ],
    ids=["a cell", "a cell that awaits", "awaited"],
)
def test_it_can_be_interrupted_and_nothing_is_left_running(kernel: Kernel, cell: str, name: str) -> None:
    left = list[psutil.Process]()

    def interrupt(shown: Shown) -> None:
        if "begun" in shown.text and not left:
            left.extend(kernel.children())
            kernel.interrupt()

    kernel.run(WAITS_FOR_REAL)
    kernel.run(LOUD)
    try:
        shown = kernel.run(cell, interrupt)
    finally:
        kernel.run("import json\nbeside.json = json")
    assert shown.error == (name, f"{name}: the check was interrupted; nothing of it is left running")
    assert left
    assert [one for one in left if one.is_running() and one.status() != psutil.STATUS_ZOMBIE] == []
    assert kernel.children() == []


def test_one_that_is_awaited_lets_the_loop_go_on_and_shows_the_same(kernel: Kernel) -> None:
    kernel.run(ONE_BY_ONE)
    blocking = kernel.run(
        "went_on = []\nasyncio.get_running_loop().call_soon(went_on.append, 1)\ncheck(together)\nwent_on"
    )
    awaited = kernel.run(
        "went_on = []\nasyncio.get_running_loop().call_soon(went_on.append, 1)\nawait check_async(together)\nwent_on"
    )
    assert awaited.html == blocking.html
    assert awaited.html.count("4 of 10 points") == 1
    assert (awaited.text[-3:], awaited.printed, awaited.complained) == ("[1]", "", "")
    assert blocking.text == awaited.text[:-3] + "[]"


def test_what_cannot_be_checked_is_the_same_sentence_where_it_is_awaited(kernel: Kernel) -> None:
    assert kernel.run("await check_async(3)").text == ERRORS["check(3)"]
    assert kernel.run("await check_async('two-wait')").text == ERRORS["%check two-wait"]


def test_who_awaits_a_check_that_is_over_is_told_of_the_other(kernel: Kernel) -> None:
    awaited, plain = kernel.run("await check(3)"), kernel.run("check(3)")
    assert awaited.text == plain.text == ERRORS["check(3)"]
    name, shown = awaited.error
    assert name == "TypeError"
    assert "cannot be awaited: leave out 'await', or write 'await check_async(...)'" in shown
    assert "execute_result" not in plain.kinds


def test_a_cell_that_is_interrupted_while_the_kernel_runs_it_is_not_checked(kernel: Kernel) -> None:
    shown = kernel.run("%%check two-waits\nraise KeyboardInterrupt")
    assert (shown.error[0], shown.html, shown.text) == ("KeyboardInterrupt", "", "")


ERRORS = {
    "%check two-wait": "there is no exercise 'two-wait'; did you mean 'two-waits'?",
    "%check": "name an exercise: %%check say-after",
    "%%check\nx = undefined": "name an exercise: %%check say-after",
    "async def together(): pass\ncheck(together())": "check takes the function itself, and this one was called: leave "
    "out the parentheses after its name",
    "class S:\n    async def together(self, *a): ...\ncheck(S().together)": "check takes a function, and together is a method "
    "here: define it outside of its class, without self",
    "class S:\n    async def together(self, *a): ...\ncheck(S.together)": "check takes a function, and together is a method "
    "here: define it outside of its class, without self",
    "async def together(say, a, b): ...\ncheck(lambda say: together(say, 1, 2))": "check takes a function that has a name, and "
    "a lambda has none: give it the function itself, without lambda and without what it is called with: check(together)",
    "check(lambda: 1)": "check takes a function that has a name, and a lambda has none: define the function that the exercise "
    "asks for, with def and under the name that it has there, and give it that",
    "togethr = lambda: 1\ncheck(togethr)": "no exercise asks for a function 'togethr'; did you mean 'together' (two-waits)?",
    "import functools\nasync def together(say, a, b): ...\ncheck(functools.partial(together, 1))": "check takes a function, "
    "and this is one with arguments already set, by functools.partial: give it the function itself, without partial: "
    "check(together)",
    "import functools\ncheck(functools.partial(print, 1))": "check takes a function, and this is one with arguments already "
    "set, by functools.partial: define the function that the exercise asks for, with def and under the name that it has "
    "there, and give it that",
    "check(3)": "check takes a function, or an exercise's name, and this is of type 'int'",
    "check(len)": "check takes a function, or an exercise's name, and this is of type 'builtin_function_or_method'",
}


@pytest.mark.parametrize("cell", ERRORS)
def test_a_mistake_is_one_plain_sentence(kernel: Kernel, cell: str) -> None:
    shown = kernel.run(cell)
    assert shown.text == ERRORS[cell]
    assert (shown.printed, shown.complained, shown.error) == ("", "", ("", ""))
    assert re.fullmatch(r"<p>[^<]+</p>", shown.html)


@pytest.mark.slow
def test_a_whole_notebook_is_executed_by_nbclient(course: Path) -> None:
    """A fresh kernel, as where a notebook is run from top to bottom; a cell that was never run has no part in it."""
    nbclient, nbformat = pytest.importorskip("nbclient"), pytest.importorskip("nbformat")
    v4 = nbformat.v4
    book = v4.new_notebook()
    book.cells = [
        v4.new_markdown_cell("# Mine"),
        v4.new_code_cell("check = 1\nfrom grader.notebooks import check"),
        v4.new_code_cell("import asyncio\nawait asyncio.sleep(0)\ndelay = 1"),
        v4.new_code_cell(f"{TOGETHER}\ncheck(together)"),
        v4.new_code_cell("%load_ext grader.notebooks\n%check same-name"),
        v4.new_code_cell(f"%%check two-waits\n{ONE_BY_ONE}\nx = await asyncio.sleep(1, delay)"),
    ]
    folder = course / "exercises" / "01_two_waits"
    client = nbclient.NotebookClient(book, timeout=60, resources={"metadata": {"path": str(folder)}})
    client.execute(env=environment())
    shown = [[*cell.get("outputs", [])] for cell in book.cells]
    assert [[one["output_type"] for one in outputs] for outputs in shown] == [[], [], [], *[["display_data"]] * 3]
    texts = [outputs[0]["data"]["text/plain"] for outputs in shown[3:]]
    assert texts[0].startswith("two-waits: 10 of 10 points")
    assert texts[1] == "same-name asks for the function main, and no cell that was run defines it"
    assert "cell 5, line 4" in texts[2]
