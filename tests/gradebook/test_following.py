"""Attempts follow a learner to another id, and an exercise to another slug: once, in their order, with their verdicts."""

from dataclasses import replace

import pytest
from sqlalchemy import update

from grader.gradebook.by_hand import ByHand, Followed, follow_exercises, scores_of, set_score
from grader.gradebook.following import (
    Gone,
    exercises_follow,
    gone_exercises,
    handed_in_by_others,
    learners_follow,
    present_ids,
)
from grader.gradebook.history import history
from grader.gradebook.moments import written
from grader.gradebook.opening import Gradebook, reading, writing
from grader.gradebook.tables import submissions
from grader.gradebook.trail import Trail
from grader.gradebook.work import Work
from tests.gradebook.content import ask, at, give_points, points, rows, work


def attempts(book: Gradebook, learner: str, exercise: str = "say-after") -> list[tuple[int, str]]:
    with reading(book) as connection:
        return [(one.attempt, one.sha256) for one in history(connection, learner, exercise).handed_in]


def of(exercise: str, one: Work) -> Work:
    return replace(one, exercise=exercise)


def timed(learner: str, hour: float) -> Work:
    """The same file of the same download, whoever it is now said to be of."""
    return replace(work(learner, "a", at(hour)), file="4711/say_after.py")


def test_attempts_follow_a_learner_to_another_id_with_all_their_verdicts(book: Gradebook) -> None:
    give_points(book, 3.0, work("s1", "a"))
    give_points(book, 5.0, work("s1", "a"), course="c2")
    give_points(book, 9.0, work("s1", "b"), hour=2)
    assert learners_follow(book, {"s1": "stud1", "who": "is-not-here"}) == {"s1": ("stud1", 2)}
    assert points(book) == [("s1", 1, 5.0), ("s1", 2, 9.0), ("stud1", 1, 5.0), ("stud1", 2, 9.0)]
    with reading(book) as connection:
        was, now = (history(connection, name, "say-after") for name in ("s1", "stud1"))
    assert now == was
    assert [one.counts for one in now.graded] == [False, True, True]


def test_they_follow_once_and_what_is_new_follows_later(book: Gradebook) -> None:
    ask(book, work("s1", "a"))
    assert learners_follow(book, {"s1": "stud1"}) == {"s1": ("stud1", 1)}
    assert learners_follow(book, {"s1": "stud1"}) == {}
    ask(book, work("s1", "b"), hour=1)
    assert learners_follow(book, {"s1": "stud1"}) == {"s1": ("stud1", 1)}
    assert attempts(book, "stud1") == [(1, "a"), (2, "b")]


def test_who_has_the_old_id_again_has_the_same_attempts_and_no_more(book: Gradebook) -> None:
    ask(book, work("s1", "a"))
    for former in ({"s1": "stud1"}, {"stud1": "s1"}, {"s1": "stud1"}, {"stud1": "s1"}):
        learners_follow(book, former)
    assert attempts(book, "s1") == attempts(book, "stud1") == [(1, "a")]


def test_a_trail_that_comes_back_has_an_end() -> None:
    there, back = (2, "say-after"), (1, "say-after")
    assert list(Trail({1: [(there, 2)], 2: [(back, 1)]}).of(1)) == [(there, 2)]


def test_what_was_handed_in_under_both_ids_is_one_attempt_met_as_early_as_the_first(book: Gradebook) -> None:
    for hour, content in enumerate("ab"):
        ask(book, work("s1", content), hour=hour)
    ask(book, work("stud1", "a"), hour=5)  # an old download, graded with the roster of now
    assert learners_follow(book, {"s1": "stud1"}) == {"s1": ("stud1", 1)}
    assert attempts(book, "stud1") == [(1, "a"), (2, "b")]


def test_the_time_and_the_platforms_mark_of_before_stay_known_where_the_same_file_came_again_without(
    book: Gradebook,
) -> None:
    ask(book, replace(work("s1", "a", at(1)), late=True), hour=4)
    ask(book, work("stud1", "a"), hour=5)
    assert learners_follow(book, {"s1": "stud1"}) == {}
    with reading(book) as connection:
        [one] = history(connection, "stud1", "say-after").handed_in
    assert (one.submitted, one.seen, one.late) == (at(1), at(4), True)


def test_of_two_attempts_of_one_content_it_is_the_one_of_that_time(book: Gradebook) -> None:
    ask(book, work("stud1", "a"), hour=5)
    ask(book, work("stud1", "b"), hour=6)
    ask(book, work("stud1", "a"), hour=7, anew=True)
    with writing(book) as connection:  # the last one has a time, as of a download of another platform
        third = submissions.c.attempt == 3
        connection.execute(update(submissions).where(third).values(submitted=written(at(1))))
    ask(book, work("s1", "a", at(1)), hour=8)
    assert learners_follow(book, {"s1": "stud1"}) == {}
    with reading(book) as connection:
        assert [one.submitted for one in history(connection, "stud1", "say-after").handed_in] == [at(1), None, None]


