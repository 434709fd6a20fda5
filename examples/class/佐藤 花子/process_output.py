"""佐藤 花子: my solution."""

import asyncio

END = object()


async def process_output(cmd, queue, name):
    proc = await asyncio.create_subprocess_shell(cmd, stdout=asyncio.subprocess.PIPE)
    while True:
        raw = await proc.stdout.readline()
        if not raw:
            break
        queue.put_nowait((name, raw.decode().rstrip()))
    await proc.wait()


async def collect(commands):
    queue = asyncio.Queue()

    async def reader(name, cmd):
        try:
            await process_output(cmd, queue, name)
        finally:
            queue.put_nowait(END)

    tasks = [asyncio.create_task(reader(name, cmd)) for name, cmd in commands.items()]
    ended = 0
    lines = []
    while ended < len(tasks):
        item = await queue.get()
        if item is END:
            ended += 1
        else:
            lines.append(item)
    await asyncio.gather(*tasks)
    return lines