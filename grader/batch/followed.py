"""What of a gradebook is not in this run under its own name, in words: it follows to the name of now, or is told of.

Nothing that somebody was given points for is lost to sight: not with an id, not with a slug, not with a learner.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from grader.course.model import Course, Exercise
from grader.gradebook.by_hand import Followed, follow, follow_exercises, followed_scores, scores_by_hand
from grader.gradebook.called import Called, changed_hands, keep, never_told, told
from grader.gradebook.choices import keep_choice, left_out
from grader.gradebook.extensions import Extensions
from grader.gradebook.following import (
    Gone,
    exercises_follow,
    gone_exercises,
    handed_in_by_others,
    learners_follow,
    present_ids,
)
from grader.gradebook.more_time import missed
from grader.gradebook.opening import Gradebook, reading
from grader.gradebook.work import Work
from grader.intake.model import Intake, Learner

_TOLD = 5  # names in a line for people


def renamed(book: Gradebook, course: Course) -> Iterator[str]:
    """Attempts and scores of exercises that have another slug now follow there; what became of them."""
    for before, (slug, number) in exercises_follow(book, course.renamed).items():
        yield f"{_attempts(number)} on {before} {_counts(number)} for {slug} from now on, which was called so"
    for one in follow_exercises(book, course.renamed):
        learner, before = one.before
        yield f"the score set by hand for {learner} on {before} {_is_so(one)} for {one.now[1]} from now on, which was called so"


def with_ids_of_others(book: Gradebook, intake: Intake) -> Iterator[str]:
    """Ids that are somebody else's now, told before anything of this run counts; then who has each is written down."""
    now = {id: Called(one.name, one.email) for id, one in intake.people.items() if one.name or one.email}
    with reading(book) as connection:
        changed = changed_hands(connection, now)
        unsure = never_told(connection, intake.shared) if intake.shared else []
    if changed:
        who = [f"{one.id} was {one.before}, whose id is {one.elsewhere} now, and is {one.now} now" for one in changed]
        yield (
            f"ATTENTION: {'an id is' if len(who) == 1 else 'ids are'} somebody else's now: {_names(who, '; ')}. What was "
            "handed in, graded and set by hand under an id stays with the id, and counts for who has it now. If the ids "
            "were mixed up, put them right in the roster and grade again, with a copy of the gradebook from before this "
            "run; if they are right, use another gradebook (--gradebook) and grade all files again. This is said once"
        )
    if unsure:
        who = [f"{id} is {_called(now, id)} and, as another id, {_called(now, intake.shared[id])}" for id in unsure]
        yield (
            f"ATTENTION: the roster gives an id to two learners: {_names(who, '; ')}. What was handed in, graded and set by "
            "hand under it stays with who has it as the first of their ids. If it was the other one's until now, use another "
            "gradebook (--gradebook) and grade all files again"
        )
    keep(book, now)


def _called(now: Mapping[str, Called], id: str) -> str:
    return f"{id}'s ({now[id]})" if id in now else f"{id}'s"


def with_other_ids(book: Gradebook, intake: Intake) -> Iterator[str]:
    """Attempts of learners who have another id now follow there, before anything of this run is written down."""
    for before, (learner, number) in learners_follow(book, intake.former).items():
        yield f"{_attempts(number)} of {before} {_counts(number)} for {learner} from now on, who has that id too"


def those_of(book: Gradebook) -> Intake:
    """Everybody of the gradebook as they were last told to be, who handed in nothing now; ids of before are those of now."""
    with reading(book) as connection:
        former, kept = present_ids(connection), told(connection)
    people = {id: Learner(id, one.name, one.email) for id, one in kept.items() if id not in former}
    return Intake(tuple(people), (), (), people, former=former)


def not_in_the_course(book: Gradebook, course: Course) -> Iterator[str]:
    """A line for each exercise of the gradebook that the course does not have."""
    known = {name for one in course.exercises for name in (one.slug, one.was) if name}
    with reading(book) as connection:
        gone = gone_exercises(connection, known, left=True)
    for one in gone:
        yield (
            f"the gradebook has {_of(one)} on {one.slug}, which is no exercise of this course: that does not count; "
            f"if it has another slug now, write 'was: {one.slug}' beside its folder in course.yaml"
        )


