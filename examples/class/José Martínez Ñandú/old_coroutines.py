import asyncio


async def chat(session):
  await session.send_request(session.question)
  return await session.read_response()
