# Bob (repeating)
import asyncio


async def count_primes(is_prime, limit, step):
    total = 0
    for start in range(2, limit, step):
        total += sum(map(is_prime, range(start, min(limit, start + step))))
        await asyncio.sleep(0)
    return total
