import asyncio


async def process_output(cmd, queue, name):
    proc = await asyncio.create_subprocess_shell(cmd, stdout=asyncio.subprocess.PIPE)
    async for line in proc.stdout:
        await queue.put((name, line.decode().rstrip()))
    await proc.wait()


async def collect(commands):
    queue = asyncio.Queue()
    lines = []

    async def consume():
        while True:
            item = await queue.get()
            lines.append(item)
            queue.task_done()

    readers = [process_output(cmd, queue, name) for name, cmd in commands.items()]
    await asyncio.gather(consume(), *readers)
    return lines
