next_bus = __import__("0-next_bus").next_bus


def watcher(longest):
    return next_bus(longest)
