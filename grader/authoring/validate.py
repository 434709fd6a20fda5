"""The proof of a whole course: every program of every exercise over many seeds, on all cores.

A course that passes this teaches what it says: nothing right is refused, nothing wrong is let through, and every wrong
program hears its own explanation.
"""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context

from grader.authoring.programs import Program, programs_of
from grader.authoring.proof import prove
from grader.authoring.record import recorded
from grader.authoring.upkeep import upkeep
from grader.course.load import find_exercise
from grader.course.model import Course, Exercise
from grader.errors import GraderError, Problem

Progress = Callable[[str], None]


def validate_course(
    course: Course, *, seeds: int, write: bool = False, only: str | None = None, progress: Progress = lambda said: None
) -> list[Problem]:
    """Every problem found, sorted by file. `only` names one exercise; `progress` hears of each that is done.

    `write` records anew what is possible. Raises UsageError for an exercise that is not there.
    """
    chosen = [find_exercise(course, only)] if only is not None else list(course.exercises)
    problems: list[Problem] = []
    for exercise in chosen:
        problems += upkeep(exercise)
        problems += _safely(exercise, lambda exercise=exercise: recorded(exercise, write=write))  # type: ignore[misc]
    for exercise, found, programs in _proved(chosen, seeds):
        problems += found
        progress(f"{exercise.slug}: {programs} programs, {seeds} seeds" + (f", {len(found)} problems" if found else ""))
    return sorted(set(problems))


def _safely(exercise: Exercise, prove_it: Callable[[], list[Problem]]) -> list[Problem]:
    """A fault of one exercise does not keep the others from being looked at."""
    try:
        return prove_it()
    except GraderError as error:
        return list(getattr(error, "problems", ())) or [Problem(exercise.folder, 0, str(error))]


def _proved(exercises: list[Exercise], seeds: int) -> Iterator[tuple[Exercise, list[Problem], int]]:
    """Exercise by exercise, in order; programs are shared out among the cores."""
    jobs = [(exercise, program) for exercise in exercises for program in programs_of(exercise)]
    with ProcessPoolExecutor(
        max_workers=os.cpu_count(), mp_context=get_context("fork" if hasattr(os, "fork") else "spawn")
    ) as pool:
        futures = {pool.submit(_job, exercise, program, seeds): exercise.slug for exercise, program in jobs}
        found: dict[str, list[Problem]] = {exercise.slug: [] for exercise in exercises}
        left = {exercise.slug: list(futures.values()).count(exercise.slug) for exercise in exercises}
        waiting = list(exercises)
        for future in as_completed(futures):
            found[futures[future]] += future.result()
            left[futures[future]] -= 1
            while waiting and not left[waiting[0].slug]:
                done = waiting.pop(0)
                yield done, found[done.slug], list(futures.values()).count(done.slug)


def _job(exercise: Exercise, program: Program, seeds: int) -> list[Problem]:
    return _safely(exercise, lambda: prove(exercise, program, seeds))
