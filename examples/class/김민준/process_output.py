# 김민준
import asyncio


async def process_output(cmd, queue, name):
    proc = await asyncio.create_subprocess_shell(cmd, stdout=asyncio.subprocess.PIPE)
    while True:
        line = await proc.stdout.readline()
        if line is None:
            break
        await queue.put((name, line.decode().rstrip()))
    await proc.wait()


async def collect(commands):
    queue = asyncio.Queue()
    readers = [asyncio.create_task(process_output(cmd, queue, name)) for name, cmd in commands.items()]
    for reader in readers:
        await reader
    return [queue.get_nowait() for _ in range(queue.qsize())]
