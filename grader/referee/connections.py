"""What the world gives for a connection and for a server of the network: objects of plain classes with a few known parts.

Who writes such a class is told at once what it lacks; the learner's side relies on these parts.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from grader.errors import GraderFault
from grader.referee.clients import Clients
from grader.referee.manifest import is_thing, methods_of
from grader.referee.stream import Stream

# method: (whether it may be an `async def`, whether it may be a plain `def`, its parameters beside self)
_OF_CONNECTION = {
    "write": (False, True, 1),
    "write_eof": (False, True, 0),
    "drain": (True, False, 0),
    "close": (True, True, 0),
}
_OF_SERVER = {"close": (False, True, 0)}


def insist_on_connection(thing: Any) -> None:
    """Raises GraderFault unless `thing` has what a connection needs."""
    _insist(thing, "a connection", _OF_CONNECTION, needed="write")
    _insist_shown(thing, "a connection", "reader", Stream, "world.stream(key)")


def insist_on_server(thing: Any) -> None:
    """Raises GraderFault unless `thing` has what a server needs."""
    _insist(thing, "a server", _OF_SERVER, needed="close")
    _insist_shown(thing, "a server", "clients", Clients, "world.clients()")


def _insist(thing: Any, what: str, known: dict[str, tuple[bool, bool, int]], needed: str) -> None:
    kind = type(thing).__name__
    if not is_thing(thing) or needed not in methods_of(thing):
        raise GraderFault(f"{what} of the world is {kind!r}, which has no method {needed!r}; give it one")
    for name, (form, params) in methods_of(thing).items():
        if name not in known:
            continue
        may_wait, may_not, count = known[name]
        if (form == "async" and not may_wait) or (form == "plain" and not may_not):
            wanted = "an `async def`" if may_wait else "a plain `def`"
            raise GraderFault(f"{name!r} of {what} of the world ({kind}) has to be {wanted}")
        if len(params) != count:
            wanted = "self, data" if name == "write" else "self"
            raise GraderFault(f"{name!r} of {what} of the world ({kind}) is called so: {name}({wanted})")


def _insist_shown(thing: Any, what: str, name: str, type_: type, made: str) -> None:
    kind = type(thing).__name__
    if not isinstance(getattr(thing, name, None), type_):
        raise GraderFault(f"{what} of the world ({kind}) has no {name!r}; set self.{name} = {made}")
    if name not in getattr(thing, "shows", ()):
        raise GraderFault(f"{what} of the world ({kind}) does not show its {name!r}; add it to the tuple 'shows'")


def giving(function: Callable[..., Awaitable[Any]], insist: Callable[[Any], None]) -> Callable[..., Awaitable[Any]]:
    """`function`, whose result is looked at before anybody gets it."""

    async def given(*args: Any) -> Any:
        made = await function(*args)
        insist(made)
        return made

    return given
