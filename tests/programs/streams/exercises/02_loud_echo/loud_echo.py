"""A loud echo."""

import asyncio


async def serve(until_evening, port):
    """Answer each line of each client in capital letters, until evening."""
    raise NotImplementedError
