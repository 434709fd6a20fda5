"""Programs that try to leave their job. Each says whether it did harm, and what has to be left out for it to succeed.

A program's `attack()` gives true where it did what it must not be able to do. It goes past the runner, which refuses most of
this by name: what is tried here is whether the system would have let it. All of it is bounded where nothing stops it.
"""

from dataclasses import dataclass
from textwrap import dedent

_FRAME = """
import ctypes, mmap, os, resource, sys, threading, time
libc = ctypes.CDLL(None, use_errno=True)
MARK = {mark!r}
SECRET = {secret!r}
OPEN = {open_folder!r}
PORT = {port}
NAME = {name!r}
HOME = {home!r}

def fork():
    return libc.fork()

def pair():
    made = (ctypes.c_int * 2)()
    if libc.socketpair(1, 1 | 0x800, 0, made):
        raise OSError("no pair of sockets")
    return list(made)

def writable():
    folder = os.path.join("." if os.access(".", os.W_OK) else OPEN, os.urandom(8).hex())
    os.mkdir(folder)
    return folder

def waited(process):
    status = ctypes.c_int()
    libc.waitpid(process, ctypes.byref(status), 0)
    return status.value

{attack}

async def main(op):
    try:
        return bool(attack())
    except (OSError, MemoryError, ImportError):
        return False
"""


@dataclass(frozen=True)
class Attack:
    """`without_a` and `without_b` are the defences that stand in its way at each level.

    `harm` is how it ends if it succeeds: with a result that is true, by being another program, or with a process left.
    """

    name: str
    body: str
    without_a: frozenset[str]
    without_b: frozenset[str]
    harm: str = "result"

    def source(self, **places: object) -> str:
        return _FRAME.format(attack=dedent(self.body).strip(), **places)

    def without(self, level: str) -> frozenset[str]:
        return self.without_a if level == "A" else self.without_b


def _attack(name: str, body: str, a: str, b: str | None = None, harm: str = "result") -> Attack:
    return Attack(name, body, frozenset(a.split()), frozenset((a if b is None else b).split()), harm)


