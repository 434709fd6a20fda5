"""`grader check`: one file, graded here and now, with the feedback that a learner gets."""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from grader.cli.isolation_options import isolation_option
from grader.cli.options import (
    course_option,
    exercise_argument,
    no_color_option,
    said_course,
    seed_option,
    width_option,
)
from grader.errors import UsageError

if TYPE_CHECKING:
    from grader.course.model import Exercise
    from grader.run.submitted import Submitted
    from grader.verdict import Verdict

_CODES = {"passed": 0, "failed": 1, "error": 3}  # of several the highest counts
_EXTRA_SECONDS = 10


@click.command("check", short_help="Check your solution of an exercise.")
@exercise_argument(required=False)
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="The verdict as one line of JSON (docs/verdict.md).")
@seed_option("Draw the values from S instead of from the exercise's name.")
@click.option("--hidden", is_flag=True, help="Run the hidden cases too; needs the solutions' folder.")
@isolation_option("in-process")
@click.option("--hints", type=click.IntRange(min=0), default=1, show_default=True, metavar="N", help="How many hints.")
@width_option
@no_color_option
@course_option
@click.pass_context
def command(
    context: click.Context,
    exercise: str | None,
    file: Path | None,
    as_json: bool,
    seed: str | None,
    hidden: bool,
    isolation: str,
    hints: int,
    width: int | None,
    no_color: bool,
    course: str | None,
) -> int:
    """Check your solution of EXERCISE: the stub in its folder, or FILE.

    EXERCISE may be left out where FILE's name or folder tells it, or, of a notebook, the functions that it defines: one that
    defines those of several exercises is checked for each. A notebook is run in a child, as when it is marked, unless
    --isolation says where.

    \b
    grader check say-after
    grader check say-after my_try.py
    grader check exercises/05_say_after/say_after.py
    grader check 05 --seed ann --json
    """
    every, path = asked_for(said_course(context, course), exercise, file)
    for asked in every if hidden else ():
        if not asked.hidden:
            raise UsageError(f"the hidden cases of {asked.slug} are not at hand; leave out --hidden")
    if path.suffix.lower() == ".ipynb" and context.get_parameter_source("isolation") is ParameterSource.DEFAULT:
        isolation = "child"  # so one cell costs what it costs there, and there is to be imported what is there
    codes = list[int]()
    for asked in every:
        verdict = graded(asked, path, seed, isolation, hidden)
        between = "\n" if codes and not as_json else ""
        click.echo(between + (_as_json(verdict) if as_json else as_text(verdict, width, no_color, hints)), nl=False)
        codes.append(_CODES[verdict.status])
    return max(codes)


def asked_for(course: str | None, exercise: str | None, file: Path | None) -> "tuple[Sequence[Exercise], Path]":
    """The exercise and the file; several of a notebook that has the functions of several, and the name of none."""
    from grader.cli.place import exercise_name, open_exercise, stub_of

    if exercise is None:
        raise click.UsageError("name an exercise, or a file whose name or folder tells it; 'grader list' shows them")
    if file is None and (exercise.endswith((".py", ".ipynb")) or "/" in exercise):
        file = Path(exercise)
        if _is_gone(file):
            raise UsageError(f"{file}: there is no such file")
        exercise = exercise_name(file)
        if _says_nothing(course, file, exercise):
            return _about(course, file), file
    asked = open_exercise(course, exercise)
    return [asked], stub_of(asked) if file is None else file


def _is_gone(file: Path) -> bool:
    try:
        file.stat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


def _says_nothing(course: str | None, file: Path, name: str) -> bool:
    """Whether it is a notebook whose name is no exercise's."""
    from grader.cli.place import folders, name_fits

    notebook = file.suffix.lower() == ".ipynb" and file.is_file()
    return notebook and not any(name_fits(one.name, name) for one in folders(course))


def _about(course: str | None, file: Path) -> "list[Exercise]":
    """Those whose functions a notebook defines."""
    from grader.cli.place import folders
    from grader.course.load import load_exercise
    from grader.intake.asking import all_of
    from grader.intake.notebook import why_not

    content = file.read_bytes()
    found = all_of(content, [load_exercise(folder) for folder in folders(course)])
    if not found:
        unknown = "neither its name nor its functions tell which exercise it is; say it before the file"
        raise UsageError(f"{file}: {why_not(content) or unknown}")
    return found


def graded(
    exercise: "Exercise", path: Path, seed: str | None, isolation: str, hidden: bool, *, patient: bool = True
) -> "Verdict":
    """The verdict on the file at `path`, or a notebook. Raises UsageError where it cannot be read, CourseError."""
    from grader.grading import grade

    source = _work(path, exercise)
    if isolation == "in-process":
        _tell_of_imports(exercise, source)
    with _bounded(exercise) if isolation == "in-process" else nullcontext():
        return grade(
            exercise, source, seed=seed, isolation=isolation, hidden=hidden, filename=str(path), patient=patient
        )


def _tell_of_imports(exercise: "Exercise", source: "bytes | Submitted") -> None:
    from grader.cli.check_imports import only_here

    for name in only_here(exercise, source):
        line = (
            f"{name} can be imported here, and not where {exercise.slug} is marked; leave it out, or --isolation child"
        )
        click.echo(f"grader: {line}", err=True)


def _work(path: Path, exercise: "Exercise") -> "bytes | Submitted":
    """A Python file with those beside it that count, or the module that is made of a notebook, as when it is marked."""
    from grader.run.program import read_program
    from grader.run.submitted import of_notebook, read_work

    if path.suffix.lower() != ".ipynb":
        return read_work(path, exercise)
    from grader.intake.beside import of_folder
    from grader.intake.kinds import largest
    from grader.intake.notebook import NotebookError, module_of_notebook

    try:
        beside = None if exercise.is_adopted else partial(of_folder, path.parent)
        made = module_of_notebook(read_program(path, largest(path.name)), beside)
    except NotebookError as error:
        raise UsageError(f"{path}: {error}") from None
    return of_notebook(made, path, exercise) if exercise.is_adopted else made


def _bounded(exercise: "Exercise") -> AbstractContextManager[None]:
    """The time that all entries together can take where each meets its limit, and more: an end where no signal is heard."""
    from grader.run.backstop import backstop
    from grader.run.limits import complete

    wall = complete(exercise.limits).wall_seconds or 0
    return backstop((len(exercise.file.entries) + 1) * (wall + _EXTRA_SECONDS))


def _as_json(verdict: "Verdict") -> str:
    from grader.verdict import encode

    return encode(verdict).decode() + "\n"


def as_text(verdict: "Verdict", width: int | None, no_color: bool, hints: int, next_hint: str | None = None) -> str:
    """The feedback for standard output; `next_hint` says how to ask for one more, if not by `grader hint`."""
    from grader.feedback.screen import ascii_only, columns, takes_colour
    from grader.feedback.text import NEXT_HINT, render

    colour, asked = takes_colour(no_color), next_hint or NEXT_HINT
    return render(verdict, width=columns(width), colour=colour, ascii_only=ascii_only(), hints=hints, next_hint=asked)
