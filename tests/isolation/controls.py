"""Each program of tests/programs/hostile, what stops it, and what it does where that is off; or why there is no such control.

Where several defences are named, each of them stops it by itself, so all have to be off: the tests try that, too.
"""

import atexit
import contextlib
import importlib
import io
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace

from grader.course.check_model import ParallelCheck
from grader.course.model import Exercise
from grader.feedback.markup import joined
from grader.feedback.message import compose
from grader.report.feedback import feedback
from grader.verdict import Verdict
from tests.proof.test_hostile import BOUNDED

ASKED = "the work is asked for in each case"
APART = "the referee is in another process"
SHUT = "the program is shut in"
WORK, STOPPED = "no points without work", "no points for what had to be stopped"
TIME, OURS = "time is the referee's", "operations are the referee's"
PACKED, TYPES = "values are packed", "compared type for type"
UNCAUGHT = "no message is an error of the grader's"
CANCELLED = "what was cancelled did not run"
TEXT = "the ledger and not the text"


def _with(exercise: Exercise, *cases: str, **checks_by_id: object) -> Exercise:
    """With these cases only, and with these checks of its one entry in the place of its own, or left out where it is None."""
    [(name, entry)] = exercise.file.entries.items()
    every = [checks_by_id.get(check.id, check) for check in entry.checks]
    changed = {name: replace(entry, checks=[check for check in every if check is not None])}
    chosen = [case for case in exercise.file.cases if case.name in cases]
    return replace(exercise, file=replace(exercise.file, entries=changed, cases=chosen))


_PAIR = ParallelCheck(id="parallel", points=0.5, parallel=["get[{url1}]", "get[{url2}]"])
PLAIN = _with(BOUNDED, "second-is-slower")
BOTH = _with(BOUNDED, "second-is-slower", "first-is-slower")
FIRST_SLOWER = _with(BOUNDED, "first-is-slower")
PAIRED = _with(
    BOUNDED, "second-is-slower", parallel=_PAIR
)  # where one download of each is enough, decoys are worth most

# ---------------------------------------------------------------- harm

Harm = Callable[[Verdict], bool]
FAILS = "the grader fails"


def prints_at_the_end(verdict: Verdict) -> bool:
    """Whether the grader's own process prints a verdict of the program's when it ends."""
    with contextlib.redirect_stdout(io.StringIO()) as said:
        atexit._run_exitfuncs()
    return '"points": 10' in said.getvalue()


def imports_its_own(verdict: Verdict) -> bool:
    """Whether a part of the grader that is imported from now on is the program's."""
    return bool(importlib.import_module("grader.checks.equality").same(1, 2))


def becomes_markup(verdict: Verdict) -> bool:
    return "<script>" in joined(*feedback(compose(verdict)))


def has_many_open(verdict: Verdict) -> bool:
    return len(os.listdir("/proc/self/fd")) > 100


def has_kept_much(verdict: Verdict) -> bool:
    """Whether the grader's process had thirty megabytes more at once than it has now."""
    told = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    most, now = (int(told[name].split()[0]) for name in ("VmHWM", "VmRSS"))
    return most - now > 30 * 1024


@dataclass(frozen=True)
class Control:
    """The defences that are `off`, and the harm: a check whose points were not earned, FAILS, or what is looked for.

    `here`: played in the grader's own process both times, because what crosses the door as it is can cross no pipe.
    """

    harm: str | Harm
    off: tuple[str, ...]
    exercise: Exercise = PLAIN
    here: bool = False


def _control(harm: str | Harm, *off: str, exercise: Exercise = PLAIN, here: bool = False) -> Control:
    return Control(harm, off, exercise, here)


