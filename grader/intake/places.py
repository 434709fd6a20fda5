"""Where the files of a course lie in what a learner hands in: by the pattern of `submissions.files` in course.yaml, or where
the exercise's stub is handed out.

A file is an exercise's by its way in its learner's folder, and by nothing else: what lies elsewhere is not guessed to be it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from grader.course.model import Course, Exercise
from grader.intake.kinds import DEFINITIONS

_ALIKE = 0.85  # of names: "0 main" is not like "0 wait"
_FIELD = re.compile(r"\{(within|module)\}")


@dataclass(frozen=True, slots=True)
class Place:
    """`pattern` is the exercise's own, with its names in it. `stub` finds what lies where the stub is handed out,
    `exercises/09_how_often/3-how_often.py`, whatever is above that folder. `shallow` have no folders in place of `**`."""

    slug: str
    pattern: str
    name: str
    whole: re.Pattern[str]
    stub: re.Pattern[str]
    shallow: tuple[re.Pattern[str], ...]


@dataclass(frozen=True, slots=True)
class Places:
    """All of a course, by their exercises' slugs."""

    by_slug: Mapping[str, Place]

    def exercise(self, way: str) -> str | None:
        """Whose file lies at `way`, its path in the learner's folder; None if no exercise's does.

        Where that is so of more than one (`*bus` and `*night_bus`), it is whose stub is there, or whose pattern says more.
        """
        found = [place for place in self.by_slug.values() if place.whole.fullmatch(way)]
        stubs = [place for place in self.by_slug.values() if place.stub.fullmatch(way)]
        asked = [place for place in found if place in stubs] or found or stubs
        return max(asked, key=lambda place: len(place.pattern)).slug if asked else None

    def is_as_handed_out(self, slug: str, way: str) -> bool:
        """Whether what lies there is this exercise's for no other reason than that its stub is handed out there."""
        place = self.by_slug[slug]
        return place.stub.fullmatch(way) is not None and place.whole.fullmatch(way) is None

    def elsewhere(self, way: str) -> tuple[Place, ...]:
        """The exercises whose files have this name, and should lie in another folder."""
        name = way.rpartition("/")[2]
        return tuple(place for place in self.by_slug.values() if place.name == name)

    def near(self, way: str) -> tuple[Place, ...]:
        """The exercises of whose files one was most likely meant, where the name is not quite right: another case, another
        sign between words, a copy's number, a letter too few. Where one would lie in this folder, no other is."""
        above, slash, name = way.rpartition("/")
        here = [place for place in self.by_slug.values() if place.whole.fullmatch(f"{above}{slash}{place.name}")]
        said = _spoken(name)
        for places in (here, self.by_slug.values()):
            alike = tuple(place for place in places if said and _spoken(place.name) == said)
            if alike:
                return alike
        return _most_like(said, here)

    def is_own(self, ways: Iterable[str]) -> bool:
        """Whether these are the ways in one learner's folder: an exercise's file lies as near the top as it may."""
        return any(near.fullmatch(way) for way in ways for place in self.by_slug.values() for near in place.shallow)


def places_of(course: Course, exercises: Iterable[Exercise] | None = None) -> Places | None:
    """Of these exercises, or all. None where the course says nothing: then a file is named after its exercise."""
    said = course.file.submissions.files if course.file.submissions else None
    if said is None and not any(exercise.is_adopted for exercise in course.exercises):
        return None
    asked = course.exercises if exercises is None else exercises
    return Places({exercise.slug: _place(exercise, said) for exercise in asked})


def _spoken(name: str) -> str:
    """A file's name as one would say it: `3-Fetch all (1).PY` and `3-fetch_all.py` are one."""
    plain = name.lower().removesuffix(".txt").removesuffix(".py")
    plain = re.sub(r"[\s_-]*(\(\d+\)|copy)$", "", plain)
    return re.sub(r"[\s_.-]+", " ", plain).strip()


def _most_like(said: str, places: Iterable[Place]) -> tuple[Place, ...]:
    from difflib import get_close_matches

    by_name = {_spoken(place.name): place for place in places}
    found = get_close_matches(said, by_name, 1, _ALIKE) if said else []
    return (by_name[found[0]],) if found else ()


def _place(exercise: Exercise, said: str | None) -> Place:
    within = exercise.file.within
    pattern = said or ("**/{within}/{module}.py" if within else "**/{module}.py")
    names = {"within": _literal(within) if within else "*", "module": _literal(exercise.module)}
    filled = _FIELD.sub(lambda field: names[field[1]], pattern).strip("/")
    *folders, name = filled.split("/") if "/" in filled else ["**", filled]
    told = "/".join([*folders, name]).translate(_STARS)
    near = [folder for folder in folders if folder != "**"]
    own, stub = _literal(Path(exercise.folder).name), _literal(f"{exercise.module}.py")
    shallow = _compiled(near, name), _compiled([own], stub), _compiled([DEFINITIONS, own], stub)
    whole, handed_out = _compiled(folders, name), _compiled(["**", own], stub)
    return Place(exercise.slug, told, name.translate(_STARS), whole, handed_out, shallow)


# in a name these are themselves, in the pattern they stand for others
_STARS = {0xE000: "*", 0xE001: "?"}


def _literal(name: str) -> str:
    return name.replace("*", "\ue000").replace("?", "\ue001")


def _compiled(folders: Iterable[str], name: str) -> re.Pattern[str]:
    """As gitignore has it: `*` within a folder's name, `**` for any folders. The case of folders makes no difference."""
    ways = ("(?:[^/]+/)*" if folder == "**" else f"{_translated(folder)}/" for folder in folders)
    return re.compile(f"(?i:{''.join(ways)}){_translated(name)}", re.DOTALL)


def _translated(text: str) -> str:
    pieces = (
        ("[^/]*" if piece[0] == "*" else "[^/]") if piece[0] in "*?" else _escaped(piece) for piece in _split(text)
    )
    return "".join(pieces)


def _split(text: str) -> Iterator[str]:
    return (piece for piece in re.split(r"(\*+|\?)", text) if piece)


def _escaped(text: str) -> str:
    return re.escape(text.translate(_STARS))
