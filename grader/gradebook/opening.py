"""A gradebook, open: every change is one transaction, and those who write take turns.

SQLite has one writer at a time anyway; asked for at the beginning (BEGIN IMMEDIATE) its turn is waited for, where a
transaction that reads first and writes then would fail. In PostgreSQL an advisory lock does the same for what is named.
"""

import sqlite3
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry

from grader.errors import UsageError
from grader.records import GRADEBOOK

PATIENCE = 60.0  # seconds that a writer waits for its turn
_TURN = text("SELECT pg_advisory_xact_lock(CAST(:lock AS integer), CAST(:name AS integer))")
_LOCK = 0x67726164  # "grad": ours among the advisory locks of a database that others may use as well


class GradebookError(UsageError):
    """A gradebook that cannot be used as it is; the text names it and says what to do."""


@dataclass(frozen=True, slots=True)
class Gradebook:
    """`place` is how messages call it: a path, or an URL without its password."""

    engine: Engine
    place: str


@contextmanager
def opened(place: str) -> Iterator[Gradebook]:
    """The gradebook at a path (a file, or a folder that has or gets one) or an URL, made or brought up to date first.

    Raises GradebookError where there cannot be one, or a newer grader wrote it.
    """
    from grader.gradebook.upgrade import upgrade

    book = _connected(_url(place))
    try:
        with _told(book.place):
            upgrade(book)
        yield book
    finally:
        book.engine.dispose()


@contextmanager
def found(place: str) -> Iterator[Gradebook]:
    """The same, of one that is there already: a slip in a path must not make another."""
    url = _url(place)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        raise GradebookError(
            f"{_shown(url)}: there is no gradebook; name the folder that 'grader grade --out' wrote in"
        )
    with opened(place) as book:
        yield book


@contextmanager
def reading(book: Gradebook) -> Iterator[Connection]:
    """One view of it: what others write meanwhile is not seen."""
    with _told(book.place), book.engine.connect() as connection, connection.begin():
        yield connection


@contextmanager
def writing(book: Gradebook, what: str = "") -> Iterator[Connection]:
    """All or nothing of what is done inside. Nobody else writes meanwhile; in PostgreSQL, nobody who names the same."""
    with _told(book.place), book.engine.connect().execution_options(writes=True) as connection, connection.begin():
        if connection.dialect.name == "postgresql":
            name = zlib.crc32(what.encode()) - (1 << 31)
            connection.execute(_TURN, {"lock": _LOCK, "name": name})
        yield connection


def settled(book: Gradebook) -> None:
    """What was written stands in the file itself, which closing the gradebook then leaves alone.

    Else it would seem newer than the records that are made from it. What another process still reads is left for later.
    """
    if book.engine.dialect.name == "sqlite":
        with _told(book.place), book.engine.connect() as connection:
            raw: sqlite3.Connection = connection.connection.driver_connection  # type: ignore[assignment]
            with suppress(sqlite3.Error):
                raw.execute("PRAGMA wal_checkpoint(PASSIVE)")


# ---------------------------------------------------------------- where it is


def _url(place: str) -> URL:
    if "://" not in place:
        path = Path(place)
        return URL.create("sqlite", database=str(path / GRADEBOOK if path.is_dir() else path))
    try:
        url = make_url(place)
    except ArgumentError:
        raise GradebookError("--gradebook: it is no URL; write postgresql://user@host/name, or a path") from None
    if url.get_backend_name() not in ("sqlite", "postgresql"):
        raise GradebookError(f"{_shown(url)}: only SQLite and PostgreSQL are known; write postgresql://user@host/name")
    return url.set(drivername="postgresql+psycopg") if url.drivername == "postgresql" else url


def _shown(url: URL) -> str:
    if url.get_backend_name() == "sqlite":
        return url.database or "a gradebook in memory"
    return url.set(drivername=url.get_backend_name()).render_as_string(hide_password=True)


def same_place(said: str, shown: str) -> bool:
    """Whether what somebody said is the gradebook that messages call `shown`."""
    try:
        return _shown(_url(said)) == shown
    except GradebookError:
        return False


def _connected(url: URL) -> Gradebook:
    try:
        engine = create_engine(url, pool_pre_ping=url.get_backend_name() != "sqlite")
    except ModuleNotFoundError as error:
        remedy = "pip install 'asyncio-grader[postgresql]'"
        raise GradebookError(f"{_shown(url)}: {error.name} is not installed; {remedy}") from None
    if url.get_backend_name() == "sqlite":
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "begin", _begin)
    return Gradebook(engine, _shown(url))


def _prepare(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # transactions are begun below, and by nobody else
    connection.execute(f"PRAGMA busy_timeout={int(PATIENCE * 1000)}")
    _to_wal(connection)
    # In WAL a kill loses nothing with this; when the power fails the last verdicts may be lost, and are graded again.
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA foreign_keys=ON")


def _to_wal(connection: sqlite3.Connection) -> None:
    """The one statement for which SQLite does not wait: of several that come first, all but one are refused at once."""
    until = time.monotonic() + PATIENCE
    while connection.execute("PRAGMA journal_mode").fetchone() != ("wal",):
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.01)


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writes") else "BEGIN")


# ---------------------------------------------------------------- what can be wrong with it


@contextmanager
def _told(place: str) -> Iterator[None]:
    """What a database says about itself, as an error that says what to do."""
    try:
        yield
    except DBAPIError as error:
        reason = str(error.orig).strip().splitlines()[0] if str(error.orig).strip() else type(error.orig).__name__
        if _is_ours(reason):
            raise
        raise GradebookError(f"{place}: {_said(reason)}") from error


def _is_ours(reason: str) -> bool:
    """A mistake in our statements, which is the grader's own fault."""
    return "syntax error" in reason or "constraint" in reason


def _said(reason: str) -> str:
    for sign, said in _REMEDIES.items():
        if sign in reason:
            return said
    return f"the database says: {reason}"


_REMEDIES = {
    "not a database": "is not a gradebook; move it away, or name another with --gradebook",
    "malformed": "is damaged; move it away and grade again, or put back a copy",
    "is full": "the disk is full; make room, and the same command goes on from here",
    "unable to open": "cannot be opened; name a folder that is there and can be written",
    "readonly": "cannot be written; change its permissions, or name another with --gradebook",
    "locked": "another program has held it for a minute; end that one, and the same command goes on from here",
}
