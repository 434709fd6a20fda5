"""Who watches a loop: whoever asked to be called at each turn or callback, debug mode, and the limit on CPU time.

A loop that somebody watches takes its turns one by one, in the order in which the others go. Nobody else pays for it.

Overrides of asyncio's internals, each checked on 3.11, 3.12 and 3.13: `set_debug` and `get_debug` (a function of C while the
mode is off); what is logged of a slow callback is asyncio's own, by virtual time.
"""

from asyncio import base_events, events
from collections.abc import Callable

from grader.clock.loops.scheduling import Scheduling
from grader.ticks import to_seconds


def _on() -> bool:
    return True


class Watched(Scheduling):
    """`on_turn()` is called at each turn in which anybody has something to do, `on_callback(tick, handle)` before each one
    of its callbacks.
    """

    _on_turn: Callable[[], object] | None = None
    _on_callback: Callable[[int, events.Handle], object] | None = None
    _debug: bool
    _watched: bool
    _limited = False
    # each new future and task asks for the mode: while it is off, a function of C says so, which saves 3 % of a sleep
    get_debug = bool

    def _limit(self, seconds: float) -> None:
        from grader.clock.threads import spins  # which few ask for

        spins.watch(self, seconds)
        self._limited = True
        self._look_who_watches()

    def set_debug(self, enabled: bool) -> None:
        super().set_debug(enabled)
        self.choose_pace()
        self.get_debug = _on if self._debug else bool  # type: ignore[assignment]
        self._look_who_watches()

    @property
    def on_turn(self) -> Callable[[], object] | None:
        return self._on_turn

    @on_turn.setter
    def on_turn(self, hears: Callable[[], object] | None) -> None:
        self._on_turn = hears
        self._look_who_watches()

    @property
    def on_callback(self) -> Callable[[int, events.Handle], object] | None:
        return self._on_callback

    @on_callback.setter
    def on_callback(self, hears: Callable[[int, events.Handle], object] | None) -> None:
        self._on_callback = hears
        self._look_who_watches()

    def _look_who_watches(self) -> None:
        """Kept in one place, so that it costs nothing to be asked at each turn."""
        self._watched = bool(self._debug or self._limited or self._on_turn or self._on_callback)

    def _run_watched(self, handle: events.Handle) -> None:
        """As asyncio's debug mode does: a slow callback is named, by virtual time."""
        self._current_handle: events.Handle | None = handle
        start = self.clock.now  # the program has not asked for it
        try:
            handle._run()
            seconds = to_seconds(self.clock.now - start)
            if seconds >= self.slow_callback_duration:
                shown = base_events._format_handle(handle)  # type: ignore[attr-defined]
                base_events.logger.warning("Executing %s took %.3f seconds", shown, seconds)  # type: ignore[attr-defined]
        finally:
            # a failed task's traceback keeps this frame, which would keep the task
            self._current_handle = handle = None  # type: ignore[assignment]
