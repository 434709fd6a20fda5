import asyncio


async def process_output(cmd, queue, name):
    proc = await asyncio.create_subprocess_shell(cmd, stdout=asyncio.subprocess.PIPE)
    line = await proc.stdout.readline()
    while line:
        await queue.put((name, line.decode().rstrip()))
        line = await proc.stdout.readline()
    await proc.wait()


async def collect(commands):
    queue = asyncio.Queue()
    result = []
    for name, cmd in commands.items():
        task = asyncio.create_task(process_output(cmd, queue, name))
        await task
        while queue.qsize() > 0:
            result.append(queue.get_nowait())
    return result
