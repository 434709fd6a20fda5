import asyncio


def connected(reader, writer):
    async def talk():
        try:
            while line := await reader.readline():
                writer.write(line.decode().upper().encode())
        finally:
            writer.close()

    talks.add(asyncio.create_task(talk()))


talks = set()


async def serve(until_evening, port):
    server = await asyncio.start_server(connected, None, port, start_serving=False)
    task = asyncio.create_task(server.serve_forever())
    await until_evening()
    task.cancel()
    await asyncio.wait([task])
