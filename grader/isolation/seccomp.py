"""The filter of system calls: a job may compute, wait, read what Landlock lets it, and start threads; all else is refused.

A refused call fails with EPERM, as it does for want of a right, so that a program sees an OSError and no unexplained death.
Numbers are those of the kernel's `asm/unistd.h` for x86-64 and of its generic table, which aarch64 has.

Not in the list, on purpose: exec, fork, kill (even of itself: what no job can do needs no exception), sockets but for pairs,
ptrace, mounts, namespaces, keys, bpf, userfaultfd, io_uring, shared memory of every kind (memory limits do not count it).
"""

import errno
import socket
import struct

from grader.isolation.system import X86_64

# name: number on x86-64, on aarch64 (None: it has no such call)
_ALLOWED: dict[str, tuple[int, int | None]] = {
    # the first are asked for most often
    "read": (0, 63),
    "write": (1, 64),
    "futex": (202, 98),
    "sendto": (44, 206),
    "recvfrom": (45, 207),
    "poll": (7, None),
    "ppoll": (271, 73),
    "munmap": (11, 215),
    "brk": (12, 214),
    "close": (3, 57),
    "openat": (257, 56),
    "newfstatat": (262, 79),
    "fstat": (5, 80),
    "mprotect": (10, 226),
    "mremap": (25, 216),
    "madvise": (28, 233),
    "lseek": (8, 62),
    "open": (2, None),
    "stat": (4, None),
    "lstat": (6, None),
    "statx": (332, 291),
    "access": (21, None),
    "faccessat": (269, 48),
    "faccessat2": (439, 439),
    "getdents64": (217, 61),
    "readlink": (89, None),
    "readlinkat": (267, 78),
    "getcwd": (79, 17),
    "chdir": (80, 49),
    "umask": (95, 166),
    "pread64": (17, 67),
    "pwrite64": (18, 68),
    "readv": (19, 65),
    "writev": (20, 66),
    "fsync": (74, 82),
    "fdatasync": (75, 83),
    "ftruncate": (77, 46),
    "rename": (82, None),
    "renameat": (264, 38),
    "renameat2": (316, 276),
    "mkdir": (83, None),
    "mkdirat": (258, 34),
    "rmdir": (84, None),
    "unlink": (87, None),
    "unlinkat": (263, 35),
    "dup": (32, 23),
    "dup2": (33, None),
    "dup3": (292, 24),
    "pipe": (22, None),
    "pipe2": (293, 59),
    "select": (23, None),
    "pselect6": (270, 72),
    "epoll_create1": (291, 20),
    "epoll_ctl": (233, 21),
    "epoll_wait": (232, None),
    "epoll_pwait": (281, 22),
    "eventfd2": (290, 19),
    "sendmsg": (46, 211),
    "recvmsg": (47, 212),
    "shutdown": (48, 210),
    "getsockname": (51, 204),
    "getpeername": (52, 205),
    "getsockopt": (55, 209),
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "rt_sigtimedwait": (128, 137),
    "rt_sigpending": (127, 136),
    "rt_sigsuspend": (130, 133),
    "sigaltstack": (131, 132),
    "getitimer": (36, 102),
    "setitimer": (38, 103),
    "alarm": (37, None),
    "pause": (34, None),
    "nanosleep": (35, 101),
    "clock_gettime": (228, 113),
    "clock_getres": (229, 114),
    "clock_nanosleep": (230, 115),
    "gettimeofday": (96, 169),
    "times": (100, 153),
    "getrusage": (98, 165),
    "getrlimit": (97, None),
    "sysinfo": (99, 179),
    "uname": (63, 160),
    "getpid": (39, 172),
    "getppid": (110, 173),
    "gettid": (186, 178),
    "getuid": (102, 174),
    "geteuid": (107, 175),
    "getgid": (104, 176),
    "getegid": (108, 177),
    "getpgrp": (111, None),
    "sched_yield": (24, 124),
    "sched_getaffinity": (204, 123),
    "getcpu": (309, 168),
    "getrandom": (318, 278),
    "membarrier": (324, 283),
    "rseq": (334, 293),
    "set_robust_list": (273, 99),
    "set_tid_address": (218, 96),
    "restart_syscall": (219, 128),
    "wait4": (61, 260),
    "exit": (60, 93),
    "exit_group": (231, 94),
    "close_range": (436, 436),
}
# allowed where nothing can be written but on a disk of the job's own: these ask no Landlock whose file it is
_ON_OWN_DISK: dict[str, tuple[int, int | None]] = {
    "chmod": (90, None),
    "fchmod": (91, 52),
    "fchmodat": (268, 53),
    "fchmodat2": (452, 452),
    "utime": (132, None),
    "utimes": (235, None),
    "futimesat": (261, None),
    "utimensat": (280, 88),
    "truncate": (76, 45),
    "flock": (73, 32),
    "statfs": (137, 43),
    "fstatfs": (138, 44),
}
# not there, as on many a file system, which whoever copies a file knows
_ATTRIBUTES: dict[str, tuple[int, int]] = {
    "setxattr": (188, 5),
    "lsetxattr": (189, 6),
    "fsetxattr": (190, 7),
    "getxattr": (191, 8),
    "lgetxattr": (192, 9),
    "fgetxattr": (193, 10),
    "listxattr": (194, 11),
    "llistxattr": (195, 12),
    "flistxattr": (196, 13),
}
# allowed with some arguments only
_MMAP, _SOCKETPAIR, _SETSOCKOPT = (9, 222), (53, 199), (54, 208)
_IOCTL, _FCNTL, _PRLIMIT, _PRCTL, _CLONE, _CLONE3 = (16, 29), (72, 25), (302, 261), (157, 167), (56, 220), (435, 435)
_MAP_SHARED, _MAP_ANONYMOUS = 1, 0x20
_BUFFER_SIZES = (7, 8, 32, 33)  # SO_SNDBUF, SO_RCVBUF and their forms for the privileged: memory that no limit counts
_TERMINAL_AND_WAITING = (
    0x5421,
    0x5451,
    0x5450,
    0x5401,
    0x541B,
    0x5413,
)  # FIONBIO FIOCLEX FIONCLEX TCGETS FIONREAD TIOCGWINSZ
_DESCRIPTORS = (
    0,
    1,
    2,
    3,
    4,
    1030,
)  # F_DUPFD F_GETFD F_SETFD F_GETFL F_SETFL F_DUPFD_CLOEXEC: no F_SETPIPE_SZ, no F_SETOWN
_LOCKS = (5, 6, 7)  # F_GETLK F_SETLK F_SETLKW
_NAMES = (15, 16)  # PR_SET_NAME and PR_GET_NAME
_CLONE_THREAD = 0x10000
_NAMESPACES = 0x7E020080  # every flag that makes a namespace