CONTROLS: dict[str, Control | str] = {
    # work that was not done, or not then
    "after_the_return": _control("parallel", "nothing counts after the return"),
    "started_and_left": _control("each-once", WORK),
    "futures_settled_by_hand": _control("each-once", WORK),
    "patched_future": _control("each-once", WORK),
    "loop_stopped": _control("each-once", WORK, STOPPED),
    "decoy_cancelled": _control("parallel", CANCELLED, exercise=PAIRED),
    "decoy_cancelled_late": _control("parallel", CANCELLED, exercise=PAIRED),
    "thread_beside": _control("parallel", CANCELLED, exercise=PAIRED),
    "begin_from_finaliser": _control("parallel", CANCELLED, exercise=PAIRED),
    "decoy_other_page": _control("parallel", "each operation by its key"),
    "patched_gather": _control("parallel", TEXT),
    "patched_task": _control("parallel", TEXT),
    # answers
    "closures_for_answers": _control("result", APART, WORK, ASKED),
    "frames_for_answers": _control("result", APART, WORK, ASKED),
    "gc_for_answers": _control("result", APART, WORK, ASKED),
    "files_for_answers": _control("result", SHUT, WORK, ASKED),
    "memory_across_cases": _control("result", ASKED, exercise=BOTH),
    "replayed_messages": _control("result", ASKED, exercise=BOTH),
    # time
    "clock_rewind": _control("parallel", TIME),
    "false_idle": _control("parallel", TIME),
    "messages_held_back": _control("parallel", TIME),
    "proxy_attributes": _control("parallel", TIME),
    "traced": _control("parallel", TIME),
    "monitored": _control("parallel", TIME),
    "patched_json": _control("parallel", TIME, "written as it was at the start"),
    "nan_timers": _control("parallel", "strict decoding"),
    "forged_messages": _control("time", TIME, "strict decoding"),
    "finish_twice": _control("result", "the first end counts", exercise=FIRST_SLOWER),
    "patched_sleep": _control("time", OURS, here=True),
    "timers_pulled_forward": _control("time", OURS, here=True),
    "patched_loop_time": _control("time", OURS, here=True),
    "patched_time_module": _control("time", OURS, "the time module's time counts for nothing", here=True),
    "nested_loop": _control("parallel", OURS, "one clock for all loops", here=True),
    # values
    "equal_to_everything": _control("result", PACKED, TYPES, WORK, ASKED, here=True),
    "lying_str": _control("result", PACKED, TYPES, WORK, ASKED, here=True),
    "patched_isinstance": _control("result", PACKED, TYPES, WORK, ASKED, here=True),
    "lying_tuple": _control("result", PACKED, TYPES, here=True),
    "lying_url": _control("each-once", PACKED, "keys are plain", here=True),
    "deep_result": _control(FAILS, PACKED, here=True),
    "deep_repr": _control(FAILS, PACKED, here=True),
    "deadly_value": _control(FAILS, PACKED, here=True),
    "reduced": _control(FAILS, "nothing is unpickled"),
    "lying_error": _control(becomes_markup, "what is shown is escaped"),
    # the door
    "duplicated_ids": _control(FAILS, "numbers only grow"),
    "garbage_on_every_pipe": _control(FAILS, UNCAUGHT),
    "through_dev_fd": _control(FAILS, UNCAUGHT),
    "faulthandler_at_door": _control(FAILS, UNCAUGHT),
    "deep_message": _control(FAILS, UNCAUGHT),
    "message_flood": _control(has_kept_much, "messages have an end"),
    "out_of_band": _control(has_many_open, "descriptors are not taken in"),
    # the grader's own process
    "result_then_exit": _control(FAILS, APART),
    "exit_hooks": _control(prints_at_the_end, APART, "nothing is done at the end of the process"),
    "import_hooks": _control(imports_its_own, APART),
    "runner_modules_patched": _control(FAILS, APART),
    "patched_builtins": _control(FAILS, APART, "builtins are put back"),
    "gc_callbacks": _control("time", APART),
    # no control
    "honest_under_patches": "it does the work: what is tried is that it gets its points in spite of what it patches",
    "own_scheduler": "it does the work: what is tried is that nobody asks by which means",
    "own_task_factory": "it does the work: what is tried is that nobody asks by which means",
}
