"""The same exercise as a conventional test file would check it: values only, in real time made short."""

import asyncio


async def say_after(delay, what):
    await asyncio.sleep(delay / 1000)
    return what


async def one_after_the_other(say_after, a, first, b, second):
    x = await say_after(a, first)
    y = await say_after(b, second)
    return [x, y]


async def together(say_after, a, first, b, second):
    return await asyncio.gather(say_after(a, first), say_after(b, second))


def test_one_after_the_other():
    assert asyncio.run(one_after_the_other(say_after, 1, "hello", 2, "world")) == ["hello", "world"]


def test_together():
    assert asyncio.run(together(say_after, 1, "hello", 2, "world")) == ["hello", "world"]


def test_together_longer_first():
    assert asyncio.run(together(say_after, 5, "slow", 2, "quick")) == ["slow", "quick"]
