"""`grader adopt`: a first draft of a course for files that exist."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.errors import UsageError

if TYPE_CHECKING:
    from grader.authoring.adopted.draft import Draft
    from grader.authoring.adopted.functions import Function
    from grader.authoring.adopted.reference import Reference

_TOLD = 3  # of the files that are in the way


@click.command("adopt", short_help="Draft a course for homework files that exist.")
@click.argument("folder", metavar="FOLDER", type=click.Path(path_type=Path))
@click.option("--out", metavar="DIR", type=click.Path(path_type=Path, file_okay=False), help="Write the course there.")
@click.option("--title", metavar="T", help="Of the course; by default the folder's name.")
@click.option("--overwrite", is_flag=True, help="Write over files that are in DIR; each is named.")
def command(folder: Path, out: Path | None, title: str | None, overwrite: bool) -> int:
    """List what the reference files below FOLDER have: functions and their kinds, arguments, sleeps and imports. With --out,
    write a course that grades such files as they are: course.yaml, exercises/ and solutions/.

    Nothing of the files is run. What their text does not tell is marked TODO in the course: what functions return, how long
    they take, what is asked. The course can be read at once; 'grader validate' proves it when those places are filled in.
    A file that is no Python is named and left out; where the course cannot be read, that is told. The exit code is then 1.

    \b
    grader adopt reference/
    grader adopt reference/ --out my-course/
    """
    from grader.authoring.adopted.draft import draft_course
    from grader.authoring.adopted.reference import read_reference, whole
    from grader.course.load import read_course

    reference = read_reference(folder, out)
    for line in listing(reference, whole(folder)):
        click.echo(line)
    exit_code = int(any(left.unread for left in reference.left_out))
    if out is None:
        click.echo("nothing was written; name a folder for the course with --out", err=True)
        return exit_code
    draft = draft_course(reference, title or whole(folder).name)
    for name in written(draft, out, overwrite=overwrite):
        click.echo(f"overwritten: {out / name}", err=True)
    click.echo(f"{len(draft.folders)} exercises in {out}; {draft.places} places are marked TODO")
    problems = read_course(out)[1]  # such as a file's name that no course may have
    for problem in problems:
        click.echo(f"mend as well: {problem}")
    if problems:
        click.echo(f"the course in {out} cannot be read before that is mended", err=True)
    click.echo(f"fill them in, then: grader validate {out} --write")
    return 1 if problems else exit_code


def written(draft: "Draft", out: Path, *, overwrite: bool) -> list[str]:
    """Writes the course, and gives what was there before. Raises UsageError, with nothing written, where that is not wanted."""
    there = [name for name in draft.files if (out / name).exists()]
    if there and not overwrite:
        told = ", ".join(there[:_TOLD]) + (f" and {len(there) - _TOLD} more" if len(there) > _TOLD else "")
        raise UsageError(f"{out}: has {told}; name another folder, or say --overwrite")
    try:
        for name, content in draft.files.items():
            path = out / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    except OSError as error:
        raise UsageError(
            f"{error.filename or out}: cannot be written ({error.strerror}); name another folder"
        ) from None
    return there


def listing(reference: "Reference", folder: Path) -> Iterator[str]:
    for file in reference.files:
        yield f"{_place(file.path, folder)}{_led(file.path)}"
        for function in file.functions:
            yield f"  {_told(function)}"
        for one in file.imports:
            known = reference.file(file.within, one.module) is not None
            names = ", ".join(one.names) or "nothing by name"
            yield f"  imports {names} from {one.module}.py" + ("" if known else ", which is no exercise")
        if read := reference.read(file):
            yield f"  reads {', '.join(read)}"
        for note in file.notes:
            yield f"  TODO: line {note.line}: {note.text}"
    for left in reference.left_out:
        yield f"{_place(left.path, folder)}{_led(left.path)}: left out; {left.reason}"


def _place(path: Path, folder: Path) -> str:
    return str(path.relative_to(folder))


def _led(path: Path) -> str:
    """Where a link leads."""
    return f" (a link to {path.resolve()})" if path.is_symlink() else ""


def _told(function: "Function") -> str:
    from grader.authoring.adopted.exercise import signature

    kind = function.kind.replace("_", " ") + (f" that gives a {function.returns}" if function.returns else "")
    slept = f"; sleeps {', '.join(function.sleeps)}" if function.sleeps else ""
    used = f"; uses {', '.join(dict.fromkeys(use.name for use in function.uses))}" if function.uses else ""
    return f"{signature(function)}: {kind}{slept}{used}"
