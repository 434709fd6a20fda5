"""All attacks: on files, memory, processes and the network here, and those by other calls of the kernel."""

from tests.isolation.attack import attack as _attack
from tests.isolation.attacks_by_calls import BY_CALLS

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
        "what one before it has left",
        """
        def attack():
            for place in (".", OPEN):
                try:
                    with open(os.path.join(place, "left-for-the-next")) as file:
                        return file.read() == MARK
                except OSError:
                    pass
        """,
        "root landlock",
        "landlock limits",
        before="""
        def attack():
            for place in (".", OPEN):
                try:
                    with open(os.path.join(place, "left-for-the-next"), "w") as file:
                        file.write(MARK)
                except OSError:
                    pass
        """,
    ),
    *BY_CALLS,
)
