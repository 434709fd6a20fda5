import asyncio


async def process_output(command, queue, name):
    proc = await asyncio.create_subprocess_shell(command, stdout=asyncio.subprocess.PIPE)
    while True:
        line = await proc.stdout.readline()
        if not line:
        break
        await queue.put((name, line.decode().rstrip()))
    await proc.wait()


async def collect(commands):
    queue = asyncio.Queue()
    await asyncio.gather(*(process_output(c, queue, n) for n, c in commands.items()))
    return [queue.get_nowait() for _ in range(queue.qsize())]
