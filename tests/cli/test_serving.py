"""`tramyte demo --serve`: from nothing to pages that every role signs in to, and Ctrl-C ends it."""

import base64
import hashlib
import hmac
import json
import os
import re
import shlex
import signal
import socket
import struct
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from html import unescape
from http.cookiejar import CookieJar
from pathlib import Path

import pytest

from tramyte.cli.users import ROLES

pytestmark = pytest.mark.enable_socket
LANDS = {
    "planner": "/tong-quan/", "director": "/ky/", "clerk": "/quyet-dinh/", "analyst": "/tong-quan/",
    "commune": "/xa/", "head": "/tram/", "sender": "/don-vi-cu/", "staff": "/toi/", "admin": "/quan-tri/suc-khoe/",
}  # fmt: skip
LINKS = 12  # of a first page that are followed
API = Path(__file__).resolve().parents[2] / "docs" / "api.md"


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    """The demo while it serves: its address, its folder, the process, and what it printed so far."""
    out = tmp_path_factory.mktemp("serving") / "demo"
    (out / "home").mkdir(parents=True)
    (out / "home" / "secret.key").write_text("of an older demo")
    (out / "home" / "left.txt").write_text("of an older demo")
    port = _port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("TRAMYTE", "DEMO"))}
    log = out.parent / "log"
    with log.open("w") as screen:
        command = [sys.executable, "-m", "tramyte.cli", "demo", "--out", out, "--seconds", "1", "--serve", "--port"]
        demo = subprocess.Popen([*command, str(port)], env=environment, stdout=screen, stderr=subprocess.STDOUT)
    try:
        _when_up(f"http://localhost:{port}/", demo, log)
        yield f"http://localhost:{port}", out, demo, log
    finally:
        demo.kill()
        demo.wait(20)


def _port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def _when_up(address, demo, log):
    until = time.monotonic() + 300
    while True:
        try:
            return urllib.request.urlopen(address, timeout=30)
        except urllib.error.HTTPError:
            raise  # it is up, and something is wrong
        except OSError:
            assert demo.poll() is None and time.monotonic() < until, log.read_text()
            time.sleep(0.3)


def _accounts(out):
    return {one["role"]: one for one in json.loads((out / "accounts.json").read_text("utf-8"))}


def _code(secret):
    """Return what an authenticator shows now (RFC 6238)."""
    counter = struct.pack(">Q", time.time_ns() // 30_000_000_000)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 10**6:06}"


class Browser:
    """Cookies, forms and pages."""

    def __init__(self, address):
        self.address = address
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def get(self, path):
        return self._read(self.opener.open(self.address + path, timeout=60))

    def post(self, page, given):
        """Send the form of a page that has a password or a code."""
        (token,) = re.findall(r'csrfmiddlewaretoken" value="([^"]+)"', page.text)[:1]
        data = urllib.parse.urlencode({"csrfmiddlewaretoken": token, **given}).encode()
        request = urllib.request.Request(page.url, data, headers={"Referer": page.url})
        return self._read(self.opener.open(request, timeout=60))

    def _read(self, answer):
        answer.text = answer.read().decode()
        return answer

    def sign_in(self, one):
        """Sign in as an account of the demo; return the page it lands on."""
        page = self.post(self.get("/"), {"login": one["account"], "password": one["password"]})
        if one["totp_secret"]:
            assert 'name="code"' in page.text, page.url
            page = self.post(page, {"code": _code(one["totp_secret"])})
        return page


@pytest.mark.parametrize("role", ROLES)
def test_every_role_signs_in_and_its_first_page_answers(shown, role):
    address, out, *_ = shown
    one = _accounts(out)[role]
    browser = Browser(address)
    landed = browser.sign_in(one)
    assert landed.status == 200 and landed.url.startswith(f"{address}{LANDS[role]}"), landed.url
    links = dict.fromkeys(unescape(found) for found in re.findall(r'<a [^>]*href="(/[^"#]*)', landed.text))
    assert len(links) >= 2
    for link in list(links)[:LINKS]:
        assert browser.get(link).status == 200, link
    assert set(one) == {"role", "province", "place", "account", "password", "totp_secret"}


def test_a_wrong_password_and_a_missing_code_open_nothing(shown):
    address, out, *_ = shown
    admin = _accounts(out)["admin"]
    browser = Browser(address)
    page = browser.post(browser.get("/"), {"login": "admin", "password": "not-the-password"})
    assert 'name="password"' in page.text
    page = browser.post(browser.get("/"), {"login": "admin", "password": admin["password"]})
    assert 'name="code"' in page.text
    assert "/tai-khoan/" in browser.get("/").url


def test_the_page_opens_with_the_published_figures_and_the_analyst_sees_four_provinces(shown):
    address, out, *_ = shown
    accounts = _accounts(out)
    browser = Browser(address)
    page = browser.sign_in(accounts["planner"])
    assert "Tuyên Quang" in page.text and "Còn thiếu 238 bác sĩ" in page.text and "6/124" in page.text
    counts = dict(re.findall(r'so-bs=(\d)[^"]*"[^>]*>\s*(\d+)\s*<', page.text))
    assert [counts.get(number) for number in "1234"] == ["24", "72", "22", "6"]
    analyst = Browser(address)
    analyst.sign_in(accounts["analyst"])
    for code, name in (("08", "Tuyên Quang"), ("11", "Điện Biên"), ("22", "Quảng Ninh"), ("38", "Thanh Hóa")):
        assert name in analyst.get(f"/tong-quan/?pv={code}").text
    with pytest.raises(urllib.error.HTTPError, match="404"):
        browser.get("/tong-quan/?pv=11")


def test_the_demo_of_before_is_gone_and_the_accounts_are_on_the_screen(shown):
    _, out, _, log = shown
    assert not (out / "home" / "left.txt").exists()
    told = log.read_text("utf-8")
    for one in _accounts(out).values():
        assert one["password"] in told and (one["totp_secret"] or "") in told
    more = json.loads((out / "accounts-11.json").read_text("utf-8"))
    assert {one["place"][:3] for one in more} == {"11/"} and all(one["password"] in told for one in more)
    assert "tỉnh Tuyên Quang" in told and " · 08/" not in told, "places by their names"
    assert (out / "home" / "secret.key").read_text() != "of an older demo"


def _token(out):
    command = [sys.executable, "-m", "tramyte.cli", "user", "token", "planner", "--home", str(out / "home")]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("TRAMYTE", "DATABASE"))}
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=True).stdout.strip()


