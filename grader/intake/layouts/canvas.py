"""Canvas: flat, `{name}[_LATE]_{user id}_{attachment id}_{file}`; anonymous `[LATE_]anon_{id}_{attachment id}_{file}`.

Of a group there is one representative's file. Canvas adds `-1`, `-2` to the names of files that are handed in again; a
download has the last one only.
"""

import re

from grader.intake.kinds import stem
from grader.intake.layouts.base import LIKELY, Delivery, Evidence, Layout, Person, Piece, Reading, Setting, by_share
from grader.intake.model import Stray
from grader.intake.tree import File, Folder
from grader.names import learner_name

# The first number behind a name is the user's: Canvas takes numbers between two `_` out of names, and leaves `_` in them.
_NAMED = re.compile(r"(?P<who>.+?)(?P<late>_LATE)?_(?P<id>\d+)_(?P<rest>.+)", re.DOTALL)
_ANONYMOUS = re.compile(r"(?P<late>LATE_)?(?P<who>anon)_(?P<id>[^_]+)_(?P<rest>.+)", re.DOTALL)
_FILE = re.compile(r"\d+_(?P<file>.+)", re.DOTALL)
_TYPED = {"text.html": "text typed into Canvas; files only are graded", "link.html": "a link; files only are graded"}


def _fits(file: File) -> re.Match[str] | None:
    found = _ANONYMOUS.fullmatch(file.name) or _NAMED.fullmatch(file.name)
    return found if found and (_FILE.fullmatch(found["rest"]) or found["rest"] in _TYPED) else None


def _sure(top: Folder, setting: Setting) -> Evidence | None:
    fits = sum(_fits(file) is not None for file in top.files)
    return by_share(fits, len(top.files) + len(top.folders), LIKELY, "named as Canvas names them")


def _read(top: Folder, setting: Setting) -> Reading:
    reading = Reading()
    for file in top.files:
        found = _fits(file)
        if found and found["rest"] in _TYPED:
            reading.strays.append(Stray(file.called, _TYPED[found["rest"]]))
        if found:
            reading.deliveries.append(_delivery(file, found))
    return reading


def _delivery(file: File, found: re.Match[str]) -> Delivery:
    name = _FILE.fullmatch(found["rest"])
    handed = (Piece(file, _original(name["file"])),) if name else ()
    return Delivery((_person(found),), file.called, handed, late=found["late"] is not None)


def _person(found: re.Match[str]) -> Person:
    """Canvas's user id stays in all assignments; an anonymous one does not."""
    if found["who"] == "anon":
        return Person(f"anon_{learner_name(found['id'])}")
    who = learner_name(found["who"])
    return Person(found["id"], name=who, ids=(found["id"],), mashed=who)


def _original(name: str) -> str:
    base = stem(name)
    return re.sub(r"-\d+$", "", base) + name[len(base) :]


LAYOUT = Layout("canvas", "Canvas, 'Download Submissions'", _sure, _read)
