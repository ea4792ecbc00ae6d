"""The register from a terminal: set up, filled, opened to people, served. Each command runs in a process of its own."""

import contextlib
import json
import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar

import pytest

from tramyte.exchange import workbook
from tramyte.sample import sample


def tramyte(*args, home, **more):
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("TRAMYTE", "DATABASE"))}
    command = [sys.executable, "-m", "tramyte.cli", *map(str, args), "--home", str(home), "--lang", "en"]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False, **more)


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """An installation with Điện Biên in it."""
    home = tmp_path_factory.mktemp("office") / "so-y-te"
    done = tramyte("init", home=home)
    assert done.returncode == 0, done.stderr
    file = home / "dien-bien.xlsx"
    file.write_bytes(workbook.write(sample("11", seed=1), synthetic=True))
    done = tramyte("import", file, "--province", "dien bien", "--json", home=home)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["added"] > 6000
    return home


def test_setting_up_again_loses_nothing(office):
    key = (office / "secret.key").read_text()
    assert (office / "secret.key").stat().st_mode & 0o077 == 0
    assert tramyte("init", home=office).returncode == 0
    assert (office / "secret.key").read_text() == key
    again = tramyte("import", office / "dien-bien.xlsx", "--province", "11", home=office)
    assert again.returncode == 10 and "E130" in again.stderr


def test_what_is_wrong_is_told_with_its_cure(office, tmp_path):
    nowhere = tramyte("user", "lan", "--role", "planner", "--place", "11/", "--name", "Lan", home=tmp_path / "x")
    assert nowhere.returncode == 2 and "tramyte init --home" in nowhere.stderr
    nobody = tramyte("user", "lan", "--role", "staff", "--place", "11/", "--name", "Lan", home=office)
    assert nobody.returncode == 2 and "--staff" in nobody.stderr
    assert tramyte("user", "mai", "--role", "director", "--place", "11/", "--name", "Mai", home=office).returncode == 0
    twice = tramyte("user", "mai", "--role", "director", "--place", "11/", "--name", "Mai", home=office)
    assert twice.returncode == 2 and "mai is there already" in twice.stderr


def test_the_doctor_tells_everything_at_once_with_its_cure(office, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(office, copy)
    (copy / "secret.key").chmod(0o644)
    assert tramyte("user", "nam", "--role", "admin", "--place", "/", "--name", "Nam", home=copy).returncode == 0
    with contextlib.closing(sqlite3.connect(copy / "tramyte.sqlite3")) as database:
        database.execute(
            "INSERT INTO mfa_authenticator (type, data, user_id, created_at)"
            """ SELECT 'totp', '{"secret": "sealed:with another key"}', id, '2026-01-08' FROM web_account"""
            " WHERE username = 'nam'"
        )
        for name in ("wall_event_update", "wall_deployment_insert"):
            database.execute(f"DROP TRIGGER {name}")
        database.execute("UPDATE web_event SET reason = 'another' WHERE number = 1")
        database.commit()
    done = tramyte("doctor", "--json", home=copy)
    told = json.loads(done.stdout)
    codes = [one["code"] for one in told["findings"]]
    assert done.returncode == 10 and not told["ok"]
    assert codes == ["C378", "C381", "C401", "C385", "C386", "C393"], told
    assert "wall_deployment_insert, wall_event_update" in told["findings"][1]["en"]
    cures = ("init", "user", "backup")
    assert all(f"`tramyte {cure}" in one["en"] for cure, one in zip(cures, told["findings"][1:4], strict=True))
    gone = tramyte("doctor", home=tmp_path / "nowhere")
    assert gone.returncode == 10 and "tramyte init --home" in gone.stdout


def test_accounts_are_listed_reset_and_closed_and_tokens_are_made_and_ended(office):
    opened = tramyte("user", "thu", "--role", "clerk", "--place", "11/", "--name", "Thu", home=office)
    assert opened.returncode == 0, opened.stderr
    token = tramyte("user", "token", "thu", "--name", "excel", "--days", "2", "--json", home=office)
    made = json.loads(token.stdout)
    assert made["token"].startswith("tramyte_") and made["account"] == "thu"
    rows = {
        one["account"]: one for one in json.loads(tramyte("user", "list", "--json", home=office).stdout)["accounts"]
    }
    assert rows["thu"]["tokens"] == [{"number": made["number"], "name": "excel"}]
    assert rows["thu"]["grants"] == [{"role": "clerk", "place": "11/"}]
    assert tramyte("user", "revoke", "thu", str(made["number"]), home=office).returncode == 0
    again = json.loads(tramyte("user", "reset", "thu", "--json", home=office).stdout)
    assert len(again["password"]) > 10
    idle = tramyte("user", "idle", "--json", home=office)
    assert json.loads(idle.stdout) == {"days": 45, "count": 0}, idle.stderr
    assert tramyte("user", "close", "thu", home=office).returncode == 0
    rows = {
        one["account"]: one for one in json.loads(tramyte("user", "list", "--json", home=office).stdout)["accounts"]
    }
    assert rows["thu"]["tokens"] == [] and not rows["thu"]["is_open"]
    for words, code in ((("token", "thu"), 14), (("token", "nobody"), 2), (("token",), 2), (("revoke", "thu", "x"), 2)):
        refused = tramyte("user", *words, home=office)
        assert refused.returncode == code and "Traceback" not in refused.stderr, words


@pytest.mark.enable_socket
def test_the_pages_are_served_to_who_signs_in(office):
    made = tramyte("user", "an", "--role", "planner", "--place", "11/", "--name", "An", "--json", home=office)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {"TRAMYTE_HOME": str(office)}
    command = [sys.executable, "-m", "tramyte.cli", "serve", "--home", str(office), "--port", str(port)]
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        page = _when_up(browser, f"http://127.0.0.1:{port}/tong-quan/?ngay=2026-01-08")
        assert "/tai-khoan/dang-nhap/" in page.url
        (token,) = re.findall(r'csrfmiddlewaretoken" value="([^"]+)"', page.read().decode())[:1]
        answer = {"login": "an", "password": json.loads(made.stdout)["password"], "csrfmiddlewaretoken": token}
        home = browser.open(page.url, urllib.parse.urlencode(answer).encode(), timeout=30)
        assert home.url.endswith("/tong-quan/?ngay=2026-01-08") and "Còn thiếu" in home.read().decode()
        style = browser.open(f"http://127.0.0.1:{port}/static/css/tramyte.css", timeout=30)
        assert style.headers["Content-Type"].startswith("text/css")
    finally:
        server.terminate()
        server.wait(20)


def _when_up(browser, address):
    until = time.monotonic() + 60
    while True:
        try:
            return browser.open(address, timeout=30)
        except OSError:
            assert time.monotonic() < until, "the server did not come up"
            time.sleep(0.2)
