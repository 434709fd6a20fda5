"""Nothing to grade: said at once, with all that was left out and why, so that a caller sees what to mend."""

from collections.abc import Sequence
from pathlib import Path

from grader.batch.told import lines_of
from grader.errors import UsageError
from grader.intake.model import Intake


def insist(intake: Intake, paths: Sequence[Path]) -> None:
    """Raises UsageError where nobody handed in anything that can be graded."""
    if intake.handed:
        return
    said = "no file was recognised; name the files as the stubs are, or the exercise with --exercise"
    if not intake.learners:
        said = "no learner's work found; give a folder that has a folder per learner"
    if intake.nobodys:
        said = "no work joins with anybody in the roster; name a roster of this class, with ids where two have one name"
    lines = lines_of(intake.strays, [path.name for path in paths])
    raise UsageError("\n".join([f"{', '.join(map(str, paths))}: {said}", *lines]))
