import asyncio


async def process_output(command, queue, name):
    proc = await asyncio.create_subprocess_shell(command, stdout=asyncio.subprocess.PIPE)
    while line := await proc.stdout.readline():
        await queue.put((name, line.decode().rstrip()))
    await proc.wait()
    await queue.put((name, None))


async def collect(commands):
    queue = asyncio.Queue()
    readers = [asyncio.create_task(process_output(command, queue, name)) for name, command in commands.items()]
    alive, lines = len(readers), []
    while alive:
        name, line = await queue.get()
        if line is None:
            alive -= 1
        else:
            lines.append((name, line))
    await asyncio.gather(*readers)
    print(lines)
