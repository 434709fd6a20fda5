"""nbgrader: `submitted/{student}/{assignment}/...`, with the time of submission in `timestamp.txt`; copied without those it is
known by its notebooks, `{unit}/{exercise}.ipynb`.

In a whole course of nbgrader's only that folder has learners in it; the others are the instructor's, or nbgrader's own.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timezone
from zoneinfo import ZoneInfo

from grader.intake.kinds import DEFINITION, DEFINITIONS, is_notebook, module_of, stem
from grader.intake.layouts.base import (
    LIKELY,
    SURE,
    Delivery,
    Evidence,
    Layout,
    Reading,
    Setting,
    at_zone,
    by_share,
    pieces,
)
from grader.intake.layouts.classroom import is_repository
from grader.intake.layouts.folders import person
from grader.intake.model import Stray
from grader.intake.tree import File, Folder

TIMESTAMP = "timestamp.txt"
SUBMITTED = "submitted"
_CONFIG = "nbgrader_config.py"
_OWN = frozenset({"source", "release", "autograded", "feedback", "downloaded"})
_OWN_FILES = frozenset({_CONFIG, "gradebook.db"})
_FEW = 2  # of these folders make a course where there is no such file


def _submitted(top: Folder) -> Folder:
    """nbgrader's own folder of a course has `submitted` in it."""
    return next((folder for folder in top.folders if folder.name == SUBMITTED), top)


def is_course(top: Folder) -> bool:
    """Whether it is the folder in which nbgrader is run."""
    own = _OWN | {SUBMITTED}
    return top.file(_CONFIG) is not None or sum(folder.name in own for folder in top.folders) >= _FEW


def _sure(top: Folder, setting: Setting) -> Evidence | None:
    if is_course(top):
        return Evidence(SURE, f"it is the folder of an nbgrader course: what was handed in is in {SUBMITTED}/")
    # Of most students: what one of them puts into their own folder must not decide how all are read.
    students = _submitted(top).folders
    stamped = sum(any(assignment.file(TIMESTAMP) for assignment in student.folders) for student in students)
    sure = by_share(stamped, len(students), SURE, f"students whose assignments have a {TIMESTAMP}")
    if sure is not None and sure.level == SURE:
        return sure
    named = sum(not is_repository(student) and _has_a_book(student, setting) for student in students)
    return by_share(named, len(students), LIKELY, "students who have a unit's notebooks in its folder") or sure


def _has_a_book(student: Folder, setting: Setting) -> bool:
    """Whether a notebook is where the course that was built for nbgrader has it."""
    return any(
        is_notebook(file.name) and (assignment.name, module_of(stem(file.name))) in setting.books
        for assignment in student.folders
        for file in assignment.files
    )


def _read(top: Folder, setting: Setting) -> Reading:
    reading = Reading()
    submitted = _submitted(top)
    if is_course(top):
        reading.used |= {file.called for file in top.files if file.name in _OWN_FILES}
        reading.strays += [_not_handed_in(folder) for folder in top.folders if folder is not submitted]
        if submitted is top:
            return reading
    for student in submitted.folders:
        who = (person(student.name),)
        reading.deliveries.append(Delivery(who, student.called, pieces(student.files), own=student))
        for assignment in student.folders:
            reading.deliveries.append(_delivery(student, assignment, reading, setting))
    return reading


def _not_handed_in(folder: Folder) -> Stray:
    return Stray(folder.called, f"a folder of an nbgrader course; what learners handed in was taken from {SUBMITTED}/")


def _delivery(student: Folder, assignment: Folder, reading: Reading, setting: Setting) -> Delivery:
    stamp = assignment.file(TIMESTAMP)
    moment, said = _moment(stamp, setting) if stamp else (None, f"there is no {TIMESTAMP}")
    if stamp:
        reading.used.add(stamp.called)
    handed_out = set(_handed_out(assignment))
    reading.used |= {file.called for file in handed_out}
    return Delivery(
        (person(student.name),),
        assignment.called,
        pieces(file for file in assignment.all_files() if file is not stamp and file not in handed_out),
        own=assignment,
        submitted=moment,
        submitted_by=said,
        hint=assignment.name,
    )


def _handed_out(assignment: Folder) -> Iterator[File]:
    """What lies beside the notebooks of an assignment of ours, so that they can be tried: definitions and stubs."""
    if not any(is_notebook(file.name) for file in assignment.files):
        return
    for exercises in assignment.folders:
        for exercise in exercises.folders if exercises.name == DEFINITIONS else ():
            if exercise.file(DEFINITION) is not None:
                yield from exercise.all_files()


def _moment(stamp: File, setting: Setting) -> tuple[datetime | None, str]:
    """`2026-11-06 10:11:12.123456`, then nothing, an offset, `UTC`, or the name of a zone; a short name may mean several."""
    if stamp.target is not None:
        return None, f"{TIMESTAMP} is a link"
    try:
        said = stamp.path.read_bytes()[:200].decode("utf-8", "replace").strip()
        day, _, rest = said.partition(" ")
        time, _, zone = rest.partition(" ")
        moment = datetime.fromisoformat(f"{day} {time}".strip())
        if moment.tzinfo is None and zone:
            moment = moment.replace(tzinfo=_zone(zone))
    except (OSError, ValueError, KeyError):
        return None, f"{TIMESTAMP} says no time that is known"
    return at_zone(moment, TIMESTAMP, setting.zone)


def _zone(name: str) -> timezone | ZoneInfo:
    if name in ("UTC", "GMT", "Z"):
        return UTC
    if name[0] in "+-":
        return datetime.fromisoformat(f"2000-01-01 00:00{name}").tzinfo  # type: ignore[return-value]
    if "/" not in name:
        raise ValueError(name)
    return ZoneInfo(name)


LAYOUT = Layout("nbgrader", f"nbgrader, submitted/student/assignment/ with {TIMESTAMP}", _sure, _read)
