# my solution
import asyncio


async def fetch_both(get, url1, url2):
  """Download both pages at the same time; return (text1, text2)."""
  task1 = asyncio.create_task(get(url1))
  task2 = asyncio.create_task(get(url2))
  text1 = await task1
  text2 = await task2
  return text1, text2
