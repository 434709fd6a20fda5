"""The proof of a whole course: every program of every exercise over many seeds, on all cores.

A course that passes this teaches what it says: nothing right is refused, nothing wrong is let through, and every wrong
program hears its own explanation.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from grader.authoring.links import links
from grader.authoring.names import strange_names
from grader.authoring.programs import Program, programs_of, reference_of, stray_solutions, unproved
from grader.authoring.proof import prove
from grader.authoring.record import recorded
from grader.authoring.staging import staged
from grader.authoring.stub import unreadable
from grader.authoring.upkeep import upkeep
from grader.course.load import find_exercise
from grader.course.model import Course, Exercise
from grader.course.names import EXERCISE
from grader.course.yaml_marks import shown
from grader.errors import GraderError, Problem
from grader.grading.workers import Pool, at_work, cores, pooled, processes

Progress = Callable[[str], None]


def validate_course(
    course: Course,
    *,
    seeds: int,
    write: bool = False,
    only: str | None = None,
    progress: Progress = lambda said: None,
    pool: Pool = processes,
) -> list[Problem]:
    """Every problem found, sorted by file. `only` names one exercise; `progress` hears of each that is done.

    `write` records anew what is possible. Where there are no solutions at all, as in exercises that were handed out, only what
    is there is looked at: ask `solutions_beside`. Raises UsageError for an exercise that is not there.
    """
    chosen = [find_exercise(course, only)] if only is not None else list(course.exercises)
    problems = [*links(course), *stray_solutions(course.exercises)] if only is None else []
    problems += unproved(chosen)
    ready = []
    for exercise in chosen:
        problems += upkeep(exercise) + strange_names(exercise)
        found = _safely(exercise, lambda exercise=exercise: staged(exercise, seeds))  # type: ignore[misc]
        if found:
            problems += found
            progress(f"{exercise.slug}: no program was played; mend its cases first")
            continue
        ready.append(exercise)
        if not unreadable(one for one in programs_of(exercise) if one.path == reference_of(exercise)):
            problems += _safely(exercise, lambda exercise=exercise: recorded(exercise, write=write))  # type: ignore[misc]
    for exercise, found, programs in _proved(ready, seeds, pool):
        problems += found
        told = f", {len(found)} problem{'s' * (len(found) > 1)}" if found else ""
        progress(f"{exercise.slug}: {programs} programs, {seeds} seeds{told}")
    return sorted(set(problems))


def read_only(course: Course, known: list[Problem], only: str | None = None) -> list[Problem]:
    """`known`, which keeps the course from being used, and all else that can be seen without running anything."""
    problems = [*known, *(links(course) if only is None else []), *unproved(course.exercises)]
    spoilt = {problem.path for problem in known}
    for exercise in course.exercises:
        sound = shown(Path(exercise.folder, EXERCISE)) not in spoilt
        problems += _safely(exercise, lambda exercise=exercise, sound=sound: upkeep(exercise, sound=sound))  # type: ignore[misc]
        problems += _safely(exercise, lambda exercise=exercise: strange_names(exercise))  # type: ignore[misc]
    return sorted(set(problems))


def _safely(exercise: Exercise, prove_it: Callable[[], list[Problem]]) -> list[Problem]:
    """A fault of one exercise does not keep the others from being looked at."""
    try:
        return prove_it()
    except GraderError as error:
        return list(getattr(error, "problems", ())) or [Problem(shown(exercise.folder), 0, str(error))]


def _proved(exercises: list[Exercise], seeds: int, pool: Pool) -> Iterator[tuple[Exercise, list[Problem], int]]:
    """Exercise by exercise, in order; programs are shared out among the cores."""
    every = [(exercise, program) for exercise in exercises for program in programs_of(exercise)]
    unread = unreadable(program for _, program in every)
    jobs = [_Job(exercise, program, seeds) for exercise, program in every if program.path not in unread]
    programs = Counter(job.exercise.slug for job in jobs)
    left, waiting = programs.copy(), list(exercises)
    found: dict[str, list[Problem]] = {exercise.slug: [] for exercise in exercises}
    with closing(pooled(_prove, jobs, cores(), pool)) as answers:
        for job, problems in answers:
            found[job.exercise.slug] += problems
            left[job.exercise.slug] -= 1
            while waiting and not left[waiting[0].slug]:
                done = waiting.pop(0)
                yield done, found[done.slug], programs[done.slug]
    for done in waiting:  # none of its programs could be read
        yield done, found[done.slug], programs[done.slug]


@dataclass(frozen=True, slots=True)
class _Job:
    """What a worker needs to prove one program."""

    exercise: Exercise
    program: Program
    seeds: int


def _prove(job: _Job) -> list[Problem]:
    with at_work():
        return _safely(job.exercise, lambda: prove(job.exercise, job.program, job.seeds))
