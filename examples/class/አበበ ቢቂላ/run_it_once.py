# -*- coding: utf-8 -*-
import asyncio

async def collect(fetch, urls):
    return await asyncio.gather(*(fetch(url) for url in urls))

def main_program(fetch, urls):
    return [asyncio.run(fetch(url)) for url in urls]


if __name__ == "__main__":
    print("this file is a module")
