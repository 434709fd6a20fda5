import asyncio


async def count_primes(is_prime, limit, step):
    count = 0
    for start in range(2, limit, step):
        count += sum(map(is_prime, range(start, min(start + step, limit))))
        await asyncio.sleep(0)
    return count
