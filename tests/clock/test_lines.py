"""Of all lines that are on the way to something the reader's own is named, and a package's where there is none."""

import asyncio
import os
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import aiohttp
import anyio
import pytest
from aiohttp import web

import grader
from grader.clock import VirtualLoop, hygiene
from grader.clock.clock import Clock
from grader.clock.findings.hygiene import Finding
from grader.clock.lines import choose, nearness, package_of, path, said
from grader.clock.over import DeadlockError, LivelockError
from tests.clock.installed import installed, line_of

Program = Callable[[], Coroutine[Any, Any, Any]]
LIBRARY = os.path.dirname(threading.__file__)


@pytest.fixture(scope="module")
def courier(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with installed(tmp_path_factory.mktemp("installed")) as module:
        yield module


# ---------------------------------------------------------------- whose a file is


@pytest.mark.parametrize(
    ("file", "near"),
    [
        (__file__, 2),
        ("<stdin>", 2),
        ("<string>", 2),
        ("/home/me/my-site-packages/program.py", 2),
        (f"{LIBRARY}-of-mine/program.py", 2),
        (f"{LIBRARY}/site-packages/anyio/abc.py", 1),
        ("/usr/lib/python3/dist-packages/aiohttp/web.py", 1),
        (r"C:\Python\Lib\site-packages\requests\api.py", 1),
        (f"{LIBRARY}/asyncio/queues.py", 0),
        ("<frozen runpy>", 0),
        (str(Path(grader.__file__).parent / "clock" / "loops" / "core.py"), 0),
        (str(Path(grader.__file__)), 0),
        ("", 0),
    ],
)
def test_a_file_is_the_user_s_or_a_package_s_or_nobody_s(file: str, near: int) -> None:
    assert nearness(file) == near


def test_a_package_is_named_after_its_folder_or_its_only_file() -> None:
    assert package_of(f"{LIBRARY}/site-packages/anyio/streams/memory.py") == "anyio"
    assert package_of("/x/dist-packages/six.py") == "six"
    assert package_of("/x/site-packages") == package_of(__file__) == ""


def test_the_innermost_of_the_user_s_lines_is_chosen_and_else_that_of_a_package() -> None:
    package, library = ("/x/site-packages/six.py", 2), (f"{LIBRARY}/queue.py", 3)
    assert choose([("a.py", 1), ("b.py", 4), package, library]) == ("b.py", 4)
    assert choose([package, ("/x/site-packages/six.py", 5), library]) == ("/x/site-packages/six.py", 5)
    assert choose([library]) == choose([]) == ("", 0)


def test_whoever_runs_the_loop_is_not_on_the_way_unless_he_only_has_the_name() -> None:
    loop = (f"{LIBRARY}/asyncio/base_events.py", "run_forever", 5)
    assert path([("a.py", "main", 1), loop, ("b.py", "work", 2)]) == [("b.py", 2)]
    assert path([("a.py", "run_forever", 1), ("b.py", "work", 2)]) == [("a.py", 1), ("b.py", 2)]


def test_a_line_of_a_package_is_said_with_its_name() -> None:
    assert said(("/x/a.py", 3)) == "a.py, line 3"
    assert said(("/x/site-packages/aiohttp/streams.py", 3)) == "streams.py of aiohttp, line 3"
    assert said(("", 0)) == ""


# ---------------------------------------------------------------- a deadlock


def explained(program: Program, debug: bool = False, watched: bool = False) -> list[str]:
    """What stands below the first line, without the names of tasks, with lines counted from that of `program`."""
    with (
        pytest.raises(DeadlockError) as caught,
        hygiene() if watched else nullcontext(),
        asyncio.Runner(loop_factory=VirtualLoop, debug=debug) as runner,
    ):
        runner.run(program())
    first = program.__code__.co_firstlineno
    lines = {f"test_lines.py, line {first + number}": f"line +{number}" for number in range(20, -1, -1)}
    said = str(caught.value).replace(f"{program.__qualname__}", "program")
    for line, counted in lines.items():
        said = said.replace(f"{line}:", f"{counted}:").replace(f"{line},", f"{counted},")
    return [" ".join(each.split(" ")[1:]) for each in said.split("\n  ")[1:]]


def test_the_user_s_line_is_named_and_where_in_the_package_it_waits(courier: Any) -> None:
    async def program() -> None:
        await courier.Client().fetch()

    assert explained(program) == [
        "(program), line +1, in Client.fetch of courier: waits for an Event: nothing that runs can set it"
    ]


def test_so_it_is_under_anyio() -> None:
    async def program() -> None:
        send, receive = anyio.create_memory_object_stream[int](1)
        with send, receive:
            await receive.receive()

    assert explained(program) == [
        "(program), line +3, in MemoryObjectReceiveStream.receive of anyio: "
        "waits for MemoryObjectReceiveStream 'receive': nothing that runs can send anything"
    ]


def test_so_it_is_under_aiohttp_on_both_sides() -> None:
    async def never(request: web.Request) -> web.Response:
        await asyncio.Event().wait()
        raise AssertionError

    async def program() -> None:
        app = web.Application()
        app.router.add_get("/", never)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "api.example", 80).start()
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=None)) as session:
            await session.get("http://api.example/")

    server, client, handler = explained(program)
    assert server.endswith(
        f"never), test_lines.py, line {never.__code__.co_firstlineno + 1}: waits for an Event: nothing that runs can set it"
    )
    assert client.startswith("(program), line +7, in ")
    assert client.endswith(" of aiohttp: waits for ClientSession 'session': nothing that runs can end that wait")
    assert " of aiohttp, line " in handler


