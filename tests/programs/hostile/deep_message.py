"""Sends a message that no encoder would make, a hundred thousand lists deep, past the door's own words.

work: none
"""


def desk_of(get):
    return next(cell.cell_contents for cell in get.__closure__ if hasattr(cell.cell_contents, "door"))


async def fetch_both(get, url1, url2):
    file = getattr(desk_of(get).door, "_file", None)
    if file is not None:
        file.write(b'["finish",0,"result",' + b"[" * 100_000 + b"]" * 100_000 + b"]\n")
        file.flush()
    return None
