"""Who an id was last told to be: a name and an address beside it, so that an id which is somebody else's now is seen."""

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, or_, select, update

from grader.gradebook.opening import Gradebook, reading, writing
from grader.gradebook.rows import learners_of
from grader.gradebook.tables import learners, scores, submissions
from grader.names import alike


@dataclass(frozen=True, slots=True)
class Called:
    """A learner's name and address; what is not known is empty."""

    name: str = ""
    email: str = ""

    def __str__(self) -> str:
        return " ".join(filter(None, (self.name, f"<{self.email}>" if self.email else "")))


@dataclass(frozen=True, slots=True)
class Changed:
    """An id that is somebody else's: who had it, who has it now, and the id of now of who had it."""

    id: str
    before: Called
    now: Called
    elsewhere: str


def changed_hands(connection: Connection, now: Mapping[str, Called]) -> list[Changed]:
    """Ids with work or scores whose name and address are all others than those that were told last, which are another
    learner's in `now`. A mere correction is none.
    """
    by_name, found = _by_name(now), list[Changed]()
    for id, before in _with_something(connection):
        if id in now and _others(before, now[id]):
            known = {other for key in _keys(before) for other in by_name.get(key, ())}
            who = sorted(other for other in known if other != id and _is(before, now[other]))
            found += [Changed(id, before, now[id], who[0])] if who else []
    return found


def never_told(connection: Connection, ids: Container[str]) -> list[str]:
    """Of these ids, those with work or scores of which nobody ever told whose they are; a folder's name tells nothing more."""
    return [id for id, one in _with_something(connection) if id in ids and one in (Called(), Called(id))]


def _with_something(connection: Connection) -> Iterator[tuple[str, Called]]:
    """Who has work or scores, in the order of their ids."""
    theirs = select(submissions.c.id).where(submissions.c.learner_id == learners.c.id).exists()
    by_hand = select(scores.c.id).where(scores.c.learner_id == learners.c.id).exists()
    query = select(learners.c.name, learners.c.called, learners.c.email).where(or_(theirs, by_hand))
    for id, name, email in connection.execute(query.order_by(learners.c.name)):
        yield id, Called(name or "", email or "")


def told(connection: Connection) -> dict[str, Called]:
    """Who each id was last told to be."""
    query = select(learners.c.name, learners.c.called, learners.c.email)
    return {id: Called(name or "", email or "") for id, name, email in connection.execute(query)}


def keep(book: Gradebook, now: Mapping[str, Called]) -> None:
    """Writes down who each id is told to be; what is not told now stays, unless the id is somebody else's."""
    with reading(book) as connection:
        if not _to_keep(connection, now):
            return
    with writing(book) as connection:
        learners_of(connection, now)
        changing = update(learners).where(learners.c.name == bindparam("who"))
        values = [{"who": id, "called": one.name, "email": one.email} for id, one in _to_keep(connection, now).items()]
        if values:
            connection.execute(changing, values)


def called_so(said: str, known: Mapping[str, Called]) -> list[str]:
    """The ids of those who have that name or that address, whatever its case."""
    wanted = alike(said)
    return sorted(id for id, one in known.items() if wanted in {key for _, key in _keys(one)})


def _to_keep(connection: Connection, now: Mapping[str, Called]) -> dict[str, Called]:
    kept, found = told(connection), dict[str, Called]()
    for id, said in now.items():
        before = kept.get(id, Called())
        one = said if _others(before, said) else Called(said.name or before.name, said.email or before.email)
        if one != before:
            found[id] = one
    return found


def _pairs(one: Called, other: Called) -> list[bool]:
    """Whether they agree in the name and in the address, as far as both are known."""
    both = ((one.name, other.name), (one.email, other.email))
    return [alike(a) == alike(b) for a, b in both if a and b]


def _others(one: Called, other: Called) -> bool:
    pairs = _pairs(one, other)
    return bool(pairs) and not any(pairs)


def _is(one: Called, other: Called) -> bool:
    pairs = _pairs(one, other)
    return bool(pairs) and all(pairs)


def _keys(one: Called) -> set[tuple[str, str]]:
    return {(kind, alike(said)) for kind, said in (("name", one.name), ("email", one.email)) if said}


def _by_name(now: Mapping[str, Called]) -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = {}
    for id, one in now.items():
        for key in _keys(one):
            found.setdefault(key, []).append(id)
    return found
