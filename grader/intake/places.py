"""Where the files of a course lie in what a learner hands in, by the pattern of `submissions.files` in course.yaml.

A file is an exercise's by its way in its learner's folder, and by nothing else: what lies elsewhere is not guessed to be it.
Beside the pattern's there is one more place, in the folder of the exercise as the course hands it out.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from grader.course.model import Course, Exercise

_ALIKE = 0.85  # of names: "0 main" is not like "0 wait"
_FIELD = re.compile(r"\{(within|module)\}")


@dataclass(frozen=True, slots=True)
class Place:
    """`pattern` is the exercise's own, with its names in it. `shallow` has no folders in place of `**`.

    `handed_out`: the names of the folder that the exercises are handed out in, of its own there, and of its file.
    """

    slug: str
    pattern: str
    name: str
    whole: re.Pattern[str]
    shallow: re.Pattern[str]
    handed_out: tuple[str, str, str]

    def lies_as_handed_out(self, way: str) -> bool:
        """Whether a file there lies in the exercise's folder as that is handed out, whatever is above it."""
        *_, folder, name = ["", *way.split("/")]
        return (folder.lower(), name) == (self.handed_out[1].lower(), self.handed_out[2])


@dataclass(frozen=True, slots=True)
class Places:
    """All of a course, by their exercises' slugs."""

    by_slug: Mapping[str, Place]

    def exercise(self, way: str) -> str | None:
        """Whose file lies at `way`, its path in the learner's folder; None if no exercise's does.

        Where that is so of more than one (`*bus` and `*night_bus`), it is the one in whose folder it lies as that is handed
        out, else the one whose pattern says the most. By none it is the one in whose folder it lies so,
        `06_readings/0-readings.py`.
        """
        found = [place for place in self.by_slug.values() if place.whole.fullmatch(way)]
        here = [place for place in self.by_slug.values() if place.lies_as_handed_out(way)]
        asked = [place for place in found if place in here] or found or here
        return max(asked, key=lambda place: len(place.pattern)).slug if asked else None

    def of_folder(self, way: str) -> str | None:
        """The exercise in whose folder a file lies as that is handed out, whatever the file is called."""
        folder = way.rpartition("/")[0].rpartition("/")[2].lower()
        return next((place.slug for place in self.by_slug.values() if place.handed_out[1].lower() == folder), None)

    def fits(self, slug: str, way: str) -> bool:
        """Whether the exercise's file lies there by the pattern."""
        return self.by_slug[slug].whole.fullmatch(way) is not None

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
        handed_out = {"/".join(place.handed_out[at:]) for place in self.by_slug.values() for at in (0, 1)}
        return any(
            way in handed_out or any(place.shallow.fullmatch(way) for place in self.by_slug.values()) for way in ways
        )


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
    called = name.translate(_STARS)
    own = Path(exercise.folder)
    handed_out = own.parent.name, own.name, f"{exercise.module}.py"
    return Place(exercise.slug, told, called, _compiled(folders, name), _compiled(near, name), handed_out)


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
