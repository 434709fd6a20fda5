import asyncio as aio
from asyncio.subprocess import PIPE

END = object()


async def process_output(command: str, queue: aio.Queue, name: str) -> None:
    proc = await aio.create_subprocess_shell(command, stdout=PIPE)
    while raw := await proc.stdout.readline():
        await queue.put((name, raw.decode().rstrip("\r\n")))
    await proc.wait()
    await queue.put(END)


async def collect(commands: dict[str, str]):
    queue: aio.Queue = aio.Queue()
    lines: list[tuple[str, str]] = []
    async with aio.TaskGroup() as group:
        for name, command in commands.items():
            group.create_task(process_output(command, queue, name))
        running = len(commands)
        while running:
            if (item := await queue.get()) is END:
                running -= 1
            else:
                lines.append(item)
