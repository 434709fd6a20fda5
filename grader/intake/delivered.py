"""What was found in one opened path: deliveries with their archives unpacked, and all the rest listed with the reason."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from grader.door.text import LARGEST
from grader.intake.handed_out import without_handed_out
from grader.intake.kinds import is_archive, is_program
from grader.intake.layouts import LAYOUTS, layout_of
from grader.intake.layouts.base import Delivery, Layout, Piece, Reading, Setting
from grader.intake.layouts.folders import of_file
from grader.intake.members import ArchiveError
from grader.intake.model import Stray
from grader.intake.opening import Opened, Scratch
from grader.intake.tree import OURS, File, Folder, is_ours, scan, without_ours
from grader.intake.unpack import unpack

MOST_ARCHIVES = 10
NOTHING = "an archive in which there is no file"
NESTED = "an archive in an archive; not unpacked"


@dataclass(slots=True)
class Found:
    """Filled path by path."""

    deliveries: list[Delivery]
    strays: list[Stray]


def find(opened: Opened, layout: str | None, setting: Setting, scratch: Scratch, found: Found) -> None:
    """Adds what stands in one path. Raises UsageError where its layout cannot be told."""
    if is_ours(opened.top):
        others, ours = without_ours(opened.top)
        if not any(is_program(file.name) or is_archive(file.name) for file in others.all_files()):
            found.strays += [*opened.strays, Stray(opened.top.called or opened.top.path.resolve().name, OURS)]
            return
        # somebody had the records written among what was handed in
        found.strays += [Stray(called, OURS) for called in ours]
        opened = replace(opened, top=others)
    plan = LAYOUTS[layout] if layout else None if opened.single else layout_of(opened.top, setting)
    if opened.single:
        reading = Reading([of_file(file) for file in opened.top.files])
    else:
        reading = plan.read(opened.top, setting) if plan else Reading()
    reading.deliveries = [delivery for delivery in reading.deliveries if not _is_record(delivery, found)]
    found.deliveries += [complete(delivery, scratch, found.strays) for delivery in reading.deliveries]
    found.strays += reading.strays
    found.strays += _refused(opened, plan)
    found.strays += _unaccounted(opened.top, plan, reading, found)


def _is_record(delivery: Delivery, found: Found) -> bool:
    """Whether what looks like a learner's folder is one in which the grader wrote."""
    if delivery.own is None or not is_ours(delivery.own):
        return False
    found.strays.append(Stray(delivery.called, OURS))
    return True


def _refused(opened: Opened, plan: Layout | None) -> Iterator[Stray]:
    furniture = plan.furniture if plan else frozenset()
    refused = chain(opened.strays, opened.top.all_refused())
    return (stray for stray in refused if stray.path.rpartition("/")[2] not in furniture)


def _unaccounted(top: Folder, plan: Layout | None, reading: Reading, found: Found) -> Iterator[Stray]:
    """Every file met is taken or listed, whatever a layout overlooks."""
    known = reading.used | {stray.path for stray in found.strays}
    known |= {piece.file.called for delivery in reading.deliveries for piece in delivery.pieces}
    plain = plan is None or plan.name == "folders"
    reason = "not a learner's folder" if plan is None or plain else f"not named as the layout {plan.name!r} has it"
    for file in top.all_files():
        if file.called not in known and not _within_records(file, top, known):
            yield Stray(file.called, reason)


def _within_records(file: File, top: Folder, known: set[str]) -> bool:
    """The folder of records is one line, not one a file."""
    way = file.called
    while "/" in way:
        way = way.rpartition("/")[0]
        if way in known:
            return True
    return False


def complete(delivery: Delivery, scratch: Scratch, strays: list[Stray]) -> Delivery:
    """Links judged, archives unpacked, and what came with a notebook taken out."""
    pieces, archives = list[Piece](), 0
    for piece in delivery.pieces:
        if piece.file.target is not None and (reason := _refused_link(piece.file.target, delivery)):
            strays.append(Stray(piece.file.called, reason))
        elif not is_archive(piece.name):
            pieces.append(piece)
        elif archives == MOST_ARCHIVES:
            strays.append(Stray(piece.file.called, f"more than {MOST_ARCHIVES} archives; not unpacked"))
        else:
            archives += 1
            pieces += _unpacked(piece, scratch, strays)
    return replace(delivery, pieces=without_handed_out(pieces))


def _refused_link(target: Path, delivery: Delivery) -> str:
    own = delivery.own
    if own is None or not target.is_relative_to(own.path.resolve()):
        return "a link that leads outside"
    if not target.is_file():
        return "neither a file nor a folder"
    return "a link to a file larger than allowed" if target.stat().st_size > LARGEST else ""


def _unpacked(piece: Piece, scratch: Scratch, strays: list[Stray]) -> Iterator[Piece]:
    file = piece.file
    try:
        into = scratch.new()
        left_out = unpack(file.target or file.path, file.called, into)
    except ArchiveError as error:
        strays.append(Stray(file.called, f"an archive that is not unpacked: {error}"))
        return
    folder = scan(into, file.called)
    refused = (*left_out, *folder.all_refused())
    strays += refused
    if not refused and not any(folder.all_files()):
        strays.append(Stray(file.called, NOTHING))
    for inner in folder.all_files():
        if is_archive(inner.name):
            strays.append(Stray(inner.called, NESTED))
        else:
            yield Piece(inner, inner.name)
