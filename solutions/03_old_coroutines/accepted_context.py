# Unusual: the request is sent on entering an async with block.
from contextlib import asynccontextmanager


@asynccontextmanager
async def asked(session):
    await session.send_request(session.question)
    yield session


async def chat(session):
    async with asked(session) as ready:
        return await ready.read_response()
