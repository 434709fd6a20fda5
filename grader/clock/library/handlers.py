"""What `signal` says of a handler: as Python 3.13 does it, also before.

Before 3.13 it looks up every handler among the members of an enum. A function is none: that fails, with an error that shows it
and all that it holds. An `asyncio.Runner` puts up a handler that holds its task, and takes it down again, which is half of what
a short test costs. Checked on 3.11 and 3.12.
"""

import signal
import sys
from typing import Any

from grader.clock.library.replaced import Replacement

_look_up: Any = signal._int_to_enum  # type: ignore[attr-defined]


def _int_to_enum(value: Any, enum_klass: Any) -> Any:
    return _look_up(value, enum_klass) if isinstance(value, int) else value


def replacements() -> list[Replacement]:
    """What stands in `signal`."""
    return [] if sys.version_info >= (3, 13) else [(signal, "_int_to_enum", _int_to_enum)]
