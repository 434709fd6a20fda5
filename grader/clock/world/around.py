"""What is around a clock that stands alone: its network and its programs, made when they are first asked for."""

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.clock.world.network import Network
    from grader.clock.world.programs import Programs


class Around:
    """All in memory, and shared by all loops and threads on the clock."""

    @cached_property
    def network(self) -> "Network":
        from grader.clock.world.network import Network

        return Network(self)  # type: ignore[arg-type]

    @cached_property
    def programs(self) -> "Programs":
        from grader.clock.world.programs import Programs

        return Programs()
