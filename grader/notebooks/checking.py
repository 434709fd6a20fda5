"""In the process beside the kernel: one question read from standard input, one answer written, both a line of JSON.

The program is played in a child of this process, at the best level of isolation that the machine offers.
"""

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from grader.errors import CourseError, GraderError, UsageError

if TYPE_CHECKING:
    from grader.course.model import Exercise
    from grader.verdict import Verdict

_EXTRA_SECONDS = 10


class Asked(msgspec.Struct):
    """`function` or `exercise`, or both; the cells that were run, or the file.

    `known_as`: names that the function has, where its own is another's.

    `origins`: the cells of the functions that are defined now. `present`: the cell that is looked at whatever it needs.
    """

    function: str | None = None
    known_as: list[str] = []
    exercise: str | None = None
    course: str | None = None
    cells: list[tuple[int, str]] = []
    origins: dict[str, int] = {}
    present: int | None = None
    file: str | None = None
    hints: int = 1


def main() -> None:
    answers = _only_for_answers()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    asked = msgspec.json.decode(sys.stdin.buffer.readline(), type=Asked)
    try:
        threading.Thread(target=_watch, args=[threading.main_thread().ident], daemon=True).start()
        _say(answers, answer(asked, lambda seconds: _say(answers, {"seconds": seconds})))
    except KeyboardInterrupt:
        sys.exit(130)


def _only_for_answers() -> int:
    """Our own standard output; whatever else is printed goes nowhere."""
    answers = os.dup(1)
    with open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), 1)
    return answers


def _say(answers: int, said: dict[str, Any]) -> None:
    with open(answers, "wb", closefd=False) as file:
        file.write(msgspec.json.encode(said) + b"\n")


def _watch(main_thread: int) -> None:
    """Who asked closes our standard input: it was interrupted, or is gone."""
    while os.read(0, 1):  # not through `sys.stdin`, whose lock would be held when the interpreter ends
        pass
    if hasattr(signal, "pthread_kill"):
        signal.pthread_kill(main_thread, signal.SIGINT)
    else:
        signal.raise_signal(signal.SIGINT)


def answer(asked: Asked, bounded: Callable[[float], object] = lambda seconds: None) -> dict[str, Any]:
    """The feedback as `html` and `text`, with `status` and points; or `refused`, a sentence.

    `bounded` is told how many seconds the check can take at most.
    """
    try:
        return _answer(asked, bounded)
    except CourseError as error:
        return {"refused": f"the course has mistakes, which its author must mend: {error}"}
    except GraderError as error:
        return {"refused": str(error)}
    except Exception as error:
        brief = f"{type(error).__name__}: {error}".splitlines()[0]
        return {"refused": f"the grader itself failed, which is no fault of yours ({brief}); please report it"}


def _answer(asked: Asked, bounded: Callable[[float], object]) -> dict[str, Any]:
    from grader.feedback.text import render
    from grader.grading import grade
    from grader.notebooks.page import page
    from grader.run.backstop import backstop

    exercise, own = _asked_for(asked)
    source, name = _program(asked, exercise)
    seconds = _most_seconds(exercise)
    bounded(seconds)
    with backstop(seconds):
        verdict = grade(exercise, source, isolation="child", filename=name)
    verdict = _about(verdict, asked.known_as if own else [asked.function])
    files = _files(asked, exercise)
    text = render(
        verdict, width=80, colour=False, ascii_only=False, hints=asked.hints, next_hint="check(..., hints={number})"
    )
    return {
        "status": verdict.status,
        "points": verdict.points,
        "max_points": verdict.max_points,
        "html": str(page(verdict, files)),
        "text": text + _about_cells(text, files),
        "stands_in": not own,
    }


def _asked_for(asked: Asked) -> "tuple[Exercise, bool]":
    """The exercise, and whether it asks for the function by a name that the notebook has for it; else it takes the place of the
    one that has its own name.
    """
    from grader.notebooks.places import exercise_for
    from grader.notebooks.session import NAMELESS

    for name in asked.known_as:
        with contextlib.suppress(UsageError):
            return exercise_for(asked.exercise, name, asked.course), True
    if asked.function == NAMELESS and asked.known_as:
        return exercise_for(asked.exercise, asked.known_as[0], asked.course), True
    found = exercise_for(asked.exercise, asked.function, asked.course)
    if asked.known_as and asked.function is not None:
        last = max((number for number, _ in asked.cells), default=0)
        asked.cells.append((last + 1, f"{asked.function} = {asked.known_as[0]}"))
        asked.origins.pop(asked.function, None)
    return found, False


def _about(verdict: "Verdict", names: Sequence[str | None]) -> "Verdict":
    """What is not yet right of the function that was given comes first, whatever is the matter with the exercise's others."""
    from msgspec.structs import replace

    if all(case.passed for case in verdict.cases if case.entry in names):
        return verdict
    others = verdict.explanation is not None and verdict.explanation.entry not in names
    explained = {"explanation": None, "misconception": None} if others else {}
    return replace(verdict, cases=tuple(sorted(verdict.cases, key=lambda case: case.entry not in names)), **explained)


def _about_cells(text: str, files: dict[int, str]) -> str:
    from grader.notebooks.page import about_cells

    about = about_cells(text, files)
    return f"\n  {about}\n" if about else ""


def _beside(exercise: "Exercise") -> Callable[[str], bytes | None] | None:
    from grader.intake.beside import of_folder

    return None if exercise.is_adopted else partial(of_folder, Path.cwd())


def _files(asked: Asked, exercise: "Exercise") -> dict[int, str]:
    """The cells that are files beside the notebook, by the numbers that the verdict has for them."""
    from grader.notebooks.needed import files_of

    beside = _beside(exercise)
    return files_of(asked.cells, beside) if beside is not None and asked.file is None else {}


def _most_seconds(exercise: "Exercise") -> float:
    """What all entries together can take where each meets its limit, and is tried once more as far as that goes."""
    from grader.run.limits import complete

    return (2 * len(exercise.file.entries) + 1) * ((complete(exercise.limits).wall_seconds or 0) + _EXTRA_SECONDS)


def _program(asked: Asked, exercise: "Exercise") -> tuple[bytes, str]:
    if asked.file is not None:
        from grader.run.program import read_program

        return read_program(Path(asked.file)), asked.file
    from grader.notebooks.needed import standing_alone

    entries = list(exercise.file.entries)
    module = standing_alone(asked.cells, entries, asked.origins, asked.present, _beside(exercise))
    if module is None:
        raise UsageError(_nothing_defined(exercise.slug, entries))
    return module, f"{exercise.module}.ipynb"


def _nothing_defined(slug: str, entries: list[str]) -> str:
    *most, last = entries
    names = f"the functions {', '.join(most)} and {last}" if most else f"the function {last}"
    return f"{slug} asks for {names}, and no cell that was run defines {'one of them' if most else 'it'}"
