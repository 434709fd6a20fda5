import asyncio


async def process_output(cmd, queue, name):
    proc = await asyncio.create_subprocess_shell(cmd, stdout=asyncio.subprocess.PIPE)
    async for line in proc.stdout:
        await queue.put((name, line.decode().rstrip()))
    await proc.wait()


async def collect(commands):
    queue = asyncio.Queue()
    readers = {asyncio.create_task(process_output(c, queue, n)) for n, c in commands.items()}
    await asyncio.wait(readers, return_when=asyncio.FIRST_COMPLETED)
    found = []
    try:
        while True:
            found.append(queue.get_nowait())
    except asyncio.QueueEmpty:
        return found
