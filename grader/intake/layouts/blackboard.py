"""Blackboard: flat; `{assignment}_{user}_attempt_{Y-m-d-H-M-S}.txt` is a receipt, the files of that attempt begin alike.

A receipt holds what the student typed, too, so it is believed in two places only: its first line, and what stands after
its last `Files:`; and there only what agrees with the receipt's own name, which Blackboard gave it.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime

from grader.intake.layouts.base import (
    SURE,
    Delivery,
    Evidence,
    Layout,
    Person,
    Piece,
    Reading,
    Setting,
    at_zone,
    by_share,
)
from grader.intake.model import Stray
from grader.intake.tree import File, Folder
from grader.names import learner_name

# The first stamp is Blackboard's: a student's file may be called like a receipt, and then has a second one.
_NAME = re.compile(
    r"(?P<head>.+?)_attempt_(?P<stamp>\d{4}(?:-\d{1,2}){5})(?:_(?P<file>.+)|(?P<receipt>\.txt))", re.DOTALL
)
_WHO = re.compile(r"Name:(?P<name>.*)\((?P<user>[^()]+)\)\s*")  # a name may have brackets, too: `Wang Wei (Vivian)`
_FILES = re.compile(r"Original filename:(?P<original>[^\n]+)\n\s*Filename:(?P<name>[^\n]+)")
UNSIGNED = "no receipt of Blackboard's says whose it is"


@dataclass(slots=True)
class _Attempt:
    head: str
    stamp: str
    receipt: File | None = None
    files: list[tuple[File, str]] = field(default_factory=list)


def _sure(top: Folder, setting: Setting) -> Evidence | None:
    fits = sum(_NAME.fullmatch(file.name) is not None for file in top.files)
    return by_share(fits, len(top.files) + len(top.folders), SURE, "named as Blackboard names them")


def _read(top: Folder, setting: Setting) -> Reading:
    reading = Reading()
    for attempt in _attempts(top).values():
        delivery = _delivery(attempt, setting) if attempt.receipt else None
        if delivery and attempt.receipt:
            reading.used.add(attempt.receipt.called)
            reading.deliveries.append(delivery)
            continue
        unsigned = [file for file, _ in attempt.files] + ([attempt.receipt] if attempt.receipt else [])
        reading.strays += [Stray(file.called, UNSIGNED) for file in unsigned]
    return reading


def _attempts(top: Folder) -> dict[str, _Attempt]:
    found = dict[str, _Attempt]()
    for file in top.files:
        if not (name := _NAME.fullmatch(file.name)):
            continue
        attempt = found.setdefault(f"{name['head']}_{name['stamp']}", _Attempt(name["head"], name["stamp"]))
        if name["receipt"]:
            attempt.receipt = file
        else:
            attempt.files.append((file, name["file"]))
    return found


def _delivery(attempt: _Attempt, setting: Setting) -> Delivery | None:
    """None where the receipt does not say whose it is, or says another than its name does."""
    assert attempt.receipt is not None
    text = "" if attempt.receipt.target else _text(attempt.receipt)
    first, _, rest = text.partition("\n")
    who = _WHO.fullmatch(first)
    if who is None or not attempt.head.endswith(f"_{who['user']}"):
        return None
    originals = {
        found["name"].strip(): found["original"].strip() for found in _FILES.finditer(rest.rpartition("\nFiles:")[2])
    }
    moment, said = _moment(attempt.stamp, setting)
    return Delivery(
        (Person(learner_name(who["user"]), who["name"].strip(), ids=(who["user"],)),),
        attempt.receipt.called,
        tuple(Piece(file, originals.get(file.name, rest_of_name)) for file, rest_of_name in attempt.files),
        order="".join(f"{int(part):04}" for part in attempt.stamp.split("-")),
        submitted=moment,
        submitted_by=said,
    )


def _text(receipt: File) -> str:
    try:
        return receipt.path.read_bytes().decode("utf-8-sig", "replace").replace("\r\n", "\n")
    except OSError:
        return ""


def _moment(stamp: str, setting: Setting) -> tuple[datetime | None, str]:
    """The receipt's own words for it differ by language and name zones that mean several."""
    year, month, day, hour, minute, second = map(int, stamp.split("-"))
    try:
        return at_zone(datetime(year, month, day, hour, minute, second), "Blackboard's file name", setting.zone)
    except ValueError:
        return None, f"Blackboard's file name says {stamp}, which is no time"


LAYOUT = Layout("blackboard", "Blackboard, 'Assignment File Download', every attempt", _sure, _read)
