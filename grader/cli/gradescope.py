"""`grader gradescope`: the autograder for Gradescope, and what it runs there."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.files import put
from grader.cli.options import course_option, exercise_arguments, said_course

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.course.model import Exercise
    from grader.exports.gradescope import Visibility


@click.group("gradescope", short_help="An autograder for Gradescope.")
def command() -> None:
    """Grade on Gradescope: build the zip here, upload it there under "Configure Autograder"."""


@command.command("build", short_help="Make the zip to upload.")
@exercise_arguments
@click.option("--out", required=True, metavar="ZIP", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--seconds",
    type=click.IntRange(min=10),
    default=540,
    show_default=True,
    help="How long grading one submission may take; less than what Gradescope itself allows, or the learner sees nothing.",
)
@click.option(
    "--hidden-cases",
    type=click.Choice(["hidden", "after_due_date", "after_published"]),
    default="hidden",
    show_default=True,
    help="Who sees what was found in hidden cases.",
)
@click.option(
    "--python",
    "pythons",
    multiple=True,
    metavar="X.Y",
    help="Put wheels for these Pythons in; 3.11 to 3.13 if none is named.",
)
@click.option(
    "--no-wheels", is_flag=True, help="Put the grader's own wheel in only; the others come from the package index."
)
@course_option
@click.pass_context
def build(
    context: click.Context,
    exercises: tuple[str, ...],
    out: Path,
    seconds: int,
    hidden_cases: "Visibility",
    pythons: tuple[str, ...],
    no_wheels: bool,
    course: str | None,
) -> int:
    """Make the autograder for EXERCISE..., or for the whole course. No solution is in it, and of the hidden cases only those of
    the exercises that it grades.

    \b
    grader gradescope build --out autograder.zip say-after two-downloads
    """
    from grader.cli.place import open_chosen
    from grader.exports.autograder import autograder_zip
    from grader.exports.wheels import PYTHONS
    from grader.run.packages import pinned

    opened, chosen = open_chosen(said_course(context, course), exercises)
    for exercise in chosen:
        if not exercise.hidden:
            click.echo(
                f"grader: {exercise.slug}: no hidden cases are at hand; it is graded on the visible ones alone",
                err=True,
            )
    for line in _left_behind(chosen):
        click.echo(f"grader: {line}", err=True)
    packages = pinned(name for exercise in chosen for name in exercise.packages)
    wheels = _wheels(() if no_wheels else pythons or PYTHONS, packages)
    content = autograder_zip(opened, chosen, wheels, seconds=seconds, hidden_cases=hidden_cases)
    put(out, content, "another with --out")
    names = ", ".join(exercise.slug for exercise in chosen)
    click.echo(f"{out}: grades {names}; {len(wheels)} wheels, {len(content) / 1e6:.1f} MB")
    return 0


def _left_behind(chosen: "Sequence[Exercise]") -> "Iterator[str]":
    """Rules of the course that somebody might believe in there: what takes points off has to be set where it is done."""
    rules = {
        "lateness": [one.slug for one in chosen if one.policy.due and one.policy.late is not None],
        "the number of attempts": [one.slug for one in chosen if one.policy.attempts is not None],
    }
    for what, slugs in rules.items():
        if slugs:
            yield f"{', '.join(slugs)}: the course's rule on {what} does not count on Gradescope; set one there"


def _wheels(pythons: tuple[str, ...], packages: list[str]) -> dict[str, bytes]:
    """The grader's own, and for these Pythons all that it needs, and that submissions may import."""
    from tempfile import TemporaryDirectory

    from grader.exports.wheels import download, own_wheel

    with TemporaryDirectory() as folder:
        for problem in download(Path(folder), pythons, packages=packages):
            click.echo(f"grader: {problem}", err=True)
        found = {path.name: path.read_bytes() for path in sorted(Path(folder).glob("*.whl"))}
    name, content = own_wheel()
    return {**found, name: content}


@command.command("run", short_help="Grade one submission; run_autograder calls it.")
@click.option("--root", default="/autograder", show_default=True, type=click.Path(path_type=Path, file_okay=False))
def run(root: Path) -> None:
    """Grade what is in ROOT/submission into ROOT/results/results.json. The zip's own run_autograder calls this."""
    from grader.batch.atomic import write
    from grader.exports.autograder import autograde

    autograde(root, write, click.echo)
