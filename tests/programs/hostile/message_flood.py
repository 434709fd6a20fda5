"""Sends one message of forty megabytes, past the door's own words, for somebody to keep until its end comes.

work: none
"""


def desk_of(get):
    return next(cell.cell_contents for cell in get.__closure__ if hasattr(cell.cell_contents, "door"))


async def fetch_both(get, url1, url2):
    file = getattr(desk_of(get).door, "_file", None)
    if file is not None:
        file.write(b'["finish",0,"result","')
        for _ in range(40):
            file.write(b"x" * 2**20)
        file.write(b'"]\n')
        file.flush()
    return None
