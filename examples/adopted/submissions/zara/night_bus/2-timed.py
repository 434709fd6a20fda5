def mean_wait(lines, longest):
    from asyncio import run
    from time import perf_counter as clock

    first = clock()
    run(__import__("1-all_lines").all_lines(lines, longest))
    return (clock() - first) / lines
