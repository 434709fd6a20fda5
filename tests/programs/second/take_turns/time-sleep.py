from time import sleep as pause


async def count_primes(is_prime, limit, step):
    primes = []
    looked_at = 0
    for n in range(2, limit):
        if is_prime(n):
            primes.append(n)
        looked_at += 1
        if looked_at == step:
            pause(0.01)  # let the others run
            looked_at = 0
    return len(primes)
