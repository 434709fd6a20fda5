import asyncio


async def process_output(cmd, queue, name):
    """Start `cmd`; put (name, line) on `queue` for each line until the output ends."""
    proc = await asyncio.create_subprocess_shell(cmd, stdout=asyncio.subprocess.PIPE)
    async for line in proc.stdout:
        await queue.put((name, line.decode().rstrip("\n")))
    await proc.wait()


async def collect(commands):
    """Read all programs at the same time; return [(name, line), ...] in the order of arrival."""
    queue = asyncio.Queue()
    await asyncio.gather(*(process_output(cmd, queue, name) for name, cmd in commands.items()))
    result = []
    while not queue.empty():
        result.append(queue.get_nowait())
    return result
