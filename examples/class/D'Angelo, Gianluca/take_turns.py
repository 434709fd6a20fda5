# D'Angelo, Gianluca
import asyncio


async def count_primes(limit, step):
    count = 0
    for number in range(2, limit):
        prime = True
        for d in range(2, int(number ** 0.5) + 1):
            if number % d == 0:
                prime = False
                break
        if prime:
            count += 1
    return count


if __name__ == "__main__":
    print("this file is a module")
