"""The columns of a roster, by the names that platforms and people give them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Role:
    """What a column says; `usual` is its name to people, `names` the others, without spaces and signs."""

    name: str
    usual: str
    names: frozenset[str]
    identifies: bool = False


def _role(name: str, usual: str, *names: str, identifies: bool = False) -> Role:
    return Role(name, usual, frozenset((_plain(usual), *names)), identifies)


def _plain(name: str) -> str:
    return re.sub(r"[\W_]", "", name.casefold())


# Of those that identify, the first that a row has is the learner's id; a platform may know them by each.
ROLES: tuple[Role, ...] = (
    _role("id", "id", "learner", "learnerid", "userid", identifies=True),
    _role("student", "student id", "sid", "studentnumber", "matriculationnumber", "idnumber", identifies=True),
    _role("sis", "SIS user ID", "sisid", "integrationid", identifies=True),
    _role("login", "login", "loginid", "sisloginid", "username", "user", "netid", identifies=True),
    _role("email", "email", "emailaddress", "mail", identifies=True),
    _role("identifier", "identifier", identifies=True),
    _role("github", "github username", "github", "githublogin", "githubuser", "githubhandle", identifies=True),
    _role("name", "name", "fullname", "student", "studentname", "displayname", "sortablename"),
    _role("first", "first name", "first", "givenname", "forename"),
    _role("last", "last name", "last", "surname", "familyname"),
    _role("section", "section", "sections", "sectionname", "group", "groups"),
)
_ALONE = ("name", "first", "last")


@dataclass(frozen=True, slots=True)
class Columns:
    """`roles` are the places of the columns that are known, `identity` the heading of the one that tells who a learner is."""

    roles: Mapping[str, int]
    identity: str
    count: int

    def read(self, row: Sequence[str]) -> dict[str, str]:
        return {role: row[at] for role, at in self.roles.items() if at < len(row)}


def columns_of(head: Sequence[str]) -> Columns | None:
    """None where no column tells who a learner is. Of two columns that say the same the first is read."""
    roles = dict[str, int]()
    for role in ROLES:
        at = next((at for at, cell in enumerate(head) if _plain(cell) in role.names), None)
        if at is not None:
            roles[role.name] = at
    telling = [role.name for role in ROLES if role.identifies] + list(_ALONE)
    identity = next((role for role in telling if role in roles), None)
    return Columns(roles, head[roles[identity]], len(head)) if identity else None
