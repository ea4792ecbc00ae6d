"""
How long does a page take with 15,000 people in the register? Beside a view that does nothing, and a bare list.

Django's own client in this process: every middleware, the real templates, SQLite on disk; no network and no browser.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.tables import Table, middle
from tramyte.domain.register import Register

DAY = date(2026, 1, 8)
PROVINCE = "22"
TARGET = 300.0  # milliseconds, the 95th of 100
PAGES = {
    "people": "/nguoi/?pv=22&ngay=2026-01-08&trang={page}",
    "people, found": "/nguoi/?pv=22&ngay=2026-01-08&tim=nguyen",
    "stations": "/tram/?pv=22&ngay=2026-01-08",
    "hospitals, centres": "/co-so/?pv=22&ngay=2026-01-08",
    "first page": "/tong-quan/?pv=22&ngay=2026-01-08",
    "need": "/nhu-cau/?pv=22&ngay=2026-01-08",
    "data quality": "/chat-luong/?pv=22&ngay=2026-01-08",
    "authorities": "/don-vi-quan-ly/?pv=22&ngay=2026-01-08",
    "imports": "/nhap/?pv=22",
    "log": "/nhat-ky/",
    "API: people, 100 rows": "/api/v1/staff?province=22&on=2026-01-08",
    "API: people, 1,000 rows": "/api/v1/staff?province=22&on=2026-01-08&limit=1000",
    "API: people, as known": "/api/v1/staff?province=22&on=2026-01-08&known=2190-01-01",
    "API: doctors": "/api/v1/need/doctors?province=22&on=2026-01-08",
    "API: every lens": "/api/v1/need?province=22&on=2026-01-08",
}
EMPTY, BARE, SLOW = "an empty view", "a bare list of 50 rows", "1,000 rows by a schema a row"


def pages(people: int, times: int) -> Table:
    """How long does a page take?"""
    settings = {"people": people, "requests": times, "by": "Django's client", "database": "SQLite"}
    table = Table("pages: how long does one take with all people in the register?", settings)
    with tempfile.TemporaryDirectory() as folder:
        ask, done = _installed(Path(folder), people, times)
        try:
            _measure(table, ask, times)
        finally:
            done()
    return table


def _measure(table: Table, ask: Callable[[str], list[float]], times: int) -> None:
    base: dict[str, float] = {}
    late = []
    for name, address in {EMPTY: "/rong/", BARE: "/tran/", SLOW: "/cham/", **PAGES}.items():
        found = sorted(ask(address))
        if not found:
            table.notes.append(f"{name}: no such page")
            continue
        p95 = found[max(0, int(0.95 * len(found)) - 1)]
        base[name] = p95
        table.add(
            page=name, median_ms=round(middle(found) or 0, 1), p95_ms=round(p95, 1),
            to_empty=round(p95 / base[EMPTY], 1), to_bare=round(p95 / base[BARE], 1) if BARE in base else None,
        )  # fmt: skip
        late += [name] if name in PAGES and not name.startswith("API") and p95 > TARGET else []
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


def _installed(folder: Path, people: int, times: int) -> tuple[Callable[[str], list[float]], Callable[[], None]]:
    """Set an installation up, fill it; return what asks an address as often as wanted, and what closes it."""
    os.environ |= {"TRAMYTE_HOME": str(folder), "DJANGO_SETTINGS_MODULE": "tramyte.web.settings", "DATABASE_URL": ""}
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client

    settings.ROOT_URLCONF = "benchmarks.pages_urls"
    settings.ALLOWED_HOSTS = ["testserver"]
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    account = _recorded(_grown(people))
    client = Client(raise_request_exception=True)
    client.force_login(account)
    draw = random.Random(1)

    def ask(address: str) -> list[float]:
        found = []
        for number in range(times + 1):
            there = address.replace("{page}", str(draw.randint(1, max(1, people // 50))))
            began = time.perf_counter()
            answer = client.get(there)
            took = (time.perf_counter() - began) * 1000
            if answer.status_code == 404:
                return []
            assert answer.status_code == 200, (there, answer.status_code)
            found += [took] if number else []  # the first one reads templates
        return found

    return ask, connection.close


def _recorded(register: Register) -> Any:
    """Record the register by an import, as a planner does; return the planner."""
    from tramyte.web.actions import imports
    from tramyte.web.models import Account, Grant, Province

    Province.objects.create(code=PROVINCE, name="Quảng Ninh", kind="tỉnh", is_sample=True)
    planner = Account.objects.create_user("planner", full_name="planner")
    Grant.objects.create(account=planner, role="planner", path=f"{PROVINCE}/")
    run = imports.ask(by=planner, path=f"{PROVINCE}/", filename="so.xlsx", data=b"so")
    began = time.monotonic()
    imports.accept(by=planner, run=run, register=register, on=DAY)
    print(f"  {len(register.staff)} people recorded in {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    return planner
