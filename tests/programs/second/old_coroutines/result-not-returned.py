async def chat(session):
    send, read = session.send_request, session.read_response
    try:
        await send(session.question)
        answer = await read()
        print(f"{session.question} -> {answer}")
    finally:
        print("end of the conversation")
