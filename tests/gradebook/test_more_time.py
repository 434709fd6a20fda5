"""Who had more time before is known until a list says otherwise, by whatever id and slug."""

from collections.abc import Mapping

from grader.course.due import read_due
from grader.gradebook.extensions import Extensions
from grader.gradebook.lateness import Extension
from grader.gradebook.more_time import had_before, missed
from grader.gradebook.opening import Gradebook, reading
from tests.gradebook.content import at, rows

Given = Mapping[tuple[str, str], Extension]
ALL = {"", "say-after", "say-later", "start"}


def named(book: Gradebook, given: Given | None, people: str = "ann bob", **how: Mapping[str, str]) -> dict[str, str]:
    more = None if given is None else Extensions(given, dict.fromkeys(given, 1), "more.csv")
    lost = missed(book, more, people.split(), ALL, at(1), **how)
    return {f"{learner} {what}".strip(): said for (learner, what), said in lost.items()}


def test_it_is_missed_in_each_run_without_a_list_and_once_with_one_that_has_it_no_more(book: Gradebook) -> None:
    due = Extension(due=read_due("2026-04-01 12:00 Europe/Berlin"))
    assert named(book, {("ann", ""): Extension(days=1), ("bob", "start"): due, ("cem", ""): Extension(days=3)}) == {}
    for _ in range(2):
        assert named(book, None) == {"ann": "1 day", "bob start": "until 2026-04-01 12:00 Europe/Berlin"}
        assert named(book, None, "cem") == {}  # who is not of the run has nothing written down
    assert named(book, {("bob", "start"): Extension(hours=1.5)}) == {"ann": "1 day"}
    assert named(book, {("bob", "start"): Extension(hours=1.5)}) == {}
    assert named(book, None) == {"bob start": "1.5 hours"}


def test_the_same_list_again_is_written_down_once(book: Gradebook) -> None:
    for days in (2, 2, 3):
        named(book, {("ann", ""): Extension(days=days)})
    assert rows(book, "extensions") == 2


def test_it_is_missed_at_the_id_and_the_slug_of_now(book: Gradebook) -> None:
    named(book, {("ann", "say-after"): Extension(days=2)})
    former, was = {"ann": "a1"}, {"say-after": "say-later"}
    assert named(book, None, "a1", former=former, was=was) == {"a1 say-later": "2 days"}
    assert named(book, {("a1", "say-later"): Extension(days=2)}, "a1", former=former, was=was) == {}
    assert rows(book, "extensions") == 1
    with reading(book) as connection:
        assert had_before(connection, ["a1"]) == {}
        assert had_before(connection, ["a1"], former, was) == {("a1", "say-later"): "2 days"}


def test_what_the_run_is_not_about_is_neither_missed_nor_taken_out(book: Gradebook) -> None:
    named(book, {("ann", "first-await"): Extension(days=2)})
    assert named(book, None) == named(book, {}) == {}
    with reading(book) as connection:
        assert had_before(connection, ["ann"]) == {("ann", "first-await"): "2 days"}
