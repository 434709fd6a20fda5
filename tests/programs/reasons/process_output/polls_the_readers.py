# reason: none
import asyncio


async def process_output(command, queue, name):
    proc = await asyncio.create_subprocess_shell(command, stdout=asyncio.subprocess.PIPE)
    async for line in proc.stdout:
        await queue.put((name, line.decode().rstrip()))
    await proc.wait()



async def collect(commands):
    queue = asyncio.Queue()
    readers = [asyncio.create_task(process_output(command, queue, name)) for name, command in commands.items()]
    lines = []
    while not all(reader.done() for reader in readers):
        while not queue.empty():
            lines.append(queue.get_nowait())
    return lines
