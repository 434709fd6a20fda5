"""`pytest exercises/NN_slug`, as a learner runs it."""

import os
import select
import shutil
from pathlib import Path
from typing import Any

import pytest

# pytester forgets modules between its runs, and a C extension (PyYAML's) does not survive being imported twice
import yaml  # noqa: F401

import grader.course.load
import grader.feedback.text
import grader.run.in_process  # noqa: F401
from grader.pytest_plugin import _points

pytest_plugins = ["pytester"]
ROOT = Path(__file__).parent.parent
RIGHT = ROOT / "solutions" / "05_say_after" / "reference.py"
SEQUENTIAL = ROOT / "solutions" / "05_say_after" / "wrong" / "await_await.py"


@pytest.fixture
def folder(pytester: pytest.Pytester) -> Path:
    """An exercise handed out, and nothing of the instructor's."""
    there = pytester.path / "exercises" / "05_say_after"
    shutil.copytree(ROOT / "exercises" / "05_say_after", there)
    (pytester.path / "pytest.ini").write_text("[pytest]\nasyncio_default_fixture_loop_scope = function\n")
    return there


def test_a_right_solution_passes_with_an_item_for_each_entry_and_case(folder: Path, pytester: pytest.Pytester) -> None:
    shutil.copy(RIGHT, folder / "say_after.py")
    result = pytester.runpytest_inprocess("-v", "exercises/05_say_after")
    result.assert_outcomes(passed=4)
    result.stdout.fnmatch_lines(
        [
            "*exercise.yaml::one_after_the_other?as-documented? PASSED*",
            "*exercise.yaml::together?as-documented? PASSED*",
            "say-after: 10 of 10 points in the cases that were run; 4 more cases are run when it is marked",
        ]
    )


def test_a_failure_is_the_feedback_and_not_a_traceback_of_ours(folder: Path, pytester: pytest.Pytester) -> None:
    shutil.copy(SEQUENTIAL, folder / "say_after.py")
    result = pytester.runpytest_inprocess("exercises/05_say_after", "-k", "together and documented")
    result.assert_outcomes(failed=1, deselected=3)
    result.stdout.fnmatch_lines(["*What your program did*", "*say_after(world)*1 ? 3*line 12*", "*What is possible:*"])
    result.stdout.no_fnmatch_line("*Traceback*")
    result.stdout.no_fnmatch_line("*pytest_plugin.py*")
    result.stdout.no_fnmatch_line("*NotYet*")


def test_only_the_last_failures_are_run_again(folder: Path, pytester: pytest.Pytester) -> None:
    shutil.copy(SEQUENTIAL, folder / "say_after.py")
    pytester.runpytest_inprocess("exercises/05_say_after").assert_outcomes(passed=2, failed=2)
    pytester.runpytest_inprocess("exercises/05_say_after", "--lf").assert_outcomes(failed=2)
    pytester.runpytest_inprocess("exercises/05_say_after", "-x").assert_outcomes(passed=1, failed=1)


@pytest.mark.slow
def test_items_run_in_parallel_and_the_points_are_still_told(folder: Path, pytester: pytest.Pytester) -> None:
    shutil.copy(SEQUENTIAL, folder / "say_after.py")
    result = pytester.runpytest_subprocess("exercises/05_say_after", "-n", "2")
    result.assert_outcomes(passed=2, failed=2)
    result.stdout.fnmatch_lines(["say-after: 5.75 of 10 points in the cases that were run"])


def test_the_file_itself_can_be_named(folder: Path, pytester: pytest.Pytester) -> None:
    shutil.copy(RIGHT, folder / "say_after.py")
    pytester.runpytest_inprocess("exercises/05_say_after/say_after.py").assert_outcomes(passed=4)


