"""Where programs run: the options that say so, and what becomes of them on this machine."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from grader.errors import UsageError
from grader.isolation import ISOLATIONS

F = TypeVar("F", bound=Callable[..., Any])


def isolation_option(default: str) -> Callable[[F], F]:
    return click.option(
        "--isolation",
        type=click.Choice(ISOLATIONS),
        default=default,
        show_default=True,
        help="Where a program runs: here; in a child, at the best level that this machine offers; or at one that is named.",
    )


def require_isolation_option(command: F) -> F:
    return click.option(
        "--require-isolation",
        type=click.Choice(["A", "B"]),
        help="Grade nothing unless this level, or a better one, can be had (docs/isolation.md).",
    )(command)


def level_for(asked: str, required: str | None) -> str:
    """Where programs will run; warns where that is not safe, and says why if nobody asked for it.

    Raises UsageError where it is less safe than is required.
    """
    from grader.run import resolved
    from grader.run.levels import why_not
    from grader.run.ordinary import why_root

    level = resolved(asked)
    if required and (level not in ("A", "B") or level > required):
        reason = why_not(required) if asked == "child" else "leave out --isolation"
        raise UsageError(f"isolation {required} is required, and it would be {level}: {reason}")
    if level == "none":
        for better in ("A", "B") if asked == "child" else ():
            click.echo(f"grader: isolation {better} cannot be had here: {why_not(better)}", err=True)
        click.echo("grader: isolation none: grade so only programs that you trust (docs/isolation.md)", err=True)
        if reason := why_root({}):
            click.echo(f"grader: isolation none: {reason}", err=True)
    return level