def test_a_function_of_a_package_is_not_taken_for_one_of_asyncio_s(tmp_path: Path) -> None:
    folder = tmp_path / "site-packages" / "shop"
    folder.mkdir(parents=True)
    source = "async def get(future):\n    await future\n"
    names: dict[str, Any] = {}
    exec(compile(source, str(folder / "queues.py"), "exec"), names)

    async def program() -> None:
        answer = asyncio.get_running_loop().create_future()
        await names["get"](answer)

    assert explained(program) == [
        "(program), line +2, in get of shop: waits for Future 'answer': nothing that runs can set it"
    ]


async def _awaited(courier: Any) -> None:
    await asyncio.create_task(courier.Client().fetch())


async def _gathered(courier: Any) -> None:
    await asyncio.gather(asyncio.Event().wait(), courier.Client().fetch())


async def _waited_for(courier: Any) -> None:
    await asyncio.wait([asyncio.create_task(courier.Client().fetch())])


async def _shielded(courier: Any) -> None:
    await asyncio.shield(courier.Client().fetch())


async def _in_a_group(courier: Any) -> None:
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(courier.Client().fetch())


async def _by_way_of_another(courier: Any) -> None:
    async def between(task: Any) -> None:
        await task

    inner = asyncio.create_task(courier.Client().fetch())
    await asyncio.create_task(asyncio.wait_for(inner, None))


AWAITED: dict[Any, int] = {
    _awaited: 1,
    _gathered: 1,
    _waited_for: 1,
    _shielded: 1,
    _in_a_group: 1,
    _by_way_of_another: 5,
}


@pytest.mark.parametrize("main", AWAITED, ids=lambda main: main.__name__)
def test_a_task_of_a_package_alone_is_named_with_the_line_that_awaits_it(courier: Any, main: Any) -> None:
    async def program() -> None:
        await main(courier)

    line = line_of("self._answer.wait()")
    at = f"test_lines.py, line {main.__code__.co_firstlineno + AWAITED[main]}"
    expected = f"(Client.fetch), courier.py of courier, line {line}, awaited in {at}: waits for Event 'self._answer'"
    assert [said for said in explained(program) if said.startswith(expected)], explained(program)


@pytest.mark.parametrize("how", ["debug", "watched"])
def test_where_a_task_was_made_is_said_where_that_is_kept(courier: Any, how: str) -> None:
    async def program() -> None:
        first = asyncio.create_task(asyncio.Event().wait())
        second = asyncio.create_task(courier.Client().fetch())
        await asyncio.wait([first, second])

    _, package, library = explained(program, **{how: True})
    assert package.startswith(
        f"(Client.fetch), courier.py of courier, line {line_of('_answer.wait')}, made in line +2: "
    )
    assert library == "(Event.wait), made in line +1: waits for an Event: nothing that runs can set it"


def test_a_task_that_nobody_awaits_has_the_name_of_its_coroutine() -> None:
    async def program() -> None:
        task = asyncio.create_task(asyncio.Event().wait())
        await asyncio.Event().wait()
        await task

    assert explained(program)[1] == "(Event.wait): waits for an Event: nothing that runs can set it"


