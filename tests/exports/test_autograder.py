"""The zip has no solution in it; what its run writes is whole and true at every stage."""

import io
import json
import re
import shutil
import zipfile
from collections.abc import Callable
from importlib import metadata
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest

import grader
from grader.batch.atomic import write
from grader.course.load import find_exercise, load_course
from grader.course.model import Course, Exercise
from grader.exports.autograder import autograde, autograder_zip
from grader.run import resolved
from grader.run.submitted import Submitted
from grader.verdict import Verdict
from tests.exports.gradescope_folders import ROOT, SOLUTIONS, result, submit, unpacked
from tests.exports.test_gradescope import DOCUMENT

REFERENCE = SOLUTIONS / "05_say_after" / "reference.py"
AWAITED = SOLUTIONS / "05_say_after" / "wrong" / "await_await.py"
OTHER = SOLUTIONS / "08_two_downloads" / "reference.py"


@pytest.fixture(scope="module")
def course() -> Course:
    return grader.load_course(ROOT)


def built(course: Course, *names: str) -> bytes:
    return autograder_zip(course, [find_exercise(course, name) for name in names], {"x.whl": b"wheel"}, seconds=60)


@pytest.fixture
def root(course: Course, tmp_path: Path) -> Path:
    return unpacked(built(course, "say-after", "two-downloads"), tmp_path)


def graded(root: Path) -> tuple[dict[str, Any], list[str]]:
    told: list[str] = []
    autograde(root, write, told.append)
    return result(root), told


# ---------------------------------------------------------------- the zip


def test_both_scripts_stand_at_the_root_and_may_be_run(course: Course) -> None:
    with zipfile.ZipFile(io.BytesIO(built(course, "say-after"))) as archive:
        modes = {entry.filename: entry.external_attr >> 16 & 0o777 for entry in archive.infolist()}
    assert (modes["setup.sh"], modes["run_autograder"], modes["settings.json"]) == (0o755, 0o755, 0o644)
    assert "wheels/x.whl" in modes


@pytest.mark.parametrize("name", ["setup.sh", "run_autograder", "grade.sh"])
def test_no_python_of_the_scripts_looks_for_modules_in_the_present_folder(name: str) -> None:
    script = (files("grader.exports") / "scripts" / name).read_text()
    # a command with options, as against a package's or a file's name
    asked = re.findall(r"""(?:python\}?|\$name)"? (-\w.*)""", script)
    assert asked
    assert [options for options in asked if not options.startswith("-I ")] == []


def test_the_same_course_gives_the_same_zip(course: Course) -> None:
    assert built(course, "say-after") == built(course, "say-after")


def test_no_solution_is_in_it_and_only_the_hidden_cases_that_it_grades_with(course: Course) -> None:
    with zipfile.ZipFile(io.BytesIO(built(course, "say-after"))) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    kept = [name for name in contents if name.startswith("course/solutions/")]
    assert kept == ["course/solutions/05_say_after/hidden.yaml"]
    solutions = {path.read_bytes() for path in SOLUTIONS.rglob("*.py")}
    assert solutions & set(contents.values()) == set()


def test_neither_a_solved_stub_nor_what_lies_beside_it_is_in_it(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "exercises", tmp_path / "exercises")
    shutil.copy(ROOT / "course.yaml", tmp_path)
    solved = "SOLVED = 'by the instructor'\n"
    for name in ("say_after.py", "my_try.py", ".notes.py"):
        (tmp_path / "exercises" / "05_say_after" / name).write_text(solved)
    with zipfile.ZipFile(io.BytesIO(built(load_course(tmp_path), "say-after"))) as archive:
        assert not any(solved.encode() in archive.read(name) for name in archive.namelist())
        assert not any("my_try" in name for name in archive.namelist())


