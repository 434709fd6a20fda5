import asyncio


async def count_part(is_prime, numbers):
    return sum(map(is_prime, numbers))


async def count_primes(is_prime, limit, step):
    total = 0
    for start in range(2, limit, step):
        total += await count_part(is_prime, range(start, min(start + step, limit)))
        await asyncio.sleep(0)
