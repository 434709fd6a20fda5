# reason: none
import asyncio


async def process_output(command, queue, name):
    proc = await asyncio.create_subprocess_shell(command, stdout=asyncio.subprocess.PIPE)
    async for line in proc.stdout:
        await queue.put((name, line.decode().rstrip()))
    await proc.wait()



async def collect(commands):
    queue = asyncio.Queue(1)
    await asyncio.gather(*(process_output(command, queue, name) for name, command in commands.items()))
    lines = []
    while not queue.empty():
        lines.append(await queue.get())
    return lines
