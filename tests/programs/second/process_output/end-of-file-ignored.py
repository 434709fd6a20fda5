import asyncio


async def process_output(cmd, queue, name):
    proc = await asyncio.create_subprocess_shell(
        cmd,
        stdout=asyncio.subprocess.PIPE,
    )
    output = proc.stdout
    while True:
        text = (await output.readline()).decode().strip()
        if text:                       # skip the empty ones
            await queue.put((name, text))


async def collect(commands):
    queue = asyncio.Queue()
    await asyncio.gather(*(process_output(cmd, queue, name) for name, cmd in commands.items()))
    lines = []
    while not queue.empty():
        lines.append(queue.get_nowait())
    return lines
