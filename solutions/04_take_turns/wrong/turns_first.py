import asyncio


async def count_primes(is_prime, limit, step):
    for _ in range(limit // step):
        await asyncio.sleep(0)
    return sum(is_prime(number) for number in range(2, limit))
