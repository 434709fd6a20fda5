"""`os.system("clear")`, with which games in a terminal begin their turns: in a kernel it clears nothing, and does no harm."""

import os
from functools import wraps
from typing import Any

_CLEARS = "clear"


def put_in_place() -> None:
    """From now on it is no process that is asked for."""
    module: Any = os
    real = module.system

    @wraps(real)
    def system(command: Any) -> Any:
        return 0 if isinstance(command, str) and command.strip() == _CLEARS else real(command)

    module.system = system
