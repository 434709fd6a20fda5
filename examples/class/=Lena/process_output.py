import asyncio


async def process_output(cmd, queue, name):
	proc = await asyncio.create_subprocess_shell(cmd, stdout=asyncio.subprocess.PIPE)
	while line := await proc.stdout.readline():
		await queue.put((name, line.decode().rstrip()))
	await proc.wait()


async def collect(commands):
	queue = asyncio.Queue()
	tasks = []
	for name, cmd in commands.items():
		tasks.append(asyncio.create_task(process_output(cmd, queue, name)))
	lines = []
	while True:
		identifier, output = await queue.get()
		if output is None:
			break
		lines.append((identifier, output))
	return lines
