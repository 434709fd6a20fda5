"""The records of a class, written: where they were asked for, else elsewhere; what was graded is not lost.

A learner is read once, written into each of them, and let go: what is held does not grow with the class.
"""

import tempfile
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from grader.batch.atomic import replacing
from grader.batch.folder import Folder
from grader.batch.records import Table, Verdicts
from grader.errors import UsageError
from grader.feedback.grades import Grades, Learner
from grader.records import GRADEBOOK, GRADES, ORIGIN, RECORDS, REPORT

_RECORDS = (RECORDS, GRADES, REPORT)


class Pages(Protocol):
    """A report: files with their paths in its folder, of each learner, and when all learners are there the rest.

    `sign` stands near the beginning of each of its pages, and of no other file.
    """

    sign: bytes

    def of(self, learner: Learner) -> Iterable[tuple[str, bytes]]: ...

    def rest(self) -> Iterable[tuple[str, bytes]]: ...


Report = Callable[[Grades], Pages]


@dataclass(frozen=True, slots=True)
class Counts:
    """Files that have a verdict, and those of them on which the grader itself failed.

    `absent`: of those that have one, the files that are not in this run. `stale`: by exercise, how many verdicts are of an
    earlier version of it, or of the grader.
    """

    graded: int = 0
    unmarked: int = 0
    absent: int = 0
    stale: Mapping[str, int] = field(default_factory=dict)


class UnwrittenError(UsageError):
    """Records that did not go where they were asked for; the text says where they are."""

    def __init__(self, told: str, counts: Counts):
        super().__init__(told)
        self.counts = counts


def can_be_written(folder: Path) -> None:
    """Makes `folder` and tries whether files can be written there, before anybody works for hours.

    Raises UsageError.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"a file without a name, and gone at once")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "no folder can have this name"
        raise UsageError(f"{folder}: nothing can be written there ({reason}); name another folder with --out") from None


def apart(folder: Path, paths: Sequence[Path]) -> tuple[Path, ...]:
    """The paths but for what was written into `folder` before: `class/*` names that too, where `folder` is `class`.

    Raises UsageError where a whole path is to take the records: they would lie among learners' folders, or overwrite one.
    """
    where = folder.resolve()
    if any(path.resolve() == where for path in paths):
        other = (
            folder.with_name(f"{where.name}-grades")
            if folder.name not in ("", "..")
            else Path("..", f"{where.name}-grades")
        )
        raise UsageError(
            f"{folder}: is the folder that is to be graded; name another one for the grades, such as --out {other}"
        )
    others = tuple(path for path in paths if not (path.parent.resolve() == where and _is_written(path)))
    return others or tuple(paths)


def without_records(paths: Sequence[Path]) -> tuple[Path, ...]:
    """The paths but for what a grader wrote: `class/*` names that too, where the records lie in `class`."""
    return tuple(path for path in paths if not _is_written(path)) or tuple(paths)


def _is_written(path: Path) -> bool:
    if path.name == REPORT:
        return (path / "index.html").is_file()
    return path.is_file() and (path.name in (*_RECORDS, ORIGIN) or path.name.startswith(GRADEBOOK))


def write_records(book: Grades, folder: Path, report: Report) -> Counts:
    """`verdicts.jsonl`, `grades.csv` and the folder `report` in `folder`, which is made if it is not there.

    What cannot be written there is written elsewhere; then, and only then, UnwrittenError says what stands where.
    """
    counts, refused = _written(book, folder, _RECORDS, report)
    if refused:
        raise UnwrittenError(_rescued(book, folder, refused, report), counts)
    return counts


def _rescued(book: Grades, folder: Path, refused: dict[str, OSError], report: Report) -> str:
    """Writes what `folder` did not take into a new folder of the system's; where everything stands now."""
    reason = next(iter(refused.values())).strerror
    told = f"{folder}: {_listed(refused)} could not be written ({reason})"
    try:
        elsewhere = Path(tempfile.mkdtemp(prefix="grades-"))
    except OSError:
        return f"{told}, nor anywhere else; make room and grade again"
    _, lost = _written(book, elsewhere, list(refused), report)
    kept = [name for name in refused if name not in lost]
    told += f"; {_listed(kept)} stand in {elsewhere} instead" if kept else ""
    return told + (f"; {_listed(lost)} are lost: make room and grade again" if lost else "")


def _listed(names: Iterable[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


# ---------------------------------------------------------------- one way through the class

Writer = Generator[None, Learner | None, None]  # takes learner after learner, and None when there is no other


def _written(book: Grades, folder: Path, names: Iterable[str], report: Report) -> tuple[Counts, dict[str, OSError]]:
    """Writes the records of these names; which were refused, and why."""
    writers = {name: _writer(name, book, folder, report) for name in names}
    refused: dict[str, OSError] = {}
    graded = unmarked = absent = 0
    stale = Counter[str]()
    try:
        _hand(writers, refused, None)  # which begins them
        for learner in book.each():
            _hand(writers, refused, learner)
            graded += sum(line.verdict is not None for line in learner.lines)
            unmarked += sum(line.standing == "error" for line in learner.lines)
            absent += sum(line.absent for line in learner.lines)
            stale.update(line.exercise for line in learner.lines if line.stale)
        _hand(writers, refused, None)
    finally:
        for writer in writers.values():
            writer.close()
    return Counts(graded, unmarked, absent, stale), {name: refused[name] for name in names if name in refused}


def _hand(writers: dict[str, Writer], refused: dict[str, OSError], learner: Learner | None) -> None:
    """To each writer that has not failed yet."""
    for name in [name for name in writers if name not in refused]:
        try:
            writers[name].send(learner)
        except StopIteration:
            pass  # it was told that there is no other, and is through
        except OSError as error:
            refused[name] = error


def _writer(name: str, book: Grades, folder: Path, report: Report) -> Writer:
    if name == REPORT:
        return _pages(report(book), folder / name)
    return _file(Verdicts(book) if name == "verdicts.jsonl" else Table(book), folder / name)


def _file(record: Verdicts | Table, path: Path) -> Writer:
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as file:
        file.write(record.head())
        while (learner := (yield)) is not None:
            file.write(record.of(learner))


def _pages(pages: Pages, path: Path) -> Writer:
    there = Folder(path, pages.sign)
    while (learner := (yield)) is not None:
        there.put(pages.of(learner))
    there.put(pages.rest())
    there.sweep()
