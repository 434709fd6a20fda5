import asyncio
from math import isqrt


def prime(number):
    return number > 1 and not any(number % d == 0 for d in range(2, isqrt(number) + 1))


async def count_primes(is_prime, limit, step):
    total = 0
    for start in range(0, limit, step):
        total += len(list(filter(prime, range(start, min(limit, start + step)))))
        await asyncio.sleep(0)
    return total
