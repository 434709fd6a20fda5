#!/usr/bin/env python3
"""Somebody who waits in the background."""
import asyncio

next_bus = __import__("0-next_bus").next_bus


def watcher(longest: float) -> asyncio.Task:
    """A task that waits for the next bus."""
    return asyncio.create_task(next_bus(longest))
