"""A session in which some things need others: reading needs the login, the avatar needs the profile."""


class Session:
    key = None  # there is only one session: its operations are known by their names alone

    def __init__(self, world, v, not_ready):
        self._world, self._v, self._not_ready = world, v, not_ready
        self._done = set()

    def _need(self, step, why):
        if step not in self._done:
            raise self._not_ready(why)

    async def login(self):
        await self._world.sleep(self._v.login)
        self._done.add("login")

    async def log_visit(self):
        self._need("login", "log_visit() before the login was finished")
        await self._world.sleep(self._v.visit)

    async def read_profile(self):
        self._need("login", "read_profile() before the login was finished")
        await self._world.sleep(self._v.reading)
        self._done.add("profile")
        return self._v.profile

    async def read_avatar(self):
        self._need("profile", "read_avatar() before the profile was read")
        await self._world.sleep(self._v.picture)
        return self._v.avatar


def build(world, v):
    return {"gives": {"session": Session(world, v, world.error("NotReady", RuntimeError))}}
