import asyncio


async def count_primes(is_prime, limit, step):
    # first the work, and then everybody gets what is owed to them
    numbers = list(range(2, limit))
    answers = [is_prime(number) for number in numbers]
    while numbers:
        del numbers[:step]
        await asyncio.sleep(0)
    return answers.count(True)
