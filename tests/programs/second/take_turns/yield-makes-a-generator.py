from math import isqrt


async def others():
    """Hand over to whoever is waiting."""
    yield


def is_prime(n):
    return all(n % d for d in range(2, isqrt(n) + 1))


async def count_primes(limit, step):
    count = 0
    for looked_at, number in enumerate(range(2, limit), start=1):
        count += is_prime(number)
        if looked_at % step == 0:
            await others()
    return count