def test_a_coroutine_that_stands_for_another_is_looked_through() -> None:
    async def program() -> None:
        async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.close()

        here = asyncio.get_running_loop()
        assert isinstance(here, VirtualLoop)
        here.network.link("api.example").latency = float("inf")
        await asyncio.start_server(accept, "api.example", 80)
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=None, sock_connect=None)) as session:
            await asyncio.create_task(session.get("http://api.example/"))

    mine, others = explained(program)[0], explained(program)[1:]
    assert mine.startswith("(program), line +9: waits for Task-")
    assert mine.endswith(" (ClientSession._request), which waits itself")
    assert any(
        said.endswith(", awaited in line +9: waits for a connection to ('10.0.0.1', 80): nothing answers there")
        for said in others
    )


def test_of_those_that_spin_the_user_s_line_comes_before_that_of_a_package() -> None:
    names: dict[str, Any] = {}
    source = "import asyncio\nasync def spin():\n    while True:\n        await asyncio.sleep(0)\n"
    exec(compile(source, "/x/site-packages/spinner.py", "exec"), names)

    async def program() -> None:
        task = asyncio.create_task(names["spin"]())
        while not task.done():
            await asyncio.sleep(0)

    def spins(main: Program) -> str:
        with (
            pytest.raises(LivelockError) as caught,
            asyncio.Runner(loop_factory=lambda: VirtualLoop(Clock(max_turns=100))) as runner,
        ):
            runner.run(main())
        return str(caught.value)

    assert spins(program).endswith(f"program), test_lines.py, line {program.__code__.co_firstlineno + 3}")
    assert spins(names["spin"]).endswith("(spin), spinner.py of spinner, line 4")


# ---------------------------------------------------------------- what is left lying about


def found(main: Program) -> list[tuple[str, str, int]]:
    """Of each its kind, its file, and its line: in this file counted from that of `main`."""
    watch: list[Finding]
    with hygiene(strict=False) as watch, asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(main())
    first = main.__code__.co_firstlineno
    return [
        (each.kind, Path(each.file).stem, each.line - first * (each.file == __file__)) for each in watch if each.line
    ]


def test_what_a_package_leaves_is_named_with_the_user_s_line_that_led_to_it(courier: Any) -> None:
    async def program() -> None:
        client = courier.Client()
        courier.forget()
        client.start(9)
        await client.doze()
        task = asyncio.create_task(client.fail())
        await asyncio.wait([task])

    assert found(program) == [
        ("never_awaited", "test_lines", 2),
        ("orphaned", "test_lines", 3),
        ("blocked", "test_lines", 4),
        ("lost_exception", "test_lines", 5),
    ]


def test_where_no_line_of_the_user_s_is_on_the_way_it_is_the_package_s(courier: Any) -> None:
    async def program() -> None:
        loop = asyncio.get_running_loop()
        loop.call_soon(courier.forget)
        await asyncio.create_task(courier.background())

    assert found(program) == [
        ("never_awaited", "courier", line_of("    asyncio.sleep(1)")),
        ("orphaned", "courier", line_of("create_task(asyncio.sleep(9))")),
    ]


def test_an_exception_that_came_through_the_user_s_line_is_named_there(courier: Any) -> None:
    async def fails() -> None:
        await courier.Client().fail()

    async def program() -> None:
        task = asyncio.create_task(fails())
        await asyncio.wait([task])

    ((kind, file, line),) = found(program)
    assert (kind, file) == ("lost_exception", "test_lines")
    assert line == fails.__code__.co_firstlineno + 1 - program.__code__.co_firstlineno


@pytest.mark.parametrize("kept", [True, False])
def test_a_generator_of_a_package_that_was_not_finished_is_named_where_it_was_begun(courier: Any, kept: bool) -> None:
    async def program() -> Any:
        numbers = courier.Client().numbers()
        async for _ in numbers:
            break
        return numbers if kept else None

    assert found(program) == [("open_generator", "test_lines", 2)]


def test_a_call_that_blocks_in_a_package_is_named_as_the_user_s_line_calls_it(courier: Any) -> None:
    async def program() -> None:
        await courier.Client().doze()

    with hygiene(strict=False) as watch, asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(program())
    assert [each.detail for each in watch] == ["Client.doze held up the event loop for 1 s"]
