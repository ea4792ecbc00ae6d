"""
How long does a page take on a slow line? Slow 3G: 400 kbit/s, and two seconds until an answer begins.

A server of its own, the one of the tests of pages (tests/browser/office.py): Tuyên Quang, an account for each role; and
a real Chromium whose network is slowed by its own tools; a phone works at a quarter of this machine's pace. `first`
is the largest paint of a visit with an empty cache, `later` of the next visit; `shift` is the sum of all layout shifts,
the worse of both; `kB` is what travels on the first visit, compressed. Times are medians.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from statistics import median
from typing import Any, Final

from benchmarks.tables import Table

ROOT: Final = Path(__file__).resolve().parent.parent
STATE: Final = "pv=08&ngay=2026-01-08"
PAGES: Final = {
    "first page": f"/tong-quan/?{STATE}", "communes": f"/tram/?{STATE}", "people": f"/nguoi/?{STATE}",
    "sign-in": "/tai-khoan/dang-nhap/",
}  # fmt: skip
SCREENS: Final = {
    "office": ({"width": 1366, "height": 768}, 1),
    "phone": ({"width": 360, "height": 740}, 4),
}  # size, and how much slower it works
RATE, LATENCY = 400_000 / 8, 2000  # bytes a second, milliseconds
FIRST, LATER, SHIFT = 5.0, 2.5, 0.05  # what a page may take: seconds, and layout shift
START = 120  # seconds until the server must answer
SETTLE = 1500  # milliseconds after the last transfer, in which a page may still move
WATCH = """
window.seen = { paint: 0, shift: 0 };
new PerformanceObserver((list) => list.getEntries().forEach((one) => (seen.paint = one.startTime)))
  .observe({ type: "largest-contentful-paint", buffered: true });
new PerformanceObserver((list) => list.getEntries().forEach((one) => (seen.shift += one.value)))
  .observe({ type: "layout-shift", buffered: true });
"""


def slow_line(times: int) -> Table:
    """How long does a page take on a slow line?"""
    from playwright.sync_api import sync_playwright

    machine: Any = import_module("tests.browser.machine")
    table = Table(
        "slow line: when does a page stand, at 400 kbit/s and 2 s latency?",
        {"visits": times, "province": "Tuyên Quang", "load": round(os.getloadavg()[0], 1)},
    )
    late = []
    with _office() as (address, account), sync_playwright() as play:
        browser = play.chromium.launch(executable_path=machine.chromium(play), args=list(machine.FLAGS))
        cookies = _signed_in(browser, address, account)
        for name, page in PAGES.items():
            for screen in SCREENS:
                visits = [
                    _visits(browser, f"{address}{page}", screen, None if name == "sign-in" else cookies)
                    for _ in range(times)
                ]
                first, later = (median(one[part] for one in visits) for part in ("first", "later"))
                shift = max(one["shift"] for one in visits)
                table.add(
                    page=name, screen=screen, first_s=first, later_s=later, shift=shift,
                    kB=median(one["kB"] for one in visits),
                )  # fmt: skip
                if first > FIRST or later > LATER or shift > SHIFT:
                    late.append(f"{name} ({screen})")
        browser.close()
    table.summary.append({"beyond": f"{FIRST} s, {LATER} s or {SHIFT} of shift", "pages": ", ".join(late) or "none"})
    return table


def _visits(browser: Any, address: str, screen: str, cookies: Any) -> dict[str, float]:
    """Return what came of visiting a page with an empty cache, and of visiting it again."""
    size, slower = SCREENS[screen]
    context = browser.new_context(viewport=size, storage_state=cookies, locale="vi-VN")
    context.set_default_timeout(START * 1000)
    context.add_init_script(WATCH)
    page = context.new_page()
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Emulation.setCPUThrottlingRate", {"rate": slower})
    line.send("Network.emulateNetworkConditions", {
        "offline": False, "latency": LATENCY, "downloadThroughput": RATE, "uploadThroughput": RATE,
        "connectionType": "cellular3g",
    })  # fmt: skip
    weight: list[float] = []
    line.on("Network.loadingFinished", lambda one: weight.append(one["encodedDataLength"]))
    seen = []
    for _ in ("first", "later"):
        page.goto(address)
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(SETTLE)
        seen.append({**page.evaluate("window.seen"), "kB": sum(weight) / 1000})
        weight.clear()
    context.close()
    first, later = seen
    return {
        "first": first["paint"] / 1000, "later": later["paint"] / 1000, "kB": first["kB"],
        "shift": max(first["shift"], later["shift"]),
    }  # fmt: skip


def _signed_in(browser: Any, address: str, account: str) -> Any:
    """Return the cookies of somebody who signed in."""
    password = import_module("tests.browser.office").PASSWORD
    context = browser.new_context(base_url=address)
    page = context.new_page()
    page.goto("/tai-khoan/dang-nhap/")
    page.fill("#id_login", account)
    page.fill("#id_password", password)
    with page.expect_navigation():
        page.click("main button")
    cookies = context.storage_state()
    context.close()
    return cookies


@contextmanager
def _office() -> Iterator[tuple[str, str]]:
    """Serve a filled installation; yield its address, and the account of the planner."""
    with tempfile.TemporaryDirectory() as folder, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        known = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        environment = known | {
            "TRAMYTE_HOME": folder, "DJANGO_SETTINGS_MODULE": "tramyte.web.settings", "PYTHONPATH": str(ROOT),
            "TRAMYTE_LOG": "ERROR",
        }  # fmt: skip
        filled = subprocess.run(
            [sys.executable, "-m", "tests.browser.office"],
            cwd=ROOT, env=environment, capture_output=True, text=True, check=True,
        )  # fmt: skip
        server = subprocess.Popen(
            [sys.executable, "-m", "tramyte.cli", "serve", "--home", folder, "--port", str(port)],
            cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            _await(port)
            yield f"http://127.0.0.1:{port}", json.loads(filled.stdout.splitlines()[-1])["planner"]
        finally:
            server.terminate()
            server.wait(30)


def _await(port: int) -> None:
    until = time.monotonic() + START
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(f"the server did not answer within {START} s")
