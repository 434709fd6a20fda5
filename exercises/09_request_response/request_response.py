"""Request, then response, for every client at once."""

import asyncio


async def ask(session, request):
    """Send `request`, then read the response and return it."""
    raise NotImplementedError


async def ask_all(sessions, requests):
    """One conversation with each session, all at the same time; return the list of responses in the order of `requests`."""
    # zip(sessions, requests) gives you the pairs.
    raise NotImplementedError
