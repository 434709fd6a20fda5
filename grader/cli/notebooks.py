"""`grader notebooks`: the course in Jupyter."""

from pathlib import Path
from shlex import join
from typing import TYPE_CHECKING

import click

from grader.cli.notebooks_build import build
from grader.cli.notebooks_extract import extract
from grader.cli.options import course_option, said_course

if TYPE_CHECKING:
    from grader.course.model import Course


@click.group("notebooks", short_help="The course for nbgrader, and notebooks.")
def command() -> None:
    """The course in Jupyter: build it for nbgrader, which then releases, collects and grades it with its own commands."""


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
    what could not be written: the exit code is 1 then. Cells that you added yourself have their points in nbgrader alone, which
    is told, as are cells that are still to be looked at there. An extension given in nbgrader counts for what is taken off for
    lateness. The course is the one that DIR's nbgrader_config.py names, unless --course says another.

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
    for line in written.apart:
        _say(visible(line))
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
    if written.nbgraders:
        pages = (
            "1 page of nbgrader's own is"
            if written.nbgraders == 1
            else f"{written.nbgraders} pages of nbgrader's own are"
        )
        words = ["grader", "notebooks", "feedback", str(out), "--to", str(to), "--overwrite"]
        _say(f"{pages} left as before; to replace them: {join([*words, *(['--course', course] if course else [])])}")
    click.echo(f"{to / 'feedback'}: {written.notebooks} page{'' if written.notebooks == 1 else 's'}")
    return 1 if written.left_out or written.nbgraders else 0


@command.command(
    "nbgrader",
    short_help="nbgrader's own commands, begun sooner.",
    context_settings={"ignore_unknown_options": True, "help_option_names": []},
)
@click.argument("words", metavar="COMMAND...", nargs=-1, type=click.UNPROCESSED)
def nbgrader(words: tuple[str, ...]) -> None:
    """Run an nbgrader command as nbgrader does, without the second or two that it takes to begin.

    \b
    grader notebooks nbgrader autograde coroutines
    """
    from grader.notebooks.sooner import nbgrader

    nbgrader(words)


command.add_command(build)
command.add_command(extract)
