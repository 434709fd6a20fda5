"""The process that checks what is watched: asked one question at a time, given up at any moment, and gone with the watch.

It is kept for the next question, so that an answer takes no longer than the check itself. What is given up ends by itself when
its standard input does, and is waited for at the end.
"""

import contextlib
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from queue import Empty, SimpleQueue

import msgspec

_BOOT = "import sys; sys.path.append({home!r}); from {module} import main; main()"
_HOME = str(Path(__file__).parent.parent.parent)
_CLEANING = 10.0  # real seconds to end what it has started, before it is killed


class Question(msgspec.Struct, frozen=True):
    """The exercise in `folder`, and the learner's `file`."""

    folder: str
    file: str
    seed: str | None = None


class Answer(msgspec.Struct, frozen=True, omit_defaults=True):
    """One of these: a verdict as it is written, why there is none, or the grader's own fault."""

    verdict: msgspec.Raw = msgspec.Raw()
    refused: str = ""
    fault: str = ""


class Runs:
    """`module` has the `main` of the process: it reads questions from standard input, and answers each, a line of JSON each."""

    def __init__(self, module: str):
        self._command = _command(module)
        self._process: subprocess.Popen[bytes] | None = None
        self._said: SimpleQueue[bytes] = SimpleQueue()
        self._ending = list[tuple[subprocess.Popen[bytes], float]]()  # and when it is to be killed
        self.busy = False

    def ask(self, question: Question) -> None:
        """Whatever was asked before is given up."""
        if self.busy or (self._process is not None and self._process.poll() is not None):
            self.renew()
        self.busy = True
        try:
            process = self._started()
        except OSError as error:
            self._said.put(_encoded(Answer(fault=f"no process could be started ({error.strerror})")))
            return
        assert process.stdin is not None
        with contextlib.suppress(OSError):  # it has ended, which is told in its place
            process.stdin.write(_encoded(question) + b"\n")
            process.stdin.flush()

    def answer(self) -> Answer | None:
        """None while there is none."""
        self._reap()
        try:
            said = self._said.get_nowait()
        except Empty:
            return None
        self.busy = False
        if said:
            return msgspec.json.decode(said, type=Answer)
        process = self._process
        self.renew()
        how = process.wait() if process is not None else 0
        return Answer(fault=f"the process that checks ended without an answer (exit status {how})")

    def renew(self) -> None:
        """What was asked is given up; whatever is asked next is asked of a new process, which has read no file yet."""
        self.busy = False
        self._said = SimpleQueue()
        if self._process is not None:
            self._ending.append((_told_to_end(self._process), time.monotonic() + _CLEANING))
            self._process = None

    def _reap(self) -> None:
        now = time.monotonic()
        for process, last in self._ending:
            if now >= last:
                process.kill()
        self._ending = [one for one in self._ending if one[0].poll() is None]

    def close(self) -> None:
        """Returns when none is left."""
        self.renew()
        for process, last in self._ending:
            try:
                process.wait(max(0.0, last - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._ending.clear()

    def _started(self) -> "subprocess.Popen[bytes]":
        if self._process is None:
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # the terminal's Ctrl-C is ours to hear
                creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),  # so on Windows
            )
            threading.Thread(target=_listen, args=[self._process, self._said], daemon=True).start()
        return self._process


def _command(module: str) -> Sequence[str]:
    # -P: nothing of the present folder, where a learner's file may be called as a module is
    return [sys.executable, "-P", "-X", "utf8", "-c", _BOOT.format(home=_HOME, module=module)]


def _encoded(message: Question | Answer) -> bytes:
    return msgspec.json.encode(message)


def _listen(process: "subprocess.Popen[bytes]", said: "SimpleQueue[bytes]") -> None:
    """What it says, line by line, and an empty line when it says nothing any more."""
    assert process.stdout is not None
    with process.stdout as lines:
        for line in lines:
            said.put(line)
    said.put(b"")


def _told_to_end(process: "subprocess.Popen[bytes]") -> "subprocess.Popen[bytes]":
    assert process.stdin is not None
    with contextlib.suppress(OSError):
        process.stdin.close()
    return process
