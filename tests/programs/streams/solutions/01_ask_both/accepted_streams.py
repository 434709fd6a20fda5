from asyncio import TaskGroup
from asyncio.streams import open_connection
from contextlib import closing


async def ask_both(hosts, question):
    async def talk(host):
        reader, writer = await open_connection(host=host, port="7", limit=1024)
        with closing(writer):
            writer.writelines([question.encode(), b"\n"])
            await writer.drain()
            async for line in reader:
                return line.decode().strip()

    async with TaskGroup() as group:
        tasks = [group.create_task(talk(host)) for host in hosts]
    return [task.result() for task in tasks]
