import asyncio
from asyncio import FIRST_COMPLETED, Queue, create_task, wait


async def process_output(command, queue, name):
    proc = await asyncio.create_subprocess_shell(command, stdout=asyncio.subprocess.PIPE)
    while raw := await proc.stdout.readline():
        queue.put_nowait((name, raw.decode().rstrip("\r\n")))
    await proc.wait()


async def collect(commands):
    queue, lines = Queue(), []
    readers = {create_task(process_output(command, queue, name)) for name, command in commands.items()}
    running = set(readers)
    getter = create_task(queue.get())
    while running or not queue.empty():
        done, _ = await wait(running | {getter}, return_when=FIRST_COMPLETED)
        running -= done
        if getter in done:
            lines.append(getter.result())
            getter = create_task(queue.get())
    await asyncio.gather(*readers)
    getter.cancel()
    return lines
