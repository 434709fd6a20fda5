import asyncio


async def count_primes(is_prime, limit, step):
    count = 0
    for number in range(2, limit):
        if all(number % divisor for divisor in range(2, number)):
            count += 1
        if number % step == 0:
            await asyncio.sleep(0)
    return count
