# Bob (repeating)
async def talk(session, text):
    await session.send_request(text)
    return await session.read_response()


async def chat(session):
    return await talk(session, session.question)
