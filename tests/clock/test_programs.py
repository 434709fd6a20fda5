"""Programs in memory: asyncio's own processes, whose program is a coroutine function of the test."""

import asyncio
import errno
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, STDOUT
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from grader.clock import VirtualLoop
from grader.clock.over import DeadlockError, RefusedError
from grader.clock.world.programs import Child
from tests.clock.running import here, now, run


async def ls(child: Child) -> None:
    for name in (b"a.txt\n", b"b.txt\n"):
        await asyncio.sleep(0.5)
        child.stdout.write(name)


async def upper(child: Child) -> None:
    async for line in child.stdin:
        child.stdout.write(line.upper())
        await child.stdout.drain()


async def fail(child: Child) -> int:
    child.stderr.write(b"no such thing\n")
    return 3


async def forever(child: Child) -> None:
    await asyncio.Event().wait()


async def patient(child: Child) -> int:
    """Ends itself two seconds after it is asked to."""
    asked = asyncio.Event()
    child.add_signal_handler(signal.SIGTERM, asked.set)
    child.stdout.write(b"ready\n")
    await asked.wait()
    await asyncio.sleep(2)
    return 9


async def said(process: asyncio.subprocess.Process) -> tuple[bytes | None, bytes | None]:
    return await process.communicate()


def play(main: Callable[[], Coroutine[Any, Any, Any]], debug: bool = False) -> Any:
    loop = VirtualLoop()
    loop.clock.programs.update(ls=ls, upper=upper, fail=fail, forever=forever, patient=patient)
    return run(main(), loop, debug)


@pytest.mark.parametrize("debug", [False, True])
def test_output_is_read_line_by_line_at_its_virtual_time(debug: bool) -> None:
    async def main() -> list[tuple[float, bytes]]:
        process = await asyncio.create_subprocess_exec("ls", "-l", stdout=PIPE)
        assert process.stdout is not None
        lines = [(now(), line) async for line in process.stdout]
        assert await process.wait() == process.returncode == 0
        return lines

    assert play(main, debug) == [(0.5, b"a.txt\n"), (1.0, b"b.txt\n")]


def test_communicate_writes_and_reads_to_the_end() -> None:
    async def main() -> None:
        process = await asyncio.create_subprocess_exec("upper", stdin=PIPE, stdout=PIPE, stderr=PIPE)
        data = (b"x" * 99 + b"\n") * 5_000  # more than pipes hold
        assert await process.communicate(data) == (data.upper(), b"")
        assert process.returncode == 0

    play(main)


def test_a_program_ends_when_all_that_it_wrote_is_in_the_pipe() -> None:
    async def talk(child: Child) -> None:
        child.stdout.write(b"x" * 400_000)

    async def main() -> None:
        here().clock.programs["talk"] = talk
        process = await asyncio.create_subprocess_exec("talk", stdout=PIPE)
        await asyncio.sleep(1)
        assert process.returncode is None
        assert await said(process) == (b"x" * 400_000, None)
        assert process.returncode == 0

    play(main)


def test_a_return_code_and_stderr_come_back() -> None:
    async def main() -> None:
        process = await asyncio.create_subprocess_exec("fail", stdout=PIPE, stderr=PIPE)
        assert await process.communicate() == (b"", b"no such thing\n")
        assert process.returncode == 3
        process = await asyncio.create_subprocess_exec("fail", stdout=PIPE, stderr=STDOUT)
        assert await said(process) == (b"no such thing\n", None)
        process = await asyncio.create_subprocess_exec("fail", stdout=DEVNULL, stderr=DEVNULL)
        assert await process.wait() == 3

    play(main)


async def _exit(child: Child) -> None:
    sys.exit(4)


async def _exit_with_a_message(child: Child) -> None:
    sys.exit("cannot go on")


async def _crash(child: Child) -> None:
    raise LookupError("nothing there")


async def _return_text(child: Child) -> Any:
    return "done"


