import asyncio


async def primes_in(ask, numbers):
    return len([n for n in numbers if ask(n)])


async def count_primes(is_prime, limit, step):
    # every part is a task of its own, so that the others come in between
    async with asyncio.TaskGroup() as tg:
        parts = [
            tg.create_task(primes_in(is_prime, range(start, min(start + step, limit)))) for start in range(2, limit, step)
        ]
    return sum(part.result() for part in parts)
