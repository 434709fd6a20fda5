import asyncio


async def ask(host, question):
    reader, writer = await asyncio.open_connection(host, 7)
    writer.write(question + "\n")
    await writer.drain()
    answer = await reader.readline()
    writer.close()
    await writer.wait_closed()
    return answer.decode().rstrip()


async def ask_both(hosts, question):
    return await asyncio.gather(*(ask(host, question) for host in hosts))
