# process-output: a closing parenthesis is missing, twice
import asyncio


async def process_output(cmd, queue, identifier):
    proc = await asyncio.create_subprocess_shell(cmd, stdout=asyncio.subprocess.PIPE)
    while line := await proc.stdout.readline():
        await queue.put((identifier, line.decode().rstrip()))
    await proc.wait()
    await queue.put((identifier, None))


async def collect(commands):
    queue = asyncio.Queue()
    names = list(commands)
    # create multiple workers that run in parallel and pour data from multiple sources into the same queue
    first = asyncio.create_task(process_output(commands[names[0]], queue, names[0])
    second = asyncio.create_task(process_output(commands[names[1]], queue, names[1])
    result, running = [], 2
    while running > 0:
        identifier, output = await queue.get()
        if output is None:
            running -= 1
        else:
            result.append((identifier, output))
    await first
    await second
    return result
