# process-output: readline is called on the process
import asyncio


async def process_output(cmd, queue, identifier):
    proc = await asyncio.create_subprocess_shell(cmd, stdout=asyncio.subprocess.PIPE)
    while True:
        line = await proc.readline()
        if not line:
            break
        await queue.put((identifier, line.decode().rstrip()))
    await proc.wait()
    await queue.put((identifier, None))


async def collect(commands):
    queue = asyncio.Queue()
    tasks = []
    for name, cmd in commands.items():
        tasks.append(asyncio.create_task(process_output(cmd, queue, name)))
    result, running = [], len(tasks)
    while running > 0:
        identifier, output = await queue.get()
        if output is None:
            running -= 1
            continue
        result.append((identifier, output))
    for t in tasks:
        await t
    return result
