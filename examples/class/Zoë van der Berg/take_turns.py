# Zoë van der Berg
from asyncio import sleep


async def numbers(limit, step):
    for i, n in enumerate(range(2, limit), 1):
        yield n
        if i % step == 0:
            await sleep(0)


async def count_primes(limit, step):
    primes = []
    async for n in numbers(limit, step):
        if all(n % p for p in primes):
            primes.append(n)
    return len(primes)
