"""What a forked process does before a stranger's program runs in it: every defence, one after the other, for good."""

import fcntl
import os
import resource
import signal
import socket
from dataclasses import dataclass
from typing import Any

from grader.isolation import landlock, seccomp, system
from grader.isolation.namespaces import WORK, World
from grader.isolation.visible import DEVICES, ZERO, Visible
from grader.runner.bounds import bound, limit, threads_of_user, used_memory

OPEN_FILES = 256  # of the zygote
_HIGH = 100  # above all that is closed by number
CONNECTION = 3  # the one descriptor that a job has, beside an empty standard input, output and error
FILE_MB = 4


@dataclass(frozen=True, slots=True)
class Defences:
    """What was made once for all jobs. `without` names defences that are left out, which only their own tests do.

    `world` is None at level B, where a job stands in the empty `folder`. `used`: bytes of address space that the interpreter
    has itself. `last`: the calls that take away what a job had until then; they are made ready once, see `system.make`.
    """

    world: World | None
    rules: int
    used: int
    folder: str
    last: tuple[system.Call, ...]
    without: frozenset[str] = frozenset()

    def has(self, name: str) -> bool:
        return name not in self.without


def prepared(world: World | None, seen: Visible, folder: str, kept: int, without: frozenset[str]) -> Defences:
    """`kept`: the capabilities that a job keeps, because without them it could not read what it may read.

    Raises OSError where the system has not what is needed.
    """
    allowed = [(path, landlock.READ) for path in seen.folders]
    own_disk = world is not None and not without & {"namespaces", "root"}
    # a mapping of it that is shared is memory, which stays as long as any of it is mapped, and which no limit counts
    allowed += [(path, landlock.READ_FILE) for path in DEVICES if not (own_disk and path == ZERO)]
    allowed.append((DEVICES[0], landlock.READ_FILE | landlock.WRITE_FILE))
    if world is not None:
        allowed.append((WORK, landlock.OWN))
    else:
        allowed.append((folder, landlock.READ))
    rules = fcntl.fcntl(landlock.rules(allowed), fcntl.F_DUPFD_CLOEXEC, _HIGH)
    last = {
        "capabilities": system.ready("capset", *system.as_capabilities(kept, kept)),
        "death with the zygote": system.ready("prctl", system.PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0),
        "no new privileges": system.ready("prctl", system.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0),
        "landlock": landlock.taking_on(rules),
        "seccomp": system.filtering(seccomp.program(system.architecture() or system.X86_64, own_disk)),
    }
    calls = tuple(call for name, call in last.items() if name not in without)
    defences = Defences(world, rules, used_memory(), folder, calls, without)
    _inherited(defences)
    return defences


def _inherited(defences: Defences) -> None:
    """What the zygote has itself, and its forks from it."""
    if defences.world is not None and defences.has("namespaces"):
        system.exit_at(signal.SIGXCPU)
    if defences.has("limits"):
        for none_of in (resource.RLIMIT_MEMLOCK, getattr(resource, "RLIMIT_MSGQUEUE", resource.RLIMIT_CORE)):
            bound(none_of, 0)


def shut_in(defences: Defences, connection: int, bounds: dict[str, Any]) -> socket.SocketType:
    """The present process, just forked, is a job from now on; gives its `connection`, all other descriptors are closed.

    `bounds` are those of `grader.runner.bounds.limit`. Raises OSError.
    """
    os.setsid()
    there = 1  # this thread itself
    if defences.world is None:
        there += threads_of_user()  # the namespace of users that a job has otherwise counts its own alone
        os.chdir(defences.folder)
    elif defences.has("namespaces"):
        defences.world.of_a_job()
    if defences.has("limits"):
        limit(defences.used, there=there, file_mb=0 if defences.world is None else FILE_MB, **bounds)
    _keep_only(connection, defences.rules)
    system.make(defences.last)
    os.close(defences.rules)
    return socket.SocketType(socket.AF_UNIX, socket.SOCK_STREAM, 0, CONNECTION)


def _keep_only(connection: int, rules: int) -> None:
    """Close every descriptor but the connection, which gets its number, and the rules."""
    os.dup2(connection, CONNECTION, inheritable=False)
    os.closerange(CONNECTION + 1, rules)
    os.closerange(rules + 1, OPEN_FILES)
