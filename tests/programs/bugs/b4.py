# process-output: the reader does not look for the end of the output
import asyncio


async def process_output(cmd, queue, identifier):
    proc = await asyncio.create_subprocess_shell(cmd, stdout=asyncio.subprocess.PIPE)
    while True:
        line = await proc.stdout.readline()
        await queue.put((identifier, line.decode().rstrip()))


async def collect(commands):
    queue = asyncio.Queue()
    tasks = []
    for name, cmd in commands.items():
        tasks.append(asyncio.create_task(process_output(cmd, queue, name)))
    result = []
    while not all(t.done() for t in tasks):
        identifier, output = await queue.get()
        result.append((identifier, output))
    return result
