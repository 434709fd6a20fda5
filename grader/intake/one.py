"""One learner's work, as a platform hands it over for grading there: taken by the same rules as in a class that is graded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.course.model import Course, Exercise
from grader.intake.choice import wanted
from grader.intake.delivered import Found, complete
from grader.intake.kinds import module_of, stem
from grader.intake.layouts.base import Delivery, pieces
from grader.intake.model import Handed, Learner, Stray
from grader.intake.opening import Scratch
from grader.intake.places import places_of
from grader.intake.take import work_of
from grader.intake.tree import scan


@dataclass(frozen=True, slots=True)
class Taken:
    """The file of each exercise, by slug, and what was left out, with the reasons: first what has a better one beside it."""

    files: Mapping[str, Handed]
    strays: tuple[Stray, ...]

    def why_not(self, exercise: Exercise) -> str:
        """What is named as this exercise is and could not be taken, and why; empty where there is none."""
        named = (each for each in self.strays if exercise.module in _modules(each.path))
        return "; ".join(f"{each.path}: {each.reason}" for each in named)


def _modules(path: str) -> tuple[str, str]:
    """What a file may be meant to be: as it is called, and as files of exercises usually are."""
    name = stem(path.rpartition("/")[2])
    return name, module_of(name)


def take_one(folder: Path, course: Course, exercises: Sequence[Exercise], scratch: Path, *, alone: bool) -> Taken:
    """One learner's work on `exercises` of the course: all that is below `folder`.

    Where one exercise is graded `alone`, the only program will do, whatever its name.

    What is unpacked, and modules made of notebooks, go into the folder `scratch`, which is to stay until all is graded.
    """
    top, found, new = scan(folder), Found([], []), Scratch(scratch)
    delivery = complete(Delivery((), "", pieces(top.all_files()), own=top), new, found.strays)
    found.strays += top.all_refused()
    only = exercises[0] if alone and len(exercises) == 1 else None
    asked = wanted(exercises, only, places_of(course, exercises))
    every = wanted(course.exercises, None, places_of(course))
    handed = work_of({"": Learner("")}, {"": [delivery]}, asked, every, new, found.strays)
    files = {one.exercise: one for one in handed}  # before the strays are read, which it adds to
    strays = sorted(dict.fromkeys(found.strays), key=lambda stray: (not stray.known, stray.path))
    return Taken(files, tuple(strays))
