"""The policy of a course as data: what becomes of points by when and how often something was handed in.

It may stand at the course, at a unit and at an exercise; what the inner one says goes before what the outer one says.
"""

from typing import Annotated, Literal, TypeVar

import msgspec

from grader.course.parts import Part, Points, Text

Settings = TypeVar("Settings", bound=msgspec.Struct)


class Late(Part, frozen=True, kw_only=True):
    """What being late costs, for each hour or day that has begun: `percent` of what was earned, or `points`.

    `cap` is the most that is taken off, in the same unit.
    """

    per: Literal["hour", "day"]
    percent: Annotated[float, msgspec.Meta(ge=0, le=100)] | None = None
    points: Points | None = None
    cap: Points | None = None


class Policy(Part, frozen=True, kw_only=True):
    """None takes what stands further out. `due` is a moment with its time zone, e.g. '2026-03-01 23:59 Europe/Berlin'.

    Up to `grace_minutes` after it nothing is taken off. Of the first `attempts` (all, if not given) the one that `counts` does.
    What is `missing` counts as zero in the total (the default), or is excused: then the total is that of the others.
    """

    due: Text | None = None
    grace_minutes: Annotated[float, msgspec.Meta(ge=0, le=10**6)] | None = None
    late: Late | None = None
    attempts: Annotated[int, msgspec.Meta(ge=1, le=10**6)] | None = None
    counts: Literal["best", "last"] | None = None
    missing: Literal["zero", "excused"] | None = None


def overlaid(outer: Settings, inner: Settings) -> Settings:
    """What `inner` says, and where it says nothing (None), what `outer` does."""
    stated = {name: value for name in inner.__struct_fields__ if (value := getattr(inner, name)) is not None}
    return msgspec.structs.replace(outer, **stated)
