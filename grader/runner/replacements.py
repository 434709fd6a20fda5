"""The functions of asyncio that are the world's for the time of a run, as the learner calls them."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from grader.runner import connections, servers, sleeps, subprocesses

if TYPE_CHECKING:
    from grader.runner.desk import Desk

_MAKERS: dict[str, Callable[["Desk", int], Callable[..., Any]]] = {
    "open_connection": connections.open_connection,
    "open_unix_connection": connections.open_unix_connection,
    "start_server": servers.start_server,
    "start_unix_server": servers.start_unix_server,
}


def replacement(desk: "Desk", name: str, packed: Any) -> Callable[..., Any]:
    """What stands for asyncio's `name`; `packed` is the world's function."""
    if name == "sleep":
        return sleeps.sleeper(desk, packed)
    if name not in _MAKERS:
        return subprocesses.starter(desk, packed)
    function = _MAKERS[name](desk, packed[1])
    function.__name__ = function.__qualname__ = name
    return function
