import asyncio


async def process_output(command, queue, name):
    proc = await asyncio.create_subprocess_shell(command, stdout=asyncio.subprocess.PIPE)
    while line := await proc.stdout.readline():
        await queue.put((name, line.decode().rstrip()))
    await proc.wait()


async def collect(commands):
    queue = asyncio.Queue()
    readers = asyncio.gather(*(process_output(command, queue, name) for name, command in commands.items()))
    lines = []
    while True:
        getter = asyncio.create_task(queue.get())
        await asyncio.wait([getter, readers], return_when=asyncio.FIRST_COMPLETED)
        if not getter.done():
            break
        lines.append(getter.result())
    getter.cancel()
    await readers
    return lines
