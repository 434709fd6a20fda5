"""Which file of a learner's is their work on which exercise: by its name, or as the only one where that is said otherwise;
a notebook whose name says nothing, by the functions that it defines."""

import unicodedata
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from grader.course.model import Exercise
from grader.course.nearest import nearest
from grader.errors import UsageError
from grader.intake.asking import the_one
from grader.intake.handed_out import came_with, is_courses_own, is_stub
from grader.intake.kinds import is_notebook, is_other_archive, is_program, module_of, stem
from grader.intake.layouts.base import Delivery, Piece
from grader.intake.model import Stray
from grader.intake.notebook import why_not
from grader.intake.places import Places
from grader.run.submitted import read_submitted

UNNAMED, NO_PLACE = "not named after an exercise", "not one of the course's files"
Offer = tuple[Delivery, Piece]


@dataclass(frozen=True, slots=True)
class Wanted:
    """The exercises by their modules and by their slugs; with `only`, the one that is graded; `places` of their files."""

    exercises: Mapping[str, Exercise]
    slugs: Mapping[str, Exercise]
    only: Exercise | None = None
    places: Places | None = None


def wanted(exercises: Iterable[Exercise], only: Exercise | None, places: Places | None = None) -> Wanted:
    every = list(exercises)
    return Wanted({one.module: one for one in every}, {one.slug: one for one in every}, only, places)


def chosen(offers: Sequence[Offer], wanted: Wanted, strays: list[Stray]) -> list[tuple[Exercise, Delivery, Piece]]:
    """Of what one learner handed in at once, one file for each exercise; all others become strays, but for earlier files
    and helpers that stand beside one that is graded and are looked at with it, and for what the exercise gives to be read."""
    left = list[Stray]()
    by_exercise: dict[str, list[Offer]] = defaultdict(list)
    unnamed: list[Offer] = []
    for delivery, piece in offers:
        exercise = _named(delivery, piece, wanted)
        if exercise is None:
            unnamed.append((delivery, piece))
        elif wanted.only is not None and exercise.slug != wanted.only.slug:
            reason = f"belongs to {exercise.slug}, which is not graded now"
            left.append(Stray(piece.file.called, reason, known=True, other=exercise.slug))
        else:
            by_exercise[exercise.slug].append((delivery, piece))
    for slug, offer in _alone(unnamed, wanted) if wanted.places is None else ():
        if slug not in by_exercise:
            by_exercise[slug].append(offer)
            unnamed.remove(offer)
    for slug, offer in _by_functions(unnamed, wanted) if wanted.places is None else ():
        books = [offer[1]]
        if all(came_with(piece, books, wanted.slugs[slug]) for _, piece in by_exercise[slug]):
            by_exercise[slug].append(offer)
            unnamed.remove(offer)
    left += [
        Stray(piece.file.called, _unnamed(delivery, piece, wanted, by_exercise))
        for delivery, piece in unnamed
        if not (wanted.places is not None and is_courses_own(piece, _lies_with(delivery, piece, wanted)))
    ]
    best = [(wanted.slugs[slug], *_best(slug, items, wanted, left)) for slug, items in by_exercise.items()]
    used = {_beside(piece, f"{name}.py") for exercise, _, piece in best for name in exercise.counted}
    used |= {_beside(piece, name) for exercise, _, piece in best for name in exercise.file.world.files}
    unused = [stray for stray in left if stray.path not in used]
    helpers = _helpers(best, [stray.path for stray in unused])
    strays += [stray for stray in unused if stray.path not in helpers]
    return best


def _helpers(best: Iterable[tuple[Exercise, Delivery, Piece]], strays: Iterable[str]) -> set[str]:
    """Those of `strays` that a file of theirs imports: they are looked at with it."""
    folders, found = {above for stray in strays for above in _above(stray)}, set[str]()
    for exercise, _, piece in best:
        if exercise.is_adopted and _folder(piece.file.called) in folders:
            with suppress(UsageError):  # what cannot be read is told when it is graded
                files = read_submitted(piece.file.target or piece.file.path, exercise).files
                found |= {_beside(piece, f"{name}.py") for name, _ in files}
    return found


def _beside(piece: Piece, name: str) -> str:
    """How the file of this name in the same folder is called."""
    above, slash, _ = piece.file.called.rpartition("/")
    return f"{above}{slash}{name}"


def _folder(called: str) -> str:
    return called.rpartition("/")[0]


def _above(called: str) -> list[str]:
    """All folders in which it lies."""
    parts = called.split("/")[:-1]
    return ["/".join(parts[:end]) for end in range(len(parts) + 1)]


def _named(delivery: Delivery, piece: Piece, wanted: Wanted) -> Exercise | None:
    if wanted.only is not None and piece.loose and is_program(piece.name):
        return wanted.only
    if wanted.places is not None:
        slug = wanted.places.exercise(way(delivery, piece))
        return wanted.slugs[slug] if slug is not None else None
    return wanted.exercises.get(module_of(stem(piece.name))) if is_program(piece.name) else None


def _alone(unnamed: Sequence[Offer], wanted: Wanted) -> list[tuple[str, Offer]]:
    """Programs that may be called anything, because it was said what they are, and that have no rival."""
    told: dict[str, list[Offer]] = defaultdict(list)
    for delivery, piece in unnamed:
        exercise = wanted.only or wanted.exercises.get(module_of(delivery.hint))
        fits = (
            wanted.only is None
            or not delivery.hint
            or wanted.exercises.get(module_of(delivery.hint)) in (None, wanted.only)
        )
        if exercise and fits and is_program(piece.name):
            told[exercise.slug].append((delivery, piece))
    return [(slug, offers[0]) for slug, offers in told.items() if len(offers) == 1]


