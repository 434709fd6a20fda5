import asyncio


async def process_output(command, name):
    proc = await asyncio.create_subprocess_shell(command, stdout=asyncio.subprocess.PIPE)
    lines = [(name, line.decode().rstrip()) async for line in proc.stdout]
    await proc.wait()
    return lines


async def collect(commands):
    parts = await asyncio.gather(*(process_output(command, name) for name, command in commands.items()))
    return [line for part in parts for line in part]
