"""`grader gradescope build`: what it says, and what it refuses."""

import shutil
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from grader.cli import main

ROOT = Path(__file__).parents[2]


def build(*args: object) -> Result:
    return CliRunner().invoke(main, ["gradescope", "build", "--no-wheels", *map(str, args)])


def test_it_says_what_the_zip_grades(tmp_path: Path) -> None:
    made = build("--course", ROOT, "--out", tmp_path / "a.zip", "say-after", "8", "--seconds", 100)
    assert (made.exit_code, made.stderr) == (0, "")
    assert made.stdout.startswith(f"{tmp_path}/a.zip: grades say-after, two-downloads; 1 wheels, ")
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert archive.read("seconds") == b"100\n"


def test_the_whole_course_is_graded_where_no_exercise_is_named(tmp_path: Path) -> None:
    assert (
        "grades first-await, run-it-once, old-coroutines, "
        in build("--course", ROOT, "--out", tmp_path / "a.zip").stdout
    )


def test_missing_hidden_cases_are_told(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "exercises", tmp_path / "exercises")
    shutil.copy(ROOT / "course.yaml", tmp_path)
    made = build("--course", tmp_path, "--out", tmp_path / "a.zip", "say-after")
    assert made.exit_code == 0
    assert made.stderr == "grader: say-after: no hidden cases are at hand; it is graded on the visible ones alone\n"


def test_rules_of_the_course_that_do_not_count_there_are_told(tmp_path: Path) -> None:
    for name in ("exercises", "solutions"):
        shutil.copytree(ROOT / name, tmp_path / name)
    listed = (ROOT / "course.yaml").read_text()
    rules = "policy: {due: 2026-03-01 12:00 Z, late: {per: day, percent: 10}, attempts: 3}"
    (tmp_path / "course.yaml").write_text(listed.replace("\nschema: 1\n", f"\nschema: 1\n{rules}\n"))
    made = build("--course", tmp_path, "--out", tmp_path / "a.zip", "say-after", "8")
    assert made.exit_code == 0
    assert made.stderr.splitlines() == [
        f"grader: say-after, two-downloads: the course's rule on {what} does not count on Gradescope; set one there"
        for what in ("lateness", "the number of attempts")
    ]


def test_a_package_that_is_not_here_is_told_before_any_wheel_is_asked_for(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "exercises", tmp_path / "exercises")
    listed = (ROOT / "course.yaml").read_text()
    (tmp_path / "course.yaml").write_text(listed.replace("\nschema: 1\n", "\nschema: 1\npackages: [no-such-thing]\n"))
    made = build("--course", tmp_path, "--out", tmp_path / "a.zip", "say-after")
    assert made.exit_code == 2
    assert "packages: 'no-such-thing' is not installed beside the grader" in made.stderr
    assert not (tmp_path / "a.zip").exists()


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--out", "a.zip", "sya-after"), "there is no exercise 'sya-after'; did you mean 'say-after'?"),
        (("--out", "/dev/null/a.zip", "say-after"), "/dev/null/a.zip: cannot be written (Not a directory)"),
        (("say-after",), "Missing option '--out'"),
    ],
)
def test_what_cannot_be_built_is_refused(args: tuple[str, ...], said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    refused = build(*args)
    assert refused.exit_code == 2
    assert said in refused.stderr
