import asyncio


async def process_output(command, queue, name):
    proc = await asyncio.create_subprocess_shell(command, stdout=asyncio.subprocess.PIPE)
    async for line in proc.stdout:
        queue.put_nowait((name, line.decode().rstrip("\n")))
    await proc.wait()


async def collect(commands):
    queue, lines = asyncio.Queue(), []
    async with asyncio.TaskGroup() as group:
        for name, command in commands.items():
            group.create_task(process_output(command, queue, name))
    while not queue.empty():
        lines.append(queue.get_nowait())
    return lines
