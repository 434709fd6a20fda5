"""Reading old code: the same conversation, with async def."""

# The old code, as it was written before Python 3.5. It cannot run any more: asyncio.coroutine is gone.
#
#     @asyncio.coroutine
#     def chat(session):
#         yield from session.send_request(session.question)
#         answer = yield from session.read_response()
#         return answer


async def chat(session):
    """Send `session.question`, then read the response and return it."""
    raise NotImplementedError
