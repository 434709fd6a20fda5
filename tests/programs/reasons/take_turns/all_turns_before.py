# reason: turns-elsewhere; at most 6
import asyncio


async def count_primes(is_prime, limit, step):
    for _ in range(1000):
        await asyncio.sleep(0)
    return len(list(filter(is_prime, range(2, limit))))