ATTACKS = (
    _attack(
        "read a file of the instructor's",
        """
        def attack():
            with open(SECRET) as file:
                return "secret" in file.read()
        """,
        "root landlock",
        "landlock",
    ),
    _attack(
        "look into folders",
        """
        def attack():
            return os.listdir(os.path.dirname(SECRET))
        """,
        "root landlock",
        "landlock",
    ),
    _attack(
        "read who is who",
        """
        def attack():
            return open("/etc/passwd").read()
        """,
        "root landlock",
        "landlock",
    ),
    _attack(
        "read other processes",
        """
        def attack():
            return [name for name in os.listdir("/proc") if name.isdigit()]
        """,
        "root landlock",
        "landlock",
    ),
    _attack(
        "read the grader",
        """
        def attack():
            return open(os.path.join(HOME, "grader", "referee", "referee.py")).read()
        """,
        "root landlock",
        "landlock",
    ),
    _attack(
        "write where anybody may",
        """
        def attack():
            with open(os.path.join(OPEN, os.urandom(8).hex()), "w") as file:
                file.write("left over")
            return True
        """,
        "root landlock",
        "landlock limits",
    ),
    _attack(
        "fill the disk",
        """
        def attack():
            large = os.path.join(writable(), "large")
            with open(large, "wb") as file:
                for _ in range(8):
                    file.write(bytes(2**20))
            return os.path.getsize(large) == 2**23
        """,
        "disk limits",
        "landlock limits",
    ),
    _attack(
        "fill the disk with many files",
        """
        def attack():
            folder = writable()
            for number in range(400):
                with open(os.path.join(folder, f"small-{number}"), "wb") as file:
                    file.write(bytes(8192))
            return True
        """,
        "disk",
        "landlock limits",
    ),
    _attack(
        "make a link",
        """
        def attack():
            return libc.symlink(b"/", os.path.join(writable(), "link").encode()) == 0
        """,
        "seccomp landlock",
    ),
    _attack(
        "fork",
        """
        def attack():
            for _ in range(20):
                child = fork()
                if child == 0:
                    os._exit(0)
                if child < 0 or waited(child) != 0:
                    return False
            return True
        """,
        "seccomp",
    ),
    _attack(
        "outlive the run",
        """
        def attack():
            ends = (ctypes.c_int * 2)()
            libc.pipe(ends)
            child = fork()
            if child == 0:
                libc.setsid()
                libc.alarm(20)
                libc.prctl(15, MARK.encode(), 0, 0, 0)
                libc.write(ends[1], b"!", 1)
                while True:
                    libc.pause()
            if child > 0:
                libc.read(ends[0], ctypes.create_string_buffer(1), 1)  # until it has its name
            return child > 0
        """,
        "seccomp namespaces",
        "seccomp",
        harm="left",
    ),
    _attack(
        "execute a program",
        """
        def attack():
            libc.execv(b"/bin/true", (ctypes.c_char_p * 2)(b"true", None))
            return False
        """,
        "seccomp root landlock",
        "seccomp landlock",
        harm="died",
    ),
    _attack(
        "many threads",
        """
        def attack():
            pause = ctypes.cast(libc.pause, ctypes.c_void_p)
            made = [libc.pthread_create(ctypes.byref(ctypes.c_ulong()), None, pause, None) for _ in range(500)]
            return made.count(0) == 500
        """,
        "limits",
    ),
    _attack(
        "much memory",
        """
        def attack():
            return len(bytearray(600 * 2**20)) > 0
        """,
        "limits",
    ),
    _attack(
        "memory that no limit counts",
        """
        def attack():
            return len([mmap.mmap(-1, 2**20) for _ in range(20)]) == 20
        """,
        "seccomp",
    ),
    _attack(
        "a file in memory",
        """
        def attack():
            return libc.memfd_create(b"file", 0) >= 0
        """,
        "seccomp",
    ),
    _attack(
        "the network here",
        """
        def attack():
            found = libc.socket(2, 1, 0)
            address = (2).to_bytes(2, "little") + PORT.to_bytes(2, "big") + bytes([127, 0, 0, 1]) + bytes(8)
            return found >= 0 and libc.connect(found, address, 16) == 0
        """,
        "seccomp network landlock",
        "seccomp landlock",
    ),
    _attack(
        "unix sockets",
        """
        def attack():
            return libc.socket(1, 1, 0) >= 0
        """,
        "seccomp",
    ),
    _attack(
        "signals to the grader",
        """
        def attack():
            return libc.kill(os.getppid() or 1, 0) == 0
        """,
        "seccomp",
        "seccomp landlock",
    ),
    _attack(
        "trace",
        """
        def attack():
            return libc.ptrace(0, 0, 0, 0) == 0
        """,
        "seccomp",
    ),
    _attack(
        "a namespace of its own",
        """
        def attack():
            return libc.unshare(0x10000000) == 0
        """,
        "seccomp",
    ),
    _attack(
        "calls of the kernel that it needs not",
        """
        def attack():
            EPERM = 1
            found = []
            # io_uring_setup, userfaultfd, bpf, perf_event_open, keyctl, add_key, process_vm_readv, pidfd_open, shmget, msgget
            for number in (425, 323, 321, 298, 250, 248, 310, 434, 29, 68):
                if libc.syscall(number, -1, 0, 0, 0, 0) >= 0 or ctypes.get_errno() not in (EPERM, 0):
                    found.append(number)
            return found
        """,
        "seccomp",
    ),
    _attack(
        "its own memory as a file",
        """
        def attack():
            return os.open("/proc/self/mem", os.O_RDWR) >= 0
        """,
        "root landlock",
        "landlock",
    ),
    _attack(
        "where the grader stands and what it has open",
        """
        def attack():
            above = os.getppid() or "self"
            return os.readlink(f"/proc/{above}/exe") and os.readlink(f"/proc/{above}/cwd")
        """,
        "root landlock",
        "landlock",
    ),
    _attack(
        "a file by way of a descriptor that may only name it",
        """
        def attack():
            named = os.open(SECRET, os.O_PATH)
            with open(f"/proc/self/fd/{named}") as file:
                return "secret" in file.read()
        """,
        "root landlock",
        "landlock",
    ),
    _attack(
        "a socket without a file",
        """
        def attack():
            found = libc.socket(1, 1, 0)
            name = NAME.encode()
            address = (1).to_bytes(2, "little") + bytes(1) + name
            return found >= 0 and libc.connect(found, address, 3 + len(name)) == 0
        """,
        "seccomp network landlock",
        "seccomp landlock",
    ),
    _attack(
        "a file that is larger than the disk",
        """
        def attack():
            large = os.path.join(writable(), "sparse")
            with open(large, "wb") as file:
                os.ftruncate(file.fileno(), 2**40)
            return os.path.getsize(large) == 2**40
        """,
        "disk limits",
        "landlock limits",
    ),
    _attack(
        "many descriptors",
        """
        def attack():
            return len([os.dup(1) for _ in range(150)]) == 150
        """,
        "limits",
    ),
    _attack(
        "many descriptors on their way, which belong to nobody",
        """
        def attack():
            import struct
            here, sent, one = pair()[0], 0, ctypes.create_string_buffer(b"x")
            while sent < 100:
                sending = pair()
                control = ctypes.create_string_buffer(struct.pack("Qiiii", 24, 1, 1, *sending))
                vector = (ctypes.c_size_t * 2)(ctypes.addressof(one), 1)
                message = struct.pack("PIPQPQi", 0, 0, ctypes.addressof(vector), 1, ctypes.addressof(control), 24, 0)
                if libc.sendmsg(here, message, 0x4000) < 0:
                    break
                sent += 2
                for each in sending:
                    os.close(each)
            return sent >= 100
        """,
        "limits",
    ),
    _attack(
        "memory in the buffers of sockets",
        """
        def attack():
            held = 0
            while held < 20 * 2**20:
                for each in pair():
                    try:
                        while True:
                            held += os.write(each, bytes(65536))
                    except BlockingIOError:
                        pass
            return True
        """,
        "limits",
    ),
    _attack(
        "a signal to the grader by way of a descriptor",
        """
        def attack():
            ours, theirs = os.pipe()
            return libc.fcntl(ours, 8, os.getppid() or 1) == 0
        """,
        "seccomp",
    ),
    _attack(
        "the limits of the grader",
        """
        def attack():
            return libc.prlimit(os.getppid() or 1, 4, None, (ctypes.c_ulong * 2)()) == 0
        """,
        "seccomp",
    ),
    _attack(
        "a place before all others at the processor",
        """
        def attack():
            BATCH = 3
            changed = libc.sched_setscheduler(0, BATCH, (ctypes.c_int * 1)(0)) == 0
            return changed or libc.setpriority(0, 0, 1) == 0
        """,
        "seccomp",
    ),
    _attack(
        "further calls of the kernel that it needs not",
        """
        def attack():
            EPERM = 1
            found = []
            # execveat, memfd_secret, inotify_init1, fanotify_init, signalfd4, timerfd_create, pidfd_getfd, kcmp, mq_open,
            # semget, io_setup, request_key, fsopen, open_tree, name_to_handle_at, open_by_handle_at, vmsplice,
            # process_vm_writev, process_madvise, move_pages, userfaultfd, perf_event_open, io_uring_register,
            # openat2, mlock, sched_setaffinity
            for number in (322, 447, 294, 300, 289, 283, 438, 312, 240, 64, 206, 249, 430, 428, 303, 304, 278, 311, 440, 279,
                           323, 298, 427, 437, 149, 203):
                if libc.syscall(number, -1, 0, 0, 0, 0) >= 0 or ctypes.get_errno() not in (EPERM, 0):
                    found.append(number)
            return found
        """,
        "seccomp",
    ),
)
