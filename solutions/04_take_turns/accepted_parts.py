import asyncio


def is_prime(number):
    return number > 1 and all(number % divisor for divisor in range(2, int(number**0.5) + 1))


async def count_primes(limit, step):
    count = 0
    for start in range(0, limit, step):
        count += sum(map(is_prime, range(start, min(start + step, limit))))
        await asyncio.sleep(0)
    return count
