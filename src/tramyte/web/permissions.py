"""Who may do what where: queries begin from `visible_to`, actions ask `allowed`; without a grant there is nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from tramyte.web.models import Account, Grant
from tramyte.web.models.base import below, in_force
from tramyte.web.roles import ROLES, Permission

PEOPLE = frozenset({
    "Staff", "StaffSkill", "Licence", "Appointment", "Absence", "Collaborator", "PastTour", "Deployment", "Enrolment",
    "Commitment", "Lock", "Contact",
})  # fmt: skip


ASKED = "grants_asked"  # attribute of an account: day -> grants


def grants(account: Any, *, on: date) -> list[Grant]:
    """Return the grants of an account in force on the day; of a closed account, or of a stranger, none."""
    if not isinstance(account, Account) or not account.is_active:
        return []
    asked = getattr(account, ASKED, {})
    if on not in asked:
        asked[on] = list(account.grants.filter(in_force(on), waits=False).order_by("pk"))
    return list(asked[on])


def ask_once(account: Account) -> None:
    """Let the grants of an account be asked for once a day: for an account that lives as long as one request."""
    setattr(account, ASKED, {})


def allowed(account: Any, permission: Permission, path: str, *, on: date) -> bool:
    """Return whether the account may do this at a place on the day."""
    return any(permission in ROLES[one.role].may and path.startswith(one.path) for one in grants(account, on=on))


def is_own(account: Any, row: Any, *, on: date) -> bool:
    """Return whether a row is about the person whom a grant of rotated staff names."""
    code = row.code if type(row).__name__ == "Staff" else getattr(row, "staff", None)
    return code is not None and any(
        one.role == "staff" and one.staff == code and one.path[:2] == row.province for one in grants(account, on=on)
    )


def may_propose(account: Any, row: Any, *, on: date) -> bool:
    """Return whether the account may propose a correction of a row: at its place, or because it is about oneself."""
    return allowed(account, Permission.PROPOSE, row.path, on=on) or is_own(account, row, on=on)


def paths(account: Any, permission: Permission, *, on: date) -> list[str]:
    """Return the places at and below which the account may do this, none inside another."""
    found = sorted({one.path for one in grants(account, on=on) if permission in ROLES[one.role].may}, key=len)
    return [path for index, path in enumerate(found) if not any(path.startswith(above) for above in found[:index])]


def visible_to(rows: QuerySet[Any], account: Any, *, on: date, may: Permission | None = None) -> QuerySet[Any]:
    """
    Return the rows of a query that the account may see: places by place, people by place or because they are oneself.

    on  : the day of looking, on which grants count; not the day looked at
    may : the permission that shows them, for rows that are neither places nor people: the log, grants
    """
    if may is not None:
        return rows.filter(within(paths(account, may, on=on)))
    name = rows.model.__name__.removeprefix("Historical")
    is_people = name in PEOPLE
    seen = within(paths(account, Permission.SEE_PEOPLE if is_people else Permission.SEE_PLACES, on=on))
    if is_people:
        own = {one.staff for one in grants(account, on=on) if one.role == "staff"}
        column = "code" if name == "Staff" else "staff"
        for province, person in {(one.path[:2], one.staff) for one in grants(account, on=on) if one.staff in own}:
            if column in {field.name for field in rows.model._meta.get_fields()}:
                seen |= Q(**{column: person, "province": province})
    if name == "Deployment":
        seen |= within(paths(account, Permission.SEE_PEOPLE, on=on), "sending_path")
    return rows.filter(seen)


def within(found: Iterable[str], field: str = "path") -> Q:
    """Return the condition that a path is at or below one of these places; none: nothing."""
    seen = Q(pk__in=[])
    for path in found:
        if not path:
            return ~Q(pk__in=[])
        seen |= below(path, field)
    return seen
