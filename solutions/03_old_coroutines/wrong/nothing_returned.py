async def chat(session):
    await session.send_request(session.question)
    answer = await session.read_response()
    print(answer)
