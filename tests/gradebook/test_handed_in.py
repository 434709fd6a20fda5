"""Attempts: another content is the next one, the same again is none."""

from dataclasses import replace
from datetime import timedelta, timezone

import pytest
from sqlalchemy import text

from grader.gradebook.attempts import attempts
from grader.gradebook.handed_in import returned
from grader.gradebook.history import history
from grader.gradebook.moments import read, written
from grader.gradebook.opening import Gradebook, reading
from grader.gradebook.work import Work
from tests.gradebook.content import ask, at, work


def contents(book: Gradebook, learner: str = "ann") -> list[tuple[int, str]]:
    query = (
        "SELECT attempt, sha256 FROM submissions JOIN learners ON learners.id = learner_id WHERE name = :n ORDER BY 1"
    )
    with reading(book) as connection:
        return [(row[0], row[1]) for row in connection.execute(text(query), {"n": learner})]


def test_the_same_again_is_no_further_attempt(book: Gradebook) -> None:
    ask(book, work())
    ask(book, work(), hour=1)
    assert contents(book) == [(1, "a")]


def test_another_content_is_the_next_attempt(book: Gradebook) -> None:
    ask(book, work())
    ask(book, work(content="b"), hour=1)
    assert contents(book) == [(1, "a"), (2, "b")]


def came_back(book: Gradebook, *works: Work) -> list[str]:
    with reading(book) as connection:
        return [work.sha256 for work in returned(connection, works)]


def test_what_was_handed_in_before_the_last_attempt_is_no_further_one_and_is_told(book: Gradebook) -> None:
    for hour, (content, told) in enumerate(zip("ababc", [[], [], ["a"], [], []], strict=True)):
        ask(book, work(content=content), hour=hour)
        assert came_back(book, work(content=content)) == told
    assert contents(book) == [(1, "a"), (2, "b"), (3, "c")]


def test_who_goes_back_to_an_earlier_content_hands_it_in_anew_where_that_is_said(book: Gradebook) -> None:
    for hour, content in enumerate("abaa"):
        ask(book, work(content=content), hour=hour, anew=True)
    assert contents(book) == [(1, "a"), (2, "b"), (3, "a")]
    assert came_back(book, work(content="a")) == []


def test_of_what_its_time_tells_and_of_several_attempts_together_nothing_has_to_be_told(book: Gradebook) -> None:
    several = [work(content="a", file="1.py"), work(content="b", file="2.py")]
    timed = [work("bob", "a", at(1)), work("bob", "b", at(2))]
    ask(book, *several, *timed, hour=3)
    assert came_back(book, *several, timed[0]) == []


def test_files_that_cannot_be_read_are_not_known_by_their_content(book: Gradebook) -> None:
    for hour, content in enumerate(["", "", "b", ""]):
        ask(book, work(content=content), hour=hour)
    assert contents(book) == [(1, ""), (2, "b"), (3, "")]


def test_several_without_times_are_the_same_attempts_again(book: Gradebook) -> None:
    for hour, given in enumerate(("ab", "ab", "aba", "aba", "abab")):
        ask(book, *(work(content=content, file=f"{at}.py") for at, content in enumerate(given)), hour=hour)
    assert contents(book) == [(1, "a"), (2, "b"), (3, "a"), (4, "b")]


def test_attempts_are_numbered_by_their_times_whatever_the_order_of_arrival(book: Gradebook) -> None:
    ask(book, work(content="third", submitted=at(3)), work(content="first", submitted=at(1)), hour=10)
    ask(book, work(content="second", submitted=at(2)), hour=11)
    assert contents(book) == [(1, "first"), (2, "second"), (3, "third")]


def test_the_same_content_at_another_time_is_another_attempt(book: Gradebook) -> None:
    ask(book, work(submitted=at(1)), work(submitted=at(2)), hour=10)
    ask(book, work(submitted=at(1)), work(submitted=at(2)), hour=11)
    assert contents(book) == [(1, "a"), (2, "a")]


def submitted(book: Gradebook) -> list[str]:
    with reading(book) as connection:
        return list(connection.execute(text("SELECT submitted FROM submissions ORDER BY attempt")).scalars())


def test_a_time_zone_that_is_put_right_makes_no_further_attempts(book: Gradebook) -> None:
    ask(book, work(submitted=at(1)), work(submitted=at(2)), work(content="b", submitted=at(5)), hour=10)
    ask(book, work(submitted=at(0)), work(submitted=at(1)), work(content="b", submitted=at(4)), hour=11)
    assert contents(book) == [(1, "a"), (2, "a"), (3, "b")]
    assert submitted(book) == [written(at(0)), written(at(1)), written(at(4))]


def test_as_many_of_one_content_as_there_are_hours_are_put_right_as_well(book: Gradebook) -> None:
    for off in (1, 0):
        ask(book, *(work(submitted=at(hour + off)) for hour in range(30)), hour=50)
    assert submitted(book) == [written(at(hour)) for hour in range(30)]


def test_two_files_are_never_the_same_attempt_at_another_time(book: Gradebook) -> None:
    ask(book, work(submitted=at(3)), hour=10)
    ask(book, work(submitted=at(1)), work(submitted=at(2)), hour=11)
    assert submitted(book) == [written(at(hour)) for hour in (1, 2, 3)]


