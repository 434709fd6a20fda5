"""`grader validate`: does the course hold what it promises?"""

from pathlib import Path

import click

from grader.cli.options import course_option, said_course


@click.command("validate", short_help="Prove that a course holds what it promises.")
@click.argument("folder", required=False, metavar="[COURSE]", type=click.Path())
@click.option("--seeds", type=click.IntRange(min=1), default=30, show_default=True, metavar="N", help="How many draws.")
@click.option("--write", is_flag=True, help="Record anew what is possible in the visible cases.")
@click.option("--exercise", metavar="E", help="This exercise only.")
@course_option
@click.pass_context
def command(
    context: click.Context, folder: str | None, seeds: int, write: bool, exercise: str | None, course: str | None
) -> int:
    """Prove a course: the stub earns nothing, right solutions all, each wrong one is caught with its own message.

    \b
    grader validate
    grader validate ~/my-course --seeds 100
    grader validate --exercise say-after --write
    """
    from grader.authoring.validate import validate_course
    from grader.cli.place import open_course

    opened = open_course(folder or said_course(context, course))
    problems = validate_course(opened, seeds=seeds, write=write, only=exercise, progress=_progress)
    for problem in problems:
        click.echo(str(problem), err=True)
    if not problems:
        click.echo(f"{Path(opened.path).name}: valid")
    return 2 if problems else 0


def _progress(said: object) -> None:
    click.echo(str(said), err=True)
