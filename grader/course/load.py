"""Courses and exercises from their folders: complete and consistent, or a CourseError with everything that is not.

Nothing of an exercise is run here; what the text tells is all that is asked.
"""

import os
from dataclasses import dataclass, field

import msgspec

from grader.course.model import CaseSpec, Course, CourseFile, Exercise, ExerciseFile, HiddenFile, Limits, Listed
from grader.course.nearest import did_you_mean
from grader.course.proof import Proof, declared
from grader.course.proof_course import FOLDER, listed, proofread_folder, proofread_order, proofread_places
from grader.course.proof_entries import proofread_entries
from grader.course.proof_misconceptions import proofread_misconceptions
from grader.course.proof_values import proofread_cases, proofread_vars
from grader.course.proof_world import module_problems, proofread_world
from grader.course.salvage import Salvaged, salvage
from grader.course.yaml_marks import Document, read_yaml, shown
from grader.errors import CourseError, Problem, UsageError

COURSE, EXERCISE, HIDDEN, WORLD = "course.yaml", "exercise.yaml", "hidden.yaml", "world.py"


@dataclass(frozen=True)
class _Place:
    """Where a course puts an exercise; without a course, nowhere."""

    unit: str = ""
    listed: Listed | None = None
    limits: Limits = field(default_factory=Limits)


# One exercise as read; where there are problems, it holds what could be read.
_Read = tuple[Document, Exercise]


def load_course(path: str | os.PathLike[str] = ".") -> Course:
    """The course in a folder, or of a `course.yaml`; raises CourseError with all problems of all its files."""
    file = _course_file(path)
    course = salvage(read_yaml(file), CourseFile)
    exercises = os.path.join(os.path.dirname(file), "exercises")
    problems = list(course.problems)
    if not course.problems:
        problems += proofread_places(course.document, course.value, exercises)
    read: list[_Read] = []
    for folder, place in _places(course.value, exercises).items():
        if os.path.isfile(os.path.join(folder, EXERCISE)):
            found, one = _read_exercise(folder, place)
            problems += found
            read += [one] if one is not None else []
    problems += proofread_order(read)
    if problems:
        raise CourseError(problems)
    return Course(course.value.title, file, course.value, tuple(exercise for _, exercise in read))


def _course_file(path: str | os.PathLike[str]) -> str:
    file = os.path.abspath(path)
    if os.path.isdir(file):
        file = os.path.join(file, COURSE)
    if not os.path.isfile(file):
        message = f"there is no {COURSE} here; go to the folder of a course, or name it"
        raise CourseError(Problem(shown(os.path.dirname(file)), 0, message))
    return file


def _places(file: CourseFile, exercises: str) -> dict[str, _Place]:
    limits = file.defaults.limits
    return {os.path.join(exercises, one.folder): _Place(unit, one, limits) for _, unit, one in listed(file)}


def load_exercise(folder: str | os.PathLike[str]) -> Exercise:
    """The exercise in `folder`; its title and points come from the course above, if there is one that lists it."""
    folder = os.path.abspath(folder)
    if not os.path.isfile(os.path.join(folder, EXERCISE)):
        message = f"there is no {EXERCISE} here; name the folder of an exercise"
        raise CourseError(Problem(shown(folder), 0, message))
    found, place = _place_of(folder)
    problems, read = _read_exercise(folder, place)
    if found or problems or read is None:
        raise CourseError([*found, *problems])
    return read[1]


def _place_of(folder: str) -> tuple[list[Problem], _Place]:
    """Nowhere in particular, where the course has problems of its own."""
    file = os.path.join(os.path.dirname(os.path.dirname(folder)), COURSE)
    if not os.path.isfile(file):
        return [], _Place()
    try:
        course = salvage(read_yaml(file), CourseFile)
    except CourseError as error:
        return list(error.problems), _Place()
    if course.problems:
        return list(course.problems), _Place()
    places = _places(course.value, os.path.join(os.path.dirname(file), "exercises"))
    return [], places.get(folder, _Place(limits=course.value.defaults.limits))


