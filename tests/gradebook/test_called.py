"""Ids that are somebody else's now are found; names that are put right are not."""

import pytest

from grader.gradebook.by_hand import ByHand, set_score
from grader.gradebook.called import Called, Changed, changed_hands, keep
from grader.gradebook.opening import Gradebook, reading
from tests.gradebook.content import ask, at, work

ADA, BOB = Called("Ada L", "ada@x.org"), Called("Bob B", "bob@x.org")


def changed(book: Gradebook, now: dict[str, Called]) -> list[Changed]:
    with reading(book) as connection:
        return changed_hands(connection, now)


@pytest.mark.parametrize(
    ("ada", "bob"),
    [(ADA, BOB), (Called("Ada L"), Called("Bob B")), (Called("", "ada@x.org"), Called("", "bob@x.org"))],
    ids=["name and address", "name", "address"],
)
def test_ids_that_two_learners_swapped_are_found_until_they_are_kept(book: Gradebook, ada: Called, bob: Called) -> None:
    ask(book, work("s1"), work("s2"))
    assert changed(book, {"s1": ada, "s2": bob}) == []
    keep(book, {"s1": ADA, "s2": BOB})
    now = {"s1": bob, "s2": ada}
    assert changed(book, now) == [Changed("s1", ADA, bob, "s2"), Changed("s2", BOB, ada, "s1")]
    keep(book, now)
    assert changed(book, now) == []
    assert len(changed(book, {"s1": ada, "s2": bob})) == 2


@pytest.mark.parametrize(
    "now",
    [
        {"s1": Called("Ada Lovelace", "ADA@x.org"), "s2": BOB},
        {"s1": Called("ada  l", "ada@other.org"), "s2": BOB},
        {"s1": Called("Augusta", "new@x.org"), "s2": BOB},
        {"s1": Called("Augusta", "new@x.org"), "s3": Called("Ada L", "another.ada@x.org")},
        {"s3": ADA},
        {"s1": Called("", ""), "s3": ADA},
    ],
    ids=["another name", "another address", "nobody's", "somebody of that name", "not in this run", "not told"],
)
def test_a_name_that_is_put_right_is_none(book: Gradebook, now: dict[str, Called]) -> None:
    ask(book, work("s1"), work("s2"))
    keep(book, {"s1": ADA, "s2": BOB})
    assert changed(book, now) == []


def test_ids_that_have_nothing_are_none(book: Gradebook) -> None:
    keep(book, {"s1": ADA, "s2": BOB})
    assert changed(book, {"s1": BOB, "s2": ADA}) == []


def test_an_id_that_has_a_score_set_by_hand_alone_is_found(book: Gradebook) -> None:
    keep(book, {"s1": ADA, "s2": BOB})
    set_score(book, "s1", "say-after", ByHand(8.0, "oral", "eve", at(1)), most=10)
    assert changed(book, {"s1": BOB, "s2": ADA}) == [Changed("s1", ADA, BOB, "s2")]


def test_what_is_not_told_stays_unless_the_id_is_somebody_elses(book: Gradebook) -> None:
    ask(book, work("s1"))
    keep(book, {"s1": ADA})
    keep(book, {"s1": Called("Ada L")})
    assert changed(book, {"s1": BOB, "s2": ADA}) == [Changed("s1", ADA, BOB, "s2")]
    keep(book, {"s1": Called("Bob B")})
    assert changed(book, {"s1": Called("Carl"), "s2": BOB}) == [Changed("s1", Called("Bob B"), Called("Carl"), "s2")]
