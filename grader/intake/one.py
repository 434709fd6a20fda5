"""One learner's work, as a platform hands it over for grading there: taken by the same rules as in a class that is graded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.course.model import Exercise
from grader.intake.choice import wanted
from grader.intake.delivered import Found, _complete
from grader.intake.kinds import module_of, stem
from grader.intake.layouts.base import Delivery, pieces
from grader.intake.model import Handed, Learner, Stray
from grader.intake.opening import Scratch
from grader.intake.take import _handed
from grader.intake.tree import scan


@dataclass(frozen=True, slots=True)
class Taken:
    """The file of each exercise, by slug, and what was left out, with the reasons: first what has a better one beside it."""

    files: Mapping[str, Handed]
    strays: tuple[Stray, ...]

    def why_not(self, exercise: Exercise) -> str:
        """What is named as this exercise is and could not be taken, and why; empty where there is none."""
        named = (each for each in self.strays if module_of(stem(each.path.rpartition("/")[2])) == exercise.module)
        return "; ".join(f"{each.path}: {each.reason}" for each in named)


def take_one(folder: Path, exercises: Sequence[Exercise], scratch: Path, *, alone: bool) -> Taken:
    """All below `folder` is one learner's. Where one exercise is graded `alone`, the only program will do, whatever its name.

    What is unpacked, and modules made of notebooks, go into the folder `scratch`, which is to stay until all is graded.
    """
    top, found, new = scan(folder), Found([], []), Scratch(scratch)
    delivery = _complete(Delivery((), "", pieces(top.all_files()), own=top), new, found.strays)
    found.strays += top.all_refused()
    only = exercises[0] if alone and len(exercises) == 1 else None
    handed = _handed({"": Learner("")}, {"": [delivery]}, wanted(exercises, only), new, found.strays)
    files = {one.exercise: one for one in handed}  # before the strays are read, which it adds to
    strays = sorted(dict.fromkeys(found.strays), key=lambda stray: (not stray.known, stray.path))
    return Taken(files, tuple(strays))