def test_a_course_error_is_a_collection_error_with_file_and_line(folder: Path, pytester: pytest.Pytester) -> None:
    page = folder / "exercise.yaml"
    page.write_text(page.read_text().replace("parallel: [", "paralel: ["))
    result = pytester.runpytest_inprocess("exercises/05_say_after")
    result.assert_outcomes(errors=1)
    line = next(n for n, text in enumerate(page.read_text().splitlines(), 1) if "paralel: [" in text)
    result.stdout.fnmatch_lines([f"*exercise.yaml:{line}: *paralel*did you mean 'parallel'?*"])
    result.stdout.no_fnmatch_line("*Traceback*")
    # nothing of ours is quoted: the message is all that is told
    said = result.stdout.str().partition("ERROR collecting exercises/05_say_after/exercise.yaml")[2].splitlines()[1]
    assert said.startswith(f"exercises/05_say_after/exercise.yaml:{line}: ")
    result.stdout.no_fnmatch_line("*CourseError*")
    result.stdout.no_fnmatch_line("*pytest_plugin.py*")


def test_a_check_that_fails_in_one_case_earns_nothing_whichever_case_it_is() -> None:
    def ran(*earned: float) -> dict[str, Any]:
        most = (2, 1, 4)
        checks = [["both", name, points, of] for name, points, of in zip("abc", earned, most, strict=True)]
        return {"exercise": "e", "left_out": 0, "checks": checks}

    assert _points([ran(2, 0, 4), ran(0, 1, 4), ran(2, 1, 4)]) == (4, 7)


EITHER = """
async def together(say_after, a, first, b, second):
    return await (quick if a < b else slow)(say_after, a, first, b, second)
"""


def _points_line(result: pytest.RunResult) -> str:
    return next(line for line in result.outlines if line.startswith("say-after: ") and "in the cases" in line)


def test_a_program_that_is_right_in_one_case_only_has_the_points_of_both(
    folder: Path, pytester: pytest.Pytester
) -> None:
    text = SEQUENTIAL.read_text()
    shutil.copy(SEQUENTIAL, folder / "say_after.py")
    line = _points_line(pytester.runpytest_inprocess("exercises/05_say_after"))
    right = RIGHT.read_text().partition("async def together(")[2]
    (folder / "say_after.py").write_text(
        text.replace("async def together(", "async def slow(") + f"\n\nasync def quick({right}\n\n" + EITHER
    )
    result = pytester.runpytest_inprocess("exercises/05_say_after")
    result.assert_outcomes(passed=3, failed=1)
    assert _points_line(result) == line


# ---------------------------------------------------------------- real time


def waits(folder: Path, line: str, limits: str = "{wall_seconds: 0.5}") -> None:
    """`together` does what no virtual clock can hurry."""
    (folder / "say_after.py").write_text(
        RIGHT.read_text().partition("async def together(")[0]
        + f"\n\nasync def together(say_after, a, first, b, second):\n    {line}\n"
    )
    with (folder / "exercise.yaml").open("a") as page:
        page.write(f"\nlimits: {limits}\n")


def test_a_real_wait_is_told_with_its_line_and_is_not_waited_for_again(folder: Path, pytester: pytest.Pytester) -> None:
    waits(folder, "__import__('os').read(__import__('os').pipe()[0], 1)")
    lines = (folder / "say_after.py").read_text().splitlines()
    line = next(number for number, text in enumerate(lines, 1) if "pipe" in text)
    result = pytester.runpytest_inprocess("exercises/05_say_after")
    result.assert_outcomes(passed=2, failed=2)
    result.stdout.fnmatch_lines(
        [
            "  your program was not done in the time that it has",
            f"    line {line}: __import__('os').read(*",
            "  waits in real time for more than 0.5 s; *",
            "say-after: together, case longer-first: not run, because in case as-documented your program was not done "
            f"in the time that it has, line {line}; mend that first",
        ]
    )
    result.stdout.no_fnmatch_line("*raised BaseException*")
    result.stdout.no_fnmatch_line("*without ever waiting*")


def test_computing_without_end_is_told_apart_from_waiting(folder: Path, pytester: pytest.Pytester) -> None:
    waits(folder, "while True: pass", "{cpu_seconds: 0.2}")
    result = pytester.runpytest_inprocess("exercises/05_say_after")
    result.assert_outcomes(passed=2, failed=2)
    result.stdout.fnmatch_lines(
        [
            "  your program runs on without ever waiting, so nothing else gets a turn",
            "  computes for more than 0.2 s without waiting",
            "*case longer-first: not run, because in case as-documented your program runs on without ever waiting*",
        ]
    )


