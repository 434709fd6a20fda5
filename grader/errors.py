"""The ways in which the grader says no; each knows the exit code with which a command ends.

A fault of the course, of the caller and of the grader are three different things, and a learner is marked for none of them.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that an author must mend: `path:line: what is wrong, the value, what to do`."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}" if self.line else f"{self.path}: {self.message}"


class GraderError(Exception):
    """Base of all errors that a command prints without a traceback."""

    exit_code = 3


class UsageError(GraderError):
    """The caller asked for something that cannot be had: a file that is not there, an unknown exercise."""

    exit_code = 2


class CourseError(GraderError):
    """A course that cannot be used; carries every problem found, not the first only."""

    exit_code = 2

    def __init__(self, problems: "list[Problem] | tuple[Problem, ...] | Problem"):
        found = (problems,) if isinstance(problems, Problem) else tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, found)))
        self.problems: tuple[Problem, ...] = found


class GraderFault(GraderError):
    """The grader's own fault; never a learner's fail."""
