"""A file per learner, named after them: programs where the exercise was named, and archives."""

from grader.intake.kinds import is_program
from grader.intake.layouts.base import POSSIBLE, Evidence, Layout, Reading, Setting
from grader.intake.layouts.folders import is_learners, is_own, of_file
from grader.intake.model import Stray
from grader.intake.tree import Folder

NAMELESS = "a file per learner; name its exercise with --exercise"


def _sure(top: Folder, setting: Setting) -> Evidence | None:
    count = sum(is_learners(file, setting) for file in top.files)
    if top.folders or not count or is_own(top, setting):
        return None
    return Evidence(POSSIBLE, f"it has {count} files that may be learners', and no folder")


def _read(top: Folder, setting: Setting) -> Reading:
    taken = [of_file(file) for file in top.files if is_learners(file, setting)]
    nameless = [Stray(file.called, NAMELESS) for file in top.files if _is_nameless(file.name, setting)]
    return Reading(taken, nameless)


def _is_nameless(name: str, setting: Setting) -> bool:
    return is_program(name) and not setting.one_exercise


LAYOUT = Layout("files", "a file per learner, named after them (with --exercise, or an archive each)", _sure, _read)
