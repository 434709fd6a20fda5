# reason: none
import asyncio


def chat(session):
    asyncio.run(session.send_request(session.question))
    return asyncio.run(session.read_response())
