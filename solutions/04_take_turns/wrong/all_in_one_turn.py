import asyncio


async def count_part(is_prime, numbers):
    return sum(1 for number in numbers if is_prime(number))


async def count_primes(is_prime, limit, step):
    parts = [count_part(is_prime, range(start, min(start + step, limit))) for start in range(2, limit, step)]
    return sum(await asyncio.gather(*parts))
