"""The checks as data: one struct a kind, so that the schema and the loader cannot part.

Authors do not write `kind`: the one key that names it tells.
"""

from typing import Annotated, Literal

from grader.course.parts import AllenRelation, Expression, HygieneRule, Part, Points, Selector, Text, Value, form


class Check(Part, frozen=True, kw_only=True, tag_field="kind"):
    """What every check has. `gate`: if it fails, its whole entry earns nothing. `help` says what to do when it fails.

    `for_each` runs the check once for each value: `{u: "=urls"}`. With `under: provided` it is not looked at where the
    learner's own earlier files are used.
    """

    id: Annotated[str, form("^[a-z][a-z0-9-]*$")]
    points: Points = 0
    gate: bool = False
    for_each: dict[str, Expression] = {}
    help: str = ""
    under: Literal["provided"] | None = None


class ResultCheck(Check, frozen=True, kw_only=True, tag="result"):
    """The entry returned this value, of exactly these types; `unordered` compares sequences as multisets."""

    result: Value
    unordered: bool = False


class RaisesCheck(Check, frozen=True, kw_only=True, tag="raises"):
    """The entry raised an exception of this name (or one derived from it), with `message` in its text if given."""

    raises: Text
    message: str = ""


class CallsCheck(Check, frozen=True, kw_only=True, tag="calls"):
    """How often operations were begun before the entry returned: exactly `count`, or between the bounds."""

    calls: Selector
    count: Value = None
    at_least: Value = None
    at_most: Value = None


class StartsInOrderCheck(Check, frozen=True, kw_only=True, tag="starts_in_order"):
    """The selected operations began in this order (a list of selectors, or an expression that gives one)."""

    starts_in_order: list[Selector] | Expression


class EndsInOrderCheck(Check, frozen=True, kw_only=True, tag="ends_in_order"):
    """The selected operations ended in this order."""

    ends_in_order: list[Selector] | Expression


class Bounds(Part, frozen=True, kw_only=True):
    at_least: Value = None
    at_most: Value = None


class ElapsedCheck(Check, frozen=True, kw_only=True, tag="elapsed"):
    """Virtual seconds from the entry's call to its return."""

    elapsed: Bounds | int | float | Expression


class SequentialCheck(Check, frozen=True, kw_only=True, tag="sequential"):
    """With a list: all of each before all of the next. With one selector: no two of them at the same time."""

    sequential: Selector | list[Selector]


class ParallelCheck(Check, frozen=True, kw_only=True, tag="parallel"):
    """Each two of the selected operations shared a stretch of time (with a list: one of each selector)."""

    parallel: Selector | list[Selector]


class RelationSpec(Part, frozen=True, kw_only=True, rename={"is_": "is"}):
    a: Selector
    b: Selector
    is_: list[AllenRelation]


class RelationCheck(Check, frozen=True, kw_only=True, tag="relation"):
    """Allen's relation of every `a` to every `b` is one of those named (CACM 26(11), 1983)."""

    relation: RelationSpec


class ConcurrencyCheck(Check, frozen=True, kw_only=True, tag="concurrency"):
    """The greatest number of the selected operations that ran at once."""

    concurrency: Selector
    max: Value = None
    min: Value = None


class AtReturn(Part, frozen=True, kw_only=True):
    running: list[Selector] = []
    finished: list[Selector] = []


class AtReturnCheck(Check, frozen=True, kw_only=True, tag="at_return"):
    """What still ran when the entry returned: `idle` is nothing at all, neither operation nor task."""

    at_return: Literal["idle"] | AtReturn


class CancelledCheck(Check, frozen=True, kw_only=True, tag="cancelled"):
    """The selected operations were begun, and ended by cancellation."""

    cancelled: list[Selector]


class CleanedCheck(Check, frozen=True, kw_only=True, tag="cleaned"):
    """The selected operations, once cancelled, had finished their cleaning up when the entry returned."""

    cleaned: list[Selector]


# One text type, because msgspec holds every text of a union to the pattern of one of them.
TaskRule = Annotated[str, form("^(=.*|none_redundant)$", "'none_redundant', or an expression")]


class TasksCheck(Check, frozen=True, kw_only=True, tag="tasks"):
    """How many tasks the learner's code made; `none_redundant`: none was awaited at once with nothing beside it."""

    tasks: Bounds | int | TaskRule


class SourceRules(Part, frozen=True, kw_only=True):
    """Patterns over the source: see `grader.checks.source`. `once`: exactly one place."""

    require: list[Text] = []
    forbid: list[Text] = []
    once: list[Text] = []


class SourceCheck(Check, frozen=True, kw_only=True, tag="source"):
    """What has to stand in the file, or must not. With `level: warn` it is said, and costs nothing."""

    source: SourceRules
    level: Literal["warn", "fail"] = "fail"


class HoldsCheck(Check, frozen=True, kw_only=True, tag="holds"):
    """What is true of the case's values and of what was observed, by the names that `where` has; `says` tells what was.

    In `says` expressions stand in braces: `"it returned {result} and had slept {keys['sleep'][0]} s"`.
    """

    holds: Expression
    says: str = ""


class HygieneCheck(Check, frozen=True, kw_only=True, tag="hygiene"):
    """Nothing was left lying about: `default` is every rule."""

    hygiene: Literal["default"] | list[HygieneRule]


class PythonCheck(Check, frozen=True, kw_only=True, tag="python"):
    """The escape hatch: `file.py:function`, called on the trusted side with a `grader.checks.base.View`.

    It returns None when the check passes, else a sentence for the learner.
    """

    python: Annotated[str, form(r"^\w[\w/]*\.py:[a-z_]\w*$")]


AnyCheck = (
    ResultCheck
    | RaisesCheck
    | CallsCheck
    | StartsInOrderCheck
    | EndsInOrderCheck
    | ElapsedCheck
    | SequentialCheck
    | ParallelCheck
    | RelationCheck
    | ConcurrencyCheck
    | AtReturnCheck
    | CancelledCheck
    | CleanedCheck
    | TasksCheck
    | SourceCheck
    | HygieneCheck
    | HoldsCheck
    | PythonCheck
)
