import asyncio
from asyncio.subprocess import PIPE


async def process_output(command, queue, name):
    proc = await asyncio.create_subprocess_shell(command, stdout=PIPE)
    async for line in proc.stdout:
        queue.put_nowait((name, line.decode().rstrip("\n"))
    await proc.wait()


async def collect(commands):
    queue = asyncio.Queue()
    async with asyncio.TaskGroup() as tg:
        for name, command in commands.items():
            tg.create_task(process_output(command, queue, name))
    lines = []
    while queue.qsize():
        lines.append(await queue.get())
    return lines
