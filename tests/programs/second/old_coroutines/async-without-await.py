async def send(session):
    session.send_request(session.question)


async def receive(session):
    return session.read_response()


async def chat(session):
    await send(session)
    return await receive(session)
