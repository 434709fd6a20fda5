# my solution
import asyncio


async def cook(boil_water, chop):
  task = asyncio.create_task(boil_water())
  water = await task
  onions = await chop("onions")
  carrots = await chop("carrots")
  return water, onions, carrots
