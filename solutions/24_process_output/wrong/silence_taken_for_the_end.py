import asyncio


async def process_output(command, queue, name):
    proc = await asyncio.create_subprocess_shell(command, stdout=asyncio.subprocess.PIPE)
    while line := await proc.stdout.readline():
        await queue.put((name, line.decode().rstrip()))
    await proc.wait()


async def collect(commands):
    queue = asyncio.Queue()
    readers = [asyncio.create_task(process_output(command, queue, name)) for name, command in commands.items()]
    lines = []
    try:
        while True:
            lines.append(await asyncio.wait_for(queue.get(), 5))
    except TimeoutError:
        await asyncio.gather(*readers)
        return lines
