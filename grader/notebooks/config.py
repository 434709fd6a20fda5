"""What an nbgrader course needs to know so that the notebooks built from a course are marked outside of any kernel.

It stands here and not in the course's `nbgrader_config.py`, so that a newer grader needs no new file there.
"""

from typing import Any

_OURS = "grader.notebooks.autograde"
_THEIRS = "nbgrader.preprocessors"
_DATES = "grader.notebooks.late.FollowDates"
GENERATE = (
    f"{_THEIRS}.IncludeHeaderFooter",
    f"{_THEIRS}.InstantiateTests",
    f"{_THEIRS}.LockCells",
    "grader.notebooks.generate.ClearReferences",  # where nbgrader has ClearSolutions
    f"{_THEIRS}.ClearOutput",
    f"{_THEIRS}.CheckCellMetadata",
    f"{_THEIRS}.ComputeChecksums",
    f"{_THEIRS}.SaveCells",
    f"{_THEIRS}.ClearHiddenTests",
    f"{_THEIRS}.ClearMarkScheme",
    f"{_THEIRS}.ComputeChecksums",
    f"{_THEIRS}.CheckCellMetadata",
)
SANITIZE = (
    f"{_OURS}.RestoreCells",
    f"{_THEIRS}.ClearOutput",
    f"{_THEIRS}.DeduplicateIds",
    f"{_THEIRS}.OverwriteKernelspec",
    f"{_THEIRS}.OverwriteCells",
    f"{_THEIRS}.CheckCellMetadata",
)
AUTOGRADE = (
    f"{_OURS}.GradeExercises",  # where nbgrader has Execute
    f"{_THEIRS}.IgnorePattern",
    "nbconvert.preprocessors.ClearMetadataPreprocessor",
    f"{_THEIRS}.LimitOutput",
    f"{_THEIRS}.SaveAutoGrades",
    f"{_OURS}.AskForAttention",
    f"{_THEIRS}.AssignLatePenalties",
    f"{_THEIRS}.CheckCellMetadata",
)


def configure(c: Any, *, course: str = "", course_id: str | None = None) -> None:
    """Sets what `c`, nbgrader's configuration, needs; `course` is the folder of the course.yaml, hidden cases and all.

    Empty where nothing of it is an exercise of ours. Without `course_id` the configuration's own stays.
    """
    if course_id is not None:
        c.CourseDirectory.course_id = course_id
    c.GenerateAssignment.preprocessors = list(GENERATE)
    c.Autograde.sanitize_preprocessors = list(SANITIZE)
    c.Autograde.autograde_preprocessors = list(AUTOGRADE)
    c.GradeExercises.course = course
    if course:
        c.GenerateAssignment.preprocessors += [_DATES]
        c.Autograde.sanitize_preprocessors += [_DATES]
        c.AssignLatePenalties.plugin_class = "grader.notebooks.late.LatePenalty"


def config_file(course: str, course_id: str) -> str:
    return f'''\
"""nbgrader for the course in {course!r}. Written once; what you add below stays when the notebooks are built again."""

from grader.notebooks.config import configure

c = get_config()  # noqa: F821
configure(c, course={course!r}, course_id={course_id!r})
'''
