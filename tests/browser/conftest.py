"""
A server of the product in a process of its own, a browser, and pages that fail a test by their own complaints.

    def test_something(visit):
        page = visit("planner", "/tong-quan/")

`visit` gives a page of somebody of that role, signed in (None: nobody). When the test is over it fails if the browser
complained: an error of a script, something the policy of the page forbids, a file that is not there.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from playwright.sync_api import BrowserContext, sync_playwright

from tests.browser.machine import FLAGS, chromium
from tests.browser.office import DAY, PASSWORD, SECRET
from tests.house.tree import ROOT

WIDE = {"width": 1366, "height": 768}
NARROW = {"width": 360, "height": 740}
START = 120  # seconds until a server must answer, and until the office is filled
ACCOUNTS = "accounts.json"
STATE = f"pv=08&ngay={DAY}"


def pytest_collection_modifyitems(items):
    """Let tests of this folder speak to the server on this machine, and to nothing else."""
    for item in items:
        if "tests/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.allow_hosts(["127.0.0.1"]))


@pytest.fixture(scope="session")
def prepared(tmp_path_factory):
    """Return the folder of an office that is filled, once for all processes of a run, and not served."""
    whole_run = tmp_path_factory.getbasetemp()
    folder = (whole_run.parent if "PYTEST_XDIST_WORKER" in os.environ else whole_run) / "prepared"
    _prepare(folder)
    return folder


@pytest.fixture(scope="session")
def office(prepared, tmp_path_factory):
    """Return a running installation: its address, and the name of the account of each role."""
    with serving(prepared, tmp_path_factory.mktemp("office") / "home") as running:
        yield running


@pytest.fixture(scope="session")
def browser():
    """Return Chromium; a machine without one fails, and is told what to do."""
    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=chromium(play), args=list(FLAGS))
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def states(office, browser):
    """Return what gives the cookies of somebody of a role, who signs in once a session."""
    return signed_in(office, browser)


@pytest.fixture
def visit(office, browser, states):
    """Return a maker of pages, which watch what the browser complains of."""
    opened: list[BrowserContext] = []
    complaints: list[str] = []

    def open_page(role, address="/", *, size=WIDE, theme="light", scripts=True, lang=None, allow=()):
        context = browser.new_context(
            base_url=office.address, viewport=size, color_scheme=theme, java_script_enabled=scripts, locale="vi-VN",
            storage_state=states(role) if role else None,
        )  # fmt: skip
        if lang:
            context.add_cookies([{"name": "lang", "value": lang, "url": office.address}])
        context.set_default_timeout(60_000)  # two cores may be busy with other tests
        page = context.new_page()
        watch(page, complaints, allow)
        opened.append(context)
        page.goto(address)
        return page

    yield open_page
    for context in opened:
        context.close()
    assert not complaints, "\n".join(complaints)


def signed_in(office, browser):
    """Return a giver of the cookies of somebody of a role; each signs in once."""
    kept = {}

    def state(role):
        if role not in kept:
            context = browser.new_context(base_url=office.address)
            page = context.new_page()
            sign_in(page, office.accounts[role])
            kept[role] = context.storage_state()
            context.close()
        return kept[role]

    return state


@contextmanager
def serving(prepared, folder):
    """Serve a copy of an office that is filled already."""
    shutil.copytree(prepared, folder)
    accounts = json.loads((folder / ACCOUNTS).read_text("utf-8"))
    environment, port = _environment(folder), _free()
    log = (folder / "serve.log").open("w+", encoding="utf-8")
    server = subprocess.Popen(
        [sys.executable, "-m", "tramyte.cli", "serve", "--home", str(folder), "--port", str(port)],
        cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        _await(port, server, folder / "serve.log")
        yield SimpleNamespace(address=f"http://127.0.0.1:{port}", accounts=accounts, home=folder)
    finally:
        server.terminate()
        server.wait(30)
        log.close()


def watch(page, complaints, allow=()):
    """Note what the browser complains of; allow: parts of complaints that are meant (a page that is not there)."""

    def note(text):
        if not any(part in text for part in allow):
            complaints.append(f"{page.url}: {text}")

    page.on("console", lambda one: note(f"{one.type}: {one.text}") if one.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: note(f"script: {error}"))
    page.on(
        "requestfailed",
        lambda one: note(f"not fetched: {one.url} {one.failure}") if "ABORTED" not in (one.failure or "") else None,
    )


def sign_in(page, account):
    """Sign somebody in by the form, with the code of the second factor where it is asked for."""
    page.goto("/tai-khoan/dang-nhap/")
    page.fill("#id_login", account)
    page.fill("#id_password", PASSWORD)
    with page.expect_navigation():
        page.click("main button")
    if page.locator("main input[name=code]").count():
        page.fill("main input[name=code]", code_now())
        with page.expect_navigation():
            page.click("main button[type=submit], main button.main")
    assert "/dang-nhap/" not in page.url, page.inner_text("main")


def reach(page, selector, most=120):
    """Go by Tab until an element has the focus."""
    for _ in range(most):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} is not reached by {most} Tabs")


def press(page, selector, most=120):
    """Go by Tab to a link or a button, and press it."""
    reach(page, selector, most)
    page.keyboard.press("Enter")


def code_now():
    """Return the code that the second factor shows now."""
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

    return format_hotp_value(hotp_value(SECRET, int(time.time()) // 30))  # noqa: TID251  codes are of this minute


def _prepare(folder):
    """Fill a folder once for all processes of a run: the first fills it, the others wait and copy."""
    try:
        folder.mkdir()
    except FileExistsError:
        until = time.monotonic() + START
        while not (folder / ACCOUNTS).exists():
            assert time.monotonic() < until, "the process that fills the office did not end: see what it said"
            time.sleep(0.2)
        return
    filled = subprocess.run(
        [sys.executable, "-m", "tests.browser.office"],
        cwd=ROOT, env=_environment(folder), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert filled.returncode == 0, filled.stderr
    (folder / "being-written").write_text(filled.stdout.splitlines()[-1], "utf-8")
    (folder / "being-written").rename(folder / ACCOUNTS)


def _environment(folder):
    known = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "CI")}
    return known | {
        "TRAMYTE_HOME": str(folder), "DJANGO_SETTINGS_MODULE": "tramyte.web.settings", "TRAMYTE_LOG": "ERROR",
        "PYTHONPATH": str(ROOT),
    }  # fmt: skip


def _free():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _await(port, server, log):
    until = time.monotonic() + START
    while time.monotonic() < until:
        assert server.poll() is None, log.read_text("utf-8")
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"the server did not answer within {START} s\n{log.read_text('utf-8')}")
