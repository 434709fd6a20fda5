"""佐藤 花子: my solution."""

async def chat(session):
    session.send_request(session.question)
    answer = session.read_response()
    return answer