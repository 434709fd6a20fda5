"""Chidi Okonkwo: my solution."""

import asyncio


async def collect(fetch, urls):
	tasks = []
	for url in urls:
		tasks.append(asyncio.create_task(fetch(url)))
	texts = []
	for task in tasks:
		texts.append(await task)
	return texts


def main_program(fetch, urls):
	async def main():
		return await collect(fetch, urls)

	result = asyncio.run(main())
	print(len(result), "pages")
	return result


if __name__ == "__main__":
    print("this file is a module")
