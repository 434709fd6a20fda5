"""Scores that a person set stand above every verdict, until they are taken back; nothing of it is ever lost."""

import math
from dataclasses import replace

import pytest

from grader.gradebook.by_hand import ByHand, Followed, follow, scores_by_hand, scores_of, set_score
from grader.gradebook.opening import Gradebook, GradebookError, reading
from tests.gradebook.content import ask, at, give_points, work


def put(book: Gradebook, points: float | None, comment: str = "seen in the lab", hour: float = 1) -> ByHand:
    score = ByHand(points, comment, "eve", at(hour))
    set_score(book, "ann", "say-after", score, most=10)
    return replace(score, max_points=None if points is None else 10.0)


def held(book: Gradebook) -> dict[tuple[str, str], ByHand]:
    with reading(book) as connection:
        return scores_by_hand(connection, ["say-after"])


def test_the_last_score_that_was_set_holds(book: Gradebook) -> None:
    ask(book, work())
    put(book, 3.0)
    last = put(book, 4.0, hour=0.5)  # set later, though the clock went back
    assert held(book) == {("ann", "say-after"): last}


def test_a_score_outlives_every_regrade(book: Gradebook) -> None:
    give_points(book, 7.0)
    score = put(book, 0.0)
    give_points(book, 8.0, regrade=True)
    give_points(book, 9.0, work(content="b"))
    give_points(book, 9.0, work(content="b"), course="c2")
    assert held(book) == {("ann", "say-after"): score}


def test_a_score_that_was_taken_back_holds_no_more_and_stays_in_the_history(book: Gradebook) -> None:
    ask(book, work())
    first, back = put(book, 3.0), put(book, None, "a mistake")
    assert held(book) == {}
    with reading(book) as connection:
        assert scores_of(connection, "ann", "say-after") == [first, back]


@pytest.mark.parametrize("points", [-0.5, 10.01, math.nan, math.inf])
def test_points_that_are_none_or_more_than_there_are_are_refused(book: Gradebook, points: float) -> None:
    ask(book, work())
    with pytest.raises(GradebookError, match=r"^say-after: .+ points cannot be given; give 0 to 10$"):
        put(book, points)
    assert held(book) == {}


@pytest.mark.parametrize("points", [0.0, 10.0, 2.5])
def test_all_points_that_there_are_can_be_given(book: Gradebook, points: float) -> None:
    ask(book, work())
    put(book, points)
    assert held(book)[("ann", "say-after")].points == points


def test_scores_of_others_and_for_others_are_others(book: Gradebook) -> None:
    ask(book, work("ann"), work("bob"))
    put(book, 3.0)
    with reading(book) as connection:
        assert scores_by_hand(connection, ["two-downloads"]) == {}
        assert scores_of(connection, "bob", "say-after") == []


def test_a_score_follows_its_learner_to_another_id_once(book: Gradebook) -> None:
    ask(book, work("4711"), work("ada"))
    set_score(book, "4711", "say-after", ByHand(8.0, "shown", "tom", at(2)), most=10)
    assert follow(book, {"4711": "ada"}, ["say-after"]) == [Followed(("4711", "say-after"), ("ada", "say-after"))]
    with reading(book) as connection:
        assert scores_of(connection, "ada", "say-after") == [ByHand(8.0, "shown (set for 4711)", "tom", at(2), 10.0)]
        assert scores_of(connection, "4711", "say-after") == [ByHand(8.0, "shown", "tom", at(2), 10.0)]
    assert follow(book, {"4711": "ada"}, ["say-after"]) == []


@pytest.mark.parametrize("later", [3.0, None])
def test_it_does_not_follow_where_one_was_set_or_taken_back(book: Gradebook, later: float | None) -> None:
    ask(book, work("4711"), work("ada"))
    set_score(book, "4711", "say-after", ByHand(8.0, "shown", "tom", at(2)), most=10)
    set_score(book, "ada", "say-after", ByHand(3.0, "seen", "tom", at(3)), most=10)
    if later is None:
        set_score(book, "ada", "say-after", ByHand(None, "", "tom", at(4)), most=10)
    assert follow(book, {"4711": "ada"}, ["say-after"]) == []


def test_a_score_that_was_taken_back_and_one_of_somebody_unknown_stay(book: Gradebook) -> None:
    ask(book, work("4711"), work("4712"), work("ada"))
    for learner, points in (("4711", 8.0), ("4711", None), ("4712", 5.0)):
        set_score(book, learner, "say-after", ByHand(points, "", "tom", at(2)), most=10)
    assert follow(book, {"4711": "ada", "4712": "who-is-not-here"}, ["say-after"]) == []


def test_what_was_set_last_holds_whichever_of_the_ids_it_was_set_for(book: Gradebook) -> None:
    ask(book, work("4711"), work("ada"), work("ann"))
    there, back = {"4711": "ada"}, {"ada": "4711"}
    places = {who: (who, "say-after") for who in ("4711", "ada")}

    def holds(learner: str) -> float | None:
        one = held(book).get(places[learner])
        return None if one is None else one.points

    def set_(learner: str, points: float | None) -> None:
        set_score(book, learner, "say-after", ByHand(points, "", "tom", at(2)), most=10)

    set_("4711", 8.0)
    assert len(follow(book, there, ["say-after"])) == 1
    assert follow(book, back, ["say-after"]) == []  # who has the old id again has the same score there
    set_("ada", 9.0)
    assert follow(book, there, ["say-after"]) == []
    assert follow(book, back, ["say-after"]) == [Followed(places["ada"], places["4711"])]
    assert (holds("4711"), holds("ada")) == (9.0, 9.0)
    assert follow(book, there, ["say-after"]) == []
    set_("4711", None)
    assert follow(book, there, ["say-after"]) == [Followed(places["4711"], places["ada"], back=True)]
    assert (holds("4711"), holds("ada")) == (None, None)
    assert follow(book, back, ["say-after"]) == follow(book, there, ["say-after"]) == []


def test_of_two_ids_of_before_the_score_that_was_set_last_follows(book: Gradebook) -> None:
    ask(book, work("4711"), work("4712"), work("ada"))
    for learner, points in (("4712", 8.0), ("4711", 5.0)):
        set_score(book, learner, "say-after", ByHand(points, "", "tom", at(2)), most=10)
    assert [one.before[0] for one in follow(book, {"4711": "ada", "4712": "ada"}, ["say-after"])] == ["4711"]
    assert follow(book, {"4711": "ada", "4712": "ada"}, ["say-after"]) == []
