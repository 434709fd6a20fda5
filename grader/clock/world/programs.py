"""Programs in memory: what `asyncio.create_subprocess_exec` starts is a coroutine function that a test has registered.

The parent's side is asyncio's own (`Process`, its protocols and `BaseSubprocessTransport`, whose `_start` and signals are
overridden; checked on 3.11, 3.12 and 3.13). A pipe holds 64 KiB, as on Linux.
"""

import asyncio
import contextlib
import errno
import itertools
import os
import signal
import traceback
from asyncio import base_subprocess
from collections.abc import Awaitable, Callable, Sequence
from subprocess import STDOUT
from typing import TYPE_CHECKING, Any

from grader.clock.over import RefusedError, RunOver
from grader.clock.world.pipes import reading, writing
from grader.clock.world.sockets import MemorySocket

if TYPE_CHECKING:
    from grader.clock.loops.memory import MemoryLoop

Program = Callable[["Child"], Awaitable[int | None]]
# beyond the greatest number that Linux gives a process: `os.kill` with one of these meets nobody
_FIRST_PID = 2**22 + 1
_IGNORED = frozenset(getattr(signal, name, None) for name in ("SIGCHLD", "SIGURG", "SIGWINCH"))
_STOPPING = frozenset(getattr(signal, name, None) for name in ("SIGSTOP", "SIGTSTP", "SIGTTIN", "SIGTTOU", "SIGCONT"))
_UNSEEN = (
    "start_new_session",
    "process_group",
    "close_fds",
    "restore_signals",
    "creationflags",
    "startupinfo",
    "umask",
)
_CODE = 0xFF  # of a return code the system keeps so much
_LONG = 2**63  # with a code beyond that Python gives up, and ends with -1
_SHELL = frozenset("|&;<>()$`*?[]{}~#!\n")


class Programs(dict[str, Program]):
    """What can be started: by name (`programs["ls"] = ls`), or a whole command line of a shell."""

    def __init__(self) -> None:
        super().__init__()
        self.next_pid = itertools.count(_FIRST_PID).__next__

    def found(self, args: Any, shell: bool) -> tuple[list[str], Program]:
        """The words of the command, and what they start.

        Raises FileNotFoundError for a name that is not registered, and RefusedError for what only a real shell can do.
        """
        if not shell:
            words = [os.fsdecode(word) for word in args]
            if words[0] not in self:
                raise self._unknown(words[0])
            return words, self[words[0]]
        command = os.fsdecode(args)
        if command in self:
            return [command], self[command]
        if _SHELL.intersection(command):
            raise RefusedError(
                f"asyncio.create_subprocess_shell needs a real shell for {command!r}; "
                "register a program under the whole command line"
            )
        import shlex

        words = shlex.split(command)
        return words, self[words[0]] if words and words[0] in self else _not_found

    def _unknown(self, name: str) -> FileNotFoundError:
        """Of a file that there is, say: so what is missing, and what to do, stand in its own text."""
        there = ", ".join(sorted(self)) or "there are none"
        said = f"No such file or directory among the programs in memory ({there})"
        said += "; register it with loop.clock.programs[name] = program"
        return FileNotFoundError(errno.ENOENT, said, name)


async def _not_found(child: "Child") -> int:
    """What a shell does with a name that it does not know."""
    child.stderr.write(f"sh: {child.args[0] if child.args else ''}: not found\n".encode())
    return 127 if child.args else 0


class Child:
    """What a program has while it runs: `args`, `env`, `cwd`, `pid`, its streams, and the signals that it hears.

    What it returns is its return code, and None stands for 0; `sys.exit` is heard as ever; of either the system keeps eight
    bits. A number below 0 that it returns is the signal that seems to have ended it. An exception is written to `stderr`;
    the code is 1. A signal without a handler ends it at once: it is cancelled, and what it still writes goes nowhere.
    """

    stdin: asyncio.StreamReader
    stdout: asyncio.StreamWriter
    stderr: asyncio.StreamWriter

    def __init__(self, args: list[str], pid: int, env: dict[str, str] | None, cwd: str | None):
        self.args, self.pid, self.cwd = args, pid, cwd
        self.env = dict(os.environ if env is None else env)
        self.handlers: dict[int, tuple[Callable[..., object], tuple[Any, ...]]] = {}

    def add_signal_handler(self, sig: int, callback: Callable[..., object], *args: Any) -> None:
        """`callback(*args)` in place of the end. Raises ValueError for SIGKILL, which nobody can handle."""
        if sig == signal.SIGKILL:
            raise ValueError("SIGKILL cannot be handled")
        self.handlers[sig] = callback, args

    def remove_signal_handler(self, sig: int) -> bool:
        return self.handlers.pop(sig, None) is not None


