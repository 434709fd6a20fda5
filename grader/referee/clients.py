"""Those who connect to a server of the learner's: each is a connection of the world's, and comes at its time."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from grader.referee.referee import Referee


class Clients:
    """`insist(connection)` raises where a connection lacks what it needs."""

    def __init__(self, referee: "Referee", insist: Callable[[Any], None]):
        self._referee, self._insist = referee, insist

    def connect(self, connection: Any) -> None:
        """A client connects now; a server that is closed does not hear of it."""
        self._insist(connection)
        self._referee.say("feed", self, self._referee.describe(connection))
