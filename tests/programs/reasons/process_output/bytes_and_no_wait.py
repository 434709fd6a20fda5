# reason: bytes-not-decoded
import asyncio


async def process_output(command, queue, name):
    proc = await asyncio.create_subprocess_shell(command, stdout=asyncio.subprocess.PIPE)
    async for line in proc.stdout:
        await queue.put((name, line))


async def collect(commands):
    queue = asyncio.Queue()
    await asyncio.gather(*(process_output(command, queue, name) for name, command in commands.items()))
    return [queue.get_nowait() for _ in range(queue.qsize())]
