"""What a run of one case gives to the checks."""

from typing import Any

import msgspec

from grader.referee.record import Record


class Played(msgspec.Struct, frozen=True):
    """One case, played. `gives`: the plain data that the world gave, for expressions; `entered`: its entry was called."""

    record: Record
    gives: dict[str, Any]
    entered: bool = True
