"""
How long does a page take with 15,000 people in the register? Beside a view that does nothing, and a bare list.

Django's own client in this process: every middleware, the real templates, SQLite on disk; no network and no browser.
The memory of the pages (web/memory.py) is on, as it is where pages are served. `cold` is a request with nothing in
memory, the worst that follows a change; `cpu` is what this process worked, which the load of a machine hardly changes;
`kB` is what travels, compressed.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import cycle
from pathlib import Path
from typing import Any

from benchmarks.tables import Table, middle
from tramyte.domain.register import Register

DAY = date(2026, 1, 8)
PROVINCE = "22"
TARGET = 300.0  # milliseconds, the 95th of 100
COLD = 3  # requests with nothing in memory
MOVE = "board: a move, then taken back"
SEEN = 4  # pages of the board, gaps and tours that are asked for
PAGES = {
    "people": "/nguoi/?pv=22&ngay=2026-01-08&trang={page}",
    "people, found": "/nguoi/?pv=22&ngay=2026-01-08&tim=nguyen",
    "people, licence over": "/nguoi/?pv=22&ngay=2026-01-08&gphn=het",
    "people, as known": "/nguoi/?pv=22&ngay=2026-01-08&biet-den=2190-01-01",
    "communes": "/tram/?pv=22&ngay=2026-01-08",
    "stations": "/tram/?pv=22&ngay=2026-01-08&dem=tram",
    "hospitals, centres": "/co-so/?pv=22&ngay=2026-01-08",
    "people of a station": "{station}nhan-luc/?pv=22&ngay=2026-01-08",
    "authorities": "/quan-tri/don-vi/?pv=22&ngay=2026-01-08",
    "imports": "/nhap/?pv=22",
    "log": "/nhat-ky/",
    "users": "/quan-tri/nguoi-dung/",
    "search": "/tim/?pv=22&ngay=2026-01-08&tim=nguyen",
    "data quality": "/chat-luong/?pv=22&ngay=2026-01-08",
    "data quality, one kind": "/chat-luong/nguoi-chua-co-trinh-do/?pv=22&ngay=2026-01-08",
    "need": "/nhu-cau/?pv=22&ngay=2026-01-08",
    "first page": "/tong-quan/?pv=22&ngay=2026-01-08",
    "station": "{station}?pv=22&ngay=2026-01-08",
    "person": "{person}?pv=22&ngay=2026-01-08",
    "board by station": "/dot/{campaign}/bang/?pv=22&trang={leaf}",
    "board by person": "/dot/{campaign}/bang/?pv=22&xem=nguoi",
    "board by unit": "/dot/{campaign}/bang/?pv=22&xem=don-vi",
    "board: why empty": "{gap}?pv=22",
    "board: what would fill it": "{gap}?pv=22&cach=1",
    "board: why this person": "{tour}?pv=22",
    MOVE: "/dot/{campaign}/bang/sua/?pv=22",
    "comparison": "/dot/{campaign}/so-sanh/?pv=22",
    "cost": "/dot/{campaign}/kinh-phi/?pv=22",
    "tours of people": "/dot/{campaign}/so-luot-di/?pv=22",
    "API: people, 100 rows": "/api/v1/staff?province=22&on=2026-01-08",
    "API: people, 1,000 rows": "/api/v1/staff?province=22&on=2026-01-08&limit=1000",
    "API: people, as known": "/api/v1/staff?province=22&on=2026-01-08&known=2190-01-01",
    "API: facilities": "/api/v1/facilities?province=22&on=2026-01-08",
    "API: doctors": "/api/v1/need/doctors?province=22&on=2026-01-08",
    "API: every lens": "/api/v1/need?province=22&on=2026-01-08",
}
EMPTY, BARE, SLOW = "an empty view", "a bare list of 50 rows", "1,000 rows by a schema a row"
ADMIN = ("users",)  # pages of an administrator; all others are a planner's
SECRET = "JBSWY3DPEHPK3PXP"  # noqa: S105  of the administrator's second factor


@dataclass(frozen=True)
class Asked:
    """What came of asking for one page: milliseconds of each request and of the cold ones, CPU, questions, bytes."""

    took: list[float]
    cpu: list[float]
    cold: list[float]
    cold_cpu: list[float]
    questions: int
    weight: int


Ask = Callable[[str, str], Asked | None]


def pages(people: int, times: int) -> Table:
    """How long does a page take?"""
    settings = {
        "people": people, "requests": times, "by": "Django's client", "database": "SQLite",
        "load": round(os.getloadavg()[0], 1),
    }  # fmt: skip
    table = Table("pages: how long does one take with all people in the register?", settings)
    with tempfile.TemporaryDirectory() as folder:
        ask, done = _installed(Path(folder), people, times)
        try:
            _measure(table, ask)
        finally:
            done()
    table.settings["load at the end"] = round(os.getloadavg()[0], 1)
    return table


def _measure(table: Table, ask: Ask) -> None:
    base: dict[str, float] = {}
    late = []
    for name, address in {EMPTY: "/rong/", BARE: "/tran/", SLOW: "/cham/", **PAGES}.items():
        found = ask(name, address)
        if found is None:
            table.notes.append(f"{name}: no such page")
            continue
        took = sorted(found.took)
        p95 = took[max(0, int(0.95 * len(took)) - 1)]
        base[name] = p95
        table.add(
            page=name, median_ms=round(middle(took) or 0, 1), p95_ms=round(p95, 1),
            cpu_ms=round(middle(found.cpu) or 0, 1), cold_ms=round(middle(found.cold) or 0, 1),
            cold_cpu_ms=round(middle(found.cold_cpu) or 0, 1), questions=found.questions,
            kB=round(found.weight / 1000, 1),
            to_empty=round(p95 / base[EMPTY], 1), to_bare=round(p95 / base[BARE], 1) if BARE in base else None,
        )  # fmt: skip
        late += [name] if name in PAGES and p95 > TARGET else []
    table.summary.append({"slower than": f"{TARGET:.0f} ms", "pages": ", ".join(late) or "none"})


def _grown(people: int) -> Register:
    """Return the sample of the largest province with more people at the same places."""
    from tramyte.sample import sample

    found = sample(PROVINCE, seed=1)
    mine = {one.code for one in found.staff}
    more = people - len(mine)
    chosen = {code: f"{code}-2" for code in sorted(mine)[: max(0, more)]}
    extra: dict[str, Any] = {"staff": tuple(
        replace(one, code=chosen[one.code]) for one in found.staff if one.code in chosen
    )}  # fmt: skip
    for name in ("appointments", "skills", "licences", "absences"):
        rows = getattr(found, name)
        again = (replace(one, staff=chosen[one.staff]) for one in rows if one.staff in chosen)
        extra[name] = tuple(replace(one, post=None) if name == "appointments" else one for one in again)
    return replace(found, **{name: (*getattr(found, name), *rows) for name, rows in extra.items()})


def _installed(folder: Path, people: int, times: int) -> tuple[Ask, Callable[[], None]]:
    """Set an installation up, fill it; return what asks an address as often as wanted, and what closes it."""
    os.environ |= {"TRAMYTE_HOME": str(folder), "DJANGO_SETTINGS_MODULE": "tramyte.web.settings", "DATABASE_URL": ""}
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client

    import tramyte.web.wsgi  # noqa: F401  whatever it sets is set where pages are served

    settings.ROOT_URLCONF = "benchmarks.pages_urls"
    settings.ALLOWED_HOSTS = ["testserver"]
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    people_of = {False: Client(), True: Client()}
    for client, account in zip(people_of.values(), _recorded(_grown(people)), strict=True):
        client.force_login(account)
    draw = random.Random(1)
    places = _places()
    planned = _planned()

    def ask(name: str, address: str) -> Asked | None:
        there = []
        for _ in range(times + COLD + 2):
            parts = {name: draw.choice(known) for name, known in planned}
            there.append(address.format(page=draw.randint(1, max(1, people // 50)), **places, **parts))
        return _asked(people_of[name in ADMIN], there, connection, _moves() if name == MOVE else None)

    return ask, connection.close


def _asked(client: Any, addresses: list[str], connection: Any, forms: Iterator[Any] | None = None) -> Asked | None:
    """
    Return what came of asking: once for the templates, then with nothing in memory, then for the figures.

    forms : what is sent, each time the next; None: nothing, a page is read
    """
    from django.test.utils import CaptureQueriesContext

    from tramyte.web.memory import MEMORY

    figures: dict[str, list[float]] = {"took": [], "cpu": [], "cold": [], "cold_cpu": []}

    def get(address: str, **more: Any) -> Any:
        return client.get(address, **more) if forms is None else client.post(address, next(forms), **more)

    if get(addresses[0]).status_code == 404:
        return None
    for number, address in enumerate(addresses[1:-1]):
        if number < COLD:
            MEMORY.forget()
        began, worked = time.perf_counter(), time.process_time()
        answer = get(address, headers={"X-Board": "1"})
        ended, done = time.perf_counter(), time.process_time()
        assert answer.status_code == 200, (address, answer.status_code)
        figures["cold" if number < COLD else "took"].append((ended - began) * 1000)
        figures["cold_cpu" if number < COLD else "cpu"].append((done - worked) * 1000)
    with CaptureQueriesContext(connection) as questions:
        weight = len(get(addresses[-1], headers={"Accept-Encoding": "gzip", "X-Board": "1"}).content)
    return Asked(**figures, questions=len(questions), weight=weight)


def _places() -> dict[str, str]:
    """Return the pages of the station and of the person whose names come first."""
    from tramyte.web.models import Facility, Staff
    from tramyte.web.views.place import address

    station = Facility.objects.filter(province=PROVINCE, kind="station").order_by("sort_key", "pk")[0]
    person = Staff.objects.filter(province=PROVINCE, path__startswith=station.path).order_by("sort_key", "pk")[0]
    return {"station": address(station), "person": f"/nguoi/{person.code}/"}


def _planned() -> list[tuple[str, list[str]]]:
    """Record a plan of a full province as the draft of the campaign; return what stands in addresses of its board."""
    from benchmarks.instances import preset
    from tramyte.rotation.check import unmet
    from tramyte.rotation.solve import solve
    from tramyte.web.actions import campaigns, drafts
    from tramyte.web.models import Account, Campaign
    from tramyte.web.planning import key_of

    planner = Account.objects.get(username="planner")
    campaign, problem = Campaign.objects.get(province=PROVINCE), preset("full", 1001)
    tours = solve(problem, seconds=3, seed=1).assignments
    campaigns.edit(by=planner, conduct=campaigns.opened(by=planner, campaign=campaign))
    first = drafts.make(by=planner, campaign=campaign, problem=problem, tours=tours[:-1], origin="solve")
    drafts.make(by=planner, campaign=campaign, problem=problem, tours=tours, origin="solve", parent=first)
    draw = random.Random(2)
    gaps = draw.sample(unmet(problem, tours), SEEN)
    page = f"/dot/{campaign.code}/"
    return [
        ("campaign", [campaign.code]), ("leaf", [str(1 + one) for one in range(SEEN)]),
        ("gap", [f"{page}vi-tri/{one.station}/{one.skill}/{one.week + 1}/" for one in gaps]),
        ("tour", [f"{page}luot/{key_of(one)}/" for one in draw.sample(tours, SEEN)]),
    ]  # fmt: skip


def _moves() -> Iterator[dict[str, Any]]:
    """Yield forms of the board that move tours a week, each followed by one that takes it back."""
    from tramyte.rotation.ledger import Ledger
    from tramyte.web.models import Draft
    from tramyte.web.planning import Sheet, key_of

    sheet = Sheet(Draft.objects.order_by("-number")[0])
    ledger = Ledger(sheet.problem, sheet.tours)
    able = [
        tour for tour in sheet.tours
        if tour.end < sheet.problem.weeks and not ledger.broken(replace(tour, start=tour.start + 1), [tour])
    ]  # fmt: skip
    seen = 0
    for tour in cycle(able):
        yield {"viec": "phai", "luot": key_of(tour), "seen": seen}
        yield {"viec": "hoan-lai", "seen": seen + 1}
        seen += 2


def _recorded(register: Register) -> tuple[Any, Any]:
    """Record the register by an import, as a planner does; return the planner, and an administrator."""
    from allauth.mfa.totp.internal.auth import TOTP

    from tramyte.web.actions import imports
    from tramyte.web.models import Account, Grant, Province

    Province.objects.create(code=PROVINCE, name="Quảng Ninh", kind="tỉnh", is_sample=True)
    planner = Account.objects.create_user("planner", full_name="planner")
    Grant.objects.create(account=planner, role="planner", path=f"{PROVINCE}/")
    run = imports.ask(by=planner, path=f"{PROVINCE}/", filename="so.xlsx", data=b"so")
    began = time.monotonic()
    imports.accept(by=planner, run=run, register=register, on=DAY)
    print(f"  {len(register.staff)} people recorded in {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    admin = Account.objects.create_user("admin", full_name="admin")
    Grant.objects.create(account=admin, role="admin", path="")
    TOTP.activate(admin, SECRET)
    return planner, admin
