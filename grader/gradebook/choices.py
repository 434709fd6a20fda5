"""Which of several attempts earlier runs were told to count, so that an option that is left out once changes no points unheard.

What counts is said by the run alone; what is kept here is only told.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, insert, select

from grader.course.model import Exercise
from grader.gradebook.counting import as_said
from grader.gradebook.lateness import rules_of
from grader.gradebook.moments import written
from grader.gradebook.opening import Gradebook, reading, writing
from grader.gradebook.tables import choices, submissions

_NOTHING: Mapping[str, str] = {}


def left_out(
    connection: Connection, exercises: Iterable[Exercise], was: Mapping[str, str] = _NOTHING
) -> dict[str, list[str]]:
    """By what was named last, the exercises in which some other attempt may count without it: somebody has several, and the
    policy says otherwise. `was` has what exercises are called now.
    """
    before = _named(connection, was)
    columns = submissions.c
    several = set(connection.execute(select(columns.exercise).where(columns.attempt > 1).distinct()).scalars())
    found: dict[str, list[str]] = {}
    for one in exercises:
        said, rules = before.get(one.slug), rules_of(one.policy)
        if said is not None and one.slug in several and as_said(rules, said) != rules:
            found.setdefault(said, []).append(one.slug)
    return found


def keep_choice(book: Gradebook, slugs: Sequence[str], said: str, now: datetime) -> None:
    """Writes down that a run was told so."""
    with reading(book) as connection:
        if not _changed(connection, slugs, said):
            return
    with writing(book, "choices") as connection:
        rows = [{"exercise": slug, "said": said, "given": written(now)} for slug in _changed(connection, slugs, said)]
        if rows:
            connection.execute(insert(choices), rows)


def _changed(connection: Connection, slugs: Sequence[str], said: str) -> list[str]:
    before = _named(connection)
    return [slug for slug in slugs if before.get(slug) != said]


def _named(connection: Connection, was: Mapping[str, str] = _NOTHING) -> dict[str, str]:
    """The last of each exercise."""
    query = select(choices.c.exercise, choices.c.said).order_by(choices.c.id)
    return {was.get(exercise, exercise): said for exercise, said in connection.execute(query)}
