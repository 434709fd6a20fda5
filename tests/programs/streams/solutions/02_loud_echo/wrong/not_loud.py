import asyncio


async def handle(reader, writer):
    async for line in reader:
        writer.write(line)
        await writer.drain()
    writer.close()
    await writer.wait_closed()


async def serve(until_evening, port):
    async with await asyncio.start_server(handle, port=port):
        await until_evening()
