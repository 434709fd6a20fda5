"""What a loop that stands alone refuses is what docs/clock.md says."""

import asyncio
import inspect
import re
import socket
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from grader.clock import VirtualLoop, refuse
from grader.clock.clock import Clock
from grader.clock.library.refusals import AWAITED, PLAIN, Refusing
from grader.clock.over import RefusedError
from tests.clock.running import here, run

PAGE = Path(__file__).parents[2] / "docs" / "clock.md"
REFUSED = {
    name: said for name, said in (AWAITED | PLAIN).items() if getattr(VirtualLoop, name) is getattr(Refusing, name)
}


def rows(heading: str) -> dict[str, str]:
    """The table below `heading`: its first column, in code, and its second."""
    text = PAGE.read_text(encoding="utf-8").partition("## What is refused")[2].partition(heading)[2]
    table = text.partition("|\n\n")[0]
    return dict(re.findall(r"^\| `([^`]+)` \| (.+?) \|?$", table + "|", re.MULTILINE))


def test_the_page_lists_what_is_refused_and_what_it_would_need() -> None:
    assert rows("By name") == {call: needs for call, needs in REFUSED.values()}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_says_its_name_and_where_to_read_on(name: str) -> None:
    call, needs = REFUSED[name]

    async def main() -> None:
        done = getattr(here(), name)()
        if inspect.isawaitable(done):
            await done

    with pytest.raises(RefusedError) as refused:
        run(main())
    expected = (
        f"{call} needs {needs}, which a VirtualLoop does not have; see docs/clock.md, also for what an OutsideLoop has"
    )
    assert str(refused.value) == expected


class _Referee:
    def block(self, at: int, to: int) -> int | None:
        return None

    def idle(self, at: int, timer: int | None, number: int) -> tuple[int | None, int | None, list[Any]]:
        return timer, None, []


@pytest.mark.parametrize("name", AWAITED | PLAIN)
def test_under_a_referee_all_of_it_is_refused_with_what_an_exercise_says(name: str) -> None:
    heard: list[str] = []

    async def main() -> None:
        loop = here()
        loop.on_refusal = lambda call, frame: heard.append(call)
        args = (1,) if name.startswith("remove") else ()
        done = getattr(loop, name)(*args)
        if inspect.isawaitable(done):
            await done

    call, needs = (AWAITED | PLAIN)[name]
    with pytest.raises(RefusedError, match=f"^{call} needs {needs}, which an exercise on virtual time does not have; "):
        run(main(), VirtualLoop(Clock(_Referee())))
    assert heard == [call]


@pytest.mark.parametrize("call", ["advance", "settle"])
def test_under_a_referee_nobody_else_moves_time(call: str) -> None:
    async def main() -> None:
        await getattr(here(), call)(*((1,) if call == "advance" else ()))

    with pytest.raises(RefusedError, match=f"^loop.{call} needs a clock of its own, which an exercise"):
        run(main(), VirtualLoop(Clock(_Referee())))


def test_the_page_lists_what_is_refused_unless_it_is_in_memory() -> None:
    one, other = socket.socketpair()

    async def main() -> None:
        loop: Any = here()
        attempts = {
            "sock_recv": (one, 1),
            "sock_recv_into": (one, bytearray(1)),
            "sock_sendall": (one, b"x"),
            "remove_reader": (one.fileno(),),
            "remove_writer": (one.fileno(),),
            "connect_read_pipe": (asyncio.Protocol, one),
            "connect_write_pipe": (asyncio.Protocol, one),
        }
        refused = []
        for name, args in attempts.items():
            with pytest.raises(RefusedError, match=rf"^{re.escape((AWAITED | PLAIN)[name][0])} needs"):
                await getattr(loop, name)(*args)
            refused.append((AWAITED | PLAIN)[name][0])
        for name in ("create_connection", "create_unix_connection"):
            with pytest.raises(RefusedError, match=rf"^{re.escape(AWAITED[name][0])} needs"):
                await getattr(loop, name)(asyncio.Protocol, sock=one)
            refused.append(AWAITED[name][0])
        with (
            ProcessPoolExecutor(1) as pool,
            pytest.raises(RefusedError, match=r"^loop.run_in_executor needs a pool whose"),
        ):
            await loop.run_in_executor(pool, int)
        refused.append("loop.run_in_executor")
        assert set(rows("Refused unless it is in memory")) == set(refused)

    with one, other:
        run(main())


def test_everything_else_that_needs_the_outside_is_there_in_memory() -> None:
    offered = {name for name in AWAITED | PLAIN if name not in REFUSED}
    assert offered == {
        "create_connection",
        "create_server",
        "create_unix_connection",
        "create_unix_server",
        "start_tls",
        "sendfile",
        "getaddrinfo",
        "getnameinfo",
        "subprocess_shell",
        "subprocess_exec",
        "connect_read_pipe",
        "connect_write_pipe",
        "sock_recv",
        "sock_recv_into",
        "sock_sendall",
        "sock_connect",
        "remove_reader",
        "remove_writer",
    }


def test_the_hook_is_silent_at_the_end_of_the_interpreter_when_names_of_modules_are_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    refuse.refusals()
    with monkeypatch.context() as ended:
        ended.setattr(refuse, "_HEARD", None)
        sys.audit("nothing.that.is.refused")
