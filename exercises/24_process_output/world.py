"""Programs whose lines come at virtual times, behind asyncio.create_subprocess_shell and _exec."""


class Process:
    """A program as it runs: so many lines, a pause before each, and a moment more until it ends with `code`."""

    shows = ("stdin", "stdout", "stderr", "returncode", "pid")

    def __init__(self, world, name, pid, pipes):
        self.key, self.pid = name, pid
        self.stdin = self.stderr = self.returncode = None
        self.stdout = world.stream(name) if pipes["stdout"] == "pipe" else None
        self._world, self._over, self._output = world, world.event(), b""

    async def _speak(self, lines, gap, linger, code):
        """The output, where somebody listens, and a moment later the end."""
        for number in range(1, lines + 1):
            await self._world.sleep(gap)
            self._say(f"{self.key} {number}\n".encode())
        self._close()
        await self._world.sleep(linger)
        self._end(code)

    def _say(self, line):
        if self.stdout is not None and self.returncode is None:
            self._output += line
            self.stdout.feed(line)

    def _close(self):
        if self.stdout is not None and self.returncode is None:
            self.stdout.end()

    def _end(self, code):
        if self.returncode is None:
            self._world.publish(self, returncode=code)
            self._over.set()

    async def _live(self):
        await self._over.wait()

    async def wait(self):
        await self._over.wait()
        return self.returncode

    async def communicate(self, input=None):
        await self._over.wait()
        return (self._output if self.stdout is not None else None), None

    def send_signal(self, signal):
        if self.returncode is not None:
            raise ProcessLookupError
        if signal in ENDING:
            self._close()
            self._end(-signal)

    def terminate(self):
        self.send_signal(15)

    def kill(self):
        self.send_signal(9)


# Signals that end a program that has not asked for another treatment: SIGHUP, SIGINT, SIGQUIT, SIGKILL, SIGTERM.
ENDING = (1, 2, 3, 9, 15)


def build(world, v):
    commands = {name: f"{name} -n {count}" for name, count in zip(v.names, v.lines)}
    scripts = dict(zip(commands.values(), zip(v.names, v.lines, v.gap, v.linger)))
    unknown, misused = 127, 2  # what a shell and most programs say of a name, or of arguments, that they do not know

    def run(command, pipes, code):
        name, lines, gap, linger = scripts.get(command, (command, 0, 0, 0))
        process = Process(world, name, 4000 + len(name), pipes)
        # A name of its own: what has become of the output is the first thing to know about a process.
        world.start(process._live(), "process" if process.stdout is not None else "unpiped_process", name)
        world.start(process._speak(lines, gap, linger, 0 if command in scripts else code), "output", name)
        return process

    async def create_subprocess_shell(command, pipes):
        return run(command, pipes, unknown)

    async def create_subprocess_exec(command, pipes):
        if command[0] not in v.names:  # no shell takes it apart here: the first word is the program
            raise FileNotFoundError(f"[Errno 2] No such file or directory: {command[0]!r}")
        script = " ".join(command)
        apart = command == tuple(script.split())
        return run(script if apart else repr(command), pipes, misused)

    arrivals = sorted(
        (number * gap, name, f"{name} {number}")
        for name, count, gap in zip(v.names, v.lines, v.gap)
        for number in range(1, count + 1)
    )
    return {
        "gives": {
            "commands": commands,
            "arrivals": [(name, line) for _, name, line in arrivals],
            "raw": [(name, f"{line}\n".encode()) for _, name, line in arrivals],
        },
        "replaces": {
            "asyncio.create_subprocess_shell": create_subprocess_shell,
            "asyncio.create_subprocess_exec": create_subprocess_exec,
        },
    }
