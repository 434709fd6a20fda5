import asyncio


async def process_output(cmd, queue, name):
    proc = await asyncio.create_subprocess_shell(cmd, stdout=asyncio.subprocess.PIPE)
    line = await proc.readline()
    while line:
        await queue.put((name, line.decode().rstrip()))
        line = await proc.readline()
    await proc.wait()


async def collect(commands):
    queue = asyncio.Queue()
    async with asyncio.TaskGroup() as tg:
        for name, cmd in commands.items():
            tg.create_task(process_output(cmd, queue, name))
    return [queue.get_nowait() for _ in range(queue.qsize())]
