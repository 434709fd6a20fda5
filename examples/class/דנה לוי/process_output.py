"""דנה לוי: my solution."""

import asyncio


async def process_output(cmd, queue, name):
    proc = await asyncio.create_subprocess_shell(cmd, stdout=asyncio.subprocess.PIPE)
    async for line in proc.stdout:
        await queue.put((name, line.decode().rstrip()))
    await proc.wait()


async def collect(commands):
    queue = asyncio.Queue()
    for name in commands:
        await process_output(commands[name], queue, name)
    return [queue.get_nowait() for _ in range(queue.qsize())]