def test_times_of_submission_come_along_and_tell_attempts_of_one_content_apart(book: Gradebook) -> None:
    ask(book, work("s1", "a", at(1)), work("s1", "a", at(3)), hour=4)
    ask(book, work("stud1", "a", at(2)), work("stud1", "a", at(3)), hour=5)
    assert learners_follow(book, {"s1": "stud1"}) == {"s1": ("stud1", 1)}
    with reading(book) as connection:
        assert [one.submitted for one in history(connection, "stud1", "say-after").handed_in] == [at(1), at(2), at(3)]


def test_attempts_whose_zone_was_put_right_where_they_are_now_do_not_come_again(book: Gradebook) -> None:
    ask(book, timed("s1", 1))
    assert learners_follow(book, {"s1": "stud1"}) == {"s1": ("stud1", 1)}
    ask(book, timed("stud1", 7), hour=9)
    assert learners_follow(book, {"s1": "stud1"}) == {}
    ask(book, timed("stud1", 7), hour=9)
    with reading(book) as connection:
        assert [one.submitted for one in history(connection, "stud1", "say-after").handed_in] == [at(7)]
    assert rows(book, "followed") == 1


def test_what_was_there_already_does_not_come_when_its_zone_is_put_right(book: Gradebook) -> None:
    for learner in ("s1", "stud1"):
        ask(book, timed(learner, 1))
    assert learners_follow(book, {"s1": "stud1"}) == {}
    ask(book, timed("stud1", 7), hour=9)
    assert learners_follow(book, {"s1": "stud1"}) == {}
    assert attempts(book, "stud1") == [(1, "a")]


def test_attempts_of_an_exercise_whose_zone_was_put_right_do_not_come_again(book: Gradebook) -> None:
    ask(book, timed("ann", 1))
    assert exercises_follow(book, {"say-after": "say-later"}) == {"say-after": ("say-later", 1)}
    ask(book, of("say-later", timed("ann", 7)), hour=9)
    assert exercises_follow(book, {"say-after": "say-later"}) == {}
    assert attempts(book, "ann", "say-later") == [(1, "a")]


@pytest.mark.parametrize("former", [["s1", "stud1"], ["stud1", "s1"], ["stud1"], ["s1"]])
def test_to_a_third_id_attempts_go_once_whichever_of_the_others_the_roster_has(
    book: Gradebook, former: list[str]
) -> None:
    ask(book, timed("s1", 1))
    learners_follow(book, {"s1": "stud1"})
    ask(book, timed("stud1", 7), hour=9)
    [(_, number)] = learners_follow(book, dict.fromkeys(former, "third")).values()
    assert (number, attempts(book, "third")) == (1, [(1, "a")])
    assert learners_follow(book, dict.fromkeys(["s1", "stud1"], "third")) == {} or former == ["s1"]


def test_two_ids_of_before_come_together_in_the_order_in_which_they_were_met(book: Gradebook) -> None:
    for hour, (learner, content) in enumerate([("s1", "a"), ("login", "b"), ("s1", "c"), ("login", "a")]):
        ask(book, work(learner, content), hour=hour)
    assert learners_follow(book, {"s1": "stud1", "login": "stud1"}) == {"login": ("stud1", 1), "s1": ("stud1", 2)}
    assert attempts(book, "stud1") == [(1, "a"), (2, "b"), (3, "c")]
    before = rows(book, "submissions")
    assert learners_follow(book, {"s1": "stud1", "login": "stud1"}) == {}
    assert rows(book, "submissions") == before


def test_attempts_follow_an_exercise_to_another_slug(book: Gradebook) -> None:
    give_points(book, 3.0, work("ann", "a"))
    give_points(book, 9.0, work("bob", "b"))
    ask(book, of("say-later", work("bob", "c")), hour=2)
    assert exercises_follow(book, {"say-after": "say-later", "never": "two-downloads"}) == {
        "say-after": ("say-later", 2)
    }
    assert exercises_follow(book, {"say-after": "say-later"}) == {}
    assert exercises_follow(book, {}) == {}
    assert attempts(book, "ann", "say-later") == [(1, "a")]
    assert attempts(book, "bob", "say-later") == [(1, "b"), (2, "c")]
    assert attempts(book, "bob") == [(1, "b")]


