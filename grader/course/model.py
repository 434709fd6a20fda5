"""The course as data: frozen, and every key that the YAML may have is a field here, and nothing else is.

The JSON Schema is made from these structs, so what the schema says and what the loader takes cannot part.
A `Value` is plain data or, where it is a string that begins with `=`, an expression over the case's values.
"""

from typing import Annotated, Any, Literal

import msgspec

from grader.course.check_model import AnyCheck
from grader.course.parts import Event, Expression, Part, Points, Slug, Text, Value, form
from grader.course.policy_model import Policy

FORMAT = 1

# ---------------------------------------------------------------- the parts of an exercise

Range = Annotated[list[float], msgspec.Meta(min_length=2, max_length=2)]
IntRange = Annotated[list[int], msgspec.Meta(min_length=2, max_length=2)]  # named here: in `Draw`, `int` is a field


class Draw(Part, frozen=True, kw_only=True):
    """A drawn value: exactly one of `number`, `int`, `word`, `choice`, `shuffle`.

    `number` draws lo, lo + step, ... up to hi (step 0.25 if not given); `int` both ends included; `word` a short word with two
    digits; `list` makes a list of so many, `distinct` all different.
    """

    number: Range | None = None
    int: IntRange | None = None
    word: bool = False
    choice: list[Any] | None = None
    shuffle: Expression | None = None
    step: Annotated[float, msgspec.Meta(gt=0)] | None = None
    list: Value = None
    distinct: bool = False


class Operation(Part, frozen=True, kw_only=True):
    """A coroutine function that the exercise provides; `duration` in seconds, `key` names one of `params`.

    A parameter may have a default, as in Python: `"most=10"`. In the expressions `number` is how many calls of the operation
    had begun before this one, unless a var or a parameter has that name.

    If `fails` is true it raises `raises` (a builtin's name, or one that `errors` of the world declares) with `message` at its
    end. Once cancelled it takes `cleanup` seconds to end. More than `capacity` at once are refused with Overloaded.
    `plain` makes it an ordinary function that answers at once; its duration is then 0. `blocking` makes it an ordinary function
    that holds the calling thread for its duration; it cannot be cancelled.
    """

    params: list[str]
    duration: Value = 0
    key: str | None = None
    result: Value = None
    fails: Value = False
    raises: Text = "RuntimeError"
    message: str = ""
    cleanup: Value = 0
    capacity: Value = None
    plain: bool = False
    blocking: bool = False


Replaced = Literal[
    "asyncio.create_subprocess_shell",
    "asyncio.create_subprocess_exec",
    "asyncio.open_connection",
    "asyncio.open_unix_connection",
    "asyncio.start_server",
    "asyncio.start_unix_server",
    "asyncio.sleep",
]


ModuleName = Annotated[str, form(r"^\w([\w -]*[\w-])?$", "the name of a Python file, without its ending")]
FileName = Annotated[str, form(r"^\w([\w .-]*[\w-])?$", "the name of a file, without a folder")]


class Provided(Part, frozen=True, kw_only=True):
    """A file that the exercise provides beside the learner's: what it holds are these operations.

    `also` are modules (`asyncio`) and names of modules (`random.uniform`) that learners import from it; `code` is Python that
    stands after them, for what is no operation: an async generator, a function that makes a task.
    """

    operations: list[str] = []
    also: list[Annotated[str, form(r"^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$", "a module, or a name of one")]] = []
    code: str = ""


class World(Part, frozen=True, kw_only=True):
    """What the exercise provides: operations in YAML, or a module whose `build(world, v)` returns both of the below.

    `gives` names what it returns for the entries' arguments and the checks, `records` the operations that stand in the
    ledger, `replaces` the functions of asyncio that are the world's for the time of the run: `asyncio.sleep` is then the
    operation `sleep`. `modules` are files that the learner's may import, and `files` other ones, as texts, that it may read,
    where the exercise grades files as they are.
    """

    operations: dict[str, Operation] = {}
    python: Annotated[str, form(r"^\w+\.py$")] | None = None
    gives: list[str] = []
    records: list[str] = []
    replaces: list[Replaced] = []
    modules: dict[ModuleName, Provided] = {}
    files: dict[FileName, str] = {}


EntryKind = Literal["coroutine", "function", "async_generator", "function_in_loop"]
Returns = Literal["task", "future", "coroutine", "value"]


class Entry(Part, frozen=True, kw_only=True):
    """A function that the learner writes. `kind` "function" is called outside any loop, and runs one itself.

    "function_in_loop" is no coroutine function, and is called while a loop runs; `returns` says what kind of thing it has to
    give back, and what can be awaited is awaited for its value.

    `work`: whether an operation has to be done for any points, where the exercise offers some; if not, the answer has to be
    right.

    `ticker` names an operation without parameters that the grader calls while the entry runs: a plain one at every turn of the
    loop; one that takes time again and again, in a task of its own, so that its calls show whether the loop goes on.
    """

    args: list[Value]
    checks: Annotated[list[AnyCheck], msgspec.Meta(min_length=1)]
    kind: EntryKind = "coroutine"
    returns: Returns | None = None
    work: bool = True
    ticker: str | None = None


