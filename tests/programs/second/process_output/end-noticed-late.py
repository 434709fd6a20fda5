import asyncio as aio

PATIENCE = 5


async def process_output(command, queue, name):
    proc = await aio.create_subprocess_shell(command, stdout=aio.subprocess.PIPE)
    while raw := await proc.stdout.readline():
        await queue.put((name, raw.decode().rstrip("\r\n")))
    await proc.wait()


async def collect(commands):
    queue = aio.Queue()
    readers = [aio.create_task(process_output(cmd, queue, name)) for name, cmd in commands.items()]
    lines = []
    while True:
        try:
            async with aio.timeout(PATIENCE):
                lines.append(await queue.get())
        except TimeoutError:
            if all(reader.done() for reader in readers):
                break
    await aio.gather(*readers)
    return lines
