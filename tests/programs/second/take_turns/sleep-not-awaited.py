from asyncio import sleep as give_turn


async def count_primes(is_prime, limit: int, step: int) -> int:
    found: list[int] = []
    left = step
    for number in range(2, limit):
        if is_prime(number):
            found.append(number)
        left -= 1
        if left == 0:
            give_turn(0)
            left = step
    return len(found)
