async def others():
    """Hand over to whoever is waiting."""
    yield


async def count_primes(is_prime, limit, step):
    count = 0
    for looked_at, number in enumerate(range(2, limit), start=1):
        count += is_prime(number)
        if looked_at % step == 0:
            await others()
    return count
