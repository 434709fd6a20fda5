"""Virtual time for asyncio: a loop whose clock jumps. Usable alone (`asyncio.Runner(loop_factory=VirtualLoop)`): docs/clock.md.

Standard library only.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from grader.clock.loop import VirtualLoop

__all__ = ["VirtualLoop"]


def __getattr__(name: str) -> Any:
    if name != "VirtualLoop":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from grader.clock.loop import VirtualLoop

    return VirtualLoop
