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

from tests.browser.way import lay_out

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
    _planned(home)
    _called()
    print(json.dumps(accounts | _sent(home) | _to_sign() | lay_out(home, PASSWORD, SECRET)))


def _to_sign():
    """Submit two small campaigns of later weeks, with every letter on record; a director of their own signs: signer."""
    from allauth.mfa.totp.internal.auth import TOTP
    from django.utils import timezone

    from tests.web.campaigns import ready, upcoming
    from tramyte.web.actions import stages
    from tramyte.web.models import Account, Grant

    today, planner = timezone.localdate(), Account.objects.get(username="the-planner")
    for number in (1, 2):
        monday = today + timedelta(days=63 + 49 * number - today.weekday())  # after SAU-1 and SAU-2 are over
        draft = ready(planner, upcoming(planner, f"KY-{number}", monday=monday))
        stages.submit(by=planner, draft=draft, seen=draft.revision)
    account = Account.objects.create_user("the-signer", password=PASSWORD, full_name="Nguyễn Văn Mẫu")
    Grant.objects.create(account=account, role="director", path="08/")
    TOTP.activate(account, SECRET)
    return {"signer": account.username}


def _sent(home):
    """
    Issue two small campaigns of the weeks to come, and open the accounts of two people who go: mine, other.

    sent.json tells a tour of each campaign, of somebody else, to be replaced.
    """
    from django.utils import timezone

    from tests.web.campaigns import later
    from tramyte.web.models import Account, Deployment, Grant

    today, planner = timezone.localdate(), Account.objects.get(username="the-planner")
    monday = today + timedelta(days=14 - today.weekday())
    rows = {}
    for number in (1, 2):
        code = f"SAU-{number}"
        later(planner, code, monday=monday)
        rows[code] = list(Deployment.objects.filter(campaign=code).order_by("start", "pk"))
    found = {}
    for name, one in zip(("mine", "other"), {row.staff: row for row in rows["SAU-1"]}.values(), strict=False):
        account = Account.objects.create_user(f"the-{name}", password=PASSWORD, full_name=f"Nguyễn {name}")
        Grant.objects.create(account=account, role="staff", path=one.sending_path, staff=one.staff)
        found[name] = account.username
    (home / "sent.json").write_text(json.dumps({code: each[-1].pk for code, each in rows.items()}), "utf-8")
    return found


def _planned(home):
    """
    Let the planner solve the campaign (draft 1), and try it where one person would rather stay at home (a trial).

    board.json tells tours at stations of the first page that can move: a week later, and to another station.
    """
    from tests.web.campaigns import drafted
    from tramyte.rotation.ledger import Ledger
    from tramyte.rotation.problem import Preference
    from tramyte.web.actions import drafts
    from tramyte.web.models import Account, Campaign
    from tramyte.web.planning import Sheet, key_of
    from tramyte.web.views.board_moves import positions

    planner = Account.objects.get(username="the-planner")
    draft = drafted(planner)
    sheet = Sheet(draft)
    ledger = Ledger(sheet.problem, sheet.tours)
    rows = positions(sheet)
    shown = dict.fromkeys(station for station, _ in rows)
    first = set(list(shown)[:25])
    own = [one for one in sheet.tours if one.station in first and one.key not in sheet.problem.locked_keys]
    later = [one for one in own if one.end < sheet.problem.weeks and not broken(ledger, one, start=one.start + 1)]
    other = [
        (one, station) for one in own for station, skill in rows
        if skill == one.skill and station in first and station != one.station and one not in later[:1]
        and not broken(ledger, one, station=station)
    ]  # fmt: skip
    soft = later[1]
    wish = Preference(None, soft.end, soft.end + 1, 5)
    people = [replace(one, preferences=(wish,)) if one.id == soft.staff else one for one in sheet.problem.staff]
    drafts.make(
        by=planner, campaign=Campaign.objects.get(code=draft.campaign), origin="trial", parent=draft,
        problem=replace(sheet.problem, staff=tuple(people)), tours=sheet.tours,
    )  # fmt: skip
    told = {
        "later": key_of(later[0]), "soft": key_of(soft), "other": key_of(other[0][0]), "to": other[0][1],
        "skill": other[0][0].skill,
    }  # fmt: skip
    (home / "board.json").write_text(json.dumps(told), "utf-8")


def _called():
    """Open a second campaign: its units are called, its draft is out for opinions, a station asks for people."""
    from django.utils import timezone

    from tramyte.web.actions import calls, campaigns, drafts, requirements, stages
    from tramyte.web.models import Account, Draft, Facility, Grant
    from tramyte.web.planning import Sheet

    planner, sender = (Account.objects.get(username=f"the-{role}") for role in ("planner", "sender"))
    head = Account.objects.get(username="the-head")
    sheet = Sheet(Draft.objects.get(number=1))
    values = {"code": "TQ-2026-02", "name": "Đợt tháng 04/2026", "first_monday": date(2026, 4, 6), "weeks": 12,
              "instrument": "support", "max_tours": 2, "rest_weeks": 2, "max_travel_min": 480}  # fmt: skip
    campaign = campaigns.begin(by=planner, province="08", values=values)
    draft = drafts.make(by=planner, campaign=campaign, problem=sheet.problem, tours=sheet.tours, origin="hand")
    due = timezone.localdate() + timedelta(days=9)
    stages.consult(by=planner, draft=draft, seen=0, due=due)
    unit = Grant.objects.get(account=sender).path.strip("/").split("/")[-1]
    calls.ask(by=planner, campaign=campaign, counts={(unit, "NOI"): (4, 12), (unit, "NHI"): (3, 9)}, due=due)
    station = Facility.objects.get(path=Grant.objects.get(account=head).path)
    requirements.add(by=planner, campaign=campaign, rows=[requirements.Row(station.code, "NOI", 1, 4, 1, 1)])
    span = (date(2026, 4, 6), date(2026, 5, 4))
    requirements.want(by=head, facility=station, skill="NHI", count=1, span=span, reason="bác sĩ đi học")


def broken(ledger, tour, **new):
    """Return whether a tour would break a rule if it were otherwise."""
    return ledger.broken(replace(tour, **new), [tour])


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
