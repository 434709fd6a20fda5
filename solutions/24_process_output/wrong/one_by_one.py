import asyncio


async def process_output(command, queue, name):
    proc = await asyncio.create_subprocess_shell(command, stdout=asyncio.subprocess.PIPE)
    while line := await proc.stdout.readline():
        await queue.put((name, line.decode().rstrip()))
    await proc.wait()
    await queue.put((name, None))


async def collect(commands):
    queue = asyncio.Queue()
    for name, command in commands.items():
        await process_output(command, queue, name)
    lines = []
    while not queue.empty():
        name, line = queue.get_nowait()
        if line is not None:
            lines.append((name, line))
    return lines
