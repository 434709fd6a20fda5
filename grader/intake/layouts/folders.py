"""A folder per learner, named after them; or one learner's own folder, in which exercises' files lie."""

from grader.intake.kinds import is_delivery, is_program, module_of, stem
from grader.intake.layouts.base import (
    LIKELY,
    POSSIBLE,
    Delivery,
    Evidence,
    Layout,
    Person,
    Piece,
    Reading,
    Setting,
    pieces,
)
from grader.intake.tree import File, Folder
from grader.names import learner_name


def is_own(folder: Folder, setting: Setting) -> bool:
    """Whether what lies in this folder are exercises' files, or folders of exercises that hold them."""
    if setting.places is not None:
        return setting.places.is_own(way_in(folder, file) for file in folder.all_files())
    return any(map(setting.is_named, folder.files)) or any(
        module_of(inner.name) in setting.modules and any(map(setting.is_named, inner.files)) for inner in folder.folders
    )


def way_in(folder: Folder, file: File) -> str:
    return file.called.removeprefix(folder.called).lstrip("/")


def person(name: str) -> Person:
    return Person(learner_name(name), name=learner_name(name), ids=(learner_name(name),))


def of_folder(folder: Folder) -> Delivery:
    # A folder may be named by the way to it, `.` or `class/..`: its learner is who it really belongs to.
    name = folder.path.resolve().name
    return Delivery((person(name),), folder.called or name, pieces(folder.all_files()), own=folder)


def of_file(file: File) -> Delivery:
    """A file per learner: it is named after its learner, not after its exercise."""
    return Delivery((person(stem(file.name)),), file.called, (Piece(file, file.name, loose=True),))


def is_learners(file: File, setting: Setting) -> bool:
    return is_delivery(file.name) or (setting.one_exercise and is_program(file.name))


def _sure(top: Folder, setting: Setting) -> Evidence | None:
    if is_own(top, setting):
        return Evidence(LIKELY, "exercises' files lie in it, so it is one learner's")
    return Evidence(POSSIBLE, f"it has {len(top.folders)} folders") if top.folders else None


def _read(top: Folder, setting: Setting) -> Reading:
    if is_own(top, setting):
        return Reading([of_folder(top)])
    loose = [of_file(file) for file in top.files if is_learners(file, setting)]
    return Reading([*map(of_folder, top.folders), *loose])


LAYOUT = Layout("folders", "a folder per learner, named after them, files at any depth", _sure, _read)
