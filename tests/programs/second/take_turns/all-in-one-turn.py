import asyncio


async def primes_in(numbers):
    return len([n for n in numbers if all(n % d for d in range(2, int(n**0.5) + 1))])


async def count_primes(limit, step):
    # every part is a task of its own, so that the others come in between
    async with asyncio.TaskGroup() as tg:
        parts = [tg.create_task(primes_in(range(start, min(start + step, limit)))) for start in range(2, limit, step)]
    return sum(part.result() for part in parts)
