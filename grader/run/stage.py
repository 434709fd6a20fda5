"""One case, set up: a referee with its world, and all that the runner is told at the start.

What the runner is told holds no duration, no result and no expected answer.
"""

import hashlib
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec

from grader.course.looks import looks_where
from grader.course.model import Case, Exercise, Limits
from grader.course.names import SLEEP
from grader.course.operations import Setting, is_foreseen, set_up
from grader.course.same import Same
from grader.door.messages import AT_IMPORT
from grader.referee.decode import outcome_of
from grader.referee.facts import Facts
from grader.referee.outcome import Outcome
from grader.referee.own_calls import with_own_calls
from grader.referee.record import Record
from grader.referee.referee import Referee
from grader.referee.world import World
from grader.run.files import Texts, files_of, noted_of, provided_modules
from grader.run.submitted import Submitted, identity, with_needs
from grader.ticks import to_ticks

EPOCH = 1_893_456_000.0  # 2030-01-01T00:00:00Z: when every run begins
# where the loop's clock stands, in seconds, when the run begins of a file that is graded as it is: it may measure a runtime,
# and who takes no beginning from the end is not to be right by luck
BEGINS = 4096.0


class Stage:
    """`start`: the fields that the runner gets, but for the source. `gives`: the world's plain data, for expressions."""

    def __init__(self, referee: Referee, start: dict[str, Any], gives: dict[str, Any]):
        self.referee, self.start, self.gives = referee, start, gives

    def record(self, facts: Facts, ended: Outcome | None) -> Record:
        """What the referee has. `ended`: how a run ended that did not come to its end; it stands above what was said."""
        bound = self.start["limits"]["output_kb"] * 1024
        if len(facts.output) > bound:
            facts = msgspec.structs.replace(facts, output=facts.output[:bound])
        outcome = ended or outcome_of(self.referee) or Outcome("died", detail="it did not say how it ended")
        if ended is not None and "folder" in self.start and not self.referee.entered:
            outcome = self._at_import(ended)
        ledger, folder = self.referee.ledger(), self.start.get("folder")
        if folder is not None and folder.get("noted"):
            ledger = with_own_calls(ledger, facts, frozenset().union(*folder["noted"].values()))
        return Record(ledger, outcome, facts)

    def _at_import(self, ended: Outcome) -> Outcome:
        """An import is a phase of its own, with a limit of its own."""
        kind: Any = AT_IMPORT.get(ended.kind, ended.kind)
        seconds = self.start["folder"]["import_seconds"]
        computes = f"computes for more than {seconds:g} s without waiting"
        detail = computes if ended.kind == "busy_loop" else ended.detail
        return msgspec.structs.replace(ended, kind=kind, detail=detail)


def referee_for(limits: Limits, begins: float = 0.0) -> Referee:
    """`begins`: where the clock stands when the run begins, in seconds."""
    assert limits.virtual_seconds is not None
    assert limits.operations is not None
    most = to_ticks(limits.virtual_seconds)
    return Referee(frozenset(), max_tick=most, max_operations=limits.operations, begins=to_ticks(begins))


def stage_case(
    exercise: Exercise, case: Case, limits: Limits, submitted: Submitted | None = None, *, own: bool = False
) -> Stage:
    """The world of `exercise` built for `case`, ready to be played.

    `submitted` is needed where files are graded as they are; with `own` it is the learner's earlier files that are imported.
    """
    limits = _repeated(limits, case.repeat)
    referee = referee_for(limits, BEGINS if exercise.is_adopted else 0.0)
    setting = set_up(exercise, case, World(referee))
    referee.clerk.records = setting.records
    referee.ticker = setting.ticker
    referee.cancel_after = case.cancel_at
    start = {
        "module": exercise.module,
        "entry": case.entry,
        "kind": exercise.file.entries[case.entry].kind,
        "args": referee.describe(list(setting.args)),
        "replaced": {
            name.removeprefix("asyncio."): referee.describe(function) for name, function in setting.replaced.items()
        },
        "ticker": None if setting.ticker is None else referee.describe(setting.ticker),
        "epoch": EPOCH,
        "seed": case.seed,
        "limits": runner_limits(limits),
    }
    if SLEEP in setting.replaced and is_foreseen(exercise.file.world.operations["sleep"]):
        sleep = setting.replaced[SLEEP]
        referee.foreseen = referee.ref_of(sleep), len(sleep.params)
        start["foreseen"] = [*referee.foreseen]
    return Stage(referee, start | _more(exercise, case, submitted, referee, setting, own), setting.gives)


def _more(
    exercise: Exercise, case: Case, submitted: Submitted | None, referee: Referee, setting: Setting, own: bool
) -> dict[str, Any]:
    """What only some exercises need; the fields of MORE_FIELDS."""
    more: dict[str, Any] = {"begins": BEGINS} if exercise.is_adopted else {}
    if case.repeat > 1:
        more["repeat"] = case.repeat
    returns = exercise.file.entries[case.entry].returns
    if returns is not None:
        more["returns"] = returns
    if looks_where(exercise.file):
        more["told_where"] = True
    if not exercise.is_adopted or submitted is None:
        return more
    offers = {
        name: thing for module in provided_modules(exercise, own=own) for name, thing in setting.modules[module].items()
    }
    lies_there = _lies_there(submitted, Same(exercise), own)
    return more | {
        # the same text draws the same, whoever hands it in with this seed
        "seed": hashlib.sha256(f"{case.seed}/{lies_there.digest}".encode()).hexdigest(),
        "folder": {
            "path": None,
            "files": lies_there.files,
            "offers": {name: referee.describe(thing) for name, thing in offers.items()},
            "import_seconds": exercise.file.import_seconds,
            **({"earlier": lies_there.earlier} if lies_there.earlier else {}),
            **({"noted": lies_there.noted} if lies_there.noted else {}),
        },
    }


class _LiesThere(NamedTuple):
    """In a run folder: `files` by their names, `earlier` the learner's others, `noted` what is noted of these; `digest` is
    that of what draws hang on."""

    files: Texts
    earlier: list[str]
    noted: dict[str, dict[str, list[Any]]]
    digest: str


@lru_cache(maxsize=4)
def _lies_there(submitted: Submitted, one: Same[Exercise], own: bool) -> _LiesThere:
    """The same for each case of a submission; what is in it is read and no more."""
    exercise = one.it
    theirs = with_needs(submitted, exercise, own=own)
    earlier = [f"{name}.py" for name, _ in theirs.files]
    wanted_of = {file: noted_of(exercise, file.removesuffix(".py")) for file in earlier} if own else {}
    digest = identity(submitted, exercise) if own else identity(Submitted(submitted.source), exercise)
    return _LiesThere(
        files_of(exercise, theirs, own=own),
        earlier,
        {file: wanted for file, wanted in wanted_of.items() if wanted},
        digest,
    )


MOST = 100_000


def _repeated(limits: Limits, times: int) -> Limits:
    """What is enough for one call is so for each of `times`, as far as that is bounded still."""
    if times == 1:
        return limits
    assert limits.operations is not None
    assert limits.tasks is not None
    operations, tasks = (max(each, min(each * times, MOST)) for each in (limits.operations, limits.tasks))
    return msgspec.structs.replace(limits, operations=operations, tasks=tasks)


def runner_limits(limits: Limits) -> dict[str, Any]:
    """The limits that are kept on the runner's side."""
    return {
        "cpu_seconds": limits.cpu_seconds,
        "turns": limits.turns,
        "tasks": limits.tasks,
        "threads": limits.threads,
        "output_kb": limits.output_kb,
        "reads_past_end": limits.reads_past_end,
    }
