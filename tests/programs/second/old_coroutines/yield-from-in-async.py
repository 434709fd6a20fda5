async def chat(session):
    question = session.question
    await session.send_request(question)
    # read_response gives a value back, so it needs yield from
    return (yield from session.read_response())
