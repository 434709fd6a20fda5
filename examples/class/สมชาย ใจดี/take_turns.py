async def ask(is_prime, n):
    return is_prime(n)


async def count_primes(is_prime, limit, step):
    count = 0
    for n in range(2, limit):
        if await ask(is_prime, n):
            count += 1
    return count
