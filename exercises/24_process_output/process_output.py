"""The output of several programs in one queue."""

import asyncio


async def process_output(command, queue, name):
    """Start `command`; put (name, line) on `queue` for each line until the output ends; wait for the process to end."""
    # asyncio.create_subprocess_shell(command, stdout=asyncio.subprocess.PIPE) starts it.
    # `await proc.stdout.readline()` gives a line as bytes, and b"" at the end of the output.
    raise NotImplementedError


async def collect(commands):
    """Run all programs at the same time; return [(name, line), ...] in the order in which the lines came."""
    # Start a process_output in the background for each of commands.items(), then take from the queue.
    # How do you know that the last line has come?
    raise NotImplementedError
