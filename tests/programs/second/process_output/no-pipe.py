import asyncio


async def process_output(cmd, queue, name):
    process = await asyncio.create_subprocess_shell(cmd)
    async for raw in process.stdout:
        text = raw.decode().rstrip("\n")
        queue.put_nowait((name, text))
    await process.wait()


async def collect(commands):
    queue = asyncio.Queue()
    async with asyncio.TaskGroup() as tg:
        for name in commands:
            tg.create_task(process_output(commands[name], queue, name))
    lines = []
    while not queue.empty():
        lines.append(queue.get_nowait())
    return lines
