"""A world of its own: a root that holds what is visible and nothing else, without network, other processes or capabilities."""

import contextlib
import os
import socket
from collections.abc import Iterable

from grader.isolation import system
from grader.isolation.reasons import attempt
from grader.isolation.users import NOBODY, is_root
from grader.isolation.visible import DEVICES, Visible

# A job stands in a folder below, which is the only place where it may write. Landlock looks at a mount's parents and not at
# the folder that the mount hides, so the rule is for this one.
WORK = "/job"
_OF_THE_JOB = f"{WORK}/here"
_OWN = system.CLONE_NEWUSER | system.CLONE_NEWNS | system.CLONE_NEWIPC
_OF_THE_ZYGOTE = system.CLONE_NEWNS | system.CLONE_NEWNET | system.CLONE_NEWIPC | system.CLONE_NEWUTS
_WORK_OPTIONS = "size=4m,nr_inodes=256,mode=700"
# flags of a mount that nobody in a namespace of users may take away again: by their bit in statvfs
_LOCKED = {
    os.ST_NOSUID: system.MS_NOSUID,
    os.ST_NODEV: system.MS_NODEV,
    os.ST_NOEXEC: system.MS_NOEXEC,
    os.ST_NOATIME: system.MS_NOATIME,
    os.ST_NODIRATIME: system.MS_NODIRATIME,
    os.ST_RELATIME: system.MS_RELATIME,
}
_PLACES = ("/mnt", "/media", "/srv", "/opt", "/tmp", "/dev/shm")  # one of them is the new root while it is built


class World:
    """The zygote's. `without`: what is left out, by tests only: the network's namespace, the root, the bounds of the disk."""

    def __init__(self, without: frozenset[str] = frozenset()) -> None:
        self._without = without
        try:
            self._proc = os.open("/proc/self", os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError as error:
            raise attempt("/proc", error) from error
        os.close(self._proc)
        self._proc = os.open("/proc", os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
        self._apart = (system.ready("unshare", _OWN),)
        options = "mode=700" if "disk" in without else _WORK_OPTIONS
        flags = system.MS_NOSUID | system.MS_NODEV | system.MS_NOEXEC
        self._disk = (system.ready("mount", "none", _OF_THE_JOB, "tmpfs", flags, options, what=f"mount {_OF_THE_JOB}"),)
        self._next: tuple[system.Call, ...] = ()

    def enter(self, seen: Visible) -> None:
        """Namespaces and the root of all jobs, for a process that is forked after this.

        Root becomes nobody first: it builds the root before that, because it may read more, if it may build anything. Raises
        OSError where the system refuses it.
        """
        if is_root() and self._could_unshare():
            self._build(seen)
            become_nobody()
            uid, gid = os.getuid(), os.getgid()
            system.unshare(system.CLONE_NEWUSER | system.CLONE_NEWNS | system.CLONE_NEWPID)
            self._map(uid, gid)
        else:
            if is_root():
                become_nobody()
            uid, gid = os.getuid(), os.getgid()
            system.unshare(system.CLONE_NEWUSER | system.CLONE_NEWPID | self._around())
            self._map(uid, gid)
            _insist_on_reading(seen)
            self._build(seen)
        with contextlib.suppress(OSError):
            socket.sethostname("grader")

    def _around(self) -> int:
        return _OF_THE_ZYGOTE & ~(system.CLONE_NEWNET if "network" in self._without else 0)

    def _could_unshare(self) -> bool:
        """Root of a container is often one in name only."""
        try:
            system.unshare(self._around())
        except system.Refused:
            return False
        return True

    def begin(self) -> None:
        """The present process is the one that was forked."""
        pids = os.open("self/ns/pid", os.O_RDONLY | os.O_CLOEXEC, dir_fd=self._proc)
        new = system.CLONE_NEWPID
        self._next = (system.ready("setns", pids, new), system.ready("unshare", new))

    def next_process(self) -> None:
        """The process that is forked next is the first of a namespace of processes of its own."""
        system.make(self._next)

    def of_a_job(self) -> None:
        """In the fork: users, mounts and messages of its own, and a small disk that is gone with it."""
        system.make(self._apart)
        self._map(0, 0)
        if "root" not in self._without:
            system.make(self._disk)
            os.chdir(_OF_THE_JOB)

    def _map(self, uid: int, gid: int) -> None:
        for name, text in (("setgroups", b"deny"), ("uid_map", b"0 %d 1" % uid), ("gid_map", b"0 %d 1" % gid)):
            try:
                descriptor = os.open(f"self/{name}", os.O_WRONLY | os.O_CLOEXEC, dir_fd=self._proc)
                try:
                    os.write(descriptor, text)
                finally:
                    os.close(descriptor)
            except OSError as error:
                raise attempt(name, error) from error

    def _build(self, seen: Visible) -> None:
        if "root" in self._without:
            return
        system.mount(None, "/", None, system.MS_REC | system.MS_PRIVATE)
        # nobody else sees what is mounted there
        place = next(place for place in _PLACES if os.path.isdir(place) and not _holds(place, seen.folders))
        system.mount("none", place, "tmpfs", system.MS_NOSUID | system.MS_NODEV, "size=1m,mode=755")
        os.chdir(place)
        for path in (*seen.folders, *DEVICES):
            self._bind(path)
        for path in seen.hidden:
            system.mount("none", _below(path), "tmpfs", system.MS_RDONLY | system.MS_NOSUID | system.MS_NODEV)
        for path, target in seen.links:
            if not os.path.lexists(_below(path)):
                os.makedirs(os.path.dirname(_below(path)), exist_ok=True)
                os.symlink(target, _below(path))
        os.makedirs(_below(_OF_THE_JOB))
        system.pivot_root()
        flags = system.MS_REMOUNT | system.MS_BIND | system.MS_RDONLY | system.MS_NOSUID | system.MS_NODEV
        system.mount(None, "/", None, flags)

    def _bind(self, path: str) -> None:
        """Read-only, at the same path below the present folder."""
        target = _below(path)
        if os.path.isdir(path):
            os.makedirs(target, exist_ok=True)
        else:
            os.makedirs(os.path.dirname(target), exist_ok=True)
            with open(target, "x"):
                pass
        system.mount(path, target, None, system.MS_BIND | system.MS_REC)
        flags = system.MS_REMOUNT | system.MS_BIND | system.MS_NOSUID
        if path not in DEVICES:
            flags |= system.MS_RDONLY | system.MS_NODEV
        there = os.statvfs(target).f_flag
        for flag, kept in _LOCKED.items():
            if there & flag:
                flags |= kept
        system.mount(None, target, None, flags)


def _holds(folder: str, paths: Iterable[str]) -> bool:
    return any(path.startswith(folder + os.sep) for path in paths)


def _below(path: str) -> str:
    return "." + path


def _insist_on_reading(seen: Visible) -> None:
    """Raises Refused where what every job may read cannot be read."""
    for path in seen.folders:
        try:
            os.close(os.open(path, os.O_RDONLY))
        except OSError as error:
            raise attempt(f"read {path}", error) from error


def become_nobody(keep: int = 0) -> None:
    """Root is an ordinary user from now on, without groups; it may take up the capabilities in the mask `keep` again."""
    if keep:
        system.prctl(system.PR_SET_KEEPCAPS, 1)
    try:
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
    except OSError as error:
        raise attempt("become nobody", error) from error
    if keep:
        system.set_capabilities(0, keep)
    # who changes users may no longer look into its own /proc, unless it says so
    system.prctl(system.PR_SET_DUMPABLE, 1)
