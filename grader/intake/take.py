"""The intake: which file is whose work on what; every file and folder met is either taken or listed with the reason.

Nothing outside the folders that were named is ever read: links that lead out are refused.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo
from functools import partial
from pathlib import Path

from grader.course.model import Exercise
from grader.errors import UsageError
from grader.intake.beside import of_pieces
from grader.intake.choice import Offer, Wanted, chosen, wanted
from grader.intake.delivered import Found, find
from grader.intake.earlier import Placed, Theirs, by_module, needed_by
from grader.intake.helpers import Beside
from grader.intake.join import Joined, Joiner
from grader.intake.kinds import is_notebook
from grader.intake.layouts import LAYOUTS
from grader.intake.layouts.base import Delivery, Person, Piece, Setting
from grader.intake.model import Handed, Intake, Learner, Stray
from grader.intake.notebook import NotebookError, module_of_notebook
from grader.intake.opening import Scratch, labels, opened
from grader.intake.places import Places
from grader.intake.roster import Roster
from grader.intake.tree import File
from grader.names import sorting

Deliveries = Mapping[str, Sequence[Delivery]]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the caller knows: the layout's name, or None to find it; the roster; the zone of times that name none; where the
    course's files lie, if it says so.
    """

    layout: str | None = None
    roster: Roster | None = None
    zone: tzinfo | None = None
    places: Places | None = None


def take_in(
    paths: Sequence[Path],
    exercises: Sequence[Exercise],
    scratch: Path,
    only: Exercise | None = None,
    asked: Asked = Asked(),
) -> Intake:
    """The work below `paths`, each a download in one of the layouts; with `only`, what is called anything is that exercise's.

    What is unpacked, and modules made of notebooks, go into the folder `scratch`, which is to stay until all is graded.
    Raises UsageError where a path is not there, cannot be unpacked, or may be laid out in several ways.
    """
    if asked.layout is not None and asked.layout not in LAYOUTS:
        raise UsageError(f"there is no layout {asked.layout!r}; there are {', '.join(LAYOUTS)}")
    paths = list({path.resolve(): path for path in reversed(paths)}.values())[::-1]  # one that is named twice is one
    modules = frozenset(exercise.module for exercise in exercises)
    books = frozenset((exercise.unit, exercise.module) for exercise in exercises)
    setting = Setting(modules, only is not None, asked.zone, asked.places, books)
    found, new = Found([], []), Scratch(scratch)
    for path, called in zip(paths, labels(paths), strict=True):
        find(opened(path, called, len(paths) > 1, setting, new), asked.layout, setting, new, found)
    people, deliveries, former = _whose(found, asked.roster)
    every = wanted(exercises, None, asked.places)
    handed = list(work_of(people, deliveries, wanted(exercises, only, asked.places), every, new, found.strays))
    handed.sort(key=lambda item: (sorting(item.learner), item.exercise, item.attempt))
    strays = dict.fromkeys(_with_others_counted(found.strays))
    left = _left(deliveries, strays, handed)
    nobodys = bool(found.deliveries) and not any(deliveries.values())
    shared = _shared(asked.roster) if asked.roster else {}
    return Intake(
        tuple(sorted(people, key=sorting)), tuple(handed), tuple(strays), people, left, former, nobodys, shared
    )


def _shared(roster: Roster) -> dict[str, str]:
    every = ((id, one.learner.id) for one in roster.enrolled.values() for id in one.ids)
    return {id: whose for id, whose in every if id != whose and id in roster.enrolled}


def _with_others_counted(strays: Sequence[Stray]) -> Iterator[Stray]:
    """Where one exercise is graded, files of the others are not worth a line each."""
    others = [stray for stray in strays if stray.other]
    if len(others) > 1:
        slugs = ", ".join(dict.fromkeys(stray.other for stray in others))
        yield Stray(f"{len(others)} files", f"belong to exercises that are not graded now: {slugs}", known=True)
    yield from (stray for stray in strays if not stray.other or len(others) == 1)


_TOLD = 3  # of what a learner handed in and nothing could be made of


def _left(deliveries: Deliveries, strays: Iterable[Stray], handed: Iterable[Handed]) -> dict[str, str]:
    """By learner of whom nothing can be graded, in words: which files of theirs, and why."""
    whose: dict[str, set[str]] = defaultdict(set)
    graded = {item.learner for item in handed}
    for id, all_of_one in deliveries.items():
        if id in graded:
            continue
        for delivery in all_of_one:
            for path in (delivery.called, *(piece.file.called for piece in delivery.pieces)):
                whose[path].add(id)
    found: dict[str, list[str]] = defaultdict(list)
    for stray in strays:
        if stray.known:
            continue
        parts = stray.path.split("/")
        above = ("/".join(parts[:count]) for count in range(len(parts), 0, -1))
        for id in next((whose[path] for path in above if path in whose), ()):
            found[id].append(f"{parts[-1]} ({stray.reason})")
    return {id: ", ".join(said[:_TOLD] + ["..."] * (len(said) > _TOLD)) for id, said in found.items()}


