import asyncio


async def count_between(start, stop):
    found = 0
    for number in range(start, stop):
        if all(number % d for d in range(2, int(number**0.5) + 1)):
            found += 1
    return found


async def count_primes(limit, step):
    # one part of `step` numbers at a time; each await gives the others a turn
    total = 0
    for start in range(2, limit, step):
        total += await count_between(start, min(start + step, limit))
    return total
