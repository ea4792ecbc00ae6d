"""
Điện Biên before its campaign, moved to the weeks to come: the register, letters of the stations, a workbook to drop.

The workbook, dien-bien.xlsx in the folder of the installation, asks for the campaign: 108 people, 45 stations.
"""

from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta

PLACE = "11"
ROLES = ("planner", "director", "clerk")
NAMES = {role: f"{role}-{PLACE}" for role in ROLES}
ASKED = ("campaign", "requirements", "weights", "locks")  # what the workbook brings


def moved(record, by):
    """Return a record, or a register of them, with every day moved; a month that was counted stays the month it was."""
    if isinstance(record, tuple):
        return tuple(moved(one, by) for one in record)
    if is_dataclass(record) and not isinstance(record, type):
        days = {field.name: getattr(record, field.name) for field in fields(record) if field.name != "month"}
        return replace(record, **{name: moved(value, by) for name, value in days.items()})
    return record + by if isinstance(record, date) and type(record) is date else record


def province(*, today):
    """Return the register of the sample whose campaign begins three weeks from now."""
    from tramyte.sample import sample

    found = sample(PLACE, seed=1)
    by = today + timedelta(days=21 - today.weekday()) - found.campaign[0].first_monday
    return replace(moved(found, by), staff=tuple(_born_later(one, by) for one in moved(found.staff, by)))


def _born_later(person, by):
    """Return a person as old on the moved days as before: one of the 108 retires inside the campaign, not before it."""
    if person.birth_month is None:
        return replace(person, birth_year=person.birth_year + by.days // 365)
    years, month = divmod(person.birth_month - 1 + by.days * 12 // 365, 12)
    return replace(person, birth_year=person.birth_year + years, birth_month=month + 1)


def lay_out(home, password, secret):
    """Record the province, let every station ask by letter, open the accounts; return role -> account."""
    from allauth.mfa.totp.internal.auth import TOTP
    from django.utils import timezone

    from tramyte.exchange import workbook
    from tramyte.web.actions import imports, layouts, provinces
    from tramyte.web.dossier import said, words_of
    from tramyte.web.models import Account, Grant

    today = timezone.localdate()
    found = province(today=today)
    (home / "dien-bien.xlsx").write_bytes(workbook.write(found, synthetic=True, lang="vi"))
    provinces.set_up(by=None, code=PLACE, name="Điện Biên", kind="tỉnh", is_sample=True)
    run = imports.ask(by=None, path=f"{PLACE}/", filename="so.xlsx", data=b"dien-bien")
    imports.accept(by=None, run=run, register=replace(found, **dict.fromkeys(ASKED, ())), on=today)
    for role, name in NAMES.items():
        account = Account.objects.create_user(name, password=password, full_name=f"Lò Văn {role}")
        Grant.objects.create(account=account, role=role, path=f"{PLACE}/")
        if role == "director":
            TOTP.activate(account, secret)
    planner = Account.objects.get(username=NAMES["planner"])
    words = said(words_of(PLACE), {"bases": ("Quyết định số 01/2025/QĐ-UBND", "Kế hoạch số 12/KH-UBND")})
    layouts.say_of_office(by=planner, province=PLACE, words=words)
    _letters(found, planner)
    return {name: name for name in NAMES.values()}


def _letters(found, planner):
    """Put on record that each commune has asked in writing for whom the campaign wants."""
    from django.utils import timezone

    from tramyte.web.models import Facility, Wanted

    campaign = found.campaign[0]
    paths = dict(Facility.objects.filter(province=PLACE).values_list("code", "path"))
    wanted = {(one.facility, one.skill) for one in found.requirements}
    Wanted.objects.bulk_create(
        Wanted(
            province=PLACE, path=paths[facility], facility=facility, skill=skill, count=1,
            start=campaign.first_monday, end=campaign.first_monday + timedelta(weeks=campaign.weeks),
            reason="Thiếu người", letter=f"{number}/UBND", letter_on=timezone.localdate(), state="taken",
            campaign=campaign.code, asked_by=planner, asked_at=timezone.now(),
        )
        for number, (facility, skill) in enumerate(sorted(wanted), start=1)
    )  # fmt: skip
