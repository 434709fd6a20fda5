"""From which gradebook records were written, and what it held then: by that it is known whether it was changed since.

The note lies beside the records. It has no password, so a gradebook behind an URL may have to be named again to be asked.
"""

from collections.abc import Sequence
from os.path import abspath
from pathlib import Path
from zlib import crc32

import msgspec
from sqlalchemy import func, select

from grader.gradebook.opening import Gradebook, found, reading, same_place
from grader.gradebook.tables import gradings, scores, submissions
from grader.records import GRADEBOOK, ORIGIN

_PATIENCE = 10  # seconds


class Origin(msgspec.Struct, frozen=True):
    """`place`: a path or an URL, empty for the gradebook that lies beside the records. `held`: see `held_by`."""

    place: str
    exercises: tuple[str, ...]
    held: tuple[int, ...]
    format: int = 1


def origin_of(book: Gradebook, out: Path, exercises: Sequence[str]) -> Origin:
    """Of records that are written into `out` from what `book` holds now."""
    return Origin(_place(book, out), tuple(exercises), held_by(book, exercises))


def _place(book: Gradebook, out: Path) -> str:
    if book.engine.dialect.name != "sqlite":
        return book.place
    return "" if abspath(book.place) == abspath(out / GRADEBOOK) else abspath(book.place)


def held_by(book: Gradebook, exercises: Sequence[str]) -> tuple[int, ...]:
    """What is another with every attempt, verdict and score that comes to these exercises, and when a time is put right."""
    handed = submissions.c.exercise.in_(list(exercises))
    queries = (
        select(func.count()).select_from(submissions).where(handed),
        select(func.max(gradings.c.id)).join(submissions, submissions.c.id == gradings.c.submission_id).where(handed),
        select(func.max(scores.c.id)).where(scores.c.exercise.in_(list(exercises))),
    )
    columns = submissions.c
    times = select(columns.id, columns.submitted).where(handed, columns.submitted.is_not(None)).order_by(columns.id)
    with reading(book) as connection:
        counts = [connection.execute(query).scalar() or 0 for query in queries]
        when = 0
        for id, submitted in connection.execute(times):
            when = crc32(f"{id} {submitted}".encode(), when)
    return (*counts, when)


def encoded(origin: Origin) -> bytes:
    return msgspec.json.encode(origin) + b"\n"


def read_origin(out: Path) -> Origin | None:
    """None where there is none, or none that can be read: then nothing is known."""
    try:
        return msgspec.json.decode((out / ORIGIN).read_bytes(), type=Origin)
    except (OSError, msgspec.DecodeError):
        return None


def is_outdated(out: Path, origin: Origin, said: str | None) -> bool:
    """Whether the gradebook holds more for these exercises than when the records in `out` were written from it.

    `said`: where it is, perhaps, with a password. Raises GradebookError where it cannot be asked.
    """
    place = said if said is not None and same_place(said, origin.place) else origin.place or str(out / GRADEBOOK)
    with found(_soon(place)) as book:
        now = held_by(book, origin.exercises)
    return now[: len(origin.held)] != origin.held  # notes of before have no times


def _soon(place: str) -> str:
    """Of a server that does not answer nobody wants to wait for minutes, where this is a mere hint."""
    if "://" not in place or "connect_timeout" in place:
        return place
    return f"{place}{'&' if '?' in place else '?'}connect_timeout={_PATIENCE}"
