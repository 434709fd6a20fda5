"""What `signal` asks of a handler, without an error each time.

Its functions take numbers and handlers alike, and look which it is by trying: `int(handler)` fails for a function, and before
3.13 so does looking it up among the members of an enum, with an error that shows it and all that it holds. An
`asyncio.Runner` puts up a handler that holds its task, and takes it down again, which is half of what a short test costs.
Checked on 3.11, 3.12 and 3.13.
"""

import signal
import sys
from functools import partial
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any

from grader.clock.library.replaced import Replacement

_look_up: Any = signal._int_to_enum  # type: ignore[attr-defined]
_number_of: Any = signal._enum_to_int  # type: ignore[attr-defined]
_NO_NUMBERS = frozenset({BuiltinFunctionType, FunctionType, MethodType, partial})


def _int_to_enum(value: Any, enum_klass: Any) -> Any:
    return _look_up(value, enum_klass) if isinstance(value, int) else value


def _enum_to_int(value: Any) -> Any:
    return value if type(value) in _NO_NUMBERS else _number_of(value)


def replacements() -> list[Replacement]:
    """What stands in `signal`."""
    numbers = (signal, "_enum_to_int", _enum_to_int)
    return [numbers] if sys.version_info >= (3, 13) else [numbers, (signal, "_int_to_enum", _int_to_enum)]
