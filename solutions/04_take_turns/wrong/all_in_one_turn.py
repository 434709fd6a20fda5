import asyncio


def is_prime(number):
    return number > 1 and all(number % divisor for divisor in range(2, int(number**0.5) + 1))


async def count_part(numbers):
    return sum(1 for number in numbers if is_prime(number))


async def count_primes(limit, step):
    parts = [count_part(range(start, min(start + step, limit))) for start in range(0, limit, step)]
    return sum(await asyncio.gather(*parts))
