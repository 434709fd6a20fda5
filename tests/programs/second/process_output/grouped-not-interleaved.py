import asyncio


async def process_output(cmd, queue, name):
    proc = await asyncio.create_subprocess_shell(cmd, stdout=asyncio.subprocess.PIPE)
    while (line := await proc.stdout.readline()) != b"":
        queue.put_nowait((name, line.decode().removesuffix("\n")))
    await proc.wait()


async def collect(commands):
    queues = {name: asyncio.Queue() for name in commands}      # a queue for each program
    async with asyncio.TaskGroup() as tg:
        for name, queue in queues.items():
            tg.create_task(process_output(commands[name], queue, name))
    lines = []
    for queue in queues.values():
        while not queue.empty():
            lines.append(queue.get_nowait())
    return lines
