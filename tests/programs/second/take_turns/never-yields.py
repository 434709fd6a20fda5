import asyncio


async def count_primes(is_prime, limit: int, step: int) -> int:
    return sum(1 for n in range(2, limit) if is_prime(n))
