"""Lateness in nbgrader by the policy of `course.yaml`: its dates in nbgrader's gradebook, and the penalty for each notebook.

What is taken off is what `grader grade` takes off for the same work, because the same function says it.
"""

import os
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.plugins import BasePlugin
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Unicode, default

from grader.course.due import read_due
from grader.course.load import load_course
from grader.course.model import Course, Exercise
from grader.errors import UsageError
from grader.gradebook.extensions import Extensions, read_extensions
from grader.gradebook.lateness import Rules, adjusted, rules_of
from grader.intake.model import Intake, Learner
from grader.intake.roster import other_names
from grader.notebooks.homes import exercise_called, names
from grader.notebooks.items import exercise_of
from grader.notebooks.known import scale, total_of

_LESS_THAN_ANY = 1e-9


def course_said(config: Any) -> str:
    """Where nbgrader_config.py says that the course is; empty where it does not."""
    said = config.get("GradeExercises", {}).get("course", "")
    return said if isinstance(said, str) else ""


def opened(path: str) -> Course:
    """As it stands now; read once, until its file is changed. Raises CourseError, and UsageError where there is none."""
    try:
        changed = os.stat(Path(path, "course.yaml")).st_mtime_ns
    except OSError as error:
        raise UsageError(
            f"{Path(path, 'course.yaml')}: {error.strerror}; build the notebooks again from where the course is now, "
            "or mend its place in nbgrader_config.py"
        ) from None
    return _opened(path, changed)


@lru_cache(maxsize=1)
def _opened(path: str, changed: int) -> Course:
    return load_course(path)


class MoreTime(NamedTuple):
    """Extensions by nbgrader's ids, and a line for each that counts for nobody there."""

    extensions: Extensions | None = None
    told: tuple[str, ...] = ()


def more_time(course: Course, gradebook: Any) -> MoreTime:
    """What the course names, read anew each time. Who is named by a name or an address is whom nbgrader's gradebook has so."""
    said = course.file.extensions
    if said is None:
        return MoreTime()
    found = read_extensions(Path(course.path).parent / said, course)
    whole = ((one, " ".join(filter(None, (one.first_name, one.last_name)))) for one in gradebook.students)
    people = {one.id: Learner(one.id, name, one.email or "") for one, name in whole}
    names = other_names(Intake(tuple(people), (), (), people))
    return MoreTime(found.by_id(people, names), tuple(map(str, found.strangers(people, names))))


def first_due(course: Course, unit: str, notebooks: Collection[str] = ()) -> datetime | None:
    """When work on the unit is due, as nbgrader keeps it: before that nothing of it can be late. `notebooks`: those that it has
    there, some of which may be of exercises that have left the unit since.
    """
    here = (one for one in course.exercises if one.unit == unit or {*notebooks} & {*names(one)})
    found = [one.policy.due for one in here if one.policy.due]
    return min((read_due(due).astimezone(UTC) for due in found), default=None)


def rules_for(exercise: Exercise, extensions: Extensions | None, learner: str, granted: timedelta | None) -> Rules:
    """`granted` is an extension in nbgrader; of two the later date counts."""
    rules = rules_of(exercise.policy, extensions.of(learner, exercise) if extensions else None)
    if rules.due is None or not granted or exercise.policy.due is None:
        return rules
    later = (read_due(exercise.policy.due).astimezone(UTC) + granted).astimezone(rules.due.tzinfo)
    return replace(rules, due=later, extended=True) if later > rules.due.astimezone(UTC) else rules


class FollowDates(NbGraderPreprocessor):  # type: ignore[misc]
    """When an assignment is generated or graded: nbgrader's date for it is the first of its exercises' in the course.

    Where the course names none, a date that somebody gave in nbgrader stays.
    """

    course = Unicode("", help="The course: the folder of its course.yaml.").tag(config=True)

    @default("course")
    def _course(self) -> str:
        return course_said(self.config)

    def preprocess(self, nb: NotebookNode, resources: Mapping[str, Any]) -> tuple[NotebookNode, Mapping[str, Any]]:
        about = resources["nbgrader"]
        if not self.course:
            return nb, resources
        # with --no-db an assignment is generated that the gradebook has never heard of
        with Gradebook(about["db_url"]) as gradebook, suppress(MissingEntry):
            assignment = gradebook.find_assignment(about["assignment"])
            due = first_due(opened(self.course), assignment.name, [one.name for one in assignment.notebooks])
            if due is not None:
                assignment.duedate = due.replace(tzinfo=None)
                gradebook.db.commit()
        return nb, resources


class LatePenalty(BasePlugin):  # type: ignore[misc]
    """nbgrader's plugin: asked where a submission is late by the date in its gradebook."""

    course = Unicode("", help="The course: the folder of its course.yaml.").tag(config=True)

    @default("course")
    def _course(self) -> str:
        return course_said(self.config)

    def late_submission_penalty(self, student_id: str, score: float, total_seconds_late: float) -> float | None:
        """None where nothing is taken off; of a notebook that is no exercise of the course's nothing ever is, and of cells that
        were added to one neither. Of an exercise that the course has no more it stays what it was."""
        asks = self.parent  # nbgrader tells a plugin neither the notebook nor the time
        exercise = exercise_called(opened(self.course).exercises, asks.notebook_id)
        if exercise is None:
            return _before(asks, student_id)
        submission = asks.gradebook.find_submission(asks.assignment_id, student_id)
        if submission.timestamp is None:
            return None
        extensions = more_time(opened(self.course), asks.gradebook).extensions
        rules = rules_for(exercise, extensions, student_id, submission.extension)
        notebook = asks.gradebook.find_submission_notebook(asks.notebook_id, asks.assignment_id, student_id)
        by = scale(
            notebook, asks.notebook_id, exercise.points
        )  # a policy can speak of points, and those are the course's
        score = total_of(notebook, asks.notebook_id) / by
        found = adjusted(score, submission.timestamp.replace(tzinfo=UTC), rules)
        self.log.warning("%s, %s: %s", student_id, exercise.slug, found.said)
        taken = round((score - found.points) * by, 9)
        return taken if taken > _LESS_THAN_ANY else None


def _before(asks: Any, student_id: str) -> float | None:
    """What was taken off a notebook of ours at an earlier autograde. In `asks.gradebook` nbgrader has taken it away by now."""
    with Gradebook(asks.db_url) as gradebook:
        notebook = gradebook.find_submission_notebook(asks.notebook_id, asks.assignment_id, student_id)
        ours = any(exercise_of(grade.name) == asks.notebook_id for grade in notebook.grades)
        found: float | None = notebook.late_submission_penalty
    return found if ours else None
