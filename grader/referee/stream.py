"""A byte stream of the world: what is fed reaches the learner's side at its time, and there it is asyncio's own reader."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.referee.referee import Referee


class Stream:
    """Bytes that reach the learner's side at their time; there it is a real `asyncio.StreamReader`."""

    def __init__(self, referee: "Referee", key: str):
        self._referee, self.key = referee, key

    def feed(self, data: bytes) -> None:
        self._referee.say("feed", self, data.decode("latin-1"))

    def end(self) -> None:
        self._referee.say("feed", self, None)

    def fail(self, error: Exception) -> None:
        """Whoever reads gets `error` from now on: a connection that breaks, for example."""
        self._referee.say("feed", self, self._referee.errors.describe(error))
