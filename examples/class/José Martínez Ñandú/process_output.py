import asyncio
from asyncio.subprocess import PIPE


async def process_output(cmd, queue, name):
  proc = await asyncio.create_subprocess_shell(cmd, stdout=PIPE)
  while line := await proc.stdout.readline():
    await queue.put((name, line.decode().strip()))
  await proc.wait()


async def collect(commands):
  queue = asyncio.Queue()
  lines = []

  async def consumer():
    while True:
      lines.append(await queue.get())
      queue.task_done()

  consuming = asyncio.create_task(consumer())
  async with asyncio.TaskGroup() as tg:
    for name, cmd in commands.items():
      tg.create_task(process_output(cmd, queue, name))
  await queue.join()
  consuming.cancel()
  try:
    await consuming
  except asyncio.CancelledError:
    pass
  return lines
