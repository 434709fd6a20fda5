"""The filter, computed by hand for both architectures: what the kernel would answer to each call."""

import errno
import struct
from functools import cache

import pytest

from grader.isolation import seccomp
from grader.isolation.system import AARCH64, X86_64

ALLOW, KILL, ERROR = 0x7FFF0000, 0x80000000, 0x00050000
REFUSED = ERROR | errno.EPERM
MARKS = {X86_64: 0xC000003E, AARCH64: 0xC00000B7}
BOTH = pytest.mark.parametrize("architecture", [X86_64, AARCH64])
# by name: numbers on x86-64 and aarch64, from asm/unistd.h
DANGEROUS = {
    "execve": (59, 221),
    "execveat": (322, 281),
    "kill": (62, 129),
    "tkill": (200, 130),
    "tgkill": (234, 131),
    "pidfd_send_signal": (424, 424),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "socket": (41, 198),
    "connect": (42, 203),
    "bind": (49, 200),
    "mount": (165, 40),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "unshare": (272, 97),
    "setns": (308, 268),
    "memfd_create": (319, 279),
    "shmget": (29, 194),
    "msgget": (68, 186),
    "semget": (64, 190),
    "mq_open": (240, 180),
    "keyctl": (250, 219),
    "bpf": (321, 280),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "perf_event_open": (298, 241),
    "symlinkat": (266, 36),
    "linkat": (265, 37),
    "mknodat": (259, 33),
    "setuid": (105, 146),
    "capset": (126, 91),
    "open_by_handle_at": (304, 265),
    "init_module": (175, 105),
    "reboot": (169, 142),
    "setpriority": (141, 140),
    "sched_setaffinity": (203, 122),
    "fchownat": (260, 54),
    "file_setattr": (469, 469),
}
# what asks no Landlock whose file it is
CHANGES = {
    "truncate": (76, 45),
    "fchmod": (91, 52),
    "fchmodat": (268, 53),
    "fchmodat2": (452, 452),
    "utimensat": (280, 88),
    "flock": (73, 32),
    "statfs": (137, 43),
}
LISTS_ATTRIBUTES, SETS_ATTRIBUTE = (194, 11), (188, 5)


def answer(architecture: str, number: int, *args: int, mark: int | None = None, own_disk: bool = False) -> int:
    """What the program says."""
    return way(architecture, number, *args, mark=mark, own_disk=own_disk)[-1]


@cache
def program(architecture: str, own_disk: bool) -> bytes:
    return seccomp.program(architecture, own_disk)


def way(architecture: str, number: int, *args: int, mark: int | None = None, own_disk: bool = False) -> list[int]:
    words = (number, MARKS[architecture] if mark is None else mark, 0, *(args + (0,) * 6)[:6])
    return steps(program(architecture, own_disk), struct.pack("<IIQ6Q", *words))


def steps(program: bytes, data: bytes) -> list[int]:
    """The numbers that stand in its steps: a small machine with one register, as in Documentation/networking/filter.rst.

    The last step is the one that returns, with what it returns.
    """
    register, at, taken = 0, 0, list[int]()
    while True:
        code, true, false, k = struct.unpack_from("<HBBI", program, 8 * at)
        taken.append(k)
        at += 1
        if code == 0x20:
            (register,) = struct.unpack_from("<I", data, k)
        elif code == 0x06:
            return taken
        elif code == 0x05:
            at += k
        else:
            holds = {0x15: register == k, 0x35: register >= k, 0x45: bool(register & k)}[code]
            at += true if holds else false


def number(architecture: str, x86_64: int, aarch64: int) -> int:
    return x86_64 if architecture == X86_64 else aarch64


@BOTH
@pytest.mark.parametrize("name", DANGEROUS)
def test_what_leads_out_is_refused(name: str, architecture: str) -> None:
    call = number(architecture, *DANGEROUS[name])
    assert answer(architecture, call) == answer(architecture, call, own_disk=True) == REFUSED


@BOTH
@pytest.mark.parametrize("name", CHANGES)
def test_what_changes_files_past_landlock_is_for_a_disk_of_its_own(name: str, architecture: str) -> None:
    call = number(architecture, *CHANGES[name])
    assert answer(architecture, call) == REFUSED
    assert answer(architecture, call, own_disk=True) == ALLOW


@BOTH
def test_locks_are_for_files_on_a_disk_of_its_own(architecture: str) -> None:
    fcntl = number(architecture, 72, 25)
    for lock in (5, 6, 7):
        assert answer(architecture, fcntl, 3, lock) == REFUSED
        assert answer(architecture, fcntl, 3, lock, own_disk=True) == ALLOW
    for signalling in (8, 10, 15, 1031):
        assert answer(architecture, fcntl, 3, signalling, own_disk=True) == REFUSED


@BOTH
@pytest.mark.parametrize("numbers", [LISTS_ATTRIBUTES, SETS_ATTRIBUTE], ids=["list", "set"])
def test_a_disk_of_its_own_has_no_extended_attributes(numbers: tuple[int, int], architecture: str) -> None:
    call = number(architecture, *numbers)
    assert answer(architecture, call) == REFUSED
    assert answer(architecture, call, own_disk=True) == ERROR | errno.ENOTSUP