@pytest.mark.parametrize(
    ("program", "code", "said"),
    [
        (_exit, 4, b""),
        (_exit_with_a_message, 1, b"cannot go on\n"),
        (_crash, 1, b"LookupError: nothing there\n"),
        (_return_text, 1, b"ValueError: invalid literal for int() with base 10: 'done'\n"),
    ],
)
def test_a_program_ends_as_one_of_python_does(program: Any, code: int, said: bytes) -> None:
    async def main() -> None:
        here().clock.programs["program"] = program
        process = await asyncio.create_subprocess_exec("program", stderr=PIPE)
        _, error = await process.communicate()
        assert process.returncode == code
        assert error.endswith(said)
        assert bool(error) == bool(said)

    play(main)


def _exiting(code: Any) -> Any:
    async def program(child: Child) -> None:
        sys.exit(code)

    return program


def _returning(code: int) -> Any:
    async def program(child: Child) -> int:
        return code

    return program


# as `python -c "import sys; sys.exit(...)"` ends on Linux
EXITS: list[tuple[Any, int, bytes]] = [
    *((code, code & 255, b"") for code in (255, 256, 300, -1, -300, 2**40 + 7, 2**63 - 1, -(2**63))),
    *((code, 255, b"") for code in (2**63, -(2**63) - 1, 2**70)),
    *((None, 0, b""), (True, 1, b""), (False, 0, b"")),
    *(("", 1, b"\n"), ("text", 1, b"text\n"), (1.5, 1, b"1.5\n"), ((1, 2), 1, b"(1, 2)\n"), (b"x", 1, b"b'x'\n")),
]


@pytest.mark.parametrize(("code", "ends", "said"), EXITS)
def test_the_system_keeps_eight_bits_of_a_return_code(code: Any, ends: int, said: bytes) -> None:
    async def main() -> None:
        here().clock.programs["program"] = _exiting(code)
        process = await asyncio.create_subprocess_exec("program", stderr=PIPE)
        assert ((await process.communicate())[1], process.returncode) == (said, ends)

    play(main)


@pytest.mark.parametrize(("code", "ends"), [(300, 44), (256, 0), (3, 3), (-9, -9)])
def test_a_code_that_is_returned_is_one_too_or_a_signal(code: int, ends: int) -> None:
    async def main() -> None:
        here().clock.programs["program"] = _returning(code)
        process = await asyncio.create_subprocess_exec("program")
        assert await process.wait() == ends

    play(main)


def test_a_program_knows_its_arguments_its_environment_and_its_place() -> None:
    seen: list[Any] = []

    async def show(child: Child) -> None:
        seen.append((child.args, child.env, child.cwd, child.pid))

    async def main() -> None:
        here().clock.programs["show"] = show
        for options in ({"env": {"A": "1"}, "cwd": Path("/tmp")}, {}):
            process = await asyncio.create_subprocess_exec("show", "-v", Path("x"), **options)  # type: ignore[arg-type]
            await process.wait()
            assert process.pid == seen[-1][3]

    play(main)
    assert seen[0] == (["show", "-v", "x"], {"A": "1"}, "/tmp", 2**22 + 1)
    assert seen[1] == (["show", "-v", "x"], dict(os.environ), None, 2**22 + 2)


def test_output_that_is_inherited_goes_where_the_tests_own_goes(capsys: pytest.CaptureFixture[str]) -> None:
    async def main() -> None:
        await (await asyncio.create_subprocess_exec("ls")).wait()
        await (await asyncio.create_subprocess_exec("fail")).wait()

    play(main)
    assert capsys.readouterr() == ("a.txt\nb.txt\n", "no such thing\n")


def test_output_goes_to_a_file(tmp_path: Path) -> None:
    async def main() -> None:
        with (tmp_path / "out").open("wb") as file:
            await (await asyncio.create_subprocess_exec("ls", stdout=file)).wait()
            await (await asyncio.create_subprocess_exec("fail", stderr=file.fileno())).wait()

    play(main)
    assert (tmp_path / "out").read_bytes() == b"a.txt\nb.txt\nno such thing\n"