class Running:
    """In the place of a `subprocess.Popen`: a program that runs as a task of the loop on which it was started."""

    def __init__(self, loop: "MemoryLoop", args: Any, shell: bool, files: Sequence[Any], options: dict[str, Any]):
        programs = loop.clock.programs
        words, self._program = programs.found(args, shell)
        self.args, self.pid = args, programs.next_pid()
        self.returncode: int | None = None
        self.stdin: MemorySocket | None = None
        self.stdout: MemorySocket | None = None
        self.stderr: MemorySocket | None = None
        self.on_exit: Callable[[int], object] = _nobody
        self._loop = loop
        env, cwd = options.pop("env", None), options.pop("cwd", None)
        _only_known(options)
        self.child = Child(words, self.pid, env, None if cwd is None else os.fspath(cwd))
        self._connect(*files)
        self._task = loop.create_task(self._run(), name=words[0] if words else "sh")

    def _connect(self, stdin: Any, stdout: Any, stderr: Any) -> None:
        child = self.child
        self.stdin, child.stdin, self._input = reading(self._loop, stdin)
        self.stdout, child.stdout = writing(self._loop, stdout, "stdout")
        if stderr == STDOUT:
            child.stderr = child.stdout
        else:
            self.stderr, child.stderr = writing(self._loop, stderr, "stderr")
        self._outputs = list(dict.fromkeys([child.stdout, child.stderr]))

    async def _run(self) -> None:
        try:
            code = await self._code()
            for output in self._outputs:
                output.close()
            for output in self._outputs:
                with contextlib.suppress(OSError):  # nobody reads it any more
                    await output.wait_closed()
        except asyncio.CancelledError:
            self._end(-signal.SIGKILL)  # with the run, unless a signal has come before
            raise
        self._end(code)

    async def _code(self) -> int:
        child = self.child
        try:
            returned = int(await self._program(child) or 0)
            return returned if returned < 0 else returned & _CODE  # less than 0: as if a signal had ended it
        except SystemExit as end:
            if end.code is None or isinstance(end.code, int):
                return (end.code or 0) & _CODE if -_LONG <= (end.code or 0) < _LONG else _CODE
            child.stderr.write(f"{end.code}\n".encode())
        except (asyncio.CancelledError, KeyboardInterrupt, RunOver):
            raise
        except BaseException:
            child.stderr.write(traceback.format_exc().encode())
        return 1

    def _end(self, code: int) -> None:
        if self.returncode is not None:
            return
        self.returncode = code
        for stream in self._outputs if self._input is None else [self._input, *self._outputs]:
            if stream.transport.get_protocol() is not None:  # else it is closed already
                stream.transport.abort()
        if not self._loop.is_closed():
            self._loop.call_soon(self.on_exit, code)

    # ------------------------------------------------------------ as of a Popen

    def poll(self) -> int | None:
        return self.returncode

    def send_signal(self, sig: int) -> None:
        if self.returncode is not None or not sig or sig in _IGNORED:
            return
        if sig in _STOPPING:
            raise RefusedError(
                f"{signal.Signals(sig).name} needs a real process; a program in memory cannot be stopped"
            )
        handler = self.child.handlers.get(sig)
        if handler is None:
            self._end(-sig)
            self._task.cancel()
        else:
            self._loop.call_soon(handler[0], *handler[1])

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


class MemorySubprocess(base_subprocess.BaseSubprocessTransport):
    """asyncio's own, with a program in memory. Its signals never become those of the system."""

    _proc: Any

    def _start(
        self, args: Any, shell: bool, stdin: Any, stdout: Any, stderr: Any, bufsize: int, **options: Any
    ) -> None:
        loop: Any = self._loop
        self._proc = Running(loop, args, shell, (stdin, stdout, stderr), options)
        self._proc.on_exit = self._process_exited

    def send_signal(self, signal: int) -> None:
        self._check_proc()
        self._proc.send_signal(signal)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


def _nobody(*_: object) -> None:
    """Hears of it."""


def _only_known(options: dict[str, Any]) -> None:
    for name, value in options.items():
        if name not in _UNSEEN and value is not None and value != ():
            raise RefusedError(f"{name} needs a real process; a program in memory has args, env, cwd and its streams")
