# v2, works on my machine
import asyncio


async def one_after_the_other(say_after, a, first, b, second):
	x = await say_after(a, first)
	y = await say_after(b, second)
	return [x, y]


async def together(say_after, a, first, b, second):
	for delay, what in [(a, first), (b, second)]:
		asyncio.ensure_future(say_after(delay, what))
	return [first, second]