import asyncio
from asyncio.subprocess import PIPE


async def process_output(cmd, queue, name):
    p = await asyncio.create_subprocess_shell(cmd, stdout=PIPE)
    while True:
        line = await p.readline()
        if line == b"":
            break
        await queue.put((name, line.decode().strip()))
    await p.wait()


async def collect(commands):
    q = asyncio.Queue()
    await asyncio.gather(*[process_output(c, q, n) for n, c in commands.items()])
    result = []
    for _ in range(q.qsize()):
        result.append(await q.get())
    return result
