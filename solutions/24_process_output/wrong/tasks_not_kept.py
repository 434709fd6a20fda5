import asyncio


async def process_output(command, queue, name):
    proc = await asyncio.create_subprocess_shell(command, stdout=asyncio.subprocess.PIPE)
    while line := await proc.stdout.readline():
        await queue.put((name, line.decode().rstrip()))
    await queue.put((name, None))
    await proc.wait()


async def collect(commands):
    queue = asyncio.Queue()
    for name, command in commands.items():
        asyncio.create_task(process_output(command, queue, name))
    alive, lines = len(commands), []
    while alive:
        name, line = await queue.get()
        if line is None:
            alive -= 1
        else:
            lines.append((name, line))
    return lines
