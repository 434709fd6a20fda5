# Sofía 🦊
import asyncio


async def process_output(cmd, queue, name):
    proc = await asyncio.create_subprocess_shell(cmd, stdout=asyncio.subprocess.PIPE)
    lines = []
    async for line in proc.stdout:
        lines.append((name, line.decode().rstrip()))
    await proc.wait()
    for item in lines:
        await queue.put(item)


async def collect(commands):
    queue = asyncio.Queue()
    await asyncio.gather(*(process_output(cmd, queue, name) for name, cmd in commands.items()))
    return [queue.get_nowait() for _ in range(queue.qsize())]
