import asyncio


async def process_output(command, queue, name):
    proc = await asyncio.create_subprocess_shell(command, stdout=asyncio.subprocess.PIPE)
    while line := await proc.stdout.readline():
        await queue.put((name, line.decode().rstrip()))
    await proc.wait()


# Unusual: the consumer runs for ever, and is cancelled when the readers are done and the queue is empty.
async def collect(commands):
    queue, lines = asyncio.Queue(), []

    async def consume():
        while True:
            lines.append(await queue.get())
            queue.task_done()

    consumer = asyncio.create_task(consume())
    await asyncio.gather(*(process_output(command, queue, name) for name, command in commands.items()))
    await queue.join()
    consumer.cancel()
    await asyncio.gather(consumer, return_exceptions=True)
    return lines
