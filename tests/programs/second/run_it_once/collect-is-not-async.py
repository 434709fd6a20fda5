from asyncio import gather, run


def collect(fetch, urls: list[str]):
    # gather gives the list back
    pages = map(fetch, urls)
    return gather(*pages)


def main_program(fetch, urls: list[str]) -> list[str]:
    texts = run(collect(fetch, urls))
    return texts
