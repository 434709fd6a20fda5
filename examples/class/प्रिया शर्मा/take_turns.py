import asyncio


async def count_primes(is_prime, limit, step):
    """Ask is_prime(number) about each number from 2 to `limit - 1`; return how many of them are prime.

    Give the others a turn after every `step` numbers.
    """
    count = 0
    looked = 0
    for number in range(2, limit):
        if is_prime(number):
            count += 1
        looked += 1
        if looked % step == 0:
            await asyncio.sleep(0)
    return count
