"""Moodle: `{Full Name}_{participant id}_assignsubmission_file[_]/...`, or flat, `..._assignsubmission_file_{file}`.

Groups have their name and id there, blind marking `Participant`. The id is one assignment's only: a roster or Moodle's
grading worksheet (its column Identifier) tells who that is.
"""

import re

from grader.intake.layouts.base import (
    SURE,
    Delivery,
    Evidence,
    Layout,
    Person,
    Piece,
    Reading,
    Setting,
    by_share,
    entries,
    flat,
    pieces,
)
from grader.intake.model import Stray
from grader.intake.tree import File, Folder
from grader.names import learner_name

_NAME = re.compile(r"(?P<who>.+?)_(?P<id>\d+)_assignsubmission_(?P<kind>file|onlinetext)(?P<rest>_.*|)", re.DOTALL)
_TYPED = "text typed into Moodle; files only are graded"


def _sure(top: Folder, setting: Setting) -> Evidence | None:
    found = [_NAME.fullmatch(entry.name) is not None for entry in entries(top)]
    return by_share(sum(found), len(found), SURE, "named as Moodle names them")


def _read(top: Folder, setting: Setting) -> Reading:
    reading = Reading()
    for entry in entries(top):
        found = _NAME.fullmatch(entry.name)
        if found and found["kind"] == "onlinetext":
            reading.strays += [Stray(file.called, _TYPED) for file in flat(entry)]
            reading.deliveries.append(Delivery((_person(found),), entry.called, ()))
        elif found:
            reading.deliveries.append(_delivery(entry, found))
    return reading


def _delivery(entry: File | Folder, found: re.Match[str]) -> Delivery:
    who = (_person(found),)
    if isinstance(entry, Folder):
        return Delivery(who, entry.called, pieces(entry.all_files()), own=entry)
    return Delivery(who, entry.called, (Piece(entry, found["rest"].removeprefix("_")),))


def _person(found: re.Match[str]) -> Person:
    who, number = learner_name(found["who"]), found["id"]
    identifier = f"Participant {number}"
    if who == "Participant":
        return Person(f"{who}_{number}", ids=(identifier,))
    return Person(f"{who}_{number}", name=who, ids=(identifier,), maybe_group=True)


LAYOUT = Layout("moodle", "Moodle, 'Download all submissions', in folders or flat", _sure, _read)
