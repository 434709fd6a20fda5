# Unusual: awaiting a task always gives a turn, because the task has to get one first.
import asyncio


def is_prime(number):
    return number > 1 and all(number % divisor for divisor in range(2, int(number**0.5) + 1))


async def count_part(numbers):
    return len([number for number in numbers if is_prime(number)])


async def count_primes(limit, step):
    count = 0
    for start in range(0, limit, step):
        count += await asyncio.create_task(count_part(range(start, min(start + step, limit))))
    return count
