"""Timers as plainly as can be: a list that is sorted, and turns that run what is ready.

Seconds become ticks as everywhere: the nearest one, and at least one for what is to come later.
"""

import math
from collections.abc import Callable
from fractions import Fraction

Callback = Callable[[], None]


class ModelTimer:
    def __init__(self, tick: float, callback: Callback):
        self.tick, self.callback, self.cancelled = tick, callback, False

    def cancel(self) -> None:
        self.cancelled = True


class ModelLoop:
    def __init__(self, start: float) -> None:
        self.now = ticks(start)
        self.ready: list[ModelTimer] = []
        self.timers: list[ModelTimer] = []

    def time(self) -> float:
        return float(Fraction(int(self.now), 10**9))

    def call_soon(self, callback: Callback) -> ModelTimer:
        self.ready.append(ModelTimer(self.now, callback))
        return self.ready[-1]

    def call_later(self, delay: float, callback: Callback) -> ModelTimer:
        return self._set(self.now + (ticks(delay) or (delay > 0)), callback)

    def call_at(self, when: float, callback: Callback) -> ModelTimer:
        tick = ticks(when)
        return self._set(self.now + 1 if tick <= self.now and when > self.time() else tick, callback)

    def _set(self, tick: float, callback: Callback) -> ModelTimer:
        self.timers.append(ModelTimer(tick, callback))
        return self.timers[-1]

    def run(self) -> None:
        while True:
            self.timers = sorted((timer for timer in self.timers if not timer.cancelled), key=lambda timer: timer.tick)
            if not self.ready and (not self.timers or self.timers[0].tick == math.inf):
                return
            if not self.ready:
                self.now = max(self.now, self.timers[0].tick)
            self.ready += [timer for timer in self.timers if timer.tick <= self.now]
            self.timers = [timer for timer in self.timers if timer.tick > self.now]
            turn, self.ready = self.ready, []
            for timer in turn:
                if not timer.cancelled:
                    timer.callback()


def ticks(seconds: float) -> float:
    return seconds if math.isinf(seconds) else round(Fraction(seconds) * 10**9)