def _asked(address, headers):
    """Return status and answer of a program's question."""
    try:
        answer = urllib.request.urlopen(urllib.request.Request(address, headers=headers), timeout=60)
    except urllib.error.HTTPError as refused:
        answer = refused
    return answer.status, json.load(answer)


def test_a_token_of_the_terminal_asks_what_the_command_answers(run, shown, tmp_path):
    address, out, *_ = shown
    asked = f"{address}/api/v1/need/doctors?province=08&on=2026-01-08"
    status, answer = _asked(asked, {"Authorization": f"Bearer {_token(out)}"})
    assert run("sample", "08", "--out", tmp_path / "tq.xlsx").code == 0
    command = run("need", tmp_path / "tq.xlsx", "--on", "2026-01-08", "--json").json
    assert status == 200 and answer["doctors"] == command["doctors"]
    assert answer["doctors"]["communes"] == 124 and answer["doctors"]["short"]["4"] == 238
    assert _asked(asked, {"Authorization": "Bearer tramyte_x"})[0] == 401


def test_the_examples_of_the_api_page_answer_what_it_shows(shown, monkeypatch):
    address, out, *_ = shown
    monkeypatch.setenv("TOKEN", _token(out))
    answer, ran = {}, 0
    for language, body in re.findall(r"^```(\w*)\n(.*?)^```$", API.read_text("utf-8"), re.MULTILINE | re.DOTALL):
        here = body.replace("http://localhost:8000", address)
        if here.startswith("curl"):
            words = shlex.split(here.replace("$TOKEN", os.environ["TOKEN"]))
            _, answer = _asked(
                words[-1], dict(words[at + 1].split(": ") for at, one in enumerate(words) if one == "-H")
            )
            ran += 1
        elif language == "json":
            assert _holds(json.loads(body), answer), (body, answer)
        elif language == "python":
            exec(here, {})  # noqa: S102  our own page
            ran += 1
    assert ran >= 4


def _holds(shown, answer):
    """Return whether an answer has what a page shows of it."""
    if isinstance(shown, dict):
        return all(name in answer and _holds(value, answer[name]) for name, value in shown.items())
    if isinstance(shown, list):
        return len(shown) == len(answer) and all(map(_holds, shown, answer))
    return shown == answer


def test_a_busy_port_is_told_before_any_work(run, shown):
    address, out, *_ = shown
    port = address.rsplit(":", 1)[1]
    before = (out / "accounts.json").read_bytes()
    ran = run("demo", "--out", out, "--serve", "--port", port, "--lang", "en")
    assert ran.code == 2 and f"Port {port} is in use" in ran.err and f"PORT={int(port) + 1}" in ran.err
    assert (out / "accounts.json").read_bytes() == before


def test_ctrl_c_ends_it_cleanly(shown):
    """The last of these tests: nothing is served any more after it."""
    address, _, demo, log = shown
    demo.send_signal(signal.SIGINT)
    assert demo.wait(30) == 0
    assert "Traceback" not in log.read_text("utf-8")
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(address, timeout=5)
