"""Whether a thread kept its turn while another could go on.

Whoever starts a thread goes on in virtual time until it waits. In a kernel the new one begins at once, and after that any of
them may be next at whatever reads, writes or takes 5 ms. Most programs come to the same either way, so it is no doubt yet: it
is told of the cell, and whoever knows what cells earn has them played in real time.
"""

from typing import Any

from grader.clock.clock import Clock


class KeptTurns:
    """Of the threads on `clock`. How long a turn was kept is not asked: that would hang on the machine."""

    def __init__(self, clock: Clock):
        self._kept, admit = False, clock.admit

        def admit_and_note(seat: Any) -> None:
            self._kept = True
            admit(seat)

        vars(clock)["admit"] = admit_and_note

    def taken(self) -> bool:
        """Whether it was so since this was asked last."""
        kept, self._kept = self._kept, False
        return kept
