"""The `grader` command: each subcommand is imported only when it is used.

Results go to standard output, messages to standard error, and the exit code says which kind of end it was.
"""

import click

from grader import __version__
from grader.cli.ending import Ending
from grader.cli.options import course_option

_HOME = {
    "list": "listing",
    "show": "show",
    "check": "check",
    "watch": "watch",
    "hint": "hint",
    "grade": "grade",
    "gradebook": "gradebook",
    "export": "export",
    "stats": "stats",
    "gradescope": "gradescope",
    "classroom": "classroom",
    "notebooks": "notebooks",
    "similar": "similar",
    "validate": "validate",
    "adopt": "adopt",
    "schema": "schema",
}


class Commands(Ending):
    """Finds a subcommand in the module that has it."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_HOME)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _HOME:
            return None
        from importlib import import_module

        command: click.Command = import_module(f"grader.cli.{_HOME[cmd_name]}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in _HOME and not args[0].startswith("-"):
            from difflib import get_close_matches

            near = get_close_matches(args[0], _HOME, 1)
            ctx.fail(f"there is no command {args[0]!r}" + (f"; did you mean {near[0]!r}?" if near else ""))
        return super().resolve_command(ctx, args)


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog='Names of exercises complete in the shell: eval "$(_GRADER_COMPLETE=bash_source grader)" '
    "(or zsh_source, fish_source).\n\nExit codes: 0 full marks or valid, 1 not yet, 2 usage or course, "
    "3 the grader's own fault, 130 interrupted.",
)
@click.version_option(__version__, prog_name="grader")
@course_option
@click.option("--debug", is_flag=True, help="Show the traceback when the grader itself fails.")
def main(course: str | None, debug: bool) -> None:
    """Practise asyncio, and grade it.

    \b
    grader list                      the exercises
    grader show say-after            what one of them asks for
    grader check say-after           how your solution does
    grader watch                     the same at each save, through the course
    grader hint say-after            what to think about next
    grader grade class/ --out grades/
    grader gradebook show Ada --gradebook grades/
    """
