"""`grader classroom build`: what it writes, and what it refuses."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from grader.cli import main
from grader.course.model import Exercise
from grader.errors import UsageError
from grader.run.submitted import Submitted

ROOT = Path(__file__).parents[2]


def build(*args: object) -> Result:
    return CliRunner().invoke(main, ["classroom", "build", "--course", str(ROOT), *map(str, args)])


def test_it_writes_a_repository_and_says_what_to_protect(tmp_path: Path) -> None:
    made = build("--out", tmp_path / "template", "say-after", "--python", "3.13")
    assert (made.exit_code, made.stderr) == (0, "")
    assert made.stdout == f"{tmp_path}/template: grades say-after; protect .github/**/* in the assignment\n"
    assert (tmp_path / "template" / "exercises" / "05_say_after" / "say_after.py").is_file()
    assert "python-version: '3.13'" in (tmp_path / "template" / ".github" / "workflows" / "classroom.yml").read_text()
    assert len([*(tmp_path / "template" / ".github" / "classroom" / "wheels").glob("asyncio_grader-*.whl")]) == 1


def test_what_an_earlier_build_left_is_told(tmp_path: Path) -> None:
    place = tmp_path / "template"
    wheel = ".github/classroom/wheels/asyncio_grader-0.0.1-py3-none-any.whl"
    left = [".github/classroom/not_graded/two-downloads", wheel, "exercises/08_two_downloads/two_downloads.py"]
    for name in [*left, "exercises/my_own/notes.md", "exercises/05_say_after/other.py"]:
        Path(place, name).parent.mkdir(parents=True, exist_ok=True)
        Path(place, name).touch()
    made = build("--out", place, "say-after")
    told = ", ".join([*left[:2], "exercises/08_two_downloads"])
    assert made.stderr == f"{place}: an earlier build left {told}, which stands there still; remove it\n"
    assert made.exit_code == 0


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--out", "x", "sya-after"), "there is no exercise 'sya-after'; did you mean 'say-after'?"),
        (("--out", "/dev/null/x", "say-after"), "cannot be written (Not a directory); name another folder with --out"),
    ],
)
def test_what_cannot_be_built_is_refused(args: tuple[str, ...], said: str) -> None:
    refused = build(*args)
    assert refused.exit_code == 2
    assert said in refused.stderr


def test_an_earlier_file_is_found_wherever_a_repository_has_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    course = ROOT / "examples" / "adopted"
    for place, folder, module in (("a", "06_readings", "0-readings"), ("b", "07_high_water", "1-high_water")):
        file = tmp_path / "work" / place / "river_gauge" / f"{module}.py"
        file.parent.mkdir(parents=True)
        file.write_bytes((course / "solutions" / folder / "reference.py").read_bytes())
    graded = list[object]()

    def grade(exercise: Exercise, source: Submitted, **more: object) -> None:
        graded.append(dict(source.files).keys())
        raise UsageError("no more is asked here")

    monkeypatch.setattr("grader.grading.grade", grade)
    args = ["--repository", str(tmp_path / "work"), "--to", str(tmp_path / "to"), "--course", str(course)]
    CliRunner().invoke(main, ["classroom", "run", "high-water", *args])
    assert graded == [{"0-readings"}]
