from asyncio import Queue, create_subprocess_shell, gather, subprocess


async def process_output(command: str, queue: Queue, name: str) -> None:
    proc = await create_subprocess_shell(command, stdout=subprocess.PIPE)
    async for line in proc.stdout:
        await queue.put((name, line.rstrip()))
    await proc.wait()


async def collect(commands: dict[str, str]) -> list:
    queue: Queue = Queue()
    await gather(*[process_output(command, queue, name) for name, command in commands.items()])
    return [await queue.get() for _ in range(queue.qsize())]
