# D'Angelo, Gianluca
import asyncio


@asyncio.coroutine
def chat(session):
    yield from session.send_request(session.question)
    answer = yield from session.read_response()
    return answer


if __name__ == "__main__":
    print("this file is a module")