class CaseSpec(Part, frozen=True, kw_only=True):
    """One concrete run, or `draws` of them. `with` fixes values; `only` names the entries that it runs (all if empty).

    `cancel_at`: the entry is cancelled at this virtual second. `repeat`: the entry is called so many times in one run, one
    after another, and `result` is the list of what it returned. `omit`: so many of its last arguments are not given.
    `checks`: ids of the checks that it is for: no others are looked at here; and those that a case of `exercise.yaml` names in
    no case that does not name them.
    """

    name: Annotated[str, form("^[a-z0-9][a-z0-9-]*$")]
    with_: dict[str, Value] = msgspec.field(default_factory=dict, name="with")
    draws: Annotated[int, msgspec.Meta(ge=1, le=50)] = 1
    such_that: list[Expression] = []
    only: list[str] = []
    cancel_at: Value = None
    repeat: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 1
    omit: Annotated[int, msgspec.Meta(ge=0, le=20)] = 0
    checks: list[str] = []

    def runs(self, entry: str) -> bool:
        return not self.only or entry in self.only


class When(Part, frozen=True, kw_only=True):
    """All that is given must hold in one failing run. `fails`: ids of checks that failed there. `what`: what `event` was about.

    `raised`: a name among the bases of the entry's exception or of the first task's that failed; `about` is matched (with
    `*`) against what that exception concerns, e.g. `NoneType.*`, and `message` against its text. `where` sees the case's
    values and what was observed: `result`, `returned`, `objects`, `elapsed`, `tasks`, `yields`, `output`, and by operation
    `calls`, `keys`, `starts`, `ends`, `durations`, `in_loop`, `in_thread` and `at_once`.
    """

    entry: str | None = None
    fails: list[str] = []
    event: Event | None = None
    what: str | None = None
    raised: str | None = None
    about: str | None = None
    message: str | None = None
    source: str | None = None
    elapsed: Expression | None = None
    where: Expression | None = None


class Misconception(Part, frozen=True, kw_only=True):
    """A wrong model that a wrong solution shows. The first in the list that matches is named: root causes first.

    `example` is the file in the solutions' `wrong` folder that shows it. `earns_more_because` is needed where that file
    keeps more than 60 % of the points.
    """

    id: Annotated[str, form("^[a-z][a-z0-9-]*$")]
    when: When
    says: Text
    example: Text
    earns_more_because: str = ""


RealSeconds = Annotated[float, msgspec.Meta(gt=0, le=86_400)]
Count = Annotated[int, msgspec.Meta(ge=1, le=10**9)]


class Limits(Part, frozen=True, kw_only=True):
    """Generous bounds of one run; None takes the course's default."""

    wall_seconds: RealSeconds | None = None
    cpu_seconds: RealSeconds | None = None
    virtual_seconds: Annotated[float, msgspec.Meta(gt=0, le=10**9)] | None = None
    turns: Count | None = None
    operations: Count | None = None
    tasks: Count | None = None
    threads: Count | None = None
    memory_mb: Annotated[int, msgspec.Meta(ge=16, le=10**6)] | None = None
    output_kb: Annotated[int, msgspec.Meta(ge=1, le=10**6)] | None = None
    open_files: Annotated[int, msgspec.Meta(ge=8, le=10**6)] | None = None
    processes: Annotated[int, msgspec.Meta(ge=0, le=10**6)] | None = None
    reads_past_end: Count | None = None


Dependencies = Literal["provided", "own", "both"]


class ExerciseFile(Part, frozen=True, kw_only=True):
    """`exercise.yaml`.

    With `module` or `within` the learner's file is graded as it is: a real file named `module`, which lies in the folder
    `within` of what they hand in and may import the earlier files that it `needs`. `dependencies` says whose those are: the
    exercise's, as `modules` of the world has them, or the learner's own, or one after the other. `import_seconds` is how long
    the file may compute while it is imported.
    """

    schema: Literal[1]
    slug: Slug
    goal: Annotated[Text, msgspec.Meta(max_length=200)]
    prompt: Text
    concepts: list[Text]
    entries: Annotated[dict[str, Entry], msgspec.Meta(min_length=1)]
    cases: Annotated[list[CaseSpec], msgspec.Meta(min_length=1)]
    hints: Annotated[list[Text], msgspec.Meta(min_length=1)]
    docs: Annotated[list[Text], msgspec.Meta(min_length=1)]
    misconceptions: list[Misconception] = []
    prerequisites: list[Slug] = []
    covers: list[int] = []
    vars: dict[str, Draw | int | float | bool | str | list[Any]] = {}
    such_that: list[Expression] = []
    world: World = World()
    limits: Limits = Limits()
    module: ModuleName | None = None
    within: Text | None = None
    needs: list[ModuleName] = []
    dependencies: Dependencies = "provided"
    import_seconds: RealSeconds = 1.0


