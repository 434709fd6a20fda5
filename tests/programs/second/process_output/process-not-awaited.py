import asyncio
from asyncio.subprocess import PIPE


async def lines_of(stream):
    while line := await stream.readline():
        yield line.decode().rstrip("\n")


async def process_output(command, queue, name):
    process = await asyncio.create_subprocess_shell(command, stdout=PIPE)
    async for line in lines_of(process.stdout):
        await queue.put((name, line))
    # the output has ended, so the program has ended


async def collect(commands):
    queue = asyncio.Queue()
    readers = [asyncio.create_task(process_output(command, queue, name)) for name, command in commands.items()]
    for reader in readers:
        await reader
    found = []
    while not queue.empty():
        found.append(await queue.get())
    return found
