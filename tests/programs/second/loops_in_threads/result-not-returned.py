import asyncio
import threading


def run_shards(shards, load, crunch):
    def work(shard):
        async def main():
            async with asyncio.TaskGroup() as tg:
                tasks = [tg.create_task(load(item)) for item in shard]
            return [crunch(task.result()) for task in tasks]

        return asyncio.run(main())

    threads = [threading.Thread(target=work, args=[shard]) for shard in shards]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
