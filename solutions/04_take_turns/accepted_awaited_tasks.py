# Unusual: awaiting a task always gives a turn, because the task has to get one first.
import asyncio


async def count_part(is_prime, numbers):
    return len([number for number in numbers if is_prime(number)])


async def count_primes(is_prime, limit, step):
    count = 0
    for start in range(2, limit, step):
        count += await asyncio.create_task(count_part(is_prime, range(start, min(start + step, limit))))
    return count
