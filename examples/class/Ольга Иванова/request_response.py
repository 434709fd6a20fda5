# my solution
import asyncio


async def ask(session, request):
  await session.send_request(request)
  return await session.read_response()


async def ask_all(sessions, requests):
  responses = []
  for s, r in zip(sessions, requests):
    t = asyncio.create_task(ask(s, r))
    responses.append(await t)
  return responses
