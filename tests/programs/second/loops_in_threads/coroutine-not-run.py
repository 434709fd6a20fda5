import threading


def run_shards(shards, load, crunch):
    results = []

    async def work(shard):
        results.append([crunch(await load(item)) for item in shard])

    threads = [threading.Thread(target=work, args=(shard,)) for shard in shards]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    return results
