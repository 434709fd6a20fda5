import time


async def count_primes(limit, step):
    count = 0
    for i, n in enumerate(range(2, limit), start=1):
        if all(n % d for d in range(2, int(n**0.5) + 1)):
            count += 1
        if i % step == 0:
            time.sleep(0)
    return count
