"""GitHub Classroom: a repository per student, `{assignment}-{user}`. What git keeps in `.git` is left alone."""

from grader.intake.layouts.base import LIKELY, Delivery, Evidence, Layout, Person, Reading, Setting, by_share, pieces
from grader.intake.tree import Folder
from grader.names import learner_name

FURNITURE = frozenset({".git", ".github", ".gitignore", ".gitattributes"})


def is_repository(folder: Folder) -> bool:
    return any(stray.path.rpartition("/")[2] == ".git" for stray in folder.refused)


def _prefix(top: Folder) -> str:
    """What stands before the users' names: `gh classroom clone` puts the repositories into `{assignment}-submissions`."""
    names = [folder.name for folder in top.folders]
    own = top.path.resolve().name.removesuffix("submissions")
    if own.endswith("-") and names and all(name.startswith(own) for name in names):
        return own
    if len(names) < 2:
        return ""
    first, last = min(names), max(names)
    common = next((at for at, char in enumerate(first) if not last.startswith(char, at)), len(first))
    return first[: first.rfind("-", 0, common) + 1]


def _sure(top: Folder, setting: Setting) -> Evidence | None:
    fits = sum(map(is_repository, top.folders))
    if not _prefix(top):
        return None
    return by_share(fits, len(top.files) + len(top.folders), LIKELY, "repositories whose names begin alike")


def _read(top: Folder, setting: Setting) -> Reading:
    prefix = _prefix(top)
    return Reading([_delivery(folder, prefix) for folder in top.folders])


def _delivery(folder: Folder, prefix: str) -> Delivery:
    user = learner_name(folder.name[len(prefix) :] or folder.name)
    return Delivery(
        (Person(user, ids=_names(folder.name, user)),), folder.called, pieces(folder.all_files()), own=folder
    )


def _names(folder: str, user: str) -> tuple[str, ...]:
    """Users' names can begin alike as well, and then part of them looks like the assignment's: a roster knows."""
    words = learner_name(folder).split("-")
    return tuple(name for at in range(len(words)) if (name := "-".join(words[at:])).endswith(user))


LAYOUT = Layout("classroom", "GitHub Classroom, a repository a student, 'assignment-user'", _sure, _read, FURNITURE)
