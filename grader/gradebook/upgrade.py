"""A gradebook comes up to date by itself, once, whoever opens it; one that a newer grader wrote is left alone.

The changes are Alembic's, in `migrations`. Alembic is imported only where there is one to make.
"""

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from grader.gradebook.opening import Gradebook, GradebookError, reading, writing

VERSIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007")
TABLE = "gradebook_version"
MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(book: Gradebook, to: str = VERSIONS[-1]) -> None:
    """All changes up to `to` in one transaction: done, or as before. Raises GradebookError for one that is newer."""
    with reading(book) as connection:
        if _version(connection, book.place) == to:
            return
    with writing(book, "upgrade") as connection:
        # asked again: another process may have had the turn before
        if _version(connection, book.place) != to:
            _migrate(connection, to)


def _version(connection: Connection, place: str) -> str | None:
    """None where there is no gradebook yet."""
    tables = set(inspect(connection).get_table_names())
    if TABLE not in tables:
        if tables & {"learners", "submissions", "verdicts"}:
            raise GradebookError(f"{place}: holds tables of another program; name a database of its own")
        return None
    version: str | None = connection.execute(text(f"SELECT version_num FROM {TABLE}")).scalar()
    if version is not None and version not in VERSIONS:
        said = f"was written by a newer grader (its format is {version}, the newest known here {VERSIONS[-1]})"
        raise GradebookError(f"{place}: {said}; install a newer grader")
    return version


def _migrate(connection: Connection, to: str) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, to)
