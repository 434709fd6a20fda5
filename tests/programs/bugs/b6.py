# process-output: the reader tasks are not kept, so nothing can wait for them
import asyncio


async def process_output(cmd, queue, identifier):
    proc = await asyncio.create_subprocess_shell(cmd, stdout=asyncio.subprocess.PIPE)
    while line := await proc.stdout.readline():
        await queue.put((identifier, line.decode().rstrip()))
    await proc.wait()
    await queue.put((identifier, None))


async def collect(commands):
    queue = asyncio.Queue()
    for name, cmd in commands.items():
        asyncio.create_task(process_output(cmd, queue, name))
    result = []
    while True:
        identifier, output = await queue.get()
        if output is None:
            break
        result.append((identifier, output))
    return result
