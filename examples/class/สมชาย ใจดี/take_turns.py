async def is_prime(n):
    for d in range(2, int(n**0.5) + 1):
        if n % d == 0:
            return False
    return True


async def count_primes(limit, step):
    count = 0
    for n in range(2, limit):
        if await is_prime(n):
            count += 1
    return count
