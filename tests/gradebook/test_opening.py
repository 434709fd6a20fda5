"""What can be a gradebook, and what is said of what cannot."""

import os
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import text

from grader.gradebook import opening
from grader.gradebook.opening import Gradebook, GradebookError, opened, reading, writing
from grader.records import GRADEBOOK


def refused(place: str) -> str:
    with pytest.raises(GradebookError) as error, opened(place):
        pass
    return str(error.value)


def test_a_folder_gets_one_under_its_usual_name(tmp_path: Path) -> None:
    with opened(str(tmp_path)) as book:
        assert book.place == str(tmp_path / GRADEBOOK)
    assert (tmp_path / GRADEBOOK).is_file()


def test_a_url_of_sqlite_is_a_path_too(tmp_path: Path) -> None:
    with opened(f"sqlite:///{tmp_path}/mine.sqlite") as book:
        assert book.place == str(tmp_path / "mine.sqlite")
    assert (tmp_path / "mine.sqlite").is_file()


def test_when_it_is_closed_one_file_is_left(tmp_path: Path) -> None:
    with opened(str(tmp_path)) as book, reading(book) as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
    assert os.listdir(tmp_path) == [GRADEBOOK]


def test_a_file_that_is_something_else_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    place = tmp_path / "notes.txt"
    place.write_text("These are my notes on the course, and they are no database." * 20)
    before = place.read_bytes()
    said = "is not a gradebook; move it away, or name another with --gradebook"
    assert refused(str(place)) == f"{place}: {said}"
    assert place.read_bytes() == before


def test_a_place_where_no_file_can_be_is_told(tmp_path: Path) -> None:
    place = tmp_path / "nowhere" / "gradebook.sqlite"
    assert refused(str(place)) == f"{place}: cannot be opened; name a folder that is there and can be written"


def test_other_databases_are_refused() -> None:
    said = "only SQLite and PostgreSQL are known; write postgresql://user@host/name"
    assert refused("mysql://ann:secret@host/name") == f"mysql://ann:***@host/name: {said}"


def test_what_is_no_url_is_refused() -> None:
    assert refused("://") == "--gradebook: it is no URL; write postgresql://user@host/name, or a path"


def test_without_the_driver_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: object, **__: object) -> None:
        raise ModuleNotFoundError("No module named 'psycopg'", name="psycopg")

    monkeypatch.setattr(opening, "create_engine", missing)
    said = "psycopg is not installed; pip install 'asyncio-grader[postgresql]'"
    assert refused("postgresql://ann:secret@host/name") == f"postgresql://ann:***@host/name: {said}"


def test_a_server_that_is_not_there_is_told_without_the_password(tmp_path: Path) -> None:
    pytest.importorskip("psycopg", reason="psycopg is not installed: pip install 'asyncio-grader[postgresql]'")
    told = refused(f"postgresql://ann:secret@/name?host={tmp_path}")
    assert told.startswith("postgresql://ann:***@/name?host=")
    assert ": the database says: connection " in told
    assert "secret" not in told


def test_a_gradebook_that_another_program_holds_for_long_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "PATIENCE", 0.05)
    with opened(str(tmp_path)) as book:
        other = sqlite3.connect(tmp_path / GRADEBOOK)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(GradebookError, match="another program has held it for a minute"), writing(book):
            pass
        other.rollback()
        other.close()
        with writing(book):
            pass  # and when it has gone, all is well


def add_and_raise(book: Gradebook, error: BaseException) -> None:
    with writing(book) as connection:
        connection.execute(text("INSERT INTO learners (name) VALUES ('ann')"))
        raise error


def test_what_fails_in_the_middle_leaves_nothing(book: Gradebook) -> None:
    with pytest.raises(ZeroDivisionError):
        add_and_raise(book, ZeroDivisionError())
    with reading(book) as connection:
        assert connection.execute(text("SELECT count(*) FROM learners")).scalar() == 0


def test_an_interrupt_in_the_middle_leaves_nothing_and_the_next_turn_works(book: Gradebook) -> None:
    with pytest.raises(KeyboardInterrupt):
        add_and_raise(book, KeyboardInterrupt())
    with writing(book) as connection:
        connection.execute(text("INSERT INTO learners (name) VALUES ('bob')"))
    with reading(book) as connection:
        assert connection.execute(text("SELECT name FROM learners")).scalars().all() == ["bob"]
