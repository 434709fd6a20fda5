# reason: none
import asyncio


async def count_primes(is_prime, limit, step):
    total = 0
    for number in range(2, limit):
        total += await is_prime(number)
        if number % step == 0:
            await asyncio.sleep(0)
    return total
