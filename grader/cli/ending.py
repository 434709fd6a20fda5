"""How a command ends: one line and an exit code for everything that can go wrong, and a traceback only when asked for.

0 full marks or valid, 1 not yet, 2 usage or course error, 3 the grader's own fault, 130 interrupted.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, NoReturn

import click

from grader.errors import CourseError, GraderError

FAULT, INTERRUPTED = 3, 130


class _GoneError(Exception):
    """Nobody reads any more."""


@contextmanager
def _readers() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise _GoneError from None


class Ending(click.Group):
    """A group whose subcommands return their exit code, or None for 0."""

    def main(self, *args: Any, **extra: Any) -> NoReturn:
        """Runs the command and ends the process: click's own `main`, but for how it ends."""
        said = args[0] if args else extra.get("args")
        debug = "--debug" in (sys.argv[1:] if said is None else said)
        try:
            code = self._code(debug, *args, **extra)
            sys.stderr.flush()
        except (_GoneError, BrokenPipeError):
            code = _closed_pipe()
        _settled()
        sys.exit(code)

    # A reader that has gone (`| head`) is no error; click's own `main` would make it one.

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        with _readers():
            return super().make_context(*args, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        with _readers():
            code = super().invoke(ctx)
            sys.stdout.flush()
        return code

    def _code(self, debug: bool, *args: Any, **extra: Any) -> int:
        _lenient()
        try:
            code = super().main(*args, **extra | {"prog_name": "grader", "standalone_mode": False})
        except click.ClickException as error:
            error.show()
            return error.exit_code
        except (click.Abort, KeyboardInterrupt):
            click.echo("grader: interrupted", err=True)
            return INTERRUPTED
        except (_GoneError, BrokenPipeError):
            raise
        except CourseError as error:
            # Each line begins with path and line, as editors and terminals like to find them.
            click.echo(str(error), err=True)
            return error.exit_code
        except GraderError as error:
            click.echo(f"grader: {error}", err=True)
            return error.exit_code
        except Exception as error:
            return _fault(error, debug)
        return code if isinstance(code, int) else 0


def _settled() -> None:
    """Python ends by a signal, whatever the exit code, if the last text that was executed (a dataclass is) was interrupted."""
    exec("")


def _lenient() -> None:
    """A character that a terminal cannot show is spelled out; it never ends a command."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def _closed_pipe() -> int:
    """What is still buffered must not complain at the interpreter's end."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
            continue
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    return 0


def _fault(error: Exception, debug: bool) -> int:
    if debug:
        click.echo(_traceback(error), err=True, nl=False)
    click.echo(f"grader: {logged(error)}", err=True)
    return FAULT


def logged(error: Exception) -> str:
    """A fault of the grader's own, written down; what is said of it."""
    brief = f"{type(error).__name__}: {error}".splitlines()[0]
    return f"the grader itself failed ({brief}); please report it with {_log(_traceback(error))}"


def _traceback(error: Exception) -> str:
    import traceback

    return "".join(traceback.format_exception(error))


def _log(told: str) -> str:
    """Writes what a report needs; gives the place of the log."""
    import platform
    import tempfile

    from grader import __version__

    head = f"grader {__version__}, Python {platform.python_version()}, {platform.platform()}\n{sys.argv}\n\n"
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", errors="backslashreplace", prefix="grader-", suffix=".log", delete=False
    ) as log:
        log.write(head + told)
    return log.name