@BOTH
@pytest.mark.parametrize(
    ("name", "numbers"),
    {"read": (0, 63), "write": (1, 64), "futex": (202, 98), "openat": (257, 56), "exit": (60, 93)}.items(),
)
def test_what_a_program_needs_is_allowed(name: str, numbers: tuple[int, int], architecture: str) -> None:
    assert answer(architecture, number(architecture, *numbers)) == ALLOW


@BOTH
def test_threads_are_allowed_and_processes_and_namespaces_are_not(architecture: str) -> None:
    clone = number(architecture, 56, 220)
    thread, user = 0x3D0F00, 0x10000000
    assert answer(architecture, clone, thread) == ALLOW
    assert answer(architecture, clone, 17) == REFUSED
    assert answer(architecture, clone, thread | user) == REFUSED
    assert answer(architecture, 435) == ERROR | errno.ENOSYS  # clone3: glibc then asks with clone


@BOTH
def test_memory_is_allowed_unless_it_is_shared(architecture: str) -> None:
    mmap = number(architecture, 9, 222)
    assert answer(architecture, mmap, 0, 4096, 3, 0x22) == ALLOW
    assert answer(architecture, mmap, 0, 4096, 3, 0x21) == REFUSED


@BOTH
def test_a_file_on_a_disk_of_its_own_may_be_mapped_and_shared_and_what_has_no_file_may_not(architecture: str) -> None:
    mmap = number(architecture, 9, 222)
    answers = {
        flags: answer(architecture, mmap, 0, 4096, 3, flags, own_disk=True) for flags in (1, 2, 3, 0x22, 0x21, 0x23)
    }
    assert answers == {1: ALLOW, 2: ALLOW, 3: ALLOW, 0x22: ALLOW, 0x21: REFUSED, 0x23: REFUSED}


@BOTH
def test_pairs_of_unix_sockets_are_allowed_and_their_buffers_stay_as_they_are(architecture: str) -> None:
    socketpair, setsockopt = number(architecture, 53, 199), number(architecture, 54, 208)
    assert answer(architecture, socketpair, 1, 1) == ALLOW
    assert answer(architecture, socketpair, 2, 1) == REFUSED
    assert answer(architecture, setsockopt, 3, 1, 2) == ALLOW
    for size in (7, 8, 32, 33):
        assert answer(architecture, setsockopt, 3, 1, size) == REFUSED


@BOTH
def test_limits_are_its_own_alone(architecture: str) -> None:
    prlimit = number(architecture, 302, 261)
    assert answer(architecture, prlimit, 0, 0) == ALLOW
    assert answer(architecture, prlimit, 1, 0) == REFUSED


@BOTH
def test_a_pipe_stays_as_large_as_it_is(architecture: str) -> None:
    fcntl = number(architecture, 72, 25)
    assert answer(architecture, fcntl, 3, 3) == ALLOW
    assert answer(architecture, fcntl, 3, 1031) == REFUSED


@BOTH
def test_calls_of_another_machine_end_the_process(architecture: str) -> None:
    assert answer(architecture, 0, mark=0x40000003) == KILL
    assert answer(architecture, 0x40000000 | 1) == KILL


WITH = pytest.mark.parametrize("own_disk", [False, True], ids=["", "own-disk"])


@BOTH
@WITH
def test_no_call_that_is_not_listed_is_allowed(architecture: str, own_disk: bool) -> None:
    at = (X86_64, AARCH64).index(architecture)
    listed = {numbers[at] for numbers in (seccomp._ALLOWED | (seccomp._ON_OWN_DISK if own_disk else {})).values()}
    restricted = set(seccomp._restricted(at, own_disk))
    for call in range(600):
        if call not in restricted:
            expected = ALLOW if call in listed else REFUSED
            assert answer(architecture, call, own_disk=own_disk) == expected, call


@BOTH
@WITH
@pytest.mark.parametrize("value", [0, 1, 2, 3, 7, 15, 17, 0x5421, 0x10000, 0xFFFFFFFF])
def test_what_is_restricted_is_judged_by_its_own_rule_wherever_its_number_stands(
    architecture: str, own_disk: bool, value: int
) -> None:
    restricted = seccomp._restricted((X86_64, AARCH64).index(architecture), own_disk)
    assert len(restricted) == (18 if own_disk else 9)
    for call, rule in restricted.items():
        alone = b"".join(struct.pack("<HBBI", *one) for one in rule)
        data = struct.pack("<IIQ6Q", call, 0, 0, *(value,) * 6)
        assert answer(architecture, call, *(value,) * 6, own_disk=own_disk) == steps(alone, data)[-1], call


@BOTH
@WITH
def test_each_number_is_judged_in_some_two_dozen_steps(architecture: str, own_disk: bool) -> None:
    steps = {call: len(way(architecture, call, own_disk=own_disk)) for call in range(600)}
    assert max(steps.values()) <= 26, "the kernel tries every number each time that a job takes the filter on"
