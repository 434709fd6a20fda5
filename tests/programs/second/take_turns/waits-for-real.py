from asyncio import sleep


async def breathe():
    await sleep(0.1)


async def count_primes(is_prime, limit, step):
    primes = []
    for looked_at, number in enumerate(range(2, limit), start=1):
        if is_prime(number):
            primes.append(number)
        if looked_at % step == 0:
            await breathe()
    return len(primes)