# ---------------------------------------------------------------- signals


@pytest.mark.parametrize(
    ("end", "code"),
    [
        (lambda process: process.terminate(), -signal.SIGTERM),
        (lambda process: process.kill(), -signal.SIGKILL),
        (lambda process: process.send_signal(signal.SIGINT), -signal.SIGINT),
    ],
)
def test_a_signal_ends_a_program_at_once(end: Callable[[Any], None], code: int) -> None:
    async def main() -> None:
        process = await asyncio.create_subprocess_exec("forever", stdout=PIPE)
        await asyncio.sleep(5)
        end(process)
        assert process.returncode is None
        assert await said(process) == (b"", None)
        assert process.returncode == code
        assert now() == 5
        with pytest.raises(ProcessLookupError):
            process.kill()

    play(main)


def test_a_program_that_hears_a_signal_ends_in_its_own_way() -> None:
    async def main() -> None:
        process = await asyncio.create_subprocess_exec("patient", stdout=PIPE)
        assert process.stdout is not None
        assert await process.stdout.readline() == b"ready\n"
        process.terminate()
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(process.wait(), 1)
        process.terminate()
        assert await process.wait() == 9
        assert now() == 2

    play(main)


def test_what_hears_no_end_is_killed() -> None:
    async def main() -> None:
        process = await asyncio.create_subprocess_exec("patient", stdout=PIPE)
        assert process.stdout is not None
        await process.stdout.readline()
        process.terminate()
        await asyncio.sleep(1)
        process.kill()
        assert await process.wait() == -signal.SIGKILL
        assert now() == 1

    play(main)


def test_signal_zero_asks_only_whether_it_lives() -> None:
    async def program(child: Child) -> int:
        await asyncio.sleep(5)
        return 7

    async def main() -> None:
        here().clock.programs["program"] = program
        process = await asyncio.create_subprocess_exec("program")
        process.send_signal(0)
        assert (await process.wait(), now()) == (7, 5)

    play(main)


def test_signals_that_a_process_ignores_are_ignored_and_handlers_can_be_taken_back() -> None:
    heard: list[str] = []

    async def program(child: Child) -> None:
        child.add_signal_handler(signal.SIGUSR1, heard.append, "one")
        with pytest.raises(ValueError, match="^SIGKILL cannot be handled$"):
            child.add_signal_handler(signal.SIGKILL, print)
        await asyncio.sleep(1)
        assert child.remove_signal_handler(signal.SIGUSR1)
        assert not child.remove_signal_handler(signal.SIGUSR1)
        await asyncio.sleep(1)

    async def main() -> int:
        here().clock.programs["program"] = program
        process = await asyncio.create_subprocess_exec("program")
        await here().settle()
        process.send_signal(signal.SIGCHLD)
        process.send_signal(signal.SIGUSR1)
        await asyncio.sleep(1.5)
        process.send_signal(signal.SIGUSR1)
        return await process.wait()

    assert play(main) == -signal.SIGUSR1
    assert heard == ["one"]


def test_a_program_that_is_killed_writes_nothing_more() -> None:
    async def stubborn(child: Child) -> None:
        child.stdout.write(b"before\n")
        try:
            await asyncio.Event().wait()
        finally:
            child.stdout.write(b"after\n")

    async def main() -> bytes:
        here().clock.programs["stubborn"] = stubborn
        process = await asyncio.create_subprocess_exec("stubborn", stdout=PIPE)
        await here().settle()
        process.kill()
        return (await process.communicate())[0]

    assert play(main) == b"before\n"


def test_the_reader_of_a_program_that_ended_is_not_waited_for() -> None:
    async def main() -> None:
        process = await asyncio.create_subprocess_exec("ls", stdin=PIPE, stdout=PIPE)
        assert process.stdin is not None
        await asyncio.sleep(2)
        process.stdin.write(b"anybody?\n")
        with pytest.raises((BrokenPipeError, ConnectionResetError)):
            await process.stdin.drain()
        assert await said(process) == (b"a.txt\nb.txt\n", None)

    play(main)


