"""Where virtual time does not tell what becomes of a cell in a kernel: the cells are then played once more, in real time.

So it is where somebody goes round, and others, or time itself, could end that, who do not have their turn meanwhile; and where
a program asks for what is there beyond the clock alone. What is ended for certain (nothing can ever change) is no doubt.
"""

from asyncio import events
from collections.abc import Callable
from os import _exit  # as it is before anything stands in its place
from types import FrameType
from typing import Any, NoReturn

from grader.clock.clock import Clock
from grader.clock.over import BusyLoopError, LivelockError, RunOver
from grader.clock.reasons.rounds import WINDOW, alone
from grader.clock.reasons.states import State, state
from grader.runner.report import Report

MAX_POLLS = 200_000  # of tasks that are not done, without a turn; some tenths of a second
# for the time, in a turn that another thread could have; some hundredths of a second
MAX_ASKS = 20_000
# One look may come late on a busy machine, or find that nothing was computed since others were at it: so there are some, and a
# doubt too many costs a second run, and no points.
LOOKS = 6
NOTHING = 0.002  # seconds of CPU time from one to the next
# what may be had of the system in a job, or be missed without harm: a pair of sockets, pipes, a thread beneath `threading`
_BEYOND = frozenset(
    {
        "socket.socket",
        "subprocess",
        "_thread.start_new_thread",
        *(f"loop.{do}_{what}" for do in ("add", "remove") for what in ("reader", "writer", "signal_handler")),
        "loop.connect_read_pipe",
        "loop.connect_write_pipe",
    }
)
Step = tuple[int | None, int, int, int]


class Doubts:
    """Of the cells that are played on `clock`. `end()` says that there is one, and is the end of this process."""

    def __init__(self, clock: Clock, report: Report, say: Callable[[], object]):
        self._clock, self._say, self._stopped = clock, say, False
        self._tick, self._left, self._before = -1, 0, State()
        self._step: Step | None = None
        self._stands: Step | None = None  # since when the looks from outside of the clock are counted
        self._looks = 0
        self._asks, self._asked_in = 0, -1  # a turn, by its number
        report.max_polls = MAX_POLLS
        self._refused, self._broken_off, self._look_round = report.refused, report.broken_off, clock.look_round
        vars(report)["refused"], clock.on_break = self._hear_refusal, self._hear_end
        self._asked = clock.asked
        vars(clock)["asked"] = self._hear_question
        vars(clock)["look_round"] = self._look

    def end(self) -> NoReturn:
        self._say()
        _exit(0)

    def begin(self) -> None:
        """A cell begins."""
        self._step = None

    def look(self) -> None:
        """To be called now and then while it computes. Since the last time nobody else had a turn who could have one, however
        often the time was asked; or turns were taken, and no time has passed that somebody waits for.
        """
        clock, before = self._clock, self._step
        self._step = self._present()
        if before is None:
            return
        same = before[:-1] == self._step[:-1]
        goes_round = not same and before[-1] == clock.now
        if (same and self._others_could_go_on()) or (goes_round and self._somebody_waits_for_time()):
            self.end()

    def look_from_outside(self, computed: float) -> None:
        """To be called at even times of a thread that is not on the clock, with the seconds `computed` since the last.

        Whoever has the turn waits in C where no clock and no signal reaches it, for what perhaps only those bring who have no
        turn meanwhile: another thread's lock on a database, what it writes to a pipe.
        """
        before, self._stands = self._stands, self._present()
        still = before == self._stands and before[0] is not None and computed <= NOTHING
        self._looks = self._looks + 1 if still and self._others_could_go_on() else 0
        if self._looks == LOOKS:
            self.end()

    def _present(self) -> Step:
        """Whose turn it is, and something that is another at the next step."""
        clock = self._clock
        return None if clock.holder is None else clock.holder.ident, clock.turns, clock.steps, clock.now

    def stops(self, *, waits: bool) -> None:
        """What computes is stopped now by a limit, or what `waits` in real time."""
        if waits and self._others_could_go_on():
            self.end()
        self._stopped = True

    def _others_could_go_on(self) -> bool:
        """A thread that has not its turn, or has it when it is time."""
        return self._clock.roomy and bool(self._clock.somebody_ready() or self._clock.parked_for_a_time())

    def _somebody_waits_for_time(self) -> bool:
        clock = self._clock
        parked = clock.roomy and bool(clock.parked_for_a_time())
        return parked or any(loop.timers.next_tick() is not None for loop in clock.loops)

    def _hear_question(self) -> int:
        """For the time: who does little else may wait for another, to whom nobody gives the turn."""
        now, clock = self._asked(), self._clock
        if clock.roomy and clock.somebody_ready():
            if clock.turns != self._asked_in:
                self._asks, self._asked_in = 0, clock.turns
            self._asks += 1
            if self._asks > MAX_ASKS:
                self.end()
        return now

    def _hear_refusal(self, call: str, frame: FrameType | None) -> None:
        if call in _BEYOND:
            self.end()
        self._refused(call, frame)

    def _hear_end(self, reason: RunOver) -> None:
        stopped, self._stopped = self._stopped, False
        if isinstance(reason, BusyLoopError | LivelockError) and not stopped and self._others_could_go_on():
            self.end()
        self._broken_off(reason)

    def _look(self, at_rest: bool = True) -> int:
        """In place of the clock's, when there were too many turns: it is an end where all is as it was some turns before."""
        loop: Any = events._get_running_loop()
        if self._tick != self._clock.now:
            self._tick, self._left = self._clock.now, WINDOW
            seen = at_rest and alone(self._clock) and not self._somebody_waits_for_time()
            before = state(loop) if seen else None
            if before is None:
                self.end()
            self._before = before
        elif at_rest and state(loop) == self._before:
            return self._look_round(at_rest)
        self._left -= 1
        if self._left < 0:
            self.end()
        return 1
