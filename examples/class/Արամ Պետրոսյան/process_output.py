import asyncio


async def process_output(cmd, queue, name):
    proc = await asyncio.create_subprocess_shell(cmd, stdout=asyncio.subprocess.PIPE)
    print "started", name
    async for line in proc.stdout:
        await queue.put((name, line.decode().rstrip()))
