"""Options and arguments that several commands share: the course, an exercise's name, how the output looks."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


def course_option(command: F) -> F:
    """`--course`, kept for the command and all below it; the innermost wins."""
    return click.option(
        "--course",
        metavar="PATH",
        envvar="GRADER_COURSE",
        help="The course: its folder or course.yaml. By default the nearest one, from here upward.",
    )(command)


def exercise_argument(required: bool = True) -> Callable[[F], F]:
    return click.argument("exercise", required=required, shell_complete=_complete)


def exercise_arguments(command: F) -> F:
    return click.argument("exercises", nargs=-1, metavar="[EXERCISE]...", shell_complete=_complete)(command)


def exercise_option(help: str) -> Callable[[F], F]:
    return click.option("--exercise", metavar="E", help=help, shell_complete=_complete)


def no_color_option(command: F) -> F:
    return click.option("--no-color", is_flag=True, help="No colours; NO_COLOR in the environment does the same.")(
        command
    )


def width_option(command: F) -> F:
    return click.option(
        "--width", type=click.IntRange(min=40), metavar="N", help="Columns; by default the terminal's own."
    )(command)


def seed_option(help_: str) -> Callable[[F], F]:
    return click.option("--seed", metavar="S", callback=_text, help=help_)


def gradebook_option(help_: str) -> Callable[[F], F]:
    """`--gradebook`; an URL may hold a password, so it may stand in the environment instead."""
    return click.option(
        "--gradebook",
        metavar="URL",
        envvar="GRADER_GRADEBOOK",
        help=f"Where results are kept: a path, or postgresql://user@host/name. {help_}",
    )


def _text(context: click.Context, option: click.Parameter, value: str | None) -> str | None:
    """Bytes that are no text reach us as half characters, which no record can hold."""
    try:
        (value or "").encode()
    except UnicodeEncodeError:
        raise click.BadParameter("it is not text; use letters and digits") from None
    return value


def said_course(context: click.Context, course: str | None) -> str | None:
    """What `--course` said, after the command or before it."""
    return course or context.find_root().params.get("course")


def _complete(context: click.Context, _: click.Parameter, begun: str) -> list[str]:
    from grader.cli.place import folders

    said = said_course(context, context.params.get("course"))
    if (
        "folder" in context.params
    ):  # `grader validate COURSE`: click, in the middle of an option, leaves it among the rest
        said = context.params["folder"] or next(iter(context.args), said)
    try:
        return [slug for slug in map(_slug, folders(said)) if slug.startswith(begun)]
    except Exception:
        # A shell that completes has nowhere to show an error.
        return []


def _slug(folder: Path) -> str:
    return folder.name.partition("_")[2].replace("_", "-")
