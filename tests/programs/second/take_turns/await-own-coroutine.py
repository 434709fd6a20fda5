import asyncio


async def count_between(is_prime, start, stop):
    found = 0
    for number in range(start, stop):
        if is_prime(number):
            found += 1
    return found


async def count_primes(is_prime, limit, step):
    # one part of `step` numbers at a time; each await gives the others a turn
    total = 0
    for start in range(2, limit, step):
        total += await count_between(is_prime, start, min(start + step, limit))
    return total
