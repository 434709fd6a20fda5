"""`pytest exercises/NN_slug`, as a learner runs it."""

import shutil
from pathlib import Path

import pytest

# pytester forgets modules between its runs, and a C extension (PyYAML's) does not survive being imported twice
import yaml  # noqa: F401

import grader.course.load
import grader.feedback.text
import grader.run.in_process  # noqa: F401

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
            "say-after: 10 of 10 points in the cases that were run; 10 more cases are run when it is marked",
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
