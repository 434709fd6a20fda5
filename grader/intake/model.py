"""What the intake hands on: which file is whose work on what, and what was left out and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Stray:
    """A file or folder that was not graded, and why. `known`: what it was meant for, and that needs it no more.

    `other`: the exercise that it belongs to, where that is not graded now.
    """

    path: str
    reason: str
    known: bool = False
    other: str = ""


@dataclass(frozen=True, slots=True)
class Handed:
    """One file to be graded. `path` is where it is, `file` how it is called in the records.

    `attempt` counts from 1 for each learner and exercise. `submitted` has its time zone, or is None where the platform does
    not say; `submitted_by` names what said it, or why it is not known. `late` is the platform's own flag, None where it has
    none. `earlier`: where this learner's own files of earlier exercises are that it may import, by the names of their modules.
    """

    learner: str
    exercise: str
    path: str
    file: str
    name: str = ""
    email: str = ""
    attempt: int = 1
    submitted: datetime | None = None
    submitted_by: str = ""
    late: bool | None = None
    earlier: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Learner:
    """Who a learner is, as far as the platform or the roster says."""

    id: str
    name: str = ""
    email: str = ""
    section: str = ""


@dataclass(frozen=True, slots=True)
class Intake:
    """`learners` has those too who handed in nothing; `people` has all of them; `handed` every attempt, in order.

    `left`: of learners of whom nothing can be graded, what they handed in, with the reasons, in words. `former`: other ids
    by which a platform or the roster knows somebody, and who that is. `nobodys`: all that was handed in joins with nobody.
    `shared`: ids of learners that the roster has as another id of somebody else, too, with who that is.
    """

    learners: tuple[str, ...]
    handed: tuple[Handed, ...]
    strays: tuple[Stray, ...]
    people: Mapping[str, Learner] = field(default_factory=dict, hash=False)
    left: Mapping[str, str] = field(default_factory=dict, hash=False)
    former: Mapping[str, str] = field(default_factory=dict, hash=False)
    nobodys: bool = False
    shared: Mapping[str, str] = field(default_factory=dict, hash=False)
