"""The pattern of `submissions.files`: what it cannot mean is refused with its line."""

import shutil
from pathlib import Path

import pytest

from grader.course.load import read_course

ADOPTED = Path(__file__).parents[2] / "examples" / "adopted"


def told(folder: Path, pattern: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    (folder / "exercises").symlink_to(ADOPTED / "exercises")
    shutil.copy(ADOPTED / "course.yaml", folder)
    text = (folder / "course.yaml").read_text()
    (folder / "course.yaml").write_text(text.replace('"**/*{within}/{module}.py"', f"'{pattern}'"))
    monkeypatch.chdir(folder)
    return [str(problem) for problem in read_course(folder)[1]]


@pytest.mark.parametrize("pattern", ["**/{within}/{module}.py", "w*/?/{within}-x/{module}.py", "{within}_{module}.py"])
def test_a_pattern_that_tells_exercises_apart_is_taken(
    pattern: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert told(tmp_path, pattern, monkeypatch) == []


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("**/{slug}/{module}.py", "'files' has '{slug}'; it may have {within} and {module}"),
        ("**/{module.py", "'files' has '{module.py'; it may have {within} and {module}"),
        (
            "**/main.py",
            "'files' is '**/main.py', which finds the same for all exercises; write {module} where the file's name stands",
        ),
        (
            "../{within}/{module}.py",
            "'files' is '../{within}/{module}.py'; it is a path in what a learner hands in, with '/' between folders and "
            "without '..'",
        ),
        ("**/{module}.py", "'files' finds the same file for 'mean-wait' and 'stations'; write {within} as well"),
    ],
)
def test_a_pattern_that_cannot_be_meant_is_refused(
    pattern: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert f"course.yaml:8: {message}" in told(tmp_path, pattern, monkeypatch)
