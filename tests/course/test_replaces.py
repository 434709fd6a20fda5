"""What stands in for asyncio's functions: an author is told what it lacks, before or when it is needed."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.course.cases import cases_of
from grader.course.load import load_exercise
from grader.course.operations import set_up
from grader.errors import CourseError, GraderFault
from grader.referee.connections import insist_on_connection, insist_on_server
from grader.referee.referee import Referee
from grader.referee.world import World
from grader.run.in_process import InProcess
from grader.run.limits import complete
from tests.course.samples import QuietWorld

Spoil = Callable[..., Path]


def replacing(spoil: Spoil, name: str, *lines: str) -> Path:
    folder = spoil("world:\n", f"world:\n  python: world.py\n  replaces: [asyncio.{name}]\n")
    body = "".join(f"    {line}\n" for line in lines)
    (folder / "world.py").write_text(
        f"def build(world, v):\n{body}    return {{'replaces': {{'asyncio.{name}': it}}}}\n"
    )
    return folder


def told(folder: Path) -> list[str]:
    exercise = load_exercise(folder)
    with pytest.raises(CourseError) as error:
        set_up(exercise, cases_of(exercise, "seed", hidden=False)[0], QuietWorld())
    return [str(problem) for problem in error.value.problems]


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("open_connection", "host, port"),
        ("open_unix_connection", "path"),
        ("start_server", "host, port"),
        ("start_unix_server", "path"),
        ("create_subprocess_shell", "command, pipes"),
        ("create_subprocess_exec", "command, pipes"),
    ],
)
@pytest.mark.parametrize(
    ("lines", "at"),
    [
        (["def it(host, port):", "    pass"], 2),
        (["async def it():", "    pass"], 2),
        (["async def it(a, b, c):", "    pass"], 2),
        (["async def it(a, b=1, *, c):", "    pass"], 2),
        (["it = 5"], 1),
        (["it = world.function(lambda *args: None, 'it')"], 2),
        (["async def it(*args):", "    pass", "it = world.function(it, 'it', blocking=True)"], 2),
    ],
)
def test_a_function_of_another_kind_is_the_authors_mistake(
    spoil: Spoil, name: str, called: str, lines: list[str], at: int
) -> None:
    message = (
        f"what stands for 'asyncio.{name}' is not of the kind that is called there; write 'async def {name}({called})'"
    )
    assert told(replacing(spoil, name, *lines)) == [f"exercises/05_two_calls/world.py:{at}: {message}"]


def test_a_name_that_asyncio_does_not_have_is_told_with_the_nearest(spoil: Spoil) -> None:
    with pytest.raises(CourseError) as error:
        load_exercise(replacing(spoil, "open_conection", "it = None"))
    assert "did you mean 'asyncio.open_connection'?" in str(error.value)


def test_what_is_replaced_keeps_its_key(spoil: Spoil) -> None:
    lines = ("async def it(host, port):", "    pass", "it = world.function(it, 'it', key=lambda host, port: port)")
    exercise = load_exercise(replacing(spoil, "open_connection", *lines))
    replaced = set_up(exercise, cases_of(exercise, "seed", hidden=False)[0], QuietWorld()).replaced
    offered = replaced["asyncio.open_connection"]
    assert (offered.name, offered.params, offered.is_operation) == ("open_connection", ["host", "port"], True)
    assert offered.key_of is not None
    assert offered.key_of("h", 80) == 80


# ---------------------------------------------------------------- what it gives


def world() -> World:
    return World(Referee(frozenset(), max_tick=10, max_operations=10))


def thing(name: str = "It", shows: tuple[str, ...] = ("reader", "clients"), **parts: Any) -> Any:
    """An object of a class with these methods and attributes; those of a right one where they are not given."""
    here = world()
    methods = {"write": lambda self, data: None, "close": lambda self: None}
    parts = methods | {"reader": here.stream("s"), "clients": here.clients(), "shows": shows} | parts
    functions = {name: part for name, part in parts.items() if callable(part) or name == "shows"}
    made = type(name, (), {each: part for each, part in functions.items() if part is not None})()
    vars(made).update({name: part for name, part in parts.items() if name not in functions})
    return made


async def _waits(self: Any) -> None:
    pass


async def _takes(self: Any, data: bytes) -> None:
    pass


def test_a_right_one_is_taken() -> None:
    insist_on_connection(thing())
    insist_on_connection(thing(drain=_waits, close=_waits, write_eof=lambda self: None, more=lambda self, a, b: None))
    insist_on_server(thing())


CONNECTIONS = [
    (5, "a connection of the world is 'int', which has no method 'write'; give it one"),
    (None, "a connection of the world is 'NoneType', which has no method 'write'; give it one"),
    (thing(write=0), "a connection of the world is 'It', which has no method 'write'; give it one"),
    (thing(write=_takes), "'write' of a connection of the world (It) has to be a plain `def`"),
    (thing(write=lambda self: None), "'write' of a connection of the world (It) is called so: write(self, data)"),
    (thing(drain=lambda self: None), "'drain' of a connection of the world (It) has to be an `async def`"),
    (thing(close=lambda self, now: None), "'close' of a connection of the world (It) is called so: close(self)"),
    (thing(reader=None), "a connection of the world (It) has no 'reader'; set self.reader = world.stream(key)"),
    (thing(shows=()), "a connection of the world (It) does not show its 'reader'; add it to the tuple 'shows'"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "message"), CONNECTIONS, ids=range(len(CONNECTIONS)))
def test_a_connection_that_lacks_something_is_told(given: Any, message: str) -> None:
    with pytest.raises(GraderFault) as fault:
        insist_on_connection(given)
    assert str(fault.value) == message


SERVERS = [
    (thing(close=0), "a server of the world is 'It', which has no method 'close'; give it one"),
    (thing(close=_waits), "'close' of a server of the world (It) has to be a plain `def`"),
    (thing(clients=None), "a server of the world (It) has no 'clients'; set self.clients = world.clients()"),
    (thing(shows=("reader",)), "a server of the world (It) does not show its 'clients'; add it to the tuple 'shows'"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "message"), SERVERS, ids=range(len(SERVERS)))
def test_a_server_that_lacks_something_is_told(given: Any, message: str) -> None:
    with pytest.raises(GraderFault) as fault:
        insist_on_server(given)
    assert str(fault.value) == message


def test_a_client_that_lacks_something_is_told() -> None:
    with pytest.raises(GraderFault, match="^a connection of the world is 'int', which has no method 'write'"):
        world().clients().connect(5)


def test_what_lacks_something_in_a_run_is_the_graders_fault_and_never_a_learners(spoil: Spoil) -> None:
    exercise = load_exercise(replacing(spoil, "open_connection", "async def it(host, port):", "    return 5"))
    program = b"import asyncio\nasync def both(*args):\n    await asyncio.open_connection('h', 80)\n"
    played = InProcess(program, "two_calls.py", complete(exercise.limits))
    with pytest.raises(GraderFault, match="^a connection of the world is 'int', which has no method 'write'"):
        played.play(exercise, cases_of(exercise, "seed", hidden=False)[0])
