"""Who of the roster a platform's person is: by their ids first, else by their name; one, or nobody and the reason.

Nobody is guessed: a name that two have, or ids that two share, join with neither.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from grader.intake.layouts.base import Person
from grader.intake.model import Learner
from grader.intake.roster import Enrolled, Roster, mashed
from grader.names import alike, turned

Index = dict[str, dict[str, None]]


@dataclass(frozen=True, slots=True)
class Joined:
    """The learners that a person is (of a group, all), or why it is none."""

    learners: tuple[Learner, ...]
    reason: str = ""


class Joiner:
    """A roster with its indices, so that ten thousand persons take ten thousand steps.

    `people` are all who handed in: a name that two of them have is nobody's.
    """

    def __init__(self, roster: Roster, people: Iterable[Person]) -> None:
        self._roster = roster
        self._ids, self._names, self._mashed, self._groups = _indices(roster.enrolled.values())
        self._called: dict[str, set[str]] = defaultdict(set)
        for person in people:
            self._called[_plain(person.name)].add(person.key)

    def join(self, person: Person) -> Joined:
        ids = dict.fromkeys(at for id in person.ids for at in self._ids.get(alike(id), ()))
        if len(ids) > 1:
            return Joined((), f"several in the roster have its ids: {self._told(ids)}")
        if ids:
            return self._one(ids)
        names = self._named(person)
        if len(names) > 1:
            return Joined((), f"several in the roster are called {person.name!r}: {self._told(names)}")
        if names and len(self._called[_plain(person.name)]) > 1:
            return Joined(
                (), f"several who handed in are called {person.name!r}, and the roster does not know their ids"
            )
        return self._one(names) if names else self._group(person)

    def _named(self, person: Person) -> dict[str, None]:
        if not person.name:
            return {}
        found = self._names.get(alike(person.name)) or self._names.get(_plain(person.name)) or {}
        return found or (self._mashed.get(alike(person.mashed)) or {} if person.mashed else {})

    def _group(self, person: Person) -> Joined:
        members = self._groups.get(alike(person.name)) if person.maybe_group else None
        if members:
            return Joined(tuple(self._roster.enrolled[id].learner for id in members))
        told = " ".join(filter(None, (person.name or person.key, f"({', '.join(person.ids)})" if person.ids else "")))
        return Joined((), f"nobody in the roster is {told}")

    def _one(self, ids: Iterable[str]) -> Joined:
        [id] = ids
        return Joined((self._roster.enrolled[id].learner,))

    def _told(self, ids: Iterable[str]) -> str:
        return ", ".join(f"{id} in line {self._roster.enrolled[id].line}" for id in ids)


def _plain(name: str) -> str:
    """Equal for a name in both orders."""
    return alike(turned(name) or name)


def _indices(enrolled: Iterable[Enrolled]) -> tuple[Index, Index, Index, Index]:
    ids, names, mash, groups = (defaultdict[str, dict[str, None]](dict) for _ in range(4))
    for one in enrolled:
        id = one.learner.id
        for value in one.ids:
            ids[alike(value)][id] = None
        for name in one.names:
            names[alike(name)][id] = None
            for form in mashed(name):
                mash[form][id] = None
        if one.learner.section:
            groups[alike(one.learner.section)][id] = None
    return ids, names, mash, groups
