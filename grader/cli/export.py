"""`grader export`: what was graded, in the format of another program."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.files import put
from grader.errors import UsageError

if TYPE_CHECKING:
    from grader.exports.sheet import Sheet

_FORMATS = ("csv", "canvas", "moodle", "gradescope", "junit", "github-classroom", "json", "parquet")
_LEFT_OUT = 1
_ANOTHER = "another with --to"


@click.command("export", short_help="Grades in the format of another program.")
@click.argument("out", metavar="OUT", type=click.Path(path_type=Path))
@click.option("--format", "format_", type=click.Choice(_FORMATS), required=True)
@click.option(
    "--to",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Where to write; by default standard output. A folder for a format that has a file for each learner.",
)
@click.option("--exercise", "exercises", multiple=True, metavar="E", help="These exercises only.")
@click.option("--learner", "learners", multiple=True, metavar="NAME", help="These learners only.")
@click.option(
    "--template", metavar="CSV", type=click.Path(path_type=Path), help="canvas: the gradebook that Canvas exported."
)
@click.option("--column", "columns", multiple=True, metavar="E=TITLE", help="canvas: the column of an exercise.")
@click.option(
    "--missing",
    type=click.Choice(["zero", "leave"]),
    show_default="leave",
    help="canvas: what becomes of the cell of somebody who handed in nothing.",
)
def command(
    out: Path,
    format_: str,
    to: Path | None,
    exercises: tuple[str, ...],
    learners: tuple[str, ...],
    template: Path | None,
    columns: tuple[str, ...],
    missing: str | None,
) -> int:
    """Write what `grader grade --out OUT` graded in another program's format; docs/exports.md says what goes where.

    The exit code is 1 if something of it could not be written: learners whom the template does not have, exercises without a
    column, grades that the grader could not give, files that are not graded yet. Each is a line on standard error.

    \b
    grader export grades/ --format canvas --template canvas.csv --to import.csv
    grader export grades/ --format gradescope --to results/
    grader export grades/ --format csv --exercise say-after
    """
    from grader.exports.formats import OF_A_CLASS, per_learner
    from grader.exports.sheet import narrowed, outdated, read_sheet

    if format_ != "canvas" and (template is not None or columns or missing is not None):
        raise UsageError(f"--template, --column and --missing are for the format canvas; leave them out for {format_}")
    sheet = narrowed(read_sheet(out), exercises, learners)
    if said := outdated(out, os.environ.get("GRADER_GRADEBOOK")):
        _say(said)
    waiting = [f"{who}, {what}: is not graded yet; run 'grader grade' again" for who, what in sheet.waiting]
    if format_ == "canvas":
        return _canvas(sheet, to, template, columns, missing == "zero", waiting)
    if format_ in OF_A_CLASS:
        write = OF_A_CLASS[format_]
        _put(write(sheet), to, binary=format_ == "parquet")
    else:
        _put_each(per_learner(sheet, format_), to)
    unknown = [
        f"{row.learner}, {row.exercise}: was not marked"
        for row in sheet.rows
        if row.standing == "error" and row.adjusted is None
    ]
    return _tell([*unknown, *waiting])


def _canvas(
    sheet: "Sheet", to: Path | None, template: Path | None, columns: tuple[str, ...], missing: bool, waiting: list[str]
) -> int:
    from grader.exports.canvas import fill, read_template

    if template is None:
        raise UsageError(
            "canvas needs --template: export the gradebook from Canvas as CSV, and name the file; "
            "without it Canvas would make new assignments"
        )
    said = dict(map(_column, columns))
    filled = fill(read_template(_read(template), template.name), sheet, said, missing)
    if not (filled.written or filled.kept):
        raise UsageError("\n".join([f"{template}: not one grade of these has a place in it", *filled.left_out]))
    _put(filled.content, to)
    for line in filled.told:
        _say(line)
    return _tell([*filled.left_out, *waiting])


def _column(text: str) -> tuple[str, str]:
    exercise, equals, title = text.partition("=")
    if not equals or not title.strip():
        raise UsageError(f"--column {text!r}: say it as EXERCISE=TITLE, e.g. say-after='Say after (123)'")
    return exercise.strip(), title.strip()


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror}); name the file that Canvas exported") from None


def _tell(left_out: "tuple[str, ...] | list[str]") -> int:
    for line in left_out:
        _say(f"left out: {line}")
    return _LEFT_OUT if left_out else 0


def _say(line: str) -> None:
    from grader.feedback.characters import visible

    click.echo(f"grader: {visible(line)}", err=True)


def _put(content: bytes, to: Path | None, binary: bool = False) -> None:
    import sys

    if to is not None:
        made = not to.parent.is_dir()
        put(to, content, _ANOTHER)
        if made:
            _say(f"the folder {to.parent} was not there and was made")
    elif binary and sys.stdout.isatty():
        raise UsageError("this format is no text; say where to write it with --to FILE")
    else:
        click.echo(content, nl=False)


def _put_each(files: dict[str, bytes], to: Path | None) -> None:
    """A file a learner in the folder `to`; of one learner alone, `to` may be a file, and may be left out."""
    if len(files) == 1 and (to is None or to.suffix):
        _put(next(iter(files.values())), to)
        return
    if to is None:
        raise UsageError(f"this format has a file for each learner ({len(files)}); name a folder with --to")
    for name, content in files.items():
        put(to / name, content, _ANOTHER)
    _say(f"{len(files)} file{'s' if len(files) != 1 else ''} written into {to}")
