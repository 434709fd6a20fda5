import asyncio


def is_prime(n: int) -> bool:
    d = 2
    while d * d <= n:
        if n % d == 0:
            return False
        d += 1
    return n > 1


async def count_primes(limit: int, step: int) -> int:
    return sum(1 for n in range(limit) if is_prime(n))
