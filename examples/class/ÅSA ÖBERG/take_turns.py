# ÅSA ÖBERG
import asyncio


async def count_primes(is_prime, limit, step):
    count = 0
    for number in range(2, limit):
        prime = is_prime(number)
        if prime:
            count += 1
    return count