@pytest.mark.parametrize("there", [None, 2.0])
def test_a_score_follows_an_exercise_to_another_slug_if_none_is_there(book: Gradebook, there: float | None) -> None:
    ask(book, work())
    set_score(book, "ann", "say-after", ByHand(8.0, "shown", "tom", at(2)), most=10)
    if there is not None:
        set_score(book, "ann", "say-later", ByHand(there, "seen", "tom", at(3)), most=20)
    moved = [Followed(("ann", "say-after"), ("ann", "say-later"))] if there is None else []
    assert follow_exercises(book, {"say-after": "say-later"}) == moved
    assert follow_exercises(book, {"say-after": "say-later"}) == []
    with reading(book) as connection:
        [found] = scores_of(connection, "ann", "say-later")
    assert found == (
        ByHand(8.0, "shown (set for say-after)", "tom", at(2), 10.0)
        if there is None
        else ByHand(2.0, "seen", "tom", at(3), 20.0)
    )


def test_exercises_that_a_course_does_not_have_are_found_with_who_has_something_there(book: Gradebook) -> None:
    ask(book, work("ann"), work("bob"), of("two-downloads", work("bob")))
    set_score(book, "ann", "oral", ByHand(8.0, "shown", "tom", at(2)), most=10)
    set_score(book, "ann", "gone", ByHand(8.0, "shown", "tom", at(2)), most=10)
    set_score(book, "ann", "gone", ByHand(None, "not so", "tom", at(3)), most=10)
    with reading(book) as connection:
        assert gone_exercises(connection, {"two-downloads"}) == [Gone("oral", 0, ("ann",)), Gone("say-after", 2, ())]
        assert gone_exercises(connection, {"two-downloads"}, "bob") == [Gone("say-after", 1, ())]
        assert gone_exercises(connection, {"two-downloads", "say-after", "oral"}) == []


def test_an_exercise_that_is_renamed_twice_leaves_nothing_behind_and_its_scores_say_once_where_they_were_set(
    book: Gradebook,
) -> None:
    ask(book, work("ann"), work("bob"))
    set_score(book, "ann", "say-after", ByHand(8.0, "shown", "tom", at(2)), most=10)
    for before, now in (("say-after", "say-b"), ("say-b", "say-c")):
        assert exercises_follow(book, {before: now}) == {before: (now, 2)}
        assert [one.now for one in follow_exercises(book, {before: now})] == [("ann", now)]
    with reading(book) as connection:
        [score] = scores_of(connection, "ann", "say-c")
        assert score.comment == "shown (set for say-after)"
        assert gone_exercises(connection, {"say-c"}, left=True) == []
        assert [one.slug for one in gone_exercises(connection, {"say-c"})] == ["say-after", "say-b"]
        assert gone_exercises(connection, set(), left=True) == [Gone("say-c", 2, ("ann",))]
    ask(book, work("bob", "b"), hour=1)
    with reading(book) as connection:
        assert gone_exercises(connection, {"say-c"}, left=True) == [Gone("say-after", 1, ())]
    set_score(book, "ann", "say-after", ByHand(9.0, "seen", "tom", at(3)), most=10)
    with reading(book) as connection:
        assert gone_exercises(connection, {"say-c"}, left=True) == [Gone("say-after", 1, ("ann",))]


def test_learners_who_handed_in_and_are_not_there_are_found(book: Gradebook) -> None:
    ask(book, work("ann"), work("bob"))
    with reading(book) as connection:
        assert handed_in_by_others(connection, {"bob"}) == ["ann"]
        assert handed_in_by_others(connection, {"ann", "bob"}) == []


def test_whose_work_is_all_of_somebody_there_is_not_missed_until_there_is_more_of_it(book: Gradebook) -> None:
    ask(book, work("s1", "a"), work("s2", "a"))
    learners_follow(book, {"s1": "stud1"})
    with reading(book) as connection:
        assert handed_in_by_others(connection, {"stud1"}) == ["s2"]
        assert handed_in_by_others(connection, {"s2"}) == ["s1", "stud1"]
    ask(book, work("s1", "b"), hour=1)
    with reading(book) as connection:
        assert handed_in_by_others(connection, {"stud1"}) == ["s1", "s2"]


def test_the_present_id_is_the_last_one_and_who_has_the_old_one_again_has_none(book: Gradebook) -> None:
    def present() -> dict[str, str]:
        with reading(book) as connection:
            return present_ids(connection)

    ask(book, work("s1", "a"), work("s2", "a"))
    assert present() == {}
    for former, expected in (
        ({"s1": "x1"}, {"s1": "x1"}),
        ({"x1": "y1"}, {"s1": "y1", "x1": "y1"}),
        ({"y1": "s1"}, {}),
    ):
        learners_follow(book, former)
        assert present() == expected
