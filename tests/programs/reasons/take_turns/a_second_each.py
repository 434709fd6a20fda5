# reason: waits-for-real; at most 6
import asyncio


async def count_primes(is_prime, limit, step):
    total = 0
    for number in range(2, limit):
        total += is_prime(number)
        if number % step == 0:
            await asyncio.sleep(1)
    return total