class HiddenFile(Part, frozen=True, kw_only=True):
    """`hidden.yaml`, on the instructor's side: cases whose values learners never see."""

    schema: Literal[1]
    cases: list[CaseSpec]


class Listed(Part, frozen=True, kw_only=True):
    """An exercise's place in the course. `was`: the slug that it had before, under which marks of it may be kept."""

    folder: Text
    title: Text
    points: Points = 10
    was: Slug | None = None
    policy: Policy = Policy()


class Unit(Part, frozen=True, kw_only=True):
    """`weight`: the share of the total that the unit has, against the weights of the others; all units have one, or none."""

    id: Slug
    title: Text
    exercises: Annotated[list[Listed], msgspec.Meta(min_length=1)]
    weight: Annotated[float, msgspec.Meta(ge=0, le=10**6)] | None = None
    policy: Policy = Policy()


class Defaults(Part, frozen=True, kw_only=True):
    limits: Limits = Limits()


class Submissions(Part, frozen=True, kw_only=True):
    """`files`: where an exercise's file lies in what a learner hands in; {within} and {module} are the exercise's."""

    files: Text


class CourseFile(Part, frozen=True, kw_only=True):
    """`course.yaml`. `extensions` is a file of learners who have more time; it is read when a class is graded."""

    schema: Literal[1]
    title: Text
    units: Annotated[list[Unit], msgspec.Meta(min_length=1)]
    defaults: Defaults = Defaults()
    packages: list[Text] = []
    policy: Policy = Policy()
    extensions: Text | None = None
    submissions: Submissions | None = None


# ---------------------------------------------------------------- what the rest of the grader works with


class Exercise(msgspec.Struct, frozen=True):
    """An exercise as loaded: its file, its place, its folders. `hidden` is empty where the solutions are not at hand.

    `folder` and `solutions` are absolute paths; `solutions` is None when there is no such folder. `packages`: distributions
    beyond the standard library that submissions may import. `was`: the slug that it had before.
    """

    file: ExerciseFile
    title: str
    unit: str
    number: str
    points: float
    limits: Limits
    folder: str
    solutions: str | None
    hidden: tuple[CaseSpec, ...]
    packages: tuple[str, ...] = ()
    policy: Policy = Policy()
    was: str | None = None

    @property
    def slug(self) -> str:
        return self.file.slug

    @property
    def module(self) -> str:
        """The name of the learner's file without its ending: that which is given, or the slug with underscores."""
        return self.file.module or self.slug.replace("-", "_")

    @property
    def is_adopted(self) -> bool:
        """Whether the learner's file is graded as it is: a real file among others, imported under its own name."""
        return self.file.module is not None or self.file.within is not None

    @property
    def counted(self) -> tuple[str, ...]:
        """The modules beside the learner's file that are theirs, and bear on the verdict."""
        return tuple(self.file.needs) if self.file.dependencies != "provided" else ()

    def called(self, case: "Case") -> Entry:
        """The entry of a case, with the arguments that this one gives it, and the checks that are looked at there."""
        entry = self.file.entries[case.entry]
        if case.omit:
            entry = msgspec.structs.replace(entry, args=entry.args[: -case.omit])
        by_name = [spec for spec in self.file.cases if spec.checks]
        if not (by_name or case.checks):
            return entry  # as nearly always
        named = {name for spec in by_name for name in spec.checks if spec.runs(case.entry)}
        if not (named or case.checks):
            return entry
        asked = [one for one in entry.checks if (one.id in case.checks if case.checks else one.id not in named)]
        return msgspec.structs.replace(entry, checks=asked)


class Course(msgspec.Struct, frozen=True):
    title: str
    path: str
    file: CourseFile
    exercises: tuple[Exercise, ...]

    @property
    def renamed(self) -> dict[str, str]:
        """The slugs that exercises had before, with those of now."""
        return {one.was: one.slug for one in self.exercises if one.was}


class Case(msgspec.Struct, frozen=True):
    """One concrete run: an entry with its values drawn. `seed` (hex) is what the runner's own randomness derives from.

    `repeat`: how often the entry is called; `omit`: how many of its last arguments are not given; `checks`: those that the
    case is for, if it is for some only.
    """

    entry: str
    name: str
    number: int
    hidden: bool
    seed: str
    values: dict[str, Any]
    cancel_at: float | None
    repeat: int = 1
    omit: int = 0
    checks: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """Unique among the cases of one entry: the name, and the number where the case is drawn several times."""
        return self.name if self.number == 0 else f"{self.name}-{self.number}"
