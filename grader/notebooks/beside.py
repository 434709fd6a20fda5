"""A process beside the kernel that checks one exercise. It is gone when `answer_of` ends, however that comes.

It ends as soon as its standard input does, so it does not outlive the kernel either.
"""

import contextlib
import json
import subprocess
import sys
from pathlib import Path
from typing import IO, Any

_BOOT = "import sys; sys.path.append({home!r}); from grader.notebooks.checking import main; main()"
_HOME = str(Path(__file__).parent.parent.parent)
_CLEANING = 10.0  # real seconds to end what it has started, before it is killed


class Stopped(Exception):
    """There is no answer; the text says why."""


def _interrupted() -> KeyboardInterrupt:
    """What a frontend shows of it is one sentence, and no traceback."""
    error = KeyboardInterrupt("the check was interrupted; nothing of it is left running")
    vars(error)["_render_traceback_"] = lambda: [f"KeyboardInterrupt: {error}"]
    return error


def answer_of(asked: dict[str, Any]) -> dict[str, Any]:
    """The answer to what is asked (see `checking.Asked`). Raises Stopped; KeyboardInterrupt, when all is gone."""
    # -P: nothing of the folder in which the notebook is, where a file may be called as a module is
    command = [sys.executable, "-P", "-X", "utf8", "-c", _BOOT.format(home=_HOME)]
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # the kernel's interrupt is ours to hear; it is told by us
        )
    except OSError as error:
        raise Stopped(f"the exercise could not be checked: no process could be started ({error.strerror})") from None
    try:
        return _heard(process, asked)
    except KeyboardInterrupt:
        raise _interrupted() from None
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
