"""A process beside the kernel that checks one exercise. It is gone when the answer is asked for no more, however that comes.

It ends as soon as its standard input does, so it does not outlive the kernel either.
"""

import asyncio
import contextlib
import json
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import IO, Any

_BOOT = "import sys; sys.path.append({home!r}); from grader.notebooks.checking import main; main()"
_HOME = str(Path(__file__).parent.parent.parent)
_CLEANING = 10.0  # real seconds to end what it has started, before it is killed
_LISTENING = 0.2  # real seconds until an interrupt is heard
_INTERRUPTED = "the check was interrupted; nothing of it is left running"


class Stopped(Exception):
    """There is no answer; the text says why."""


def _told(error: BaseException) -> BaseException:
    """What a frontend shows of it is one sentence, and no traceback."""
    vars(error)["_render_traceback_"] = lambda: [f"{type(error).__name__}: {_INTERRUPTED}"]
    return error


def answer_of(asked: dict[str, Any]) -> dict[str, Any]:
    """The answer to what is asked (see `checking.Asked`). Raises Stopped; KeyboardInterrupt, when all is gone."""
    try:
        with _heard_at_once():
            return _answered(_started(), asked)
    except KeyboardInterrupt:
        raise _told(KeyboardInterrupt(_INTERRUPTED)) from None


@contextlib.contextmanager
def _heard_at_once() -> Iterator[None]:
    """In a cell that awaits, a kernel hears an interrupt only when its loop goes on, which it does not meanwhile."""
    before = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or before is None:
        yield
        return
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


async def awaited_answer_of(asked: dict[str, Any]) -> dict[str, Any]:
    """The same, while the loop goes on. Raises Stopped; CancelledError, when all is gone."""
    process = _started()
    answer = asyncio.wrap_future(_in_a_thread(lambda: _answered(process, asked)))
    try:
        while not (await asyncio.wait([answer], timeout=_LISTENING))[0]:
            pass  # a kernel's loop that has nothing to do is not woken by an interrupt (ipykernel 7.4), so it has something
        return answer.result()
    except asyncio.CancelledError as error:
        await _ended(process, answer)
        raise _told(error) from None


def _in_a_thread(call: Callable[[], dict[str, Any]]) -> "Future[dict[str, Any]]":
    """In one that keeps nobody from ending."""
    answer = Future[dict[str, Any]]()

    def run() -> None:
        try:
            answer.set_result(call())
        except BaseException as error:
            answer.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    return answer


async def _ended(process: "subprocess.Popen[bytes]", answer: "asyncio.Future[dict[str, Any]]") -> None:
    """Whoever waits for the answer in a thread hears of it by its end. Who cancels again has it killed."""
    process.send_signal(signal.SIGINT) if sys.platform != "win32" else process.terminate()
    try:
        await asyncio.wait([answer], timeout=_CLEANING)
    finally:
        process.kill()
        answer.add_done_callback(lambda answer: answer.cancelled() or answer.exception())


def _started() -> "subprocess.Popen[bytes]":
    # -P: nothing of the folder in which the notebook is, where a file may be called as a module is
    command = [sys.executable, "-P", "-X", "utf8", "-c", _BOOT.format(home=_HOME)]
    try:
        return subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # the kernel's interrupt is ours to hear; it is told by us
        )
    except OSError as error:
        raise Stopped(f"the exercise could not be checked: no process could be started ({error.strerror})") from None


def _answered(process: "subprocess.Popen[bytes]", asked: dict[str, Any]) -> dict[str, Any]:
    try:
        return _heard(process, asked)
    finally:
        _end(process)


def _heard(process: "subprocess.Popen[bytes]", asked: dict[str, Any]) -> dict[str, Any]:
    said, seconds = _spoken(process, asked), 0.0
    for line in said:
        answer: dict[str, Any] = json.loads(line)
        if "seconds" not in answer:
            return answer
        seconds = answer["seconds"]
    code = _end(process)
    if seconds and code == 1:  # its last resort
        raise Stopped(f"the check was not over after {seconds:g} s, and was ended")
    raise Stopped(f"the process that checks ended without an answer (exit status {code})")


def _spoken(process: "subprocess.Popen[bytes]", asked: dict[str, Any]) -> IO[bytes]:
    assert process.stdin is not None
    assert process.stdout is not None
    with contextlib.suppress(BrokenPipeError):  # it is over already: its exit status tells
        process.stdin.write(json.dumps(asked).encode() + b"\n")
        process.stdin.flush()
    return process.stdout


def _end(process: "subprocess.Popen[bytes]") -> int:
    """How it ended. It is killed where it does not end by itself, or somebody is tired of waiting."""
    assert process.stdin is not None
    assert process.stdout is not None
    with contextlib.suppress(BrokenPipeError):
        process.stdin.close()
    process.stdout.close()
    try:
        return process.wait(_CLEANING)
    except subprocess.TimeoutExpired:
        process.kill()
    except KeyboardInterrupt:
        process.kill()
        process.wait()
        raise
    return process.wait()