def _read_exercise(folder: str, place: _Place) -> tuple[list[Problem], _Read | None]:
    try:
        read = salvage(read_yaml(os.path.join(folder, EXERCISE)), ExerciseFile)
    except CourseError as error:
        return [*error.problems, *module_problems(folder, WORLD)], None
    proof = Proof(read.document, read.value, declared(read.whole.data), folder)
    _proofread(proof)
    if read.problems and read.value.world.python is None:
        proof.problems += module_problems(folder, WORLD)  # what names it may be what cannot be read
    solutions = _solutions(folder)
    problems, hidden = _read_hidden(proof, solutions)
    problems += [*read.problems, *proof.problems, *proofread_folder(read.document, read.value, folder)]
    exercise = _exercise(folder, read.value, place, hidden, solutions)
    if not read.problems:
        problems += _points(read, exercise)
    return problems, (read.document, exercise)


def _proofread(proof: Proof) -> None:
    proofread_vars(proof)
    proofread_world(proof)
    proofread_entries(proof)
    proofread_cases(proof, proof.file.cases)
    proofread_misconceptions(proof)


def _solutions(folder: str) -> str | None:
    path = os.path.join(os.path.dirname(os.path.dirname(folder)), "solutions", os.path.basename(folder))
    return path if os.path.isdir(path) else None


def _read_hidden(proof: Proof, solutions: str | None) -> tuple[list[Problem], tuple[CaseSpec, ...]]:
    path = os.path.join(solutions or "", HIDDEN)
    if solutions is None or not os.path.isfile(path):
        return [], ()
    try:
        read = salvage(read_yaml(path), HiddenFile)
    except CourseError as error:
        return list(error.problems), ()
    hidden = Proof(read.document, proof.file, proof.declared, proof.folder)
    proofread_cases(hidden, read.value.cases)
    visible = {case.name for case in proof.file.cases}
    for at, case in enumerate(read.value.cases):
        if case.name in visible:
            hidden.add(("cases", at, "name"), f"case {case.name!r} is a visible case as well; choose another name")
    return [*read.problems, *hidden.problems], tuple(read.value.cases)


def _exercise(
    folder: str, file: ExerciseFile, place: _Place, hidden: tuple[CaseSpec, ...], solutions: str | None
) -> Exercise:
    name = os.path.basename(folder)
    return Exercise(
        file=file,
        title=place.listed.title if place.listed is not None else file.goal,
        unit=place.unit,
        number=name.partition("_")[0] if FOLDER.fullmatch(name) else "",
        points=place.listed.points if place.listed is not None else _sum_of_points(file),
        limits=_merged(file.limits, place.limits),
        folder=folder,
        solutions=solutions,
        hidden=hidden,
    )


def _merged(own: Limits, course: Limits) -> Limits:
    """The exercise's limits; those that it leaves open are the course's, and may be open there too."""
    stated = {name: value for name in Limits.__struct_fields__ if (value := getattr(own, name)) is not None}
    return msgspec.structs.replace(course, **stated)


def _sum_of_points(file: ExerciseFile) -> float:
    return round(sum(check.points for entry in file.entries.values() for check in entry.checks), 9)


def _points(read: Salvaged[ExerciseFile], exercise: Exercise) -> list[Problem]:
    found = _sum_of_points(exercise.file)
    if abs(found - exercise.points) < 1e-9:
        return []
    message = f"the checks' points add up to {found:g}, and {COURSE} gives {exercise.points:g}; change one of the two"
    return [read.document.problem(("entries",), message)]


def find_exercise(course: Course, name: str) -> Exercise:
    """The exercise that a person means by its slug, its module, its number or its folder; raises UsageError."""
    by_folder = {os.path.basename(exercise.folder): exercise for exercise in course.exercises}
    return by_folder[_folder_named(by_folder, name)]


def locate_exercise(path: str | os.PathLike[str], name: str) -> str:
    """The folder of the exercise that `name` means, from `course.yaml` alone; load it with `load_exercise`."""
    file = _course_file(path)
    course = salvage(read_yaml(file), CourseFile)
    if course.problems:
        raise CourseError(course.problems)
    folders = {one.folder: one for _, _, one in listed(course.value)}
    return os.path.join(os.path.dirname(file), "exercises", _folder_named(folders, name))


def _folder_named(folders: "dict[str, Exercise] | dict[str, Listed]", name: str) -> str:
    wanted = os.path.basename(os.path.normpath(name)).replace("-", "_")
    for folder in folders:
        number, _, module = folder.partition("_")
        if wanted in {folder, module} or (wanted.isdecimal() and number.isdecimal() and int(wanted) == int(number)):
            return folder
    slugs = [folder.partition("_")[2].replace("_", "-") for folder in folders]
    raise UsageError(f"there is no exercise {name!r}{did_you_mean(name.replace('_', '-'), slugs)}")
