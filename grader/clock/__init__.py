"""Virtual time for asyncio: a loop whose clock jumps. Usable alone: see docs/clock.md.

Standard library only.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from grader.clock.findings.hygiene import hygiene
    from grader.clock.loops.loop import VirtualLoop
    from grader.clock.loops.outside import OutsideLoop
    from grader.clock.threads.lookout import Outside

__all__ = ["Outside", "OutsideLoop", "VirtualLoop", "hygiene"]
_MODULES = {
    "hygiene": "findings.hygiene",
    "VirtualLoop": "loops.loop",
    "OutsideLoop": "loops.outside",
    "Outside": "threads.lookout",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
