"""Chidi Okonkwo: my solution."""

import asyncio


async def one_after_the_other(say_after, a, first, b, second):
	x = await asyncio.create_task(say_after(a, first))
	y = await asyncio.create_task(say_after(b, second))
	return [x, y]


async def together(say_after, a, first, b, second):
	x, y = await asyncio.gather(say_after(a, first), say_after(b, second))
	return [x, y]


if __name__ == "__main__":
    print("this file is a module")