_AUDIT_X86_64, _AUDIT_AARCH64 = 0xC000003E, 0xC00000B7
_X32 = 0x40000000
_LOAD, _JUMP, _EQUAL, _ANY_BIT, _AT_LEAST, _RETURN = 0x20, 0x05, 0x15, 0x45, 0x35, 0x06
_ALLOW, _KILL, _ERROR = 0x7FFF0000, 0x80000000, 0x00050000
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16

Instruction = tuple[int, int, int, int]  # what to do, how far to jump if so and if not, and a number
Stretch = tuple[int, list[Instruction]]  # from which number on, and what is done
_yes: Instruction = (_RETURN, 0, 0, _ALLOW)


def _no(error: int = errno.EPERM) -> Instruction:
    return (_RETURN, 0, 0, _ERROR | error)


def _argument(place: int) -> Instruction:
    """Load the lower half of an argument."""
    return (_LOAD, 0, 0, _ARGUMENTS + 8 * place)


def _if_one_of(values: tuple[int, ...], is_one: Instruction, is_none: Instruction) -> list[Instruction]:
    tests: list[Instruction] = []
    for value in values:
        tests += [(_EQUAL, 0, 1, value), is_one]
    return [*tests, is_none]


def _restricted(at: int, own_disk: bool) -> dict[int, list[Instruction]]:
    """Those that are allowed with some arguments: by number, what is done with each, which ends by returning."""
    only = {
        _SOCKETPAIR: (0, (socket.AF_UNIX,), _no()),
        _IOCTL: (1, _TERMINAL_AND_WAITING, _no(errno.ENOTTY)),
        _FCNTL: (1, (*_DESCRIPTORS, *(_LOCKS if own_disk else ())), _no()),
        _PRLIMIT: (0, (0,), _no()),
        _PRCTL: (0, _NAMES, _no()),
    }
    made = {
        numbers[at]: [_argument(place), *_if_one_of(values, _yes, refused)]
        for numbers, (place, values, refused) in only.items()
    }
    # a file on its own disk is memory that the disk's size bounds, and its reader's only; what has no file none does
    kept: list[Instruction] = [(_ANY_BIT, 0, 2, _MAP_ANONYMOUS)] if own_disk else []
    made[_MMAP[at]] = [_argument(3), *kept, (_ANY_BIT, 0, 1, _MAP_SHARED), _no(), _yes]
    made[_SETSOCKOPT[at]] = [_argument(2), *_if_one_of(_BUFFER_SIZES, _no(), _yes)]
    threads: list[Instruction] = [(_ANY_BIT, 0, 1, _NAMESPACES), _no(), (_ANY_BIT, 0, 1, _CLONE_THREAD), _yes, _no()]
    made[_CLONE[at]] = [_argument(0), *threads]
    # its flags are in memory, where no filter sees them; glibc then falls back to clone
    made[_CLONE3[at]] = [_no(errno.ENOSYS)]
    if own_disk:
        made |= {numbers[at]: [_no(errno.ENOTSUP)] for numbers in _ATTRIBUTES.values()}
    return made


