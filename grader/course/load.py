"""Courses and exercises from their folders: complete and consistent, or a CourseError with everything that is not.

Nothing of an exercise is run here; what the text tells is all that is asked.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, field

from grader.course.document import Path
from grader.course.model import CaseSpec, Course, CourseFile, Exercise, ExerciseFile, HiddenFile, Limits, Listed
from grader.course.names import COURSE, EXERCISE, HIDDEN, WORLD
from grader.course.nearest import did_you_mean
from grader.course.policy_model import Policy, overlaid
from grader.course.proof import Proof, declared
from grader.course.proof_adopted import proofread_adopted
from grader.course.proof_course import (
    FOLDER,
    Ordered,
    folders_in,
    listed,
    proofread_folder,
    proofread_order,
    proofread_places,
    slug_of,
)
from grader.course.proof_entries import proofread_entries
from grader.course.proof_lists import proofread_lists
from grader.course.proof_misconceptions import proofread_misconceptions
from grader.course.proof_policy import policy_of, proofread_policy
from grader.course.proof_submissions import proofread_submissions
from grader.course.proof_values import proofread_cases, proofread_vars
from grader.course.proof_world import module_problems, proofread_world
from grader.course.salvage import Salvaged, read_part, salvage
from grader.course.shapes import UNKNOWN
from grader.course.yaml_marks import read_yaml, shown
from grader.errors import CourseError, Problem, UsageError


@dataclass(frozen=True)
class _Place:
    """Where a course puts an exercise; without a course, nowhere. `points` is None where they are not known."""

    unit: str = ""
    title: str | None = None
    points: float | None = None
    limits: Limits = field(default_factory=Limits)
    packages: tuple[str, ...] = ()
    policy: Policy = field(default_factory=Policy)
    was: str | None = None


def load_course(path: str | os.PathLike[str] = ".") -> Course:
    """The course in a folder, or of a `course.yaml`; raises CourseError with all problems of all its files."""
    course, problems = read_course(path)
    if problems:
        raise CourseError(problems)
    return course


def read_course(path: str | os.PathLike[str] = ".") -> tuple[Course, list[Problem]]:
    """The course with all of its problems; where there are any, it holds what could be read."""
    file = _course_file(path)
    course = read_part(file, CourseFile)
    exercises = os.path.join(os.path.dirname(file), "exercises")
    problems = [*course.problems, *proofread_places(course, exercises), *proofread_policy(course)]
    places = _places(course, exercises)
    ordered: list[Ordered] = []
    # Those that no unit lists too: why they are not listed may be a mistake in the course.
    for folder in dict.fromkeys([*places, *(os.path.join(exercises, name) for name in sorted(folders_in(exercises)))]):
        found, read, exercise = _read_exercise(folder, places.get(folder, _Place()))
        problems += found
        ordered.append(Ordered(read.document, exercise, slug_of(folder) or exercise.slug, folder in places))
    problems += proofread_order(ordered)
    problems += proofread_submissions(course, [one.exercise for one in ordered if one.placed])
    return Course(course.value.title, file, course.value, tuple(one.exercise for one in ordered)), problems


def _course_file(path: str | os.PathLike[str]) -> str:
    file = os.path.abspath(path)
    if os.path.isdir(file):
        file = os.path.join(file, COURSE)
    if not os.path.isfile(file):
        message = f"there is no {COURSE} here; go to the folder of a course, or name it"
        raise CourseError(Problem(shown(os.path.dirname(file)), 0, message))
    return file


def _places(course: Salvaged[CourseFile], exercises: str) -> dict[str, _Place]:
    """The place of every folder that is listed and there; nothing outside of `exercises` is ever read."""
    limits, there = course.value.defaults.limits, folders_in(exercises)
    packages = tuple(course.value.packages)
    return {
        os.path.join(exercises, one.folder): _Place(
            unit,
            one.title,
            one.points if course.sure(*path, "points") and course.sure(*path, "?") else None,
            limits,
            packages,
            policy_of(course.value, path),
            one.was,
        )
        for path, unit, one in listed(course.value)
        if one.folder in there
    }


def load_exercise(folder: str | os.PathLike[str]) -> Exercise:
    """The exercise in `folder`; its title and points come from the course above, if there is one that lists it."""
    folder = os.path.abspath(folder)
    if not os.path.isfile(os.path.join(folder, EXERCISE)):
        message = f"there is no {EXERCISE} here; name the folder of an exercise"
        raise CourseError(Problem(shown(folder), 0, message))
    found, place = _place_of(folder)
    problems, _, exercise = _read_exercise(folder, place)
    if found or problems:
        raise CourseError([*found, *problems])
    return exercise


def _place_of(folder: str) -> tuple[list[Problem], _Place]:
    """Nowhere in particular, where the course has problems of its own."""
    file = os.path.join(os.path.dirname(os.path.dirname(folder)), COURSE)
    if not os.path.isfile(file):
        return [], _Place()
    course = read_part(file, CourseFile)
    places = _places(course, os.path.join(os.path.dirname(file), "exercises"))
    return list(course.problems), places.get(
        folder, _Place(limits=course.value.defaults.limits, packages=tuple(course.value.packages))
    )


def _read_exercise(folder: str, place: _Place) -> tuple[list[Problem], Salvaged[ExerciseFile], Exercise]:
    """All that is wrong with an exercise, and what of it could be read."""
    read = read_part(os.path.join(folder, EXERCISE), ExerciseFile)
    names = declared(read.document.data, read.holes)
    proof = Proof(read.document, read.value, names, folder, read.holes, read.also)
    _proofread(proof)
    if read.problems and read.value.world.python is None:
        proof.problems += module_problems(folder, WORLD)  # what names it may be what cannot be read
    solutions = _solutions(folder)
    problems, hidden = _read_hidden(proof, solutions)
    slug = read.value.slug if read.sure("slug") else ""
    problems += [*read.problems, *proof.problems, *proofread_folder(read.document, slug, folder, read.value.module)]
    exercise = _exercise(folder, read.value, place, hidden, solutions)
    return problems + _points(read, place), read, exercise


def _proofread(proof: Proof) -> None:
    proofread_vars(proof)
    proofread_world(proof)
    proofread_adopted(proof)
    proofread_entries(proof)
    proofread_cases(proof, proof.file.cases)
    proofread_misconceptions(proof)
    proofread_lists(proof)


def _solutions(folder: str) -> str | None:
    path = os.path.join(os.path.dirname(os.path.dirname(folder)), "solutions", os.path.basename(folder))
    return path if os.path.isdir(path) else None


def _read_hidden(proof: Proof, solutions: str | None) -> tuple[list[Problem], tuple[CaseSpec, ...]]:
    path = os.path.join(solutions or "", HIDDEN)
    if solutions is None or not os.path.exists(path):
        return [], ()
    read = read_part(path, HiddenFile)
    hidden = Proof(read.document, proof.file, proof.declared, proof.folder, read.holes)
    proofread_cases(hidden, read.value.cases)
    visible = {case.name for case in proof.file.cases} - {""}
    for at, case in enumerate(read.value.cases):
        if case.name in visible:
            hidden.tell(("cases", at, "name"), f"case {case.name!r} is a visible case as well; choose another name")
    return [*read.problems, *hidden.problems], tuple(read.value.cases)


def _exercise(
    folder: str, file: ExerciseFile, place: _Place, hidden: tuple[CaseSpec, ...], solutions: str | None
) -> Exercise:
    name = os.path.basename(folder)
    return Exercise(
        file=file,
        title=place.title if place.title is not None else file.goal,
        unit=place.unit,
        number=name.partition("_")[0] if FOLDER.fullmatch(name) else "",
        points=place.points if place.points is not None else _sum_of_points(file),
        limits=_merged(file.limits, place.limits),
        packages=place.packages,
        folder=folder,
        solutions=solutions,
        hidden=hidden,
        policy=place.policy,
        was=place.was,
    )


def _merged(own: Limits, course: Limits) -> Limits:
    """The exercise's limits; those that it leaves open are the course's, and may be open there too."""
    return overlaid(course, own)


def _sum_of_points(file: ExerciseFile) -> float:
    return round(sum(check.points for entry in file.entries.values() for check in entry.checks), 9)


def _points(read: Salvaged[ExerciseFile], place: _Place) -> list[Problem]:
    found = _sum_of_points(read.value)
    if place.points is None or abs(found - place.points) < 1e-9 or any(map(_costs_points, read.holes)):
        return []
    message = f"the checks' points add up to {found:g}, and {COURSE} gives {place.points:g}; change one of the two"
    return [read.document.problem(("entries",), message)]


# What holds the points of a check, from the file down to the key; None stands for any name or number.
_TO_THE_POINTS = ("entries", None, "checks", None, "points")


def _costs_points(hole: Path) -> bool:
    """Whether points may be lost in a hole."""
    return all(
        step in (known, UNKNOWN) or known is None for step, known in zip(hole, _TO_THE_POINTS, strict=False)
    ) and (len(hole) <= len(_TO_THE_POINTS))


def find_exercise(course: Course, name: str) -> Exercise:
    """The exercise that a person means by its slug, its module, its number or its folder; raises UsageError."""
    by_folder = {os.path.basename(exercise.folder): exercise for exercise in course.exercises}
    return by_folder[_folder_named(by_folder, name, lambda folder: by_folder[folder].file.module)]


def locate_exercise(path: str | os.PathLike[str], name: str) -> str:
    """The folder of the exercise that `name` means; load it with `load_exercise`. `course.yaml` alone is read if it tells."""
    file = _course_file(path)
    course = salvage(read_yaml(file), CourseFile)
    if course.problems:
        raise CourseError(course.problems)
    folders = {one.folder: one for _, _, one in listed(course.value)}
    exercises = os.path.join(os.path.dirname(file), "exercises")
    return os.path.join(exercises, _folder_named(folders, name, lambda folder: _module_in(exercises, folder)))


def _module_in(exercises: str, folder: str) -> object:
    """The name of the learner's file, where the exercise gives it one; what is not right there is told where it is loaded."""
    try:
        data = read_yaml(os.path.join(exercises, folder, EXERCISE)).data
    except CourseError:
        return None
    return data.get("module") if isinstance(data, dict) else None


def _folder_named(
    folders: "dict[str, Exercise] | dict[str, Listed]", name: str, module_of: Callable[[str], object]
) -> str:
    wanted = os.path.basename(os.path.normpath(name)).replace("-", "_")
    for folder in folders:
        number, _, module = folder.partition("_")
        if wanted in {folder, module} or (wanted.isdecimal() and number.isdecimal() and int(wanted) == int(number)):
            return folder
    module = os.path.basename(os.path.normpath(name)).removesuffix(".py")
    named = [folder for folder in folders if module_of(folder) == module]
    if len(named) == 1:
        return named[0]
    if named:
        raise UsageError(f"{module!r} is the file of several exercises; name one of them: {', '.join(named)}")
    slugs = [folder.partition("_")[2].replace("_", "-") for folder in folders]
    raise UsageError(f"there is no exercise {name!r}{did_you_mean(name.replace('_', '-'), slugs)}")