def _of(gone: Gone) -> str:
    work = f"work of {_learners(gone.handed_in)}" if gone.handed_in else ""
    by_hand = f"scores set by hand for {_names(gone.by_hand)}" if gone.by_hand else ""
    return " and ".join(filter(None, (work, by_hand)))


def not_in_this_run(book: Gradebook, intake: Intake) -> Iterator[str]:
    """Learners who handed in for an earlier run, and whom nobody named for this one."""
    with reading(book) as connection:
        others = handed_in_by_others(connection, set(intake.learners))
    if others:
        have = "has" if len(others) == 1 else "have"
        yield (
            f"{_learners(len(others))} of the gradebook {'is' if len(others) == 1 else 'are'} not in this run and {have} "
            f"no line in its records: {_names(others)}; a --roster names everybody"
        )


def without_more_time(
    book: Gradebook,
    course: Course,
    exercises: Sequence[Exercise],
    intake: Intake,
    more: Extensions | None,
    now: datetime,
) -> Iterator[str]:
    """Who had more time in an earlier run, and has none in this one."""
    here = {"", *(one.slug for one in exercises), *(one.unit for one in exercises)}
    lost = missed(book, more, intake.learners, here, now, intake.former, course.renamed)
    had = [f"{learner} ({said}{f' for {what}' if what else ''})" for (learner, what), said in lost.items()]
    if had and more is None:
        yield (
            f"nobody has more time in this run, and in earlier ones there was a list of extensions: {_names(had)}; "
            "name it with --extensions, or under 'extensions' in course.yaml, and grade again"
        )
    elif had and more is not None:
        yield f"{more.name}: who had more time in earlier runs is not in it any more: {_names(had)}. This is said once"


def without_attempts(
    book: Gradebook, course: Course, exercises: Sequence[Exercise], said: str | None, now: datetime
) -> Iterator[str]:
    """Where an earlier run was told which of several attempts counts, and this one is not; what it is told is written down."""
    if said is not None:
        keep_choice(book, [one.slug for one in exercises], said, now)
        return
    with reading(book) as connection:
        before = left_out(connection, exercises, course.renamed)
    for choice, slugs in before.items():
        yield (
            f"{_names(slugs)}: an earlier run was given --attempts {choice}, and this one goes by the course's policy; name it "
            "again, or put it into the policy in course.yaml. If the policy is meant, name what that says with --attempts once"
        )


def returned(works: Sequence[Work]) -> Iterator[str]:
    """What learners had handed in before their last attempt: which of the two is meant nobody can tell."""
    by_exercise: dict[str, list[str]] = {}
    for work in works:
        by_exercise.setdefault(work.exercise, []).append(work.learner)
    for slug, names in by_exercise.items():
        yield (
            f"{slug}: the files of {_learners(len(names))} are what they had handed in before their last attempt: "
            f"{_names(names)}; that is no new attempt, and the last one stays the last; "
            "if they were handed in once more, say so with --anew"
        )


def set_for_others(book: Gradebook, intake: Intake, exercises: Sequence[Exercise]) -> Iterator[str]:
    """Scores set by hand for ids that nobody of this run has: those of learners who have another id now follow them.

    What became of them, in words; what stays behind is told as well, so that none is lost to sight.
    """
    slugs = [exercise.slug for exercise in exercises]
    for one in follow(book, intake.former, slugs):
        before, slug = one.before
        yield f"the score set by hand for {before} on {slug} {_is_so(one)} for {one.now[0]}, who has that id too"
    with reading(book) as connection:
        held, gone = scores_by_hand(connection, slugs), followed_scores(connection, slugs, intake.former)
    people = set(intake.learners)
    left = list(dict.fromkeys(place[0] for place in held if place[0] not in people and place not in gone))
    if left:
        remedy = "who has another id now needs it there, with 'grader gradebook set'"
        yield f"scores set by hand for learners who are not among these do not count here: {_names(left)}; {remedy}"


def _names(names: Iterable[str], between: str = ", ") -> str:
    names = list(names)
    return between.join(names[:_TOLD]) + (f" and {len(names) - _TOLD} more" if len(names) > _TOLD else "")


def _learners(number: int) -> str:
    return f"{number} learner{'s' if number != 1 else ''}"


def _attempts(number: int) -> str:
    return f"{number} attempt{'s' if number != 1 else ''}"


def _is_so(one: Followed) -> str:
    return "was taken back, and so it is" if one.back else "counts"


def _counts(number: int) -> str:
    return "counts" if number == 1 else "count"
