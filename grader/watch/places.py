"""What is looked at for a learner's file: all that can change its verdict, and nothing that cannot."""

import os
from collections.abc import Iterator, Sequence
from glob import escape, iglob

from grader.course.names import COURSE, EXERCISE, HIDDEN
from grader.run.helpers import DEEPEST
from grader.watch.files import Folder
from grader.watch.progress import Work

_DEFINED = (".yaml", ".py", ".json")


def files_of(works: Sequence[Work], at: Work | None, course: str | None) -> list[str]:
    """The files by themselves: of every exercise its own and the learner's, and of the one that is shown all that it counts."""
    found = [course] if course else []
    for work in works:
        found += [work.path, definition(work)]
    if at is not None:
        found += _earlier(at)
        found += [os.path.join(at.exercise.solutions, HIDDEN)] if at.exercise.solutions else []
    return list(dict.fromkeys(found))


def folders_of(at: Work | None) -> list[Folder]:
    """Those in which every file counts, as far as it is of a kind that can."""
    if at is None:
        return []
    beside = os.path.dirname(at.path)
    helpers = [Folder(beside, (".py",), DEEPEST)] if at.exercise.is_adopted else []
    helpers += [Folder(beside, (".py",))] if at.path.endswith(".ipynb") else []
    return [Folder(at.exercise.folder, _DEFINED), *helpers]


def definition(work: Work) -> str:
    return os.path.join(work.exercise.folder, EXERCISE)


def defines(path: str) -> bool:
    """Whether the course is another when this file is."""
    return os.path.basename(path) in (COURSE, EXERCISE, HIDDEN)


def concerned(works: Sequence[Work], at: Work | None, path: str) -> Iterator[Work]:
    """Those whose verdict may be another when `path` is."""
    folder, name = os.path.split(path)
    if name == COURSE:
        yield from works
        return
    own = [work for work in works if path in (work.path, definition(work))]
    for work in works:
        counts = name.removesuffix(".py") in work.exercise.counted
        if work in own or counts or (at is work and not own) or folder == work.exercise.folder:
            yield work


def _earlier(at: Work) -> Iterator[str]:
    """Beside it, and in the folders beside its own, where each lies in its exercise's folder."""
    beside = os.path.dirname(at.path)
    for name in at.exercise.counted:
        yield os.path.join(beside, f"{name}.py")
        yield from iglob(os.path.join(escape(os.path.dirname(beside)), "*", f"{escape(name)}.py"))
