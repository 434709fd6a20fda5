"""A course on its way to another machine: all that grading needs, and it is used only where it is what was sent."""

import hashlib
import io
import shutil
import zipfile
from pathlib import Path

import pytest

from grader.cluster.parcel import Opened, parcel
from grader.course.cases import hidden_count
from grader.course.load import load_course, load_exercise
from grader.course.model import Course, Exercise
from grader.errors import GraderFault
from grader.exports.wheels import zipped
from grader.grading.stamp import digest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Two exercises, of which one has no hidden cases."""
    folder = tmp_path_factory.mktemp("course")
    listed = []
    for name in ("01_first_await", "05_say_after"):
        for above in ("exercises", "solutions"):
            shutil.copytree(ROOT / above / name, folder / above / name)
        listed.append(f"{{folder: {name}, title: T {name}}}")
    (folder / "solutions" / "01_first_await" / "hidden.yaml").unlink()
    (folder / "course.yaml").write_text(
        f"schema: 1\ntitle: C\nunits:\n  - {{id: one, title: One, exercises: [{', '.join(listed)}]}}\n"
    )
    return load_course(folder)


def opened(course: Course, folder: Path) -> Opened:
    content = parcel(course, course.exercises)
    digests = {exercise.slug: digest(exercise) for exercise in course.exercises}
    return Opened(folder, content, hashlib.sha256(content).hexdigest(), digests)


def without_place(exercise: Exercise) -> tuple[object, ...]:
    """All of it but where it lies."""
    names = [name for name in exercise.__struct_fields__ if name not in ("folder", "solutions")]
    return (*(getattr(exercise, name) for name in names), exercise.solutions is None)


def test_every_exercise_arrives_as_it_is(course: Course, tmp_path: Path) -> None:
    there = opened(course, tmp_path)
    for exercise in course.exercises:
        assert without_place(there.exercise(exercise.slug)) == without_place(exercise)
        assert digest(there.exercise(exercise.slug)) == digest(exercise)
    assert hidden_count(there.exercise("say-after")) > 0


def test_an_exercise_that_was_handed_out_without_a_course_arrives_too(tmp_path: Path) -> None:
    folder = tmp_path / "exercises" / "05_say_after"
    shutil.copytree(ROOT / "exercises" / "05_say_after", folder)
    exercise = load_exercise(folder)
    course = Course("C", str(tmp_path / "course.yaml"), load_course(ROOT).file, (exercise,))
    (tmp_path / "there").mkdir()
    there = opened(course, tmp_path / "there").exercise("say-after")
    assert without_place(there) == without_place(exercise)
    assert there.solutions is None


def test_neither_solutions_nor_stubs_are_sent(course: Course) -> None:
    with zipfile.ZipFile(io.BytesIO(parcel(course, course.exercises))) as archive:
        names = archive.namelist()
        stub = archive.read("exercises/05_say_after/say_after.py")
    assert [name for name in names if "reference" in name or "wrong" in name or name.endswith(".md")] == []
    assert stub.startswith(b'"""Here the stub was.')
    assert "solutions/05_say_after/hidden.yaml" in names


def test_the_same_course_is_the_same_bytes(course: Course) -> None:
    assert parcel(course, course.exercises) == parcel(course, course.exercises)


def test_a_course_that_arrives_damaged_is_not_used(course: Course, tmp_path: Path) -> None:
    content = parcel(course, course.exercises)
    expected = hashlib.sha256(content).hexdigest()
    with pytest.raises(
        GraderFault, match=f"^the course arrived damaged: its digest is .*, and {expected[:12]} was sent$"
    ):
        Opened(tmp_path, content[:-1] + b"?", expected, {})
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_written_outside(tmp_path: Path) -> None:
    content = zipped({"../escaped.py": b""})
    (tmp_path / "in").mkdir()
    with pytest.raises(GraderFault, match=r"^the course cannot be unpacked: the course/.*escaped.py: "):
        Opened(tmp_path / "in", content, hashlib.sha256(content).hexdigest(), {})
    assert [path.name for path in tmp_path.iterdir()] == ["in"]


def test_what_is_no_archive_is_refused(tmp_path: Path) -> None:
    with pytest.raises(GraderFault, match=r"^the course cannot be unpacked: damaged, or not what its name says$"):
        Opened(tmp_path, b"no zip", hashlib.sha256(b"no zip").hexdigest(), {})


def test_another_version_of_an_exercise_is_refused(course: Course, tmp_path: Path) -> None:
    content = parcel(course, course.exercises)
    there = Opened(tmp_path, content, hashlib.sha256(content).hexdigest(), {"say-after": "0123456789ab"})
    with pytest.raises(GraderFault, match=r"^say-after is version .* of the exercise, and 0123456789ab was sent$"):
        there.exercise("say-after")
