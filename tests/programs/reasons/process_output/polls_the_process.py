# reason: none
import asyncio


async def process_output(command, queue, name):
    proc = await asyncio.create_subprocess_shell(command, stdout=asyncio.subprocess.PIPE)
    while proc.poll() is None:
        line = await proc.stdout.readline()
        await queue.put((name, line.decode().rstrip()))


async def collect(commands):
    queue = asyncio.Queue()
    await asyncio.gather(*(process_output(command, queue, name) for name, command in commands.items()))
    return [queue.get_nowait() for _ in range(queue.qsize())]
