# reason: none
import asyncio


async def process_output(command, queue, name):
    proc = await asyncio.create_subprocess_shell(command, stdout=asyncio.subprocess.PIPE)
    async for line in proc.stdout:
        await queue.put((name, line.decode().rstrip()))
    await proc.wait()



async def collect(commands):
    queue, lock = asyncio.Queue(), asyncio.Lock()
    lines = []

    async def take():
        while True:
            async with lock:
                lines.append(await queue.get())

    await lock.acquire()
    taker = asyncio.create_task(take())
    await asyncio.gather(*(process_output(command, queue, name) for name, command in commands.items()))
    async with lock:
        taker.cancel()
    return lines
