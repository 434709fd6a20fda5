import asyncio

END = object()


async def process_output(command, queue, name):
    proc = await asyncio.create_subprocess_shell(command, stdout=asyncio.subprocess.PIPE)
    try:
        async for line in proc.stdout:
            queue.put_nowait((name, line.decode().rstrip("\n")))
    finally:
        await proc.wait()
        queue.put_nowait(END)


async def collect(commands):
    queue = asyncio.Queue()
    running = 0
    for name, command in commands.items():
        asyncio.create_task(process_output(command, queue, name))
        running += 1
    lines = []
    while running > 0:
        item = await queue.get()
        if item is END:
            running -= 1
        else:
            lines.append(item)
    return lines
