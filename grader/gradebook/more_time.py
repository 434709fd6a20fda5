"""Who had more time in the runs before, so that a list of extensions that is left out once is no silent loss of points.

Which extensions count is said by the run alone; what is kept here is only told.
"""

from collections.abc import Container, Iterable, Mapping
from datetime import datetime

from sqlalchemy import Connection, insert, select

from grader.course.due import shown
from grader.gradebook.extensions import Extensions
from grader.gradebook.lateness import Extension, number
from grader.gradebook.moments import written
from grader.gradebook.opening import Gradebook, reading, writing
from grader.gradebook.rows import learners_of
from grader.gradebook.tables import extensions, learners

Place = tuple[str, str]  # a learner, and what it is for: an exercise, a unit, or all of it ("")
_NOBODY: Mapping[str, str] = {}


def had_before(
    connection: Connection, people: Iterable[str], former: Mapping[str, str] = _NOBODY, was: Mapping[str, str] = _NOBODY
) -> dict[Place, str]:
    """What these people had in the last run that named it, in words. `former`: who ids of before are; `was`: how exercises of
    before are called.
    """
    query = (
        select(learners.c.name, extensions.c.exercise, extensions.c.said)
        .join(learners, learners.c.id == extensions.c.learner_id)
        .order_by(extensions.c.id)
    )
    held: dict[Place, str | None] = {}
    for learner, what, said in connection.execute(query):
        held[(former.get(learner, learner), was.get(what, what))] = said
    these = set(people)
    return {place: said for place, said in held.items() if said is not None and place[0] in these}


def missed(
    book: Gradebook,
    more: Extensions | None,
    people: Iterable[str],
    about: Container[str],
    now: datetime,
    former: Mapping[str, str] = _NOBODY,
    was: Mapping[str, str] = _NOBODY,
) -> dict[Place, str]:
    """What these people had before and do not have now, in words, of what it is `about`. `more` is by ids.

    What they have is written down; where there is no list at all, nothing is, so that it is missed until there is one.
    """
    people = set(people)
    with reading(book) as connection:
        before = had_before(connection, people, former, was)
    have = {place: _said(one) for place, one in more.given.items() if place[0] in people} if more else {}
    lost = {place: said for place, said in before.items() if place not in have and place[1] in about}
    changed = {place: said for place, said in have.items() if before.get(place) != said}
    rows: dict[Place, str | None] = {**changed, **dict.fromkeys(lost)}
    if more is not None and rows:
        with writing(book, "extensions") as connection:
            ids = learners_of(connection, {learner for learner, _ in rows})
            values = [
                {"learner_id": ids[learner], "exercise": what, "said": said, "given": written(now)}
                for (learner, what), said in rows.items()
            ]
            connection.execute(insert(extensions), values)
    return lost


def _said(extension: Extension) -> str:
    if extension.due is not None:
        return f"until {shown(extension.due)}"
    what, much = ("day", float(extension.days)) if extension.days else ("hour", extension.hours)
    return f"{number(much)} {what}{'s' if much != 1 else ''}"