def test_each_item_is_guarded_in_real_time(
    folder: Path, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits(folder, "pass")
    monkeypatch.setattr("grader.pytest_plugin._EXTRA_SECONDS", 0.1)
    monkeypatch.setattr("grader.pytest_plugin.CaseItem.grade", lambda item: select.select([], [], []))
    result = pytester.runpytest_inprocess("exercises/05_say_after", "-k", "together and documented")
    result.assert_outcomes(failed=1, deselected=3)
    result.stdout.fnmatch_lines(["*Timeout (>0.6s) from pytest-timeout*"])


def test_an_item_has_half_a_minute_more_than_its_run(folder: Path, pytester: pytest.Pytester) -> None:
    items, _ = pytester.inline_genitems("exercises/05_say_after")
    assert [mark.args for item in items for mark in item.iter_markers("timeout")] == [(50.0,)] * 4


@pytest.mark.slow
def test_a_call_that_hears_no_signal_ends_the_whole_process_with_its_line(
    folder: Path, pytester: pytest.Pytester
) -> None:
    waits(folder, "sum(range(10**13))")
    pytester.makeconftest(
        """
        import grader.pytest_plugin
        grader.pytest_plugin._LAST_SECONDS = -20  # 10.5 s in all
        """
    )
    result = pytester.runpytest_subprocess("exercises/05_say_after", "-k", "together and documented")
    assert result.ret == 1
    result.stderr.fnmatch_lines(["Timeout (*", "*say_after.py*line * in together"])


def test_pytests_own_last_resort_stands_in_for_ours(
    folder: Path, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    armed: list[bool] = []
    monkeypatch.setattr("faulthandler.dump_traceback_later", lambda *_, exit=False, **named: armed.append(exit))
    shutil.copy(RIGHT, folder / "say_after.py")
    one = ("exercises/05_say_after", "-k", "together and documented")
    pytester.runpytest_inprocess(*one).assert_outcomes(passed=1, deselected=3)
    assert armed == [True]
    pytester.runpytest_inprocess(*one, "-o", "faulthandler_timeout=60").assert_outcomes(passed=1, deselected=3)
    assert armed == [True, False]


# ---------------------------------------------------------------- around it


def test_an_item_leads_an_ide_to_the_learners_function(folder: Path, pytester: pytest.Pytester) -> None:
    shutil.copy(RIGHT, folder / "say_after.py")
    items, _ = pytester.inline_genitems("exercises/05_say_after")
    where = {item.location[2]: (Path(item.location[0]).name, item.location[1]) for item in items}
    assert where["say-after: together[as-documented]"] == ("say_after.py", 9)


def test_a_breakpoint_suspends_the_limits_and_reaches_the_learners_frame(
    folder: Path, pytester: pytest.Pytester
) -> None:
    text = RIGHT.read_text().replace(
        "    x = await say_after(a, first)\n", "    breakpoint()\n    x = await say_after(a, first)\n", 1
    )
    (folder / "say_after.py").write_text(text)
    child = pytester.spawn_pytest("exercises/05_say_after -k 'one_after and documented'")
    child.expect("say_after.py")
    child.expect("Pdb")
    child.sendline("p 'first is ' + first")
    child.expect("first is hello")
    child.sendline("c")
    child.expect("1 passed")
    child.read()  # to its end
    child.close()


def test_other_peoples_test_runs_do_not_import_the_grader(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import sys

        def test_nothing_of_the_grader_but_the_plugin_is_there():
            there = {name for name in sys.modules if name.startswith("grader")}
            assert there <= {"grader", "grader.pytest_plugin"}
        """
    )
    pytester.runpytest_subprocess("-p", "no:xdist").assert_outcomes(passed=1)


def test_a_pipe_in_the_place_of_a_file_is_told_and_never_waited_for(folder: Path, pytester: pytest.Pytester) -> None:
    (folder / "say_after.py").unlink()
    os.mkfifo(folder / "mine.py")
    (folder / "say_after.py").symlink_to("mine.py")
    result = pytester.runpytest_inprocess("exercises/05_say_after")
    result.stdout.fnmatch_lines(["*there is no stub 'say_after.py' beside the exercise; write it"])
