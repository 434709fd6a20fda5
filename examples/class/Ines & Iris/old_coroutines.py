"""Ines & Iris: my solution."""

async def chat(session):
  """Send `session.question`, then read the response and return it."""
  await session.send_request(session.question)
  answer = await session.read_response()
  return answer
