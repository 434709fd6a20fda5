"""Which file of a learner's is their work on which exercise: by its name, or as the only one where that is said otherwise."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from grader.course.model import Exercise
from grader.course.nearest import nearest
from grader.intake.kinds import is_notebook, is_other_archive, is_program, module_of, stem
from grader.intake.layouts.base import Delivery, Piece
from grader.intake.model import Stray

UNNAMED = "not named after an exercise"
Offer = tuple[Delivery, Piece]


@dataclass(frozen=True, slots=True)
class Wanted:
    """The exercises by their modules; with `only`, the one that is graded."""

    exercises: Mapping[str, Exercise]
    only: Exercise | None = None


def wanted(exercises: Iterable[Exercise], only: Exercise | None) -> Wanted:
    return Wanted({exercise.module: exercise for exercise in exercises}, only)


def chosen(offers: Sequence[Offer], wanted: Wanted, strays: list[Stray]) -> list[tuple[Exercise, Delivery, Piece]]:
    """Of what one learner handed in at once, one file for each exercise; all others become strays."""
    by_exercise: dict[str, list[Offer]] = defaultdict(list)
    unnamed: list[Offer] = []
    for delivery, piece in offers:
        exercise = _named(piece, wanted)
        if exercise is None:
            unnamed.append((delivery, piece))
        elif wanted.only is not None and exercise.slug != wanted.only.slug:
            reason = f"belongs to {exercise.slug}, which is not graded now"
            strays.append(Stray(piece.file.called, reason, known=True, other=exercise.slug))
        else:
            by_exercise[exercise.slug].append((delivery, piece))
    for slug, offer in _alone(unnamed, wanted):
        if slug not in by_exercise:
            by_exercise[slug].append(offer)
            unnamed.remove(offer)
    strays += [Stray(piece.file.called, _unnamed(piece, wanted)) for _, piece in unnamed]
    slugs = {exercise.slug: exercise for exercise in wanted.exercises.values()}
    return [(slugs[slug], *_best(slug, items, strays)) for slug, items in by_exercise.items()]


def _named(piece: Piece, wanted: Wanted) -> Exercise | None:
    if wanted.only is not None and piece.loose and is_program(piece.name):
        return wanted.only
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


def _unnamed(piece: Piece, wanted: Wanted) -> str:
    if is_other_archive(piece.name):
        return "an archive of a kind that is not unpacked; ask for a .zip"
    near = nearest(module_of(stem(piece.name)), wanted.exercises) if is_program(piece.name) else None
    return f"{UNNAMED}; is {near}.py meant?" if near else UNNAMED


def _best(slug: str, offers: list[Offer], strays: list[Stray]) -> Offer:
    """The one in the folder of the exercise's name, else the one nearest the top, one named exactly as the stub is, a module
    before a notebook.
    """
    module = slug.replace("-", "_")

    def rank(offer: Offer) -> tuple[bool, int, bool, bool, str]:
        file, name = offer[1].file, offer[1].name
        elsewhere = module_of(file.path.parent.name) != module
        return elsewhere, file.called.count("/"), stem(name) != module, is_notebook(file.name), file.called

    best, *others = sorted(offers, key=rank)
    graded = best[1].file.called
    strays += [
        Stray(piece.file.called, f"another file for {slug}; {graded} was graded", known=True) for _, piece in others
    ]
    return best
