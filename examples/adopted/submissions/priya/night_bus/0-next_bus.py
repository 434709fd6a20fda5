import asyncio
import random

print("loading...")


async def next_bus(longest=12):
	wait = random.uniform(0, longest)
	print("I wait", wait)
	await asyncio.sleep(wait)
	print("it came!")
	return wait
