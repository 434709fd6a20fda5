"""The records of a class, written: where they were asked for, else elsewhere; what was graded is not lost."""

import tempfile
from collections.abc import Iterable
from pathlib import Path

from grader.batch.atomic import write
from grader.batch.records import grades_csv, verdicts_jsonl
from grader.errors import UsageError
from grader.feedback.grades import Grades
from grader.records import GRADES, RECORDS


class UnwrittenError(UsageError):
    """Records that did not go where they were asked for; the text says where they are."""


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


def write_records(book: Grades, folder: Path, report: str) -> None:
    """`verdicts.jsonl`, `grades.csv` and `report.html` in `folder`, which is made if it is not there.

    What cannot be written there is written elsewhere; then, and only then, UnwrittenError says what stands where.
    """
    contents = {
        RECORDS: verdicts_jsonl(book),
        GRADES: grades_csv(book),
        "report.html": report.encode(),
    }
    refused: dict[str, OSError] = {}
    for name, content in contents.items():
        try:
            folder.mkdir(parents=True, exist_ok=True)
            write(folder / name, content)
        except OSError as error:
            refused[name] = error
    if refused:
        raise UnwrittenError(_rescued(folder, {name: contents[name] for name in refused}, refused))


def _rescued(folder: Path, contents: dict[str, bytes], refused: dict[str, OSError]) -> str:
    """Writes what `folder` did not take into a new folder of the system's; where everything stands now."""
    reason = next(iter(refused.values())).strerror
    told = f"{folder}: {_listed(refused)} could not be written ({reason})"
    kept, lost = list[str](), list[str]()
    try:
        elsewhere = Path(tempfile.mkdtemp(prefix="grades-"))
    except OSError:
        return f"{told}, nor anywhere else; make room and grade again"
    for name, content in contents.items():
        try:
            write(elsewhere / name, content)
            kept.append(name)
        except OSError:
            lost.append(name)
    told += f"; {_listed(kept)} stand in {elsewhere} instead" if kept else ""
    return told + (f"; {_listed(lost)} are lost: make room and grade again" if lost else "")


def _listed(names: Iterable[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last
