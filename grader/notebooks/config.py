"""What an nbgrader course needs to know so that the notebooks built from a course are marked outside of any kernel.

It stands here and not in the course's `nbgrader_config.py`, so that a newer grader needs no new file there.
"""

from typing import Any

_OURS = "grader.notebooks.autograde"
_THEIRS = "nbgrader.preprocessors"
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
    f"{_THEIRS}.AssignLatePenalties",
    f"{_THEIRS}.CheckCellMetadata",
)


def configure(c: Any, *, course: str, course_id: str) -> None:
    """Sets what `c`, nbgrader's configuration, needs; `course` is the folder of the course.yaml, hidden cases and all."""
    c.CourseDirectory.course_id = course_id
    c.ClearSolutions.code_stub = {"python": ""}  # the stub stands above the solution, and is all that is handed out
    c.Autograde.sanitize_preprocessors = list(SANITIZE)
    c.Autograde.autograde_preprocessors = list(AUTOGRADE)
    c.GradeExercises.course = course


def config_file(course: str, course_id: str) -> str:
    return f'''\
"""nbgrader for the course in {course!r}. Written once; what you add below stays when the notebooks are built again."""

from grader.notebooks.config import configure

c = get_config()  # noqa: F821
configure(c, course={course!r}, course_id={course_id!r})
'''
