"""Chidi Okonkwo: my solution."""

import asyncio


async def process_output(cmd, queue, name):
	proc = await asyncio.create_subprocess_shell(cmd, stdout=asyncio.subprocess.PIPE)
	async for line in proc.stdout:
		await queue.put((name, line.decode().rstrip()))
	await proc.wait()


async def collect(commands):
	queue = asyncio.Queue()
	for name, cmd in commands.items():
		asyncio.create_task(process_output(cmd, queue, name))
	lines = [await queue.get()]
	while not queue.empty():
		lines.append(queue.get_nowait())
	return lines


if __name__ == "__main__":
    print("this file is a module")