@pytest.mark.parametrize(
    ("wrong", "right", "new"),
    [
        ([(1, "a"), (2, "b")], [], [(9, "c")]),
        ([(1, "a"), (2, "b")], [(6, "c")], []),
        ([(1, "a"), (1.5, "b")], [(6, "c"), (7, "d")], [(9, "e")]),
        ([(1, "a")], [(3, "d")], [(9, "a")]),
        ([(1, "a"), (30, "b")], [], []),
    ],
    ids=[
        "something new",
        "what was right already",
        "both",
        "the same content once more",
        "clocks were changed in between",
    ],
)
def test_a_time_zone_is_put_right_beside_what_is_new_and_what_was_right(
    book: Gradebook, wrong: list[tuple[float, str]], right: list[tuple[float, str]], new: list[tuple[float, str]]
) -> None:
    """In the wrong zone all is an hour late, and from the thirtieth hour on two."""

    def files(those: list[tuple[float, str]], late: bool = False) -> list[Work]:
        off = {hour: (1 + (hour >= 30)) * late for hour, _ in those}
        return [work("ann", content, at(hour + off[hour]), f"{hour:g}.py") for hour, content in those]

    ask(book, *files(wrong, late=True), hour=50)
    if right:
        ask(book, *files(right), hour=51)
    ask(book, *(replace(one, file=f"all/{one.file}") for one in files([*wrong, *right, *new])), hour=52)
    expected = sorted([*wrong, *right, *new])
    assert [content for _, content in contents(book)] == [content for _, content in expected]
    assert submitted(book) == [written(at(hour)) for hour, _ in expected]


@pytest.mark.parametrize(
    "again",
    [
        [work(submitted=at(2.1))],
        [work(submitted=at(40))],
        [work(submitted=at(2), file="other.py")],
        [replace(work(submitted=at(2)), file="nn/say_after.py")],
        [work(submitted=at(1)), work(submitted=at(2))],
    ],
    ids=[
        "not by quarters of an hour",
        "further than any zone",
        "of another name",
        "of a longer name",
        "beside the first",
    ],
)
def test_the_same_content_at_a_time_that_no_zone_explains_is_another_attempt(
    book: Gradebook, again: list[Work]
) -> None:
    ask(book, work(submitted=at(1)), hour=10)
    ask(book, *again, hour=11)
    assert contents(book) == [(1, "a"), (2, "a")]


def test_a_time_that_becomes_known_later_is_put_down(book: Gradebook) -> None:
    ask(book, work())
    ask(book, work(submitted=at(-5)))
    with reading(book) as connection:
        assert connection.execute(text("SELECT submitted FROM submissions")).scalars().all() == [written(at(-5))]


def test_a_time_that_is_not_known_any_more_stays(book: Gradebook) -> None:
    ask(book, work(submitted=at(-5)))
    ask(book, work())
    with reading(book) as connection:
        assert connection.execute(text("SELECT submitted FROM submissions")).scalars().all() == [written(at(-5))]


def test_attempts_of_others_are_others(book: Gradebook) -> None:
    ask(book, work("ann"), work("bob"))
    assert (contents(book, "ann"), contents(book, "bob")) == ([(1, "a")], [(1, "a")])


def test_names_of_every_kind_come_back_as_they_were(book: Gradebook) -> None:
    names = ["Zoë", "Robert'); DROP TABLE learners;--", "李小龍", "%", "=1+1", " ", "\\xe9"]
    ask(book, *(work(name) for name in names))
    with reading(book) as connection:
        assert sorted(connection.execute(text("SELECT name FROM learners")).scalars()) == sorted(names)


def test_a_moment_comes_back_in_utc() -> None:
    moment = at(0).astimezone(timezone(timedelta(hours=5, minutes=30)))
    assert written(moment) == "2026-03-01T12:00:00.000000Z"
    assert read(written(moment)) == moment


def test_a_moment_without_a_time_zone_is_none() -> None:
    with pytest.raises(ValueError, match="2026-03-01T12:00:00 has no time zone"):
        written(at(0).replace(tzinfo=None))


def test_moments_sort_as_texts() -> None:
    moments = [at(hours) for hours in (-1000, -0.0001, 0, 0.0001, 3, 10**5)]
    assert sorted(map(written, moments)) == list(map(written, moments))


def test_the_mark_of_a_platform_that_it_is_late_is_kept(book: Gradebook) -> None:
    ask(book, replace(work(), late=True))
    with reading(book) as connection:
        assert attempts(connection, ["say-after"], ["ann"])[("ann", "say-after")][0].late is True
        assert history(connection, "ann", "say-after").handed_in[0].late is True


@pytest.mark.parametrize(("again", "kept"), [(None, True), (False, False), (True, True)])
def test_what_the_platform_said_last_of_an_attempt_holds(book: Gradebook, again: bool | None, kept: bool) -> None:
    ask(book, replace(work(), late=True))
    ask(book, replace(work(), late=again), hour=1)
    with reading(book) as connection:
        [attempt] = attempts(connection, ["say-after"], ["ann"])[("ann", "say-after")]
    assert attempt.late is kept
