"""A loop per thread: shards of work, each in a thread and a loop of its own."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor


def run_shards(shards, load, crunch):
    """Do all shards at the same time, each in a thread with a loop of its own; return a list of results for each shard."""
    # In the loop of a shard: data = await load(item), for all its items at once; then crunch(data), one at a time.
    raise NotImplementedError