def _stretches(at: int, own_disk: bool) -> list[Stretch]:
    """All numbers from 0 on, as stretches with which the same is done: from where on, and what."""
    allowed = _ALLOWED | (_ON_OWN_DISK if own_disk else {})
    done = {numbers[at]: [_yes] for numbers in allowed.values()} | _restricted(at, own_disk)
    found: list[Stretch] = [(0, [_no()])]
    for number in sorted(each for each in done if each is not None):
        if found[-1][0] == number:
            found.pop()
        if not found or found[-1][1] != done[number]:
            found.append((number, done[number]))
        found.append((number + 1, [_no()]))
    return found


def _chosen(stretches: list[Stretch]) -> list[Instruction]:
    """By halves: the kernel tries each number when it takes a filter on, so a list would cost a job as much as a fork."""
    if len(stretches) == 1:
        return stretches[0][1]
    middle = len(stretches) // 2
    low, high = _chosen(stretches[:middle]), _chosen(stretches[middle:])
    return [(_AT_LEAST, 0, 1, stretches[middle][0]), (_JUMP, 0, 0, len(low)), *low, *high]


def instructions(architecture: str, own_disk: bool = False) -> list[Instruction]:
    """The program for x86_64 or aarch64. `own_disk`: all that a job can name is read-only but for a disk that is gone with it,
    so what changes a file, or who may read it, can change none of anybody else's.
    """
    at = 0 if architecture == X86_64 else 1
    return [*_head(at), *_chosen(_stretches(at, own_disk))]


def _head(at: int) -> list[Instruction]:
    """Only calls of this machine go on, with their number loaded."""
    return [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 1, 0, (_AUDIT_X86_64, _AUDIT_AARCH64)[at]),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER),
        (_AT_LEAST, 0, 1, _X32),  # the x32 numbers of x86-64 are none of these
        (_RETURN, 0, 0, _KILL),
    ]


def program(architecture: str, own_disk: bool = False) -> bytes:
    """As the kernel takes it. Compiled once, by the zygote."""
    return _packed(instructions(architecture, own_disk))


def _packed(made: list[Instruction]) -> bytes:
    return b"".join(struct.pack("<HBBI", *one) for one in made)


# ---------------------------------------------------------------- without isolation

# a signal to whom it names; its number is the last argument
_KILL_CALL, _TKILL, _TGKILL = (62, 129), (200, 130), (234, 131)
_OF_OTHERS = {
    "ptrace": (101, 117),
    "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
    "process_vm_writev": (311, 271),
    "pidfd_send_signal": (424, 424),
    "pidfd_getfd": (438, 438),
    "process_madvise": (440, 440),
}
_STOPPING = (19, 20, 21, 22)  # SIGSTOP SIGTSTP SIGTTIN SIGTTOU
_SIGNALLED = (8, 10, 15)  # F_SETOWN F_SETSIG F_SETOWN_EX: any signal, to any process that it may be sent to
_SIGNALLED_TOO = (0x8901, 0x8902)  # FIOSETOWN SIOCSPGRP


def alone(architecture: str, process: int) -> bytes:
    """For level `none`: all is allowed but what ends, stops or rewrites another process than `process`, and what stops that.

    One that had stopped itself would hear no alarm and use no time, and be waited for as long as a run may last.
    """
    at = 0 if architecture == X86_64 else 1
    of_itself: Instruction = (_EQUAL, 1, 0, process)
    rules: dict[int, list[Instruction]] = {
        numbers[at]: [_argument(0), of_itself, _no(), _argument(signal), *_if_one_of(_STOPPING, _no(), _yes)]
        for numbers, signal in ((_KILL_CALL, 1), (_TKILL, 1), (_TGKILL, 2))
    }
    rules[_PRLIMIT[at]] = [_argument(0), *_if_one_of((0, process), _yes, _no())]
    rules[_FCNTL[at]] = [_argument(1), *_if_one_of(_SIGNALLED, _no(), _yes)]
    rules[_IOCTL[at]] = [_argument(1), *_if_one_of(_SIGNALLED_TOO, _no(), _yes)]
    rules |= {numbers[at]: [_no()] for numbers in _OF_OTHERS.values()}
    made = _head(at)
    for number, rule in rules.items():
        made += [(_EQUAL, 0, len(rule), number), *rule]
    return _packed([*made, _yes])
