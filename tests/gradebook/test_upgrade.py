"""A gradebook comes up to date by itself, in one step and once; a newer one is left alone."""

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from grader.gradebook import upgrade as upgrade_module
from grader.gradebook.by_hand import scores_of
from grader.gradebook.history import history
from grader.gradebook.opening import Gradebook, GradebookError, opened, reading, writing
from grader.gradebook.tables import metadata
from grader.gradebook.upgrade import MIGRATIONS, TABLE, VERSIONS
from tests.gradebook.content import ask, counted

ROOT = Path(__file__).parents[2]


def version(book: Gradebook) -> str:
    with reading(book) as connection:
        return str(connection.execute(text(f"SELECT version_num FROM {TABLE}")).scalar_one())


FIRST_FORM = (
    "INSERT INTO learners (id, name) VALUES (1, 'ann')",
    "INSERT INTO submissions (id, learner_id, exercise, attempt, sha256, file, submitted, seen)"
    " VALUES (1, 1, 'say-after', 1, 'a', 'ann/say_after.py', NULL, '2026-03-01T12:00:00.000000Z')",
    "INSERT INTO verdicts (id, sha256, exercise, course, grader, seed, round, final, isolation, status, points, max_points,"
    " verdict, made) VALUES (1, 'a', 'say-after', 'c1', '1.0', 'say-after/ann', 0, TRUE, 'child', 'passed', 7.0, 10.0,"
    " '{}', '2026-03-01T13:00:00.000000Z')",
    "INSERT INTO gradings (id, submission_id, verdict_id, counts, given) VALUES (1, 1, 1, TRUE, '2026-03-01T13:00:00.000000Z')",
)
SECOND_FORM = (
    "INSERT INTO scores (id, learner_id, exercise, points, comment, set_by, set_at)"
    " VALUES (1, 1, 'say-after', 8.0, 'shown', 'tom', '2026-03-02T12:00:00.000000Z')",
)
RAISE_SEQUENCES = ("learners", "submissions", "verdicts", "gradings")


