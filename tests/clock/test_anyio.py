"""anyio's own streams, processes and threads over what is in memory."""

import asyncio
import time
from typing import Any

import anyio
import anyio.to_thread
import pytest

from grader.clock import VirtualLoop
from grader.clock.over import RefusedError
from grader.clock.world.programs import Child
from tests.clock.running import here, now


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(await reader.readline())
    writer.close()


async def greet(child: Child) -> None:
    await asyncio.sleep(1)
    child.stdout.write(b"hello")


def play(main: Any) -> None:
    anyio.run(main, backend="asyncio", backend_options={"loop_factory": VirtualLoop})


def test_its_clients_reach_servers_in_memory() -> None:
    async def main() -> None:
        here().network.latency = 0.1
        server = await asyncio.start_server(echo, "api.example", 80)
        async with await anyio.connect_tcp("api.example", 80) as stream:
            await stream.send(b"hello\n")
            assert await stream.receive() == b"hello\n"
            assert now() == 0.4
        server.close()
        await here().settle()

    play(main)


def test_its_processes_are_programs_in_memory() -> None:
    async def main() -> None:
        here().clock.programs["greet"] = greet
        done = await anyio.run_process(["greet"])
        assert (done.stdout, done.returncode, now()) == (b"hello", 0, 1)

    play(main)


def test_its_threads_wait_in_virtual_time() -> None:
    async def main() -> None:
        async with anyio.create_task_group() as tasks:
            for seconds in (1, 2, 3):
                tasks.start_soon(anyio.to_thread.run_sync, time.sleep, seconds)
        assert now() == 3

    play(main)


def test_its_listeners_are_refused_by_name() -> None:
    async def main() -> None:
        async with await anyio.create_tcp_listener(local_host="127.0.0.1") as listener:
            with pytest.raises(ExceptionGroup) as refused:
                await listener.serve(lambda stream: stream.aclose())
        assert refused.group_contains(RefusedError, match="^loop.sock_accept needs a network socket")

    play(main)