def test_stdin_that_is_not_a_pipe_is_at_its_end() -> None:
    async def main() -> None:
        for stdin in (None, DEVNULL):
            process = await asyncio.create_subprocess_exec("upper", stdin=stdin, stdout=PIPE)
            assert await said(process) == (b"", None)

    play(main)


def test_waiting_for_a_program_whose_output_nobody_reads_is_a_deadlock_as_it_would_be() -> None:
    async def talk(child: Child) -> None:
        child.stdout.write(b"x" * 1_000_000)

    async def main() -> None:
        here().clock.programs["talk"] = talk
        process = await asyncio.create_subprocess_exec("talk", stdout=PIPE)
        try:
            await process.wait()
        finally:
            process.kill()
            await process.communicate()

    with pytest.raises(DeadlockError, match="waits for the end of a program, which waits itself"):
        play(main)


def test_programs_that_are_left_are_killed_with_the_run() -> None:
    ended: list[str] = []

    async def program(child: Child) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("killed")

    async def main() -> None:
        here().clock.programs["program"] = program
        await asyncio.create_subprocess_exec("program")
        await here().settle()

    play(main)
    assert ended == ["killed"]


# ---------------------------------------------------------------- what is there


def test_a_program_that_nobody_registered_is_not_found() -> None:
    async def main() -> None:
        with pytest.raises(FileNotFoundError, match="No such file") as failed:
            await asyncio.create_subprocess_exec("cat", "x")
        assert str(failed.value) == (
            "[Errno 2] No such file or directory among the programs in memory (fail, forever, ls, patient, upper)"
            "; register it with loop.clock.programs[name] = program: 'cat'"
        )
        assert (failed.value.errno, failed.value.filename) == (errno.ENOENT, "cat")

    play(main)


def test_a_shell_knows_words_and_whole_command_lines() -> None:
    async def wc(child: Child) -> None:
        child.stdout.write(b"2\n")

    async def echo(child: Child) -> None:
        child.stdout.write(" ".join(child.args[1:]).encode())

    async def main() -> None:
        here().clock.programs["ls | wc -l"] = wc
        here().clock.programs["echo"] = echo
        for command, output in (("ls | wc -l", b"2\n"), ("echo 'a  b' c", b"a  b c"), ("ls", b"a.txt\nb.txt\n")):
            process = await asyncio.create_subprocess_shell(command, stdout=PIPE)
            assert (await process.communicate())[0] == output
        process = await asyncio.create_subprocess_shell("cat x", stderr=PIPE)
        assert await said(process) == (None, b"sh: cat: not found\n")
        assert process.returncode == 127
        with pytest.raises(
            RefusedError, match=r"needs a real shell for 'ls \| wc'; register a program under the whole"
        ):
            await asyncio.create_subprocess_shell("ls | wc")

    play(main)


def test_what_only_a_real_process_has_is_refused_by_name() -> None:
    async def main() -> None:
        with pytest.raises(RefusedError, match="^preexec_fn needs a real process; a program in memory has args, env"):
            await asyncio.create_subprocess_exec("ls", preexec_fn=print)
        with pytest.raises(RefusedError, match="^stdin=0 needs a real process; use PIPE or DEVNULL$"):
            await asyncio.create_subprocess_exec("ls", stdin=0)
        process = await asyncio.create_subprocess_exec("forever", start_new_session=True)
        with pytest.raises(RefusedError, match="^SIGSTOP needs a real process; a program in memory cannot be stopped$"):
            process.send_signal(signal.SIGSTOP)
        process.kill()
        await process.wait()

    play(main)


def test_no_signal_reaches_a_process_of_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "kill", lambda pid, sig: pytest.fail(f"os.kill({pid}, {sig})"))

    async def main() -> None:
        for end in ("terminate", "kill"):
            process = await asyncio.create_subprocess_exec("forever")
            getattr(process, end)()
            await process.wait()

    play(main)