@pytest.fixture(params=VERSIONS[:-1])
def older(place: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """One of each earlier form, with a verdict in it, as that version of the grader wrote it."""
    with monkeypatch.context() as then:
        then.setattr(upgrade_module.upgrade, "__defaults__", (request.param,))
        with opened(place) as book:
            assert version(book) == request.param
            with writing(book) as connection:
                for statement in FIRST_FORM if request.param == VERSIONS[0] else FIRST_FORM + SECOND_FORM:
                    connection.execute(text(statement))
                if connection.dialect.name == "postgresql":
                    for table in RAISE_SEQUENCES:
                        connection.execute(text(f"SELECT setval('{table}_id_seq', 10)"))
    return place


def test_the_changes_together_give_the_tables_as_they_are(book: Gradebook) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with writing(book) as connection:
        context = MigrationContext.configure(connection, opts={"version_table": TABLE, "compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_every_change_is_known_by_its_version() -> None:
    from alembic.script import ScriptDirectory

    changes = ScriptDirectory(str(MIGRATIONS)).walk_revisions()
    assert [change.revision for change in changes] == list(reversed(VERSIONS))


def test_an_older_gradebook_is_brought_up_to_date_with_all_that_is_in_it(older: str) -> None:
    with opened(older) as book:
        assert version(book) == VERSIONS[-1]
        assert [row[10] for row in counted(book)] == [7.0]
        with reading(book) as connection:
            assert "scores" in inspect(connection).get_table_names()


def test_what_stood_in_an_older_gradebook_is_read_as_it_was_meant(older: str) -> None:
    with opened(older) as book, reading(book) as connection:
        [handed] = history(connection, "ann", "say-after").handed_in
        assert (handed.attempt, handed.submitted, handed.late) == (1, None, None)
        assert {score.points for score in scores_of(connection, "ann", "say-after")} <= {8.0}


@pytest.mark.parametrize(
    ("set_at", "points", "later", "known"),
    [
        ("2026-03-02T12", 8.0, 10.0, 10.0),
        ("2026-03-02T12", 8.0, 20.0, None),
        ("2026-03-05T12", 8.0, 10.0, None),
        ("2026-03-01T12", 8.0, 10.0, None),
        ("2026-03-02T12", 15.0, 10.0, None),
    ],
    ids=["the verdicts before and after agree", "they do not", "none after", "none before", "they cannot be right"],
)
def test_a_score_of_before_has_the_points_that_the_exercise_had_as_far_as_verdicts_tell(
    place: str, monkeypatch: pytest.MonkeyPatch, set_at: str, points: float, later: float, known: float | None
) -> None:
    second = FIRST_FORM[2].replace("(1, 'a'", "(2, 'b'").replace("2026-03-01T13", "2026-03-04T12")
    second = second.replace("10.0", str(later))
    score = SECOND_FORM[0].replace("2026-03-02T12", set_at).replace("8.0", str(points))
    with monkeypatch.context() as then:
        then.setattr(upgrade_module.upgrade, "__defaults__", ("0003",))
        with opened(place) as book, writing(book) as connection:
            for statement in (*FIRST_FORM, second, score):
                connection.execute(text(statement))
    with opened(place) as book, reading(book) as connection:
        [found] = scores_of(connection, "ann", "say-after")
    assert (found.points, found.max_points) == (points, known)


def test_a_newer_gradebook_is_refused_and_left_as_it_is(place: str) -> None:
    with opened(place) as book, writing(book) as connection:
        connection.execute(text(f"UPDATE {TABLE} SET version_num = '9999'"))
    with pytest.raises(GradebookError) as refused, opened(place):
        pass
    said = f"was written by a newer grader (its format is 9999, the newest known here {VERSIONS[-1]}); install a newer grader"
    assert str(refused.value) == f"{book.place}: {said}"
    assert version(book) == "9999"
    book.engine.dispose()


def test_the_tables_of_another_program_are_left_alone(place: str) -> None:
    with opened(place) as book, writing(book) as connection:
        connection.execute(text(f"DROP TABLE {TABLE}"))
    with (
        pytest.raises(GradebookError, match="holds tables of another program; name a database of its own"),
        opened(place),
    ):
        pass


def test_an_upgrade_that_fails_leaves_all_as_it_was(older: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from alembic import op

    def refuse(*_: object, **__: object) -> None:
        raise RuntimeError("in the middle")

    with monkeypatch.context() as broken:
        broken.setattr(op, "create_index", refuse)  # after a table was made
        broken.setattr(op, "add_column", refuse)
        with pytest.raises(RuntimeError, match="in the middle"), opened(older):
            pass
    with opened(older) as book:
        assert version(book) == VERSIONS[-1]
        assert [row[10] for row in counted(book)] == [7.0]


OPEN = """\
import sys
from grader.gradebook.opening import opened
from tests.gradebook.content import ask, work
print("ready", flush=True)
sys.stdin.read(1)
with opened(sys.argv[1]) as book:
    ask(book, work("ann"), work(sys.argv[2]))
"""


def open_at_once(place: str, names: list[str]) -> None:
    command = [sys.executable, "-c", OPEN, place]
    pipe = subprocess.PIPE
    running = [
        subprocess.Popen([*command, name], cwd=ROOT, stdin=pipe, stdout=pipe, stderr=pipe, text=True) for name in names
    ]
    for one in running:
        assert one.stdout is not None
        assert one.stdout.readline() == "ready\n"
    for one in running:
        assert one.stdin is not None
        one.stdin.write("!")
        one.stdin.flush()
    ends = [one.communicate() for one in running]
    assert [(one.returncode, told) for one, (_, told) in zip(running, ends, strict=True)] == [(0, "")] * len(names)


@pytest.mark.slow
def test_several_that_make_one_at_once_make_it_once(place: str) -> None:
    open_at_once(place, ["bob", "carla", "dmitri", "eve"])
    with opened(place) as book:
        assert {(row[0], row[2]) for row in counted(book)} == {
            (name, 1) for name in ("ann", "bob", "carla", "dmitri", "eve")
        }
        assert version(book) == VERSIONS[-1]


@pytest.mark.slow
@pytest.mark.parametrize("older", VERSIONS[:1], indirect=True)  # all changes, one after another
def test_several_that_open_an_older_one_at_once_upgrade_it_once(older: str) -> None:
    open_at_once(older, ["bob", "carla", "dmitri", "eve"])
    with opened(older) as book:
        assert [row[10] for row in counted(book) if row[0] == "ann"] == [7.0]
        assert {row[0] for row in counted(book)} == {"ann", "bob", "carla", "dmitri", "eve"}
        assert version(book) == VERSIONS[-1]


def test_one_that_is_up_to_date_is_opened_without_alembic(tmp_path: Path) -> None:
    program = (
        "import sys; from grader.gradebook.opening import opened\n"
        "with opened(sys.argv[1]): pass\n"
        "print('alembic' in sys.modules)\n"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "gradebook.sqlite")]
    told = [subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout for _ in range(2)]
    assert told == ["True\n", "False\n"]


def test_an_error_of_our_statements_is_told_as_our_own(book: Gradebook) -> None:
    with pytest.raises(DBAPIError, match="syntax error"), writing(book) as connection:
        connection.execute(text("SELEKT 1"))


def test_nothing_is_asked_for_before_anything_is_handed_in(book: Gradebook) -> None:
    assert ask(book) == []
