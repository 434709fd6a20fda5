# reason: task-left-behind
import asyncio


async def process_output(command, queue, name):
    proc = await asyncio.create_subprocess_shell(command, stdout=asyncio.subprocess.PIPE)
    async for line in proc.stdout:
        await queue.put((name, line.decode().rstrip()))
    await proc.wait()


async def collect(commands):
    queue, lines = asyncio.Queue(), []

    async def consume():
        while True:
            lines.append(await queue.get())

    consumer = asyncio.create_task(consume())
    async with asyncio.TaskGroup() as group:
        for name, command in commands.items():
            group.create_task(process_output(command, queue, name))
    consumer.cancel()
    return lines
