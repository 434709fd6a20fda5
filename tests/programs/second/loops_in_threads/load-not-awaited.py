import asyncio
import threading


def run_shards(shards, load, crunch):
    results = {}

    async def work(number):
        loaded = []
        for item in shards[number]:
            loaded.append(load(item))
        results[number] = []
        for data in loaded:
            results[number].append(crunch(data))

    def run(number):
        asyncio.run(work(number))

    threads = [threading.Thread(target=run, args=[number]) for number in range(len(shards))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [results[number] for number in sorted(results)]
