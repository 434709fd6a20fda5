import asyncio


async def ask(session, request):
    pass


async def ask_all(sessions, requests):
    pass