def test_packages_that_submissions_may_import_are_asked_for_as_they_are_here(course: Course) -> None:
    exercise = msgspec.structs.replace(find_exercise(course, "say-after"), packages=("PyYAML", "iniconfig"))
    content = autograder_zip(course, [exercise, exercise], {"x.whl": b"wheel"}, seconds=60)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        asked = archive.read("packages.txt").decode()
        assert '--requirement "$source/packages.txt"' in archive.read("setup.sh").decode()
    assert asked == "".join(f"{name}=={metadata.version(name)}\n" for name in ("PyYAML", "iniconfig"))


def test_the_course_in_it_is_the_course(course: Course, root: Path) -> None:
    again = load_course(root / "source" / "course")
    assert [one.file for one in again.exercises] == [one.file for one in course.exercises]
    hidden = {one.slug for one in again.exercises if one.hidden}
    assert hidden == {"say-after", "two-downloads"}


# ---------------------------------------------------------------- the run


def test_a_right_solution_gets_full_marks_with_the_values_of_its_learner(root: Path) -> None:
    submit(root, REFERENCE, OTHER)
    found, told = graded(root)
    assert found["score"] == 20.0
    assert [one["seed"] for one in found["extra_data"]["grader"]["exercises"]] == [
        "say-after/ann@x.org",
        "two-downloads/ann@x.org",
    ]
    assert told == [
        "learner ann@x.org, attempt 1",
        f"say-after: passed, 10 of 10 points, isolation {resolved('child')}",
        f"two-downloads: passed, 10 of 10 points, isolation {resolved('child')}",
    ]


def test_hidden_cases_are_run_and_hidden(root: Path) -> None:
    submit(root, REFERENCE)
    tests = result_of(root)["tests"]
    hidden = [test for test in tests if test["visibility"] == "hidden"]
    assert len(hidden) == 10  # five checks of each of the two functions
    assert hidden[0]["name"] == "say-after: one_after_the_other: work, in 2 hidden cases"


def result_of(root: Path) -> dict[str, Any]:
    return graded(root)[0]


def test_what_is_not_yet_right_comes_with_its_timelines(root: Path) -> None:
    submit(root, AWAITED)
    found = result_of(root)
    assert 0 < found["score"] < 10
    assert "What is possible:" in found["output"]


def test_what_is_not_handed_in_is_said_with_its_name(root: Path) -> None:
    submit(root, REFERENCE)
    found = result_of(root)
    assert found["score"] == 10.0
    assert found["tests"][-1]["output"] == "no file was found for this; name it two_downloads.py, and submit again"


def test_a_later_attempt_says_so(root: Path) -> None:
    submit(root, REFERENCE, metadata={"users": [], "previous_submissions": [{}]})
    found = result_of(root)
    assert found["output"].startswith("Attempt 2.\n")
    assert found["extra_data"]["grader"]["exercises"][0]["seed"] == "say-after"


def test_every_stage_is_valid_and_says_what_is_true_if_it_is_the_last(root: Path) -> None:
    submit(root, REFERENCE, OTHER)
    stages: list[dict[str, Any]] = []

    def keep(path: Path, content: bytes) -> None:
        stages.append(json.loads(content))

    autograde(root, keep, lambda _: None)
    for stage in stages:
        jsonschema.Draft202012Validator(DOCUMENT).validate(stage)
    assert [stage["score"] for stage in stages] == [0.0, 10.0, 20.0]
    waiting = [
        [test["name"] for test in stage["tests"] if test["output"].startswith("not graded yet")] for stage in stages
    ]
    assert waiting == [["say-after", "two-downloads"], ["two-downloads"], []]


