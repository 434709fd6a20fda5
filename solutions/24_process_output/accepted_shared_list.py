import asyncio


# Unusual: a list takes the place of the queue. No two readers run at the same moment, so nothing is lost.
async def process_output(command, lines, name):
    proc = await asyncio.create_subprocess_shell(command, stdout=asyncio.subprocess.PIPE)
    while True:
        line = await proc.stdout.readline()
        if not line:
            break
        lines.append((name, line.decode().strip()))
    assert await proc.wait() == 0


async def collect(commands):
    lines = []
    await asyncio.gather(*[process_output(command, lines, name) for name, command in commands.items()])
    return lines
