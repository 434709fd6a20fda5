"""Gradescope: `assignment_{id}_export/` with `submission_metadata.yml` beside `submission_{id}/...`.

The keys of that file begin with colons. A submission has one submitter or several; an email can be missing.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import yaml

from grader.course.as_written import load_as_written
from grader.errors import UsageError
from grader.intake.kinds import METADATA
from grader.intake.layouts.base import SURE, Delivery, Evidence, Layout, Person, Reading, Setting, at_zone, pieces
from grader.intake.model import Stray
from grader.intake.tree import File, Folder

_EXPORT = re.compile(r"assignment_\d+_export")


def _top(top: Folder) -> Folder:
    """The export itself, also where the folder around it was named. Its name is asked for: a learner's may be the only one."""
    inner = top.folders[0] if len(top.folders) == 1 and not top.file(METADATA) else None
    return inner if inner and _EXPORT.fullmatch(inner.name) and inner.file(METADATA) else top


def _sure(top: Folder, setting: Setting) -> Evidence | None:
    return Evidence(SURE, f"it has {METADATA}") if _top(top).file(METADATA) else None


def _read(top: Folder, setting: Setting) -> Reading:
    export = _top(top)
    file = export.file(METADATA)
    if file is None:
        raise UsageError(f"{top.path}: there is no {METADATA}; give the folder of the export, or another --layout")
    reading = Reading(used={file.called})
    told = _metadata(file)
    for folder in export.folders:
        about = told.get(folder.name)
        people = tuple(_people(about)) if isinstance(about, Mapping) else ()
        if people and isinstance(about, Mapping):
            reading.deliveries.append(_delivery(folder, about, people, setting))
        else:
            reason = f"{METADATA} does not say whose it is"
            reading.strays += [Stray(inner.called, reason) for inner in folder.all_files()] or [
                Stray(folder.called, reason)
            ]
    return reading


def _metadata(file: File) -> Mapping[str, Any]:
    """By the folder's name. Raises UsageError."""
    try:
        if file.target is not None:
            raise UsageError(f"{file.path}: is a link; export once more")
        told = load_as_written(file.path.read_bytes())
    except (yaml.YAMLError, ValueError, RecursionError, OSError) as error:
        raise UsageError(f"{file.path}: cannot be read ({' '.join(str(error).split())}); export once more") from None
    if not isinstance(told, Mapping):
        raise UsageError(f"{file.path}: is not a list of submissions; export once more")
    return told


def _people(about: Mapping[str, Any]) -> Iterator[Person]:
    listed = about.get(":submitters")
    for one in listed if isinstance(listed, list) else ():
        if isinstance(one, Mapping):
            name, sid, email = (_text(one.get(key)) for key in (":name", ":sid", ":email"))
            if key := sid or email or name:
                yield Person(key, name, email, ids=tuple(filter(None, (sid, email))))


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _delivery(folder: Folder, about: Mapping[str, Any], people: tuple[Person, ...], setting: Setting) -> Delivery:
    moment, said = _moment(about.get(":created_at"), setting)
    history = about.get(":history")
    before = len(history) if isinstance(history, list) else 0
    return Delivery(
        people,
        folder.called,
        pieces(folder.all_files()),
        own=folder,
        order=moment.astimezone(UTC).isoformat() if moment else said,
        number=before + 1,
        submitted=moment,
        submitted_by=said,
    )


def _moment(said: object, setting: Setting) -> tuple[datetime | None, str]:
    if isinstance(said, str):
        try:
            said = datetime.fromisoformat(said.replace(" UTC", "+00:00"))
        except ValueError:
            return None, f"{METADATA} says {said!r}, which is no time"
    return at_zone(said, METADATA, setting.zone) if isinstance(said, datetime) else (None, f"{METADATA} does not say")


LAYOUT = Layout("gradescope", f"Gradescope, 'Export Submissions', with {METADATA}", _sure, _read)
