async def ask(session, text):
    await session.send_request(text)
    return await session.read_response()


async def chat(session):
    return await ask(session, session.question)