def _whose(found: Found, roster: Roster | None) -> tuple[dict[str, Learner], Deliveries, dict[str, str]]:
    """All learners, what each handed in, and other ids that they have; deliveries that are nobody's become strays."""
    people = {id: enrolled.learner for id, enrolled in roster.enrolled.items()} if roster else {}
    deliveries: dict[str, list[Delivery]] = defaultdict(list)
    persons = [person for delivery in found.deliveries for person in delivery.people]
    joiner = Joiner(roster, persons) if roster else None
    former: dict[str, set[str]] = defaultdict(set)
    for one in roster.enrolled.values() if roster else ():
        for id in one.ids:
            former[id].add(one.learner.id)
    for delivery in found.deliveries:
        for person in delivery.people:
            joined = joiner.join(person) if joiner else _as_told(person)
            for learner in joined.learners:
                people.setdefault(learner.id, learner)
                deliveries[learner.id].append(delivery)
                former[person.key].add(learner.id)
            if joined.reason:
                found.strays += _nobodys(delivery, joined.reason)
    known = {id: next(iter(who)) for id, who in former.items() if len(who) == 1 and id not in people}
    return people, deliveries, known


def _as_told(person: Person) -> Joined:
    return Joined((Learner(person.key, person.name, person.email),))


def _nobodys(delivery: Delivery, reason: str) -> list[Stray]:
    return [Stray(piece.file.called, reason) for piece in delivery.pieces] or [Stray(delivery.called, reason)]


def work_of(
    people: Mapping[str, Learner],
    deliveries: Deliveries,
    wanted: Wanted,
    every: Wanted,
    scratch: Scratch,
    strays: list[Stray],
) -> list[Handed]:
    """What each handed in for the exercises that are `wanted`. `every`: all of the course, in which their earlier files are."""
    modules: dict[str, _Module] = {}  # of a notebook that several handed in together there is one
    found, looked_at = list[Handed](), set[str]()
    modules_of_all = by_module(every.slugs.values())
    asked = [wanted.only] if wanted.only is not None else list(wanted.slugs.values())
    sought = needed_by(asked, modules_of_all) - {exercise.slug for exercise in asked}

    def module_of_piece(exercise: Exercise, delivery: Delivery, piece: Piece) -> _Module:
        if piece.file.called not in modules:
            beside = None if exercise.is_adopted else partial(of_pieces, delivery.pieces, piece)
            modules[piece.file.called] = _module(piece.file, scratch, beside)
        return modules[piece.file.called]

    for id, all_of_one in deliveries.items():
        counts: dict[str, int] = defaultdict(int)
        items, theirs = list[tuple[int, Handed]](), Theirs(modules_of_all)
        for at, attempt in enumerate(_attempts(all_of_one)):
            offers = [(delivery, piece) for delivery in attempt for piece in delivery.pieces]
            for exercise, delivery, piece, graded in _with_earlier(offers, wanted, every, sought, strays):
                counts[exercise.slug] = number = max(counts[exercise.slug] + 1, delivery.number or 0)
                module = module_of_piece(exercise, delivery, piece)
                if not module.reason:
                    theirs.add(exercise, Placed(at, number, str(module.path), piece.file.called))
                if graded and module.reason:
                    strays.append(Stray(piece.file.called, module.reason))
                elif graded:
                    items.append((at, _item(people[id], exercise, delivery, piece.file, module, number)))
        for at, item in items:
            needed = theirs.needed(wanted.slugs[item.exercise], at)
            looked_at |= {one.called for _, one in needed}
            found.append(replace(item, earlier=tuple((name, one.path) for name, one in needed)))
    strays[:] = [stray for stray in strays if stray.path not in looked_at]
    return found


def _with_earlier(
    offers: Sequence[Offer], wanted: Wanted, every: Wanted, sought: Collection[str], strays: list[Stray]
) -> Iterator[tuple[Exercise, Delivery, Piece, bool]]:
    """What is chosen for each exercise; then what is `sought`: not graded now, and an earlier file of what is."""
    yield from ((*each, True) for each in chosen(offers, wanted, strays))
    if sought:
        yield from ((*each, False) for each in chosen(offers, every, []) if each[0].slug in sought)


def _item(
    learner: Learner, exercise: Exercise, delivery: Delivery, file: File, module: "_Module", attempt: int
) -> Handed:
    return Handed(
        learner=learner.id,
        exercise=exercise.slug,
        path=str(module.path),
        file=file.called,
        name=learner.name,
        email=learner.email,
        attempt=attempt,
        submitted=delivery.submitted,
        submitted_by=delivery.submitted_by,
        late=delivery.late,
    )


def _attempts(deliveries: Sequence[Delivery]) -> list[list[Delivery]]:
    """What has no order is one attempt together, and the first; the others follow in theirs."""
    by_order: dict[str, list[Delivery]] = defaultdict(list)
    for delivery in deliveries:
        by_order[delivery.order or ""].append(delivery)
    return [by_order[order] for order in sorted(by_order)]


@dataclass(frozen=True, slots=True)
class _Module:
    """The program that a file is, or the reason why it is none."""

    path: Path
    reason: str = ""


def _module(file: File, scratch: Scratch, beside: Beside | None) -> _Module:
    source = file.target or file.path
    if not is_notebook(file.name):
        return _Module(source)
    try:
        path = scratch.new()
        path.write_bytes(module_of_notebook(source.read_bytes(), beside))
    except (NotebookError, OSError) as error:
        return _Module(source, reason=str(error))
    return _Module(path)