def _by_functions(unnamed: Sequence[Offer], wanted: Wanted) -> list[tuple[str, Offer]]:
    """Notebooks whose names say nothing and whose functions one exercise alone asks for, where there is no other such one."""
    found: dict[str, list[Offer]] = defaultdict(list)
    exercises = list(wanted.slugs.values())
    for delivery, piece in unnamed:
        exercise = _about(piece, exercises) if is_notebook(piece.name) else None
        if exercise is not None and wanted.only in (None, exercise):
            found[exercise.slug].append((delivery, piece))
    return [(slug, offers[0]) for slug, offers in found.items() if len(offers) == 1]


def _about(piece: Piece, exercises: Sequence[Exercise]) -> Exercise | None:
    return the_one(_content(piece), exercises)


def _content(piece: Piece) -> bytes:
    """Nothing where it cannot be read."""
    try:
        return (piece.file.target or piece.file.path).read_bytes()
    except OSError:
        return b""


def way(delivery: Delivery, piece: Piece) -> str:
    """The path of a file in what its learner handed in."""
    if not delivery.called:
        return piece.file.called
    above = f"{delivery.called}/"
    return piece.file.called.removeprefix(above) if piece.file.called.startswith(above) else piece.name


def _lies_with(delivery: Delivery, piece: Piece, wanted: Wanted) -> Exercise | None:
    """The exercise in whose folder it lies, as that is handed out."""
    slug = wanted.places.of_folder(way(delivery, piece)) if wanted.places is not None else None
    return wanted.slugs.get(slug) if slug is not None else None


def _unnamed(delivery: Delivery, piece: Piece, wanted: Wanted, found: Container[str]) -> str:
    """`found`: exercises for which there is a file; for those no other is meant."""
    if is_other_archive(piece.name):
        return "an archive of a kind that is not unpacked; ask for a .zip"
    if wanted.places is not None:
        return _out_of_place(way(delivery, piece), wanted.places, found)
    name = module_of(stem(piece.name))
    if not is_program(piece.name):
        meant = module_of(name.removesuffix(".py"))
        return f"{UNNAMED}; if it is a program, it has to end in .py" if meant in wanted.exercises else UNNAMED
    broken = why_not(_content(piece)) if is_notebook(piece.name) else None
    if broken:
        return broken
    near = nearest(name, wanted.exercises)
    return f"{UNNAMED}; is {near}.py meant?" if near else UNNAMED


def _out_of_place(way: str, places: Places, found: Container[str]) -> str:
    named = places.elsewhere(way)
    if len(named) == 1:
        return f"has the name of {named[0].slug}'s file, and lies elsewhere than {named[0].pattern}"
    if named:
        each = ", ".join(f"that of {place.slug} in {place.pattern}" for place in named)
        lies = "and lies where none of them does, so it is not guessed which it is"
        return f"has the name of {len(named)} exercises' files, {lies}: {each}"
    near = places.near(way) if way.lower().endswith((".py", ".py.txt")) else ()
    meant = " or ".join(place.pattern for place in near if place.slug not in found)
    return f"{NO_PLACE}; is {meant} meant?" if meant else NO_PLACE


def _told_apart(graded: str, other: Piece) -> str:
    """Two names may look alike and not be the same: an accent is a character of its own in one, and not in the other."""
    alike = unicodedata.normalize("NFC", graded) == unicodedata.normalize("NFC", other.file.called)
    return f"one whose name has the same letters, its accents written {_written(graded)}," if alike else graded


def _written(name: str) -> str:
    return "with their letters" if unicodedata.is_normalized("NFC", name) else "as characters of their own"


def _best(slug: str, offers: list[Offer], wanted: Wanted, strays: list[Stray]) -> Offer:
    """The one in the folder of the exercise's name, else the one nearest the top, one named exactly as the stub is, a module
    before a notebook. What was handed out with a notebook comes behind it, and is not told where nothing was done to it.

    Where the course says where its files lie, one that lies so before one where it is handed out, and a stub to which nothing
    was done after all; then the one nearest the top, and of several there the first by name.
    """
    module = slug.replace("-", "_") if wanted.places is None else None
    several = offers if wanted.places is not None and len(offers) > 1 else []
    stubs = {piece.file.called for _, piece in several if is_stub(piece, wanted.slugs[slug])}
    books = [piece for _, piece in offers if is_notebook(piece.name)]

    def rank(offer: Offer) -> tuple[bool | int | str, ...]:
        file, name = offer[1].file, offer[1].name
        if wanted.places is not None:
            elsewhere = not (wanted.only is not None and offer[1].loose) and not wanted.places.fits(slug, way(*offer))
        else:
            elsewhere = module_of(file.path.parent.name) != module
        other = module is not None and stem(name) != module
        given = bool(books) and came_with(offer[1], books, wanted.slugs[slug])
        last = file.called in stubs, given, elsewhere
        return *last, file.called.count("/"), other, is_notebook(file.name), file.called

    best, *others = sorted(offers, key=rank)
    graded = best[1].file.called
    strays += [
        Stray(piece.file.called, f"another file for {slug}; {_told_apart(graded, piece)} was graded", known=True)
        for _, piece in others
        if piece.file.called not in stubs
        if not books or is_notebook(piece.name) or not is_stub(piece, wanted.slugs[slug])
    ]
    return best
