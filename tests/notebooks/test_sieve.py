"""Which cells of an exercise's notebook are left out, so that the others are marked; and which are not."""

from collections.abc import Callable

import pytest

from grader.course.load import load_exercise
from grader.notebooks.marking import marked
from grader.notebooks.sieve import Cells, marked_without_what_ends_it
from grader.verdict import Verdict
from tests.notebooks.classroom import FIRST, ROOT

Found = tuple[Verdict, str, int]


@pytest.fixture(scope="module")
def found() -> Callable[..., Found]:
    """The verdict on these cells, what is said of those left out, and how often it was marked."""
    exercise = load_exercise(ROOT / "exercises" / "01_first_await")

    def found(*cells: str | None) -> Found:
        times = list[Cells]()

        def mark(kept: Cells) -> Verdict | str:
            times.append(kept)
            return marked(exercise, kept, learner="ann", isolation="child", hidden=False)

        verdict, told = marked_without_what_ends_it(exercise, cells, mark)
        assert isinstance(verdict, Verdict)
        return verdict, told, len(times)

    return found


def test_what_ends_nothing_is_marked_once(found: Callable[..., Found]) -> None:
    verdict, told, times = found(None, "1 / 0", FIRST)
    assert (verdict.points, told, times) == (10.0, "", 1)


def test_every_cell_that_ends_the_process_is_left_out_and_named(found: Callable[..., Found]) -> None:
    verdict, told, times = found(None, "import os\nos._exit(0)", FIRST, "import ctypes\nctypes.string_at(0)")
    assert (verdict.points, times) == (10.0, 2)
    assert told == (
        "cell 2 was left out, and the others were run without it: it ended the process (exit status 0)\n"
        "cell 4 was left out, and the others were run without it: the process was killed (signal 11)\n\n"
    )


def test_where_it_is_the_function_that_ends_it_no_cell_is_left_out(found: Callable[..., Found]) -> None:
    verdict, told, times = found("x = 1", "async def greet_twice(*of):\n    import os\n    os._exit(0)")
    assert (verdict.points, told, times) == (0.0, "", 1)


def test_where_nothing_is_left_it_is_said_that_the_process_ended(found: Callable[..., Found]) -> None:
    verdict, told, _ = found("import os\nos._exit(0)")
    assert (verdict.points, told, verdict.cases[0].outcome) == (0.0, "", "died")
