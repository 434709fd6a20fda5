"""`grader notebooks`: the course in Jupyter."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.files import put
from grader.cli.notebooks_extract import extract
from grader.cli.options import course_option, exercise_arguments, said_course
from grader.errors import UsageError

if TYPE_CHECKING:
    from grader.course.model import Course, Exercise


@click.group("notebooks", short_help="The course for nbgrader, and notebooks.")
def command() -> None:
    """The course in Jupyter: build it for nbgrader, which then releases, collects and grades it with its own commands."""


@command.command("build", short_help="An nbgrader course from course.yaml.")
@exercise_arguments
@click.option(
    "--out", required=True, metavar="DIR", type=click.Path(path_type=Path, file_okay=False), help="The nbgrader course."
)
@course_option
@click.pass_context
def build(context: click.Context, exercises: tuple[str, ...], out: Path, course: str | None) -> int:
    """Make an nbgrader course in DIR of EXERCISE..., or of the whole course; docs/notebooks.md says how it goes on from there.

    Building again updates the notebooks where they are: cells keep their names, so grades stand, and what was added to a
    notebook or to nbgrader_config.py stays. An exercise that imports the learner's own earlier files is told, and left out. The
    references are in DIR/source, so DIR is for instructors.

    \b
    grader notebooks build --out nbcourse
    cd nbcourse && nbgrader generate_assignment coroutines
    """
    from grader.cli.place import open_chosen
    from grader.notebooks.build import configures, elsewhere, files_of, lost_names, why_not
    from grader.notebooks.said import CONFIG
    from grader.notebooks.scores import are_there

    opened, chosen = open_chosen(said_course(context, course), exercises)
    for exercise in list(chosen):
        if reason := why_not(exercise):
            if exercises:
                raise UsageError(f"{exercise.slug}: {reason}")
            _say(f"{exercise.slug}: {reason}")
            chosen.remove(exercise)
        elif not exercise.hidden:
            _say(f"{exercise.slug}: no hidden cases are at hand; it is graded on the visible ones alone")
    wanted = list(files_of(opened, chosen, out))
    states = [one.state for one in wanted if one.path.suffix == ".ipynb"]
    for one in wanted:
        lost = lost_names(one)
        if lost:
            _say(
                f"{one.path}: no longer there: {', '.join(lost)}; where learners have grades nbgrader will refuse that"
            )
        if one.path.name == CONFIG and one.state == "updated":
            _say(f"{one.path}: the course was elsewhere, and is now the one that this is built from")
        if one.state in ("new", "updated"):
            put(one.path, one.content, "another with --out")
        elif one.state == "kept" and not configures(one.path):
            lines = one.content.decode().splitlines()
            _say(f"{one.path} is yours and was left; put these lines into it:\n  {lines[2]}\n  {lines[-1]}")
    for exercise in chosen:
        for path in elsewhere(out, exercise):
            if are_there(out, path.parent.name, exercise.slug):
                _say(f"{path}: {exercise.slug} is in {exercise.unit} now; left, for learners have grades on it here")
            else:
                _taken_out(path, exercise)
                _say(f"{path}: taken out; {exercise.slug} is in {exercise.unit} now")
    counted = ", ".join(
        f"{states.count(state)} {state}" for state in ("new", "updated", "unchanged") if state in states
    )
    click.echo(f"{out}: {counted} notebook{'' if len(states) == 1 else 's'}, {CONFIG}")
    return 0


def _taken_out(path: Path, exercise: "Exercise") -> None:
    from contextlib import suppress

    from grader.notebooks.build import without

    for one in list(without(path, exercise)):
        one.unlink()
    with suppress(OSError):  # what somebody put there stays
        for folder in (path.parent / "exercises" / Path(exercise.folder).name, path.parent / "exercises", path.parent):
            folder.rmdir()


def _course(context: click.Context, course: str | None, to: Path) -> "Course":
    """The one that is said; else that of the nbgrader course; else the nearest."""
    import os

    from grader.cli.place import open_course
    from grader.notebooks.said import course_said_in

    said = said_course(context, course) or os.environ.get("GRADER_COURSE")
    return open_course(said or course_said_in(to))


def _say(line: str) -> None:
    click.echo(f"grader: {line}", err=True)


@command.command("scores", short_help="Grades into nbgrader's gradebook.")
@click.argument("out", metavar="OUT", type=click.Path(path_type=Path))
@click.option(
    "--to", required=True, metavar="DIR", type=click.Path(path_type=Path, file_okay=False), help="The nbgrader course."
)
@click.option("--lower", is_flag=True, help="Also where that is less than nbgrader has.")
@course_option
@click.pass_context
def scores(context: click.Context, out: Path, to: Path, lower: bool, course: str | None) -> int:
    """Write what `grader grade --out OUT` graded into the gradebook of the nbgrader course in DIR.

    What was set by hand there stays, and so does a notebook's score that would be less, which is told on standard error with
    what could not be written: the exit code is 1 then. The course is the one that DIR's nbgrader_config.py names, unless
    --course says another.

    \b
    grader grade nbcourse --out grades
    grader notebooks scores grades --to nbcourse
    """
    from grader.exports.sheet import read_sheet
    from grader.feedback.characters import visible
    from grader.notebooks.scores import write_scores

    sheet = read_sheet(out)
    written = write_scores(_course(context, course, to), sheet, to, lower=lower)
    for line in written.left_out:
        _say(f"left out: {visible(line)}")
    for line in written.lowered:
        _say(f"{'lowered' if lower else 'left as it is in nbgrader, --lower writes it'}: {visible(line)}")
    click.echo(f"{to}: the scores of {written.notebooks} notebook{'' if written.notebooks == 1 else 's'}")
    return 1 if written.left_out or (written.lowered and not lower) else 0


@command.command("feedback", short_help="Feedback into nbgrader's feedback folder.")
@click.argument("out", metavar="OUT", type=click.Path(path_type=Path))
@click.option(
    "--to", required=True, metavar="DIR", type=click.Path(path_type=Path, file_okay=False), help="The nbgrader course."
)
@click.option("--overwrite", is_flag=True, help="Also where nbgrader has made a page of its own.")
@course_option
@click.pass_context
def feedback(context: click.Context, out: Path, to: Path, overwrite: bool, course: str | None) -> int:
    """Write the feedback on what `grader grade --out OUT` graded into DIR/feedback, a page for each notebook.

    From there nbgrader releases it, and learners fetch it, as its own. The exit code is 1 if something was left out, which is
    told on standard error. The course is the one that DIR's nbgrader_config.py names, unless --course says another.

    \b
    grader notebooks feedback grades --to nbcourse
    cd nbcourse && nbgrader release_feedback coroutines
    """
    from grader.exports.sheet import read_sheet
    from grader.feedback.characters import visible
    from grader.notebooks.feedback import write_feedback

    sheet = read_sheet(out)
    written = write_feedback(_course(context, course, to), sheet, to, overwrite=overwrite)
    for line in written.left_out:
        _say(f"left out: {visible(line)}")
    click.echo(f"{to / 'feedback'}: {written.notebooks} page{'' if written.notebooks == 1 else 's'}")
    return 1 if written.left_out else 0


command.add_command(extract)
