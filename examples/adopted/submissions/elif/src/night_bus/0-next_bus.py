import random
import time


def next_bus(longest=12):
    wait = random.uniform(0, longest)
    time.sleep(wait)
    return wait
