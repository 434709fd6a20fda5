"""The template repository: a workflow that the reporter understands, nothing that learners must not see, and a script that
gives a result whatever happens."""

import base64
import json
import os
import re
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
import yaml
from msgspec.structs import replace

import grader
from grader.course.load import find_exercise, load_course
from grader.course.model import Course
from grader.errors import UsageError
from grader.exports.classroom_kit import HOME, WORKFLOW, kit, workflow
from grader.run.levels import resolved

ROOT = Path(__file__).parents[2]
SOLUTIONS = ROOT / "solutions"
NAMES = ("say-after", "two-downloads")


@pytest.fixture(scope="module")
def course() -> Course:
    return grader.load_course(ROOT)


@pytest.fixture(scope="module")
def files(course: Course) -> dict[str, bytes]:
    return kit(course, [find_exercise(course, name) for name in NAMES], ("grader.whl", b"wheel"), "3.12")


@pytest.fixture
def repository(files: dict[str, bytes], tmp_path: Path) -> Path:
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    return tmp_path


def job(course: Course) -> dict[str, Any]:
    document = yaml.safe_load(workflow([find_exercise(course, name) for name in NAMES], "3.12"))
    (found,) = document["jobs"].values()
    made: dict[str, Any] = found
    return made


# ---------------------------------------------------------------- the workflow


def test_the_workflow_has_what_github_asks_for(course: Course, files: dict[str, bytes]) -> None:
    document = yaml.safe_load(files[WORKFLOW])
    assert list(document) == ["name", "on", "permissions", "jobs"]
    assert document["on"] == ["push", "workflow_dispatch"]
    assert document["permissions"] == {"checks": "write", "actions": "read", "contents": "read"}
    assert list(document["jobs"]) == ["run-autograding-tests"]
    for step in job(course)["steps"]:
        assert ("run" in step) != ("uses" in step)
        assert set(step) <= {"name", "id", "if", "run", "uses", "with", "env", "timeout-minutes", "continue-on-error"}


def test_each_exercise_has_a_step_whose_script_is_there(course: Course, files: dict[str, bytes]) -> None:
    steps = [step for step in job(course)["steps"] if "id" in step]
    assert [step["id"] for step in steps] == list(NAMES)
    for step in steps:
        assert re.fullmatch(r"[A-Za-z_][\w-]*", step["id"])
        shell, script, slug = step["run"].split()
        assert (shell, slug) == ("bash", step["id"])
        assert script in files


def test_the_reporter_finds_the_result_of_every_runner(course: Course) -> None:
    report = job(course)["steps"][-1]
    runners = report["with"]["runners"].split(",")
    ids = [step["id"] for step in job(course)["steps"] if "id" in step]
    assert runners == ids
    assert report["if"] == "${{ !cancelled() }}"  # also where a step before failed
    # as autograding-grading-reporter looks for them
    assert report["env"] == {f"{one.upper()}_RESULTS": "${{ steps." + one + ".outputs.result }}" for one in ids}


def test_a_title_with_any_characters_stays_one_value(course: Course) -> None:
    exercise = find_exercise(course, "say-after")
    title = 'a: "b" # ${{ c }}\n- d'
    document = yaml.safe_load(workflow([replace(exercise, title=title)], "3.12"))
    steps = document["jobs"]["run-autograding-tests"]["steps"]
    assert steps[-2]["name"] == title.replace("${{", "$ {{")


def test_packages_that_submissions_may_import_are_installed_with_the_grader(course: Course) -> None:
    exercise = replace(find_exercise(course, "say-after"), packages=("iniconfig",))
    files = kit(course, [exercise], ("grader.whl", b"wheel"), "3.12")
    assert files[f"{HOME}/packages.txt"].decode() == f"iniconfig=={metadata.version('iniconfig')}\n"
    (install,) = [step["run"] for step in job(course)["steps"] if step["name"] == "Install the grader"]
    assert install.endswith(f" {HOME}/wheels/*.whl --requirement {HOME}/packages.txt")


# ---------------------------------------------------------------- what learners see


def test_no_solution_and_no_hidden_case_is_in_it(files: dict[str, bytes]) -> None:
    kept = {path.read_bytes() for path in SOLUTIONS.rglob("*") if path.is_file() and path.suffix in (".py", ".yaml")}
    assert kept & set(files.values()) == set()
    assert not any("solutions" in name or "hidden" in name for name in files)


