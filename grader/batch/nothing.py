"""Nothing to grade: said at once, with all that was left out and why, so that a caller sees what to mend."""

from collections.abc import Sequence
from pathlib import Path

from grader.errors import UsageError
from grader.feedback.characters import visible
from grader.intake.model import Intake


def insist(intake: Intake, paths: Sequence[Path]) -> None:
    """Raises UsageError where nobody handed in anything that can be graded."""
    if intake.handed:
        return
    said = "no file was recognised; name the files as the stubs are, or the exercise with --exercise"
    if not intake.learners:
        said = "no learner's work found; give a folder that has a folder per learner"
    lines = (visible(f"not graded: {stray.path}: {stray.reason}") for stray in intake.strays)
    raise UsageError("\n".join([f"{', '.join(map(str, paths))}: {said}", *lines]))
