"""
Fill the folder TRAMYTE_HOME names with Tuyên Quang and an account per role, all with one password; run as a program.

The province stands before its decision of 29/12/2025: every station and polyclinic is still its medical centre's.

The last line is JSON: role -> account. Roles that need a second factor have it, with SECRET.
"""

import json
import os
import secrets
import threading
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

DAY = date(2026, 1, 8)
PASSWORD = "thu-nghiem-238"  # noqa: S105  of made-up accounts in a folder that the tests throw away
SECRET = "JBSWY3DPEHPK3PXP"  # noqa: S105


def main():
    """Migrate, record, open accounts."""
    import django

    home = Path(os.environ["TRAMYTE_HOME"])  # the key is there before the settings read it
    home.mkdir(parents=True, exist_ok=True)
    (home / "secret.key").write_text(secrets.token_urlsafe(50), "ascii")
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from tramyte.sample import sample
    from tramyte.web.actions import imports, provinces

    found = sample("08", seed=1)
    found = replace(found, authorities=tuple(replace(one, end=None) for one in found.authorities if one.start is None))
    provinces.set_up(by=None, code="08", name="Tuyên Quang", kind="tỉnh", is_sample=True)
    run = imports.ask(by=None, path="08/", filename="so.xlsx", data=b"so")
    imports.accept(by=None, run=run, register=found, on=DAY)
    accounts = _accounts(found)
    _waiting(found)
    _proposed()
    print(json.dumps(accounts))


def _waiting(found):
    """Drop a workbook that changes one person, and read it: it waits to be taken."""
    from tramyte.exchange import workbook
    from tramyte.web import worker
    from tramyte.web.actions import imports
    from tramyte.web.models import Account

    changed = replace(found.staff[0], given_name="Đổi")
    book = workbook.write(replace(found, staff=(changed, *found.staff[1:])), synthetic=True, lang="vi")
    planner = Account.objects.get(username="the-planner")
    imports.ask(by=planner, path="08/", filename="thay-doi.xlsx", data=book, on=DAY)
    assert worker.one("import", worker.KINDS["import"], worker="office", ending=threading.Event())


def _proposed():
    """Let the head of a station propose a correction, and the planner a norm of the province: both wait for another."""
    from django.utils import timezone

    from tramyte.web.actions import norms, proposals
    from tramyte.web.models import Account, Grant, Staff

    head, planner = (Account.objects.get(username=f"the-{role}") for role in ("head", "planner"))
    own = Staff.objects.filter(path=Grant.objects.get(account=head).path).first()
    proposals.propose(by=head, noun="staff", pk=own.pk, typed={"ten": "Hà"}, reason="Sai tên gọi")
    norms.propose(
        by=planner,
        province="08",
        name="doctors_per_station",
        values={"min": 5},
        paper="Công văn 12/SYT-TCCB",
        start=timezone.localdate() + timedelta(days=40),
    )


def _accounts(found):
    from allauth.mfa.totp.internal.auth import TOTP

    from tramyte.web.models import Account, Grant
    from tramyte.web.roles import ROLES

    station = next(one for one in found.facilities if one.kind == "station")
    hospital = next((one for one in found.facilities if one.kind == "hospital"), station)
    places = {
        "commune": f"08/{station.commune}/", "head": f"08/{station.commune}/{station.code}/",
        "sender": f"08/{hospital.commune}/{hospital.code}/", "staff": "08/", "analyst": "", "admin": "",
    }  # fmt: skip
    made = {}
    for role, rights in ROLES.items():
        account = Account.objects.create_user(f"the-{role}", password=PASSWORD, full_name=f"Nguyễn {role}")
        staff = found.staff[0].code if role == "staff" else None
        Grant.objects.create(account=account, role=role, path=places.get(role, "08/"), staff=staff)
        if rights.needs_second_factor:
            TOTP.activate(account, SECRET)
        made[role] = account.username
    return made


if __name__ == "__main__":
    main()