def test_learners_get_the_stub_and_what_explains_it(files: dict[str, bytes]) -> None:
    own = sorted(name for name in files if name.startswith("exercises/05"))
    names = ("README.md", "checks.py", "exercise.yaml", "possible.json", "say_after.py")
    assert own == [f"exercises/05_say_after/{name}" for name in names]
    assert files[own[-1]] == (ROOT / own[-1]).read_bytes()


def copied(folder: Path) -> Path:
    for name in ("exercises", "solutions"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "course.yaml", folder)
    return folder


def test_a_stub_that_is_solved_is_refused(tmp_path: Path) -> None:
    stub = copied(tmp_path) / "exercises" / "05_say_after" / "say_after.py"
    shutil.copy(SOLUTIONS / "05_say_after" / "reference.py", stub)
    course = load_course(tmp_path)
    with pytest.raises(
        UsageError, match=r"say_after\.py: earns 10 points, so it is no stub any more; put the stub back"
    ):
        kit(course, [find_exercise(course, "say-after")], ("x.whl", b""), "3.12")


def test_checks_that_are_kept_from_learners_are_refused(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    course = load_course(folder)
    (folder / "exercises" / "05_say_after" / "checks.py").rename(folder / "solutions" / "05_say_after" / "checks.py")
    with pytest.raises(
        UsageError, match=r"say-after: its checks stand in solutions/05_say_after/checks\.py, which learners"
    ):
        kit(course, [find_exercise(course, "say-after")], ("x.whl", b""), "3.12")


# ---------------------------------------------------------------- the script


def python_of(repository: Path) -> Path:
    """A python whose -I keeps the present folder out, and lets this checkout in."""
    python = repository / "python"
    isolated = f'PYTHONSAFEPATH=1 PYTHONPATH="{ROOT}" exec "{sys.executable}" "$@"'
    python.write_text(
        f'#!/bin/sh\nif [ "$1" = -I ]; then shift; {isolated}; fi\nPYTHONPATH="{ROOT}" exec "{sys.executable}" "$@"\n'
    )
    python.chmod(0o755)
    return python


def step(repository: Path, slug: str, **more: str) -> tuple[dict[str, Any], str]:
    """The step as a runner runs it: its result, decoded as the reporter does, and what it printed."""
    output = repository / "output"
    environment = os.environ | {
        "GITHUB_OUTPUT": str(output),
        "GRADER_PYTHON": str(python_of(repository)),
        "GITHUB_REPOSITORY": "org/ann",
    }
    done = subprocess.run(
        ["bash", f"{HOME}/grade.sh", slug],
        cwd=repository,
        env=environment | more,
        capture_output=True,
        text=True,
        check=True,
    )
    name, _, coded = output.read_text().strip().partition("=")
    assert name == "result"
    result: dict[str, Any] = json.loads(base64.b64decode(coded, validate=True))
    assert set(result) == {"version", "status", "max_score", "tests"}
    for test in result["tests"]:
        assert set(test) == {"name", "status", "score", "message"}
    return result, done.stdout


def solve(repository: Path, slug: str, file: str) -> None:
    folder = next(path for path in (repository / "exercises").iterdir() if path.name[3:].replace("_", "-") == slug)
    shutil.copy(SOLUTIONS / folder.name / file, folder / f"{folder.name[3:]}.py")


@pytest.mark.slow
def test_the_stub_is_not_yet_right(repository: Path) -> None:
    result, _ = step(repository, "say-after")
    assert (result["status"], result["max_score"]) == ("fail", 10.0)
    assert sum(test["score"] for test in result["tests"]) == 0


def test_a_right_solution_passes_with_full_marks(repository: Path) -> None:
    solve(repository, "say-after", "reference.py")
    result, printed = step(repository, "say-after")
    assert result["status"] == "pass"
    assert sum(test["score"] for test in result["tests"]) == result["max_score"] == 10.0
    assert printed.startswith("say-after: 10 of 10 points")
    assert "say-after: exercises/05_say_after/say_after.py was graded\n" in printed
    assert printed.endswith(f"played at isolation {resolved('child')} (docs/isolation.md)\n")


@pytest.mark.slow
def test_a_wrong_one_is_told_why_in_the_log_and_in_the_tests(repository: Path) -> None:
    solve(repository, "say-after", "wrong/await_await.py")
    result, printed = step(repository, "say-after")
    messages = {test["name"]: test["message"] for test in result["tests"] if test["status"] == "fail"}
    assert "they never ran at the same time" in messages["say-after: together: parallel"]
    assert "What is possible:" in printed


@pytest.mark.slow
def test_what_learners_change_in_their_own_copy_does_not_grade_them(repository: Path) -> None:
    definition = repository / "exercises" / "05_say_after" / "exercise.yaml"
    definition.write_text(definition.read_text().replace("points: 4", "points: 400"))
    assert step(repository, "say-after")[0]["max_score"] == 10.0


def test_a_stub_that_was_deleted_is_missing(repository: Path) -> None:
    (repository / "exercises" / "05_say_after" / "say_after.py").unlink()
    result, _ = step(repository, "say-after")
    assert result["status"] == "fail"
    assert (
        result["tests"][0]["message"] == "nothing was handed in; write your solution into say_after.py, commit and push"
    )


def test_a_file_that_is_too_large_is_refused_with_the_reason(repository: Path) -> None:
    (repository / "exercises" / "05_say_after" / "say_after.py").write_bytes(b"#" * (2 << 20))
    result, _ = step(repository, "say-after")
    assert (result["status"], result["tests"][0]["status"]) == ("fail", "fail")
    assert result["tests"][0]["message"] == "exercises/05_say_after/say_after.py: larger than 1 MiB"


@pytest.mark.parametrize("python", ["false", "true", "/nowhere/python"])
def test_a_grader_that_does_not_come_to_an_end_is_an_error_and_not_a_fail(python: str, repository: Path) -> None:
    result, printed = step(repository, "say-after", GRADER_PYTHON=python)
    assert (result["status"], result["max_score"]) == ("error", 10.0)
    assert result["tests"][0]["message"].startswith("not graded: the grader did not come to an end")
    assert "this is not your fault" in printed


def test_a_grader_that_is_killed_is_an_error_and_not_a_fail(repository: Path) -> None:
    killed = repository / "killed"
    killed.write_text("#!/bin/sh\nkill -9 $$\n")
    killed.chmod(0o755)
    assert step(repository, "say-after", GRADER_PYTHON=str(killed))[0]["status"] == "error"


def test_the_values_are_drawn_for_the_repository(repository: Path) -> None:
    spy = repository / "spy"
    spy.write_text(f'#!/bin/sh\necho "$@" > {repository}/asked\n')
    spy.chmod(0o755)
    step(repository, "say-after", GRADER_PYTHON=str(spy))
    asked = (repository / "asked").read_text().split()
    assert asked[:6] == ["-I", "-m", "grader", "classroom", "run", "say-after"]
    assert asked[asked.index("--learner") + 1] == "org/ann"


POISON = """\
import os
with open(os.environ["POISONED"], "a") as told:
    told.write(__file__ + "\\n")
"""
MODULES = ("pip/__init__.py", "pip/__main__.py", "typing.py", "warnings.py", "grader/__init__.py", "grader/__main__.py")


@pytest.fixture
def poisoned(repository: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The repository of somebody whose modules are called as those are that grade; each tells that it ran."""
    monkeypatch.setenv("POISONED", str(repository / "told"))
    for name in MODULES:
        (repository / name).parent.mkdir(exist_ok=True)
        (repository / name).write_text(POISON)
    return repository


@pytest.mark.slow
def test_no_step_runs_a_module_that_lies_in_the_repository(course: Course, poisoned: Path) -> None:
    path = f"{python_of(poisoned).parent}:{os.environ['PATH']}"
    (install,) = [step for step in job(course)["steps"] if step["name"] == "Install the grader"]
    script = ["bash", "-c", install["run"]]
    done = subprocess.run(script, cwd=poisoned, env=os.environ | {"PATH": path}, capture_output=True, text=True)
    assert "grader.whl is not a valid wheel filename" in done.stderr  # pip's own words: it is pip that ran
    assert step(poisoned, "say-after")[0]["status"] == "fail"
    assert not (poisoned / "told").exists()


def test_a_module_in_the_repository_would_run_instead_of_pip(poisoned: Path) -> None:
    subprocess.run([sys.executable, "-m", "pip", "--version"], cwd=poisoned, capture_output=True)
    assert f"{poisoned}/pip/__main__.py\n" in (poisoned / "told").read_text()
