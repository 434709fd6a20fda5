"""What a platform hands over: whose it is, and which file is which exercise's."""

import json
from pathlib import Path
from typing import Any

import pytest

import grader
from grader.course.model import Exercise
from grader.exports.submission import Submitted, find_file, read_metadata

ROOT = Path(__file__).parents[2]
ANN = {"email": "ann@x.org", "id": 7, "name": "Ann"}


@pytest.fixture(scope="module")
def exercise() -> Exercise:
    return next(one for one in grader.load_course(ROOT).exercises if one.slug == "say-after")


@pytest.mark.parametrize(
    ("said", "learner", "attempt"),
    [
        ({"users": [ANN]}, "ann@x.org", 1),
        ({"users": [ANN], "previous_submissions": [{"score": "1"}, {"score": "2"}]}, "ann@x.org", 3),
        ({"users": [ANN | {"email": None}]}, "7", 1),
        ({"users": [{"name": "Ann"}]}, "Ann", 1),
        ({"users": [{"email": "zoe@x.org"}, ANN]}, "ann@x.org + zoe@x.org", 1),
        ({"users": [ANN, {"email": "zoe@x.org"}]}, "ann@x.org + zoe@x.org", 1),
        ({"users": []}, None, 1),
        ({"users": {"email": "x"}, "previous_submissions": 3}, None, 1),
        ({"users": [3, None, {"email": True, "name": ["x"]}]}, None, 1),
        ([], None, 1),
    ],
)
def test_the_metadata_say_who_and_which_attempt(said: Any, learner: str | None, attempt: int, tmp_path: Path) -> None:
    (tmp_path / "m.json").write_text(json.dumps(said))
    assert read_metadata(tmp_path / "m.json") == Submitted(learner, attempt)


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b"[" * 100_000, b"NaN"])
def test_metadata_that_cannot_be_read_say_nothing(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "m.json").write_bytes(content)
    assert read_metadata(tmp_path / "m.json") == Submitted(None, 1)
    assert read_metadata(tmp_path / "none.json") == Submitted(None, 1)


def put(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("")


@pytest.mark.parametrize("name", ["say_after.py", "05_say_after.py", "Say-After.py", "sub/say_after.py"])
def test_a_file_named_after_the_exercise_is_its_file(name: str, tmp_path: Path, exercise: Exercise) -> None:
    put(tmp_path, name, "other.py")
    assert find_file(tmp_path, exercise, alone=False) == tmp_path / name


def test_the_one_nearest_the_top_is_taken(tmp_path: Path, exercise: Exercise) -> None:
    put(tmp_path, "a/say_after.py", "say_after.py")
    assert find_file(tmp_path, exercise, alone=False) == tmp_path / "say_after.py"


def test_the_only_python_file_will_do_where_one_exercise_is_graded(tmp_path: Path, exercise: Exercise) -> None:
    put(tmp_path, "solution.py", "notes.txt")
    assert find_file(tmp_path, exercise, alone=True) == tmp_path / "solution.py"
    assert find_file(tmp_path, exercise, alone=False) is None
    put(tmp_path, "more.py")
    assert find_file(tmp_path, exercise, alone=True) is None


def test_links_and_what_programs_left_behind_are_passed_over(tmp_path: Path, exercise: Exercise) -> None:
    put(tmp_path, "__MACOSX/say_after.py", ".x/say_after.py", "__pycache__/say_after.py")
    (tmp_path / "say_after.py").symlink_to("/etc/passwd")
    (tmp_path / "sub").symlink_to(ROOT / "solutions")
    (tmp_path / "dir").mkdir()
    (tmp_path / "dir" / "say_after.py").mkdir()
    assert find_file(tmp_path, exercise, alone=True) is None
