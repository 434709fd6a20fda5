"""`grader watch`: a learner's file checked each time it is saved, with the feedback of `grader check`."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.options import (
    course_option,
    exercise_argument,
    no_color_option,
    said_course,
    seed_option,
    width_option,
)
from grader.course.names import COURSE
from grader.errors import UsageError

if TYPE_CHECKING:
    from grader.verdict import Verdict
    from grader.watch.progress import Work
    from grader.watch.watch import Terms


@click.command("watch", short_help="Check your solution each time you save it.")
@exercise_argument(required=False)
@click.argument("file", required=False, type=click.Path(path_type=Path))
@seed_option("Draw the values from S instead of from the exercise's name.")
@click.option("--hints", type=click.IntRange(min=0), default=1, show_default=True, metavar="N", help="How many hints.")
@width_option
@no_color_option
@course_option
@click.pass_context
def command(
    context: click.Context,
    exercise: str | None,
    file: Path | None,
    seed: str | None,
    hints: int,
    width: int | None,
    no_color: bool,
    course: str | None,
) -> None:
    """Check your solution of EXERCISE, or FILE, each time it is saved.

    Without EXERCISE it goes through the course: it begins at the first exercise that does not have full marks yet, and shows
    whichever you save. Programs run in a child of their own, so one that runs for ever ends at its limit, or at the next save.
    In a terminal there are keys, which the last line names. q ends it, and so does Ctrl-C.

    \b
    grader watch
    grader watch say-after
    grader watch say-after my_try.py
    """
    import time

    from grader.cli.check import as_text
    from grader.watch.files import Files
    from grader.watch.keys import keyboard
    from grader.watch.runs import Runs
    from grader.watch.screen import StandardOutput
    from grader.watch.watch import Watch

    runs = Runs("grader.cli.watched")
    with keyboard() as keys:
        next_hint = "press h" if keys.there else None

        def shown(verdict: "Verdict", most: int) -> str:
            return as_text(verdict, width, no_color, most, next_hint)

        terms = _terms(said_course(context, course), exercise, file, seed, hints, shown, no_color)
        try:
            Watch(terms, keys, StandardOutput(width), Files(time.monotonic), runs, time.monotonic).go()
        finally:
            runs.close()


def _terms(
    course: str | None,
    exercise: str | None,
    file: Path | None,
    seed: str | None,
    hints: int,
    shown: "Callable[[Verdict, int], str]",
    no_color: bool,
) -> "Terms":
    from grader.cli.show import lines
    from grader.feedback.colour import Paint
    from grader.feedback.screen import takes_colour
    from grader.watch.watch import Terms

    load, ordered = _whole(course) if exercise is None else _one(course, exercise, file)
    return Terms(
        load=load,
        whole=exercise is None,
        course=ordered,
        shown=shown,
        asked=lambda asked: "".join(f"{line}\n" for line in lines(asked)),
        paint=Paint(takes_colour(no_color)),
        seed=seed,
        hints=hints,
    )


def _whole(course: str | None) -> "tuple[Callable[[], Sequence[Work]], str | None]":
    from grader.cli.place import found_course, home, stub_of, without_a_course
    from grader.watch.progress import Work

    def load() -> "list[Work]":
        works = [Work(exercise, stub_of(exercise)) for exercise in found_course(course).exercises]
        if not works:
            raise UsageError("the course has no exercise to watch")
        return works

    return load, None if without_a_course(course) else str(home(course) / COURSE)


def _one(course: str | None, exercise: str, file: Path | None) -> "tuple[Callable[[], Sequence[Work]], str | None]":
    from grader.cli.check import asked_for
    from grader.course.load import load_exercise
    from grader.watch.progress import Work

    every, path = asked_for(course, exercise, file)
    if len(every) > 1:
        raise UsageError(f"{path}: it is for {', '.join(one.slug for one in every)}; say one of them before the file")
    folder = Path(every[0].folder)
    ordered = folder.parent.parent / COURSE
    return lambda: [Work(load_exercise(folder), path)], str(ordered) if ordered.is_file() else None
