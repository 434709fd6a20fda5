"""Attacks by what the kernel offers beside files, memory and processes: calls that an honest program never makes."""

from tests.isolation.attack import attack as _attack

BY_CALLS = (
    _attack(
        "memory that no limit counts, by way of a device",
        """
        def attack():
            zero = os.open("/dev/zero", os.O_RDONLY)
            return len([mmap.mmap(zero, 2**20, mmap.MAP_SHARED, mmap.PROT_READ) for _ in range(20)]) == 20
        """,
        "landlock",
        "seccomp",
    ),
    _attack(
        "change what is known of a file, of which Landlock knows nothing",
        """
        def attack():
            return libc.utimensat(-100, OPEN.encode(), None, 0) == 0
        """,
        "root seccomp",
        "seccomp",
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
    _attack(
        "a ring of calls that no filter sees",
        """
        def attack():
            IO_URING_SETUP = 425
            return libc.syscall(IO_URING_SETUP, 4, ctypes.create_string_buffer(120)) >= 0
        """,
        "seccomp limits",
    ),
    _attack(
        "faults of memory in its own hands",
        """
        def attack():
            USERFAULTFD, USER_MODE_ONLY = (282 if os.uname().machine == "aarch64" else 323), 1
            return libc.syscall(USERFAULTFD, USER_MODE_ONLY) >= 0
        """,
        "seccomp",
    ),
    _attack(
        "keys that outlive it",
        """
        def attack():
            ADD_KEY, SESSION = (217 if os.uname().machine == "aarch64" else 248), -3
            return libc.syscall(ADD_KEY, b"user", MARK.encode(), b"kept", 4, SESSION) >= 0
        """,
        "seccomp",
    ),
    _attack(
        "a timer and an eye on files, which no limit counts",
        """
        def attack():
            return libc.timerfd_create(1, 0) >= 0 and libc.inotify_init1(0) >= 0
        """,
        "seccomp",
    ),
    _attack(
        "execute what was never a file",
        """
        def attack():
            arm = os.uname().machine == "aarch64"
            ends_with_7 = "e00080d2a80b80d2010000d4" if arm else "b83c000000bf070000000f05"
            head = "7f454c46020101000000000000000000" + ("0200b700" if arm else "02003e00") + "01000000" + "7800400000000000"
            head += "4000000000000000" + "0000000000000000" + "00000000" + "4000" + "3800" + "0100" + "0000" * 3
            load = "0100000005000000" + "0000000000000000" + "0000400000000000" * 2 + "8400000000000000" * 2
            load += "0010000000000000"
            made = libc.memfd_create(b"program", 0)
            os.write(made, bytes.fromhex(head + load + ends_with_7))
            libc.fexecve(made, (ctypes.c_char_p * 2)(b"program", None), (ctypes.c_char_p * 1)(None))
            return False
        """,
        "seccomp",
        "seccomp limits",
        harm="died",
    ),
    _attack(
        "trace whoever forked it",
        """
        def attack():
            SEIZE = 0x4206
            return libc.ptrace(SEIZE, os.getppid() or 1, 0, 0) == 0
        """,
        "seccomp namespaces landlock capabilities",
        "seccomp landlock capabilities",
    ),
    _attack(
        "let itself be looked into",
        """
        def attack():
            SET_DUMPABLE, GET_DUMPABLE = 4, 3
            return libc.prctl(SET_DUMPABLE, 1, 0, 0, 0) == 0 and libc.prctl(GET_DUMPABLE, 0, 0, 0, 0) == 1
        """,
        "seccomp",
    ),
)
