import asyncio
import subprocess


async def process_output(cmd, queue, name):
    proc = subprocess.Popen(cmd, shell=True, stdout=subprocess.PIPE)
    for line in proc.stdout:
        await queue.put((name, line.decode().rstrip()))


async def collect(commands):
    queue = asyncio.Queue()
    await asyncio.gather(*(process_output(cmd, queue, name) for name, cmd in commands.items()))
    return [queue.get_nowait() for _ in range(queue.qsize())]