@pytest.mark.parametrize("error", [RuntimeError("secret 4.5"), MemoryError("secret 4.5")])
def test_a_failure_of_the_graders_own_is_no_fail_and_does_not_stop_the_rest(
    error: Exception, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real: Callable[..., Verdict] = grader.grading.grade

    def fails_once(exercise: Any, *args: Any, **options: Any) -> Verdict:
        if exercise.slug == "say-after":
            raise error
        return real(exercise, *args, **options)

    monkeypatch.setattr("grader.grading.grade", fails_once)
    submit(root, REFERENCE, OTHER)
    found = result_of(root)
    assert found["score"] == 10.0
    visible = [test for test in found["tests"] if test["visibility"] == "visible"]
    assert "not marked: the grader itself failed" in visible[0]["output"]
    assert "secret" not in json.dumps([visible, found["output"]])
    assert "secret 4.5" in json.dumps([test for test in found["tests"] if test["visibility"] == "hidden"])


def test_a_file_that_is_none_is_not_read(root: Path) -> None:
    submit(root, REFERENCE)
    (root / "submission" / "say_after.py").write_bytes(b"#" * (2 << 20))
    found = result_of(root)
    assert found["score"] == 0.0
    assert found["tests"][0]["output"] == "say_after.py: larger than 1 MiB"


def test_which_files_count_and_which_do_not_is_said_above_the_feedback(root: Path) -> None:
    submit(root, REFERENCE)
    (root / "submission" / "old").mkdir()
    shutil.copy(AWAITED, root / "submission" / "old" / "say_after.py")
    (root / "submission" / "notes\u202e.txt").write_text("")
    found, told = graded(root)
    assert found["score"] == 10.0
    assert found["output"].splitlines()[:3] == [
        "say_after.py was graded as say-after.",
        "old/say_after.py was not graded: another file for say-after; say_after.py was graded.",
        "notes\\u202e.txt was not graded: not named after an exercise.",
    ]
    assert "not graded: old/say_after.py: another file for say-after; say_after.py was graded" in told


def test_many_files_that_do_not_count_are_counted(root: Path) -> None:
    submit(root, REFERENCE)
    for number in range(14):
        (root / "submission" / f"notes-{number}.txt").write_text("")
    lines = result_of(root)["output"].splitlines()
    assert lines[10:12] == ["notes-5.txt was not graded: not named after an exercise.", "4 more files were not graded."]


def test_an_archive_is_unpacked_and_a_notebook_read_by_the_rules_of_a_class(root: Path) -> None:
    submit(root)
    with zipfile.ZipFile(root / "submission" / "homework.zip", "w") as archive:
        archive.write(REFERENCE, "week 1/say_after.py")
        archive.writestr("../say_after.py", "raise SystemExit")
    cell: dict[str, Any] = {
        "cell_type": "code",
        "metadata": {},
        "source": OTHER.read_text(),
        "outputs": [],
        "execution_count": None,
    }
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]}
    (root / "submission" / "two_downloads.ipynb").write_text(json.dumps(notebook))
    found, _ = graded(root)
    assert found["score"] == 20.0
    lines = found["output"].splitlines()
    assert "homework.zip/week 1/say_after.py was graded as say-after." in lines
    assert "two_downloads.ipynb was graded as two-downloads." in lines
    assert any(line.startswith("homework.zip/../say_after.py was not graded: ") for line in lines)


def test_an_earlier_file_is_found_wherever_it_was_handed_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    adopted = grader.load_course(ROOT / "examples" / "adopted")
    root = unpacked(built(adopted, "readings", "high-water"), tmp_path)
    solutions = ROOT / "examples" / "adopted" / "solutions"
    submit(root)
    for way, folder in (
        ("a/river_gauge/0-readings.py", "06_readings"),
        ("b/river_gauge/1-high_water.py", "07_high_water"),
    ):
        (root / "submission" / way).parent.mkdir(parents=True)
        shutil.copy(solutions / folder / "reference.py", root / "submission" / way)
    looked_at = list[set[str]]()

    def grade(exercise: Exercise, source: Submitted, **more: object) -> None:
        looked_at.append({name for name, _ in source.files})
        raise RuntimeError("no more is asked here")

    monkeypatch.setattr("grader.grading.grade", grade)
    graded(root)
    assert looked_at == [set(), {"0-readings"}]
