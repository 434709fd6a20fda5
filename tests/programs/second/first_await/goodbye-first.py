from collections.abc import Awaitable, Callable

Speaker = Callable[[float, str], Awaitable[str]]


async def greet_twice(say_after: Speaker, name: str) -> list[str]:
    async def hello() -> str:
        return await say_after(1, "hello " + name)

    async def goodbye() -> str:
        return await say_after(2, "goodbye " + name)

    later = await goodbye()
    sooner = await hello()
    return [sooner, later]
