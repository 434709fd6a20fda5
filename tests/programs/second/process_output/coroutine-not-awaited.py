import asyncio


async def process_output(command, queue, name):
    proc = await asyncio.create_subprocess_shell(command, stdout=asyncio.subprocess.PIPE)
    put, read = queue.put, proc.stdout.readline
    while line := await read():
        put((name, line.decode().rstrip("\r\n")))
    await proc.wait()


async def collect(commands):
    queue = asyncio.Queue()
    async with asyncio.TaskGroup() as tg:
        for name, command in commands.items():
            tg.create_task(process_output(command, queue, name))
    lines = []
    while not queue.empty():
        lines.append(queue.get_nowait())
    return lines
