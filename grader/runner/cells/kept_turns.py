"""Whether a thread kept its turn while another could go on, for longer than Python leaves it to one where threads are real.

What is counted is CPU time of this process, from when another could go on until the turn ends. Most programs come to the same
either way, so it is no doubt yet: it is told of the cell, and whoever knows what cells earn has them played in real time.
"""

import sys
from collections.abc import Callable, Iterator
from typing import Any

from grader.clock.clock import Clock
from grader.ticks import to_ticks

LONGEST = to_ticks(sys.getswitchinterval())


class KeptTurns:
    """Of the threads on `clock`; `present()` is its time in ticks, with all that was computed."""

    def __init__(self, clock: Clock, present: Callable[[], int]):
        self._clock, self._present, self._kept = clock, present, False
        self._began = 0  # the present turn
        self._since: int | None = None  # when another could go on in it that waits for nothing else now
        wake, admit, following = clock.wake, clock.admit, clock._next

        def wake_and_note(seat: Any) -> None:
            if clock.waits(seat):
                self._note()
            wake(seat)

        def admit_and_note(seat: Any) -> None:
            self._note()
            admit(seat)

        def end_turn() -> Any:
            self._end()
            queue = following()
            clock.first_due()  # whose turn it is now is not late itself
            self._began = present()
            self._since = self._began if len(clock._ready) + len(clock._arrivals) > 1 else None
            return queue

        vars(clock).update(wake=wake_and_note, admit=admit_and_note, _next=end_turn)

    def taken(self) -> bool:
        """Whether it was so since this was asked last."""
        if self._clock.roomy and self._clock.has_turn():  # else what runs on was stopped, and changes what is looked at
            self._end()
        kept, self._kept, self._began = self._kept, False, self._present()
        return kept

    def _note(self) -> None:
        """Another is told now that it can go on; perhaps it was time for somebody before that."""
        if self._since is None:
            now, parked = self._present(), self._clock._parked
            self._since = min(now, parked[0][0]) if parked else now

    def _end(self) -> None:
        """The present turn ends."""
        possible = [*self._due()] if self._since is None else [*self._due(), self._since]
        if possible and self._present() - max(min(possible), self._began) >= LONGEST:
            self._kept = True

    def _due(self) -> Iterator[int]:
        """When the first of the others go on that wait for a time; who ends its turn by such a wait begins it only now."""
        clock = self._clock
        clock.first_due()
        first_of_a_heap, own = clock._parked[:3], clock.mine
        return (tick for tick, order, seat in first_of_a_heap if seat is not own and clock._awaits(seat, order))
