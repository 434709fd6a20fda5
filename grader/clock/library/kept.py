"""What stands from run to run in a process that plays nothing but runs: put up once, and again where a run has changed it."""

from grader.clock.library.held import Held
from grader.clock.library.replaced import Replacement, put_back, there


class Kept:
    """These stand from now on, until `take_down`."""

    def __init__(self, replacements: list[Replacement]) -> None:
        self._before = there(replacements)
        self._ours = replacements
        self._put(replacements)
        self._held = Held((owner, name) for owner, name, _ in replacements)

    def stand(self) -> None:
        """As they did, whatever stands in their places by now."""
        if not self._held.same():
            self._put(self._ours)

    def take_down(self) -> None:
        put_back(self._before)

    def _put(self, replacements: list[Replacement]) -> None:
        for each in replacements:
            setattr(*each)
