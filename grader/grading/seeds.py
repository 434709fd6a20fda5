"""From what a learner's values are drawn, if nothing else is said."""

from grader.course.model import Exercise


def seed_of(exercise: Exercise, learner: str | None) -> str:
    """Practice draws from the slug, marks from slug and learner."""
    return exercise.slug if learner is None else f"{exercise.slug}/{learner}"
