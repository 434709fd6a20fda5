"""Scores that a person set: they stand above every verdict, also those to come, until they are taken back."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from grader.gradebook.moments import read, written
from grader.gradebook.opening import Gradebook, GradebookError, reading, writing
from grader.gradebook.rows import learner_ids
from grader.gradebook.tables import learners, scores

Place = tuple[str, str]  # a learner's name, and an exercise
_NOBODY: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class ByHand:
    """A score with its reason. In a history, `points` None took the one before it back.

    `max_points`: how many the exercise had then; None where that is not known.
    """

    points: float | None
    comment: str
    set_by: str
    set_at: datetime
    max_points: float | None = None


def set_score(book: Gradebook, learner: str, exercise: str, score: ByHand, *, most: float) -> None:
    """`most`: the points that the exercise has, which are written down beside it: they may be others one day.

    Raises GradebookError for points that are none or more than there are.
    """
    if score.points is not None:
        insist_on_points(exercise, score.points, most)
    with writing(book, f"score/{learner}") as connection:
        row = {
            "learner_id": learner_ids(connection)[learner],
            "exercise": exercise,
            "points": score.points,
            "max_points": most if score.points is not None else None,
            "comment": score.comment,
            "set_by": score.set_by,
            "set_at": written(score.set_at),
        }
        connection.execute(insert(scores), row)


def insist_on_points(exercise: str, points: float, most: float) -> None:
    """Raises GradebookError for points that are none or more than there are."""
    if not (math.isfinite(points) and 0 <= points <= most):
        raise GradebookError(f"{exercise}: {points:g} points cannot be given; give 0 to {most:g}")


def scores_by_hand(connection: Connection, exercises: Sequence[str]) -> dict[tuple[str, str], ByHand]:
    """Those that hold, by learner and exercise."""
    last = {place: score for place, score in _rows(connection, exercises)}
    return {place: score for place, score in last.items() if score.points is not None}


@dataclass(frozen=True, slots=True)
class Followed:
    """A score that counts at another place now; with `back`, that it was taken back."""

    before: Place
    now: Place
    back: bool = False


def follow(book: Gradebook, former: Mapping[str, str], exercises: Sequence[str]) -> list[Followed]:
    """Scores of learners who have another id now are set for that one too, unless one was set there since.

    `former` has who they are now. What was set last holds, whichever of the ids it was set for, also that it was taken back.
    """
    return _follow(book, exercises, lambda place: (former[place[0]], place[1]) if place[0] in former else None, 0)


def follow_exercises(book: Gradebook, was: Mapping[str, str]) -> list[Followed]:
    """The same for exercises: `was` has how they are called now."""
    return _follow(book, [*was, *was.values()], lambda place: (place[0], was[place[1]]) if place[1] in was else None, 1)


_Move = Callable[[Place], Place | None]


def _follow(book: Gradebook, exercises: Sequence[str], move: _Move, named: int) -> list[Followed]:
    """`named`: which of the two is another now, and is named in the comment."""
    with reading(book) as connection:
        if not _to_follow(connection, exercises, move):
            return []
    with writing(book, "follow") as connection:
        ids = learner_ids(connection)
        followed = _to_follow(connection, exercises, move)
        held = _last_rows(connection, exercises)
        again = copies(connection)  # their comment says already where they were set
        rows = [
            {
                "learner_id": ids[now[0]],
                "exercise": now[1],
                "points": score.points,
                "max_points": score.max_points,
                "comment": score.comment if id in again else f"{score.comment} (set for {before[named]})",
                "set_by": score.set_by,
                "set_at": written(score.set_at),
                "follows": id,
            }
            for before, (now, score) in followed.items()
            for id in (held[before],)
        ]
        if rows:
            connection.execute(insert(scores), rows)
    return [Followed(before, now, score.points is None) for before, (now, score) in followed.items()]


def _to_follow(connection: Connection, exercises: Sequence[str], move: _Move) -> dict[Place, tuple[Place, ByHand]]:
    """By the place of before, the one of now and what was set; of several places that are one now, the last that was set."""
    known, score = learner_ids(connection), dict(_rows(connection, exercises))
    last, origins = _last_rows(connection, exercises), copies(connection)
    newest: dict[Place, Place] = {}
    for before, id in sorted(last.items(), key=lambda each: each[1]):
        now = move(before)
        if now is None or now[0] not in known or id < last.get(now, 0) or _is_copy(id, last.get(now), origins):
            continue
        if score[before].points is not None or (now in score and score[now].points is not None):
            newest[now] = before
    return {before: (now, score[before]) for now, before in newest.items()}


def _is_copy(row: int, of: int | None, origins: Mapping[int, int]) -> bool:
    """Whether a row is a copy of another one, or of a copy of it."""
    at: int | None = row
    while at is not None and at != of:
        at = origins.get(at)
    return at is not None


def copies(connection: Connection) -> dict[int, int]:
    """Of scores that followed to another name, by their rows, the rows of before."""
    columns = scores.c
    query = select(columns.id, columns.follows).where(columns.follows.is_not(None))
    return {id: before for id, before in connection.execute(query)}


def followed_scores(
    connection: Connection, exercises: Sequence[str], former: Mapping[str, str] = _NOBODY
) -> set[Place]:
    """Where the last row has followed to another name, or something was set since for whom `former` says that it is now."""
    gone, last = set(copies(connection).values()), _last_rows(connection, exercises)
    return {
        (who, what)
        for (who, what), id in last.items()
        if id in gone or (who in former and last.get((former[who], what), 0) > id)
    }


def _last_rows(connection: Connection, exercises: Sequence[str]) -> dict[Place, int]:
    columns = scores.c
    query = (
        select(learners.c.name, columns.exercise, columns.id)
        .join(learners, learners.c.id == columns.learner_id)
        .where(columns.exercise.in_(list(exercises)))
        .order_by(columns.id)
    )
    return {(learner, exercise): id for learner, exercise, id in connection.execute(query)}


def scores_of(connection: Connection, learner: str, exercise: str) -> list[ByHand]:
    """All that were ever set, and taken back, in their order."""
    return [score for place, score in _rows(connection, [exercise]) if place == (learner, exercise)]


def _rows(connection: Connection, exercises: Sequence[str]) -> list[tuple[tuple[str, str], ByHand]]:
    columns = scores.c
    query = (
        select(
            learners.c.name,
            columns.exercise,
            columns.points,
            columns.comment,
            columns.set_by,
            columns.set_at,
            columns.max_points,
        )
        .join(learners, learners.c.id == columns.learner_id)
        .where(columns.exercise.in_(list(exercises)))
        .order_by(columns.id)
    )
    return [
        ((learner, exercise), ByHand(points, comment, by, read(at), most))
        for learner, exercise, points, comment, by, at, most in connection.execute(query)
    ]
