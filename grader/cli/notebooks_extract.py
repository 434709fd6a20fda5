"""`grader notebooks extract`: notebooks into exercise files, and files into notebooks; nothing is overwritten unasked."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from grader.cli.files import put
from grader.cli.options import course_option, exercise_option, said_course
from grader.errors import UsageError

if TYPE_CHECKING:
    from grader.course.model import Exercise

_LARGEST = 64 << 20


class _Made(NamedTuple):
    """What is to be in a file, and of what it was made."""

    path: Path
    content: bytes
    source: str


@click.command("extract", short_help="Notebooks into exercise files, and back.")
@click.argument("path", type=click.Path(path_type=Path), metavar="NOTEBOOK|FOLDER")
@click.option(
    "--out", required=True, metavar="DIR", type=click.Path(path_type=Path, file_okay=False), help="Where the files go."
)
@click.option("--to-notebook", is_flag=True, help="The other way: PATH is a Python file, or a folder of them.")
@click.option("--overwrite", is_flag=True, help="Also where another file of that name is there.")
@exercise_option("The one that a notebook is about; by default its functions tell.")
@course_option
@click.pass_context
def extract(
    context: click.Context,
    path: Path,
    out: Path,
    to_notebook: bool,
    overwrite: bool,
    exercise: str | None,
    course: str | None,
) -> int:
    """Make a Python file of each exercise whose functions NOTEBOOK defines, or each notebook below FOLDER.

    A file has as code what the functions need, and everything else of the notebook as comments: --to-notebook makes the same
    notebook of the files again. What cells have put out stays where that notebook is in DIR.

    \b
    grader notebooks extract mine.ipynb --out files
    grader notebooks extract files --to-notebook --out .
    """
    from grader.cli.place import found_course
    from grader.course.load import find_exercise

    opened = found_course(said_course(context, course))
    chosen = [find_exercise(opened, exercise)] if exercise else list(opened.exercises)
    left = list[str]()
    found = _notebooks(path, out, chosen) if to_notebook else _files(path, out, chosen, exercise is not None, left)
    made, in_the_way = _alone(found)
    for line in (*left, *in_the_way):
        _say(f"left out: {line}")
    return _put(made, overwrite) | bool(left or in_the_way) if made else 1


def _below(path: Path, ending: str) -> list[Path]:
    if path.is_dir():
        found = sorted(file for file in path.rglob(f"*{ending}") if ".ipynb_checkpoints" not in file.parts)
        if not found:
            raise UsageError(f"{path}: there is no {ending} file in it")
        return found
    return [path]


def _read(path: Path) -> bytes:
    from grader.run.program import read_program

    return read_program(path, _LARGEST)


def _files(path: Path, out: Path, exercises: "list[Exercise]", said: bool, left: list[str]) -> Iterator[_Made]:
    """`left` hears why a notebook of a folder is none; one that was named ends the command."""
    for file in _below(path, ".ipynb"):
        try:
            made = list(_files_of(file, _beside(out, path, file), exercises, said))
        except UsageError as error:
            if not path.is_dir():
                raise
            left.append(str(error))
        else:
            yield from made


def _files_of(file: Path, out: Path, exercises: "list[Exercise]", said: bool) -> Iterator[_Made]:
    from grader.notebooks.files import asking, broken, extracted, parsed

    book = parsed(_read(file), str(file))
    about = exercises if said else asking(book, str(file), exercises)
    found = extracted(book, file.name, about)
    if not found:
        cells = ", ".join(map(str, broken(book)))
        why = f"; not valid Python yet: cell {cells}" if cells else ""
        _say(f"{file}: no exercise asks for a function that it defines{why}")
    for one in found:
        if one.awaits:
            cells = ", ".join(map(str, one.awaits))
            _say(f"{file}: for {one.exercise}, what awaits outside of functions is a comment now: cell {cells}")
        yield _Made(out / f"{one.module}.py", _encoded(one.text, file), str(file))


def _beside(out: Path, given: Path, file: Path) -> Path:
    """Below `out` as the file lies below what was given."""
    return out / file.parent.relative_to(given) if given.is_dir() else out


def _encoded(text: str, file: Path) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise UsageError(f"{file}: there are half characters in it, which no file can hold") from None


def _notebooks(path: Path, out: Path, exercises: "list[Exercise]") -> Iterator[_Made]:
    from grader.intake.kinds import module_of, stem
    from grader.notebooks.files import notebooks, packed, parsed, with_outputs
    from grader.notebooks.percent import read

    modules = {one.module for one in exercises}
    folders: dict[Path, list[tuple[str, str]]] = {}
    for file in _below(path, ".py"):
        text = _decoded(file)
        if path.is_dir() and not read(text).notebook and module_of(stem(file.name)) not in modules:
            _say(f"{file}: left out; it is not named after an exercise")
        else:
            folders.setdefault(file.parent, []).append((file.name, text))
    for folder, files in folders.items():
        for name, book in notebooks(files).items():
            there = _beside(out, path, folder / name) / name
            kept = with_outputs(book, parsed(_read(there), str(there))) if there.is_file() else book
            yield _Made(there, packed(kept), str(folder if path.is_dir() else path))


def _decoded(file: Path) -> str:
    try:
        return _read(file).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError(f"{file}: it is not in UTF-8; save it again") from None


def _put(made: list[_Made], overwrite: bool) -> int:
    """All or, where one would be lost, none."""
    before = {one.path: _read(one.path) if one.path.is_file() else None for one in made}
    lost = [one.path for one in made if before[one.path] not in (None, one.content)]
    if lost and not overwrite:
        names = ", ".join(map(str, lost))
        raise UsageError(f"{names}: another file of that name is there; say --overwrite, or another --out")
    for one in made:
        was = before[one.path]
        if was != one.content:
            put(one.path, one.content, "another with --out")
        click.echo(f"{one.path}: {'new' if was is None else 'unchanged' if was == one.content else 'overwritten'}")
    return 0


def _alone(made: Iterable[_Made]) -> tuple[list[_Made], list[str]]:
    """Those that are made of one notebook each, and what is to be said of the others."""
    by_path: dict[Path, list[_Made]] = {}
    for one in made:
        by_path.setdefault(one.path, []).append(one)
    of_several = {
        path: dict.fromkeys(one.source for one in every)
        for path, every in by_path.items()
        if len({one.source for one in every}) > 1
    }
    left = list[str]()
    for path, sources in of_several.items():
        both = "both" if len(sources) == 2 else "all"
        remedy = "extract each by itself, with another --out"
        left.append(f"{' and '.join(sources)} would {both} become {path}; {remedy}")
    return [one for path, every in by_path.items() if path not in of_several for one in every], left


def _say(line: str) -> None:
    click.echo(f"grader: {line}", err=True)
