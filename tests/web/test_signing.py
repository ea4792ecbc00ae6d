"""Signing in: second factors, wrong passwords counted, sessions that end, and nobody told who has an account."""

import re
import time
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from tests.web.conftest import SECRET
from tramyte.web import guard
from tramyte.web.actions import accounts
from tramyte.web.models import Event, Run
from tramyte.web.seals import unsealed
from tramyte.web.work import upkeep

pytestmark = pytest.mark.django_db
PASSWORD = "rừng-vàng-biển-bạc-7"  # noqa: S105
OTHER = "một-mật-khẩu-khác-9"
SIGN_IN, CODE, FIRST = "/tai-khoan/dang-nhap/", "/tai-khoan/dang-nhap/ma/", "/tai-khoan/lop-hai/"


def code_now(secret=SECRET, steps=0):
    return format_hotp_value(hotp_value(secret, int(timezone.now().timestamp()) // 30 + steps))


@pytest.fixture(autouse=True)
def _nobody_counted(settings):
    cache.clear()
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # the real one is slow on purpose


@pytest.fixture
def lan(somebody):
    """A planner with a password."""
    account = somebody("planner", "08/", username="lan")
    account.set_password(PASSWORD)
    account.save()
    return account


@pytest.fixture
def chief(somebody):
    """An administrator with a password and a second factor."""
    account = somebody("admin", "08/", username="chief")
    account.set_password(PASSWORD)
    account.save()
    return account


def sign_in(username, password=PASSWORD, client=None, **more):
    client = client or Client()
    return client, client.post(SIGN_IN, {"login": username, "password": password}, **more)


def test_a_right_password_signs_in_and_the_log_says_from_where(lan):
    client, answer = sign_in("lan", REMOTE_ADDR="10.1.2.3")
    assert answer.status_code == 302
    assert client.get("/tai-khoan/phien/").status_code == 200
    event = Event.objects.get(action="accounts.sign_in")
    assert (event.account, event.address, event.path) == (lan, "10.1.2.3", "08/")


def test_the_second_factor_is_asked_and_each_code_is_taken_once(chief):
    client, answer = sign_in("chief")
    assert answer.headers["Location"] == CODE
    assert client.get("/tai-khoan/").status_code == 302, "a password alone opens nothing"
    assert "Mã không đúng" in client.post(CODE, {"code": "000000"}).content.decode()
    code = code_now()
    assert client.post(CODE, {"code": code}).headers["Location"] == "/"
    again, _ = sign_in("chief")
    assert "Mã không đúng" in again.post(CODE, {"code": code}).content.decode()
    assert Event.objects.filter(action="accounts.wrong_code", about="chief").exists()


def test_a_recovery_code_opens_once(chief):
    accounts.give_second_factor(by=None, account=chief, secret=SECRET)
    code = Authenticator.objects.get(user=chief, type="recovery_codes").wrap().get_unused_codes()[0]
    client, _ = sign_in("chief")
    assert client.post(CODE, {"code": code}).headers["Location"] == "/"
    again, _ = sign_in("chief")
    assert again.post(CODE, {"code": code}).status_code == 200


def kept(account):
    """Return what the database keeps of the second factors of an account, as text."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM mfa_authenticator WHERE user_id = %s", [account.pk])
        return " ".join(str(row) for row in cursor.fetchall())


def test_no_secret_of_a_second_factor_stands_in_the_database_as_it_is(chief):
    accounts.give_second_factor(by=None, account=chief, secret=SECRET)
    seed = unsealed(Authenticator.objects.get(user=chief, type="recovery_codes").data["seed"])
    assert seed and SECRET not in kept(chief) and seed not in kept(chief)
    client, _ = sign_in("chief")
    assert client.post(CODE, {"code": code_now()}).headers["Location"] == "/"


def test_a_second_factor_from_before_there_were_seals_opens_and_is_sealed_by_the_chores(chief):
    accounts.give_second_factor(by=None, account=chief, secret=SECRET)
    codes = Authenticator.objects.get(user=chief, type="recovery_codes").wrap().get_unused_codes()
    for row in Authenticator.objects.filter(user=chief):
        part = accounts.SECRETS[row.type]
        row.data[part] = unsealed(row.data[part])
        row.save()
    assert SECRET in kept(chief)
    client, _ = sign_in("chief")
    assert client.post(CODE, {"code": code_now()}).headers["Location"] == "/"
    done = [upkeep.chores(Run(), lambda *_: None, lambda: False)["sealed"] for _ in range(2)]
    assert done == [2, 0], "done twice, it does nothing more"
    assert SECRET not in kept(chief)
    again, _ = sign_in("chief")
    assert again.post(CODE, {"code": codes[3]}).headers["Location"] == "/"
    assert Event.objects.filter(action="accounts.seal_second_factors").count() == 1


def test_with_another_key_no_code_opens_and_the_page_says_why(chief, settings):
    assert accounts.unreadable_second_factors() == 0
    key, settings.SECRET_KEY = settings.SECRET_KEY, "another-key-of-another-installation"
    assert accounts.unreadable_second_factors() == 1
    client, _ = sign_in("chief")
    for code in (code_now(), code_now(""), "000000"):
        answer = client.post(CODE, {"code": code})
        assert answer.status_code == 422 and "secret.key" in answer.content.decode()
    assert client.get("/tai-khoan/").status_code == 302
    settings.SECRET_KEY = key
    client, _ = sign_in("chief")
    assert client.post(CODE, {"code": code_now()}).headers["Location"] == "/"


@pytest.mark.parametrize("role", ["admin", "director"])
def test_who_must_have_a_second_factor_sets_it_up_before_any_other_page(role, somebody):
    account = somebody(role, "08/", username="moi")
    account.set_password(PASSWORD)
    account.save()
    Authenticator.objects.filter(user=account).delete()
    client, _ = sign_in("moi")
    for address in ("/", "/tong-quan/", "/tai-khoan/", "/quan-tri/nguoi-dung/", "/tai-khoan/phien/"):
        assert client.get(address).headers["Location"] == FIRST, address
    refused = client.get("/api/v1/need/doctors?province=08")
    assert refused.status_code == 403 and "application/json" in refused.headers["Content-Type"]
    page = client.get(FIRST).content.decode()
    assert 'src="data:image/svg+xml;base64,' in page
    secret = re.findall(r'<code id="key">(\w+)</code>', page)[0]
    done = client.post(FIRST, {"code": code_now(secret)}, follow=True)
    assert len(re.findall(r"<code>\d{8}</code>", done.content.decode())) == 10
    assert client.get("/tai-khoan/").status_code == 200
    assert "Vai trò" in client.get("/tai-khoan/lop-hai/tat/").content.decode(), "it cannot be taken away"
    assert client.post("/tai-khoan/lop-hai/tat/").status_code == 200
    assert Authenticator.objects.filter(user=account, type="totp").exists()


def test_a_role_that_needs_a_second_factor_ends_the_sessions_of_whoever_has_none(lan, chief):
    client, _ = sign_in("lan")
    assert client.get("/tai-khoan/").status_code == 200
    accounts.grant(by=chief, account=lan, role="director", path="08/")
    assert client.get("/tai-khoan/").headers["Location"].startswith(SIGN_IN)
    client, _ = sign_in("lan")
    assert client.get("/tai-khoan/").headers["Location"] == FIRST


def test_the_sixth_wrong_password_in_a_minute_is_refused_and_a_right_one_later_works(lan, monkeypatch):
    for turn in range(5):
        _, answer = sign_in("lan", f"wrong-{turn}", REMOTE_ADDR=f"10.0.0.{turn}")
        assert "Không có tài khoản nào" in answer.content.decode()
    _, answer = sign_in("lan", PASSWORD, REMOTE_ADDR="10.0.0.9")
    assert "Đã sai quá nhiều lần" in answer.content.decode(), "even the right one, and from another address"
    now = timezone.now().timestamp()
    monkeypatch.setattr(time, "time", lambda: now + 61)
    _, answer = sign_in("lan", PASSWORD, REMOTE_ADDR="10.0.0.9")
    assert answer.status_code == 302


def test_wrong_passwords_are_counted_by_address_too_whatever_the_account(lan):
    for turn in range(20):
        sign_in(f"nobody-{turn}", "wrong")
    _, answer = sign_in("lan")
    assert "Đã sai quá nhiều lần" in answer.content.decode()
    _, answer = sign_in("lan", REMOTE_ADDR="10.9.9.9")
    assert answer.status_code == 302, "from elsewhere the account is open"


def test_the_name_of_the_server_or_a_written_out_address_does_not_start_the_count_anew(lan):
    for host in ("localhost", "127.0.0.1", "localhost", "127.0.0.1", "localhost"):
        sign_in("lan", "wrong", HTTP_HOST=host, HTTP_X_FORWARDED_FOR="1.2.3.4")
    _, answer = sign_in("LAN ", PASSWORD, HTTP_HOST="127.0.0.1")
    assert "Đã sai quá nhiều lần" in answer.content.decode()


def test_wrong_passwords_are_counted_in_the_database_where_every_process_sees_them(lan):
    sign_in("lan", "wrong")
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM web_cache WHERE cache_key LIKE %s", ["%login_failed%"])
        assert cursor.fetchone()[0] == 2  # by account and by address


def test_an_unknown_name_and_a_wrong_password_are_answered_alike_and_a_closed_account_to_its_owner_alone(lan):
    _, unknown = sign_in("nobody", "wrong-wrong")
    _, wrong = sign_in("lan", "wrong-wrong")

    def words(answer):
        return re.sub(r'value="[^"]*"', "", answer.content.decode())

    assert words(unknown) == words(wrong)
    accounts.close(by=None, account=lan, reason="nghỉ việc")
    _, closed = sign_in("lan", "wrong-wrong")
    assert words(closed) == words(unknown)
    _, owner = sign_in("lan")
    assert owner.headers["Location"] == "/tai-khoan/da-dong/"
    assert Event.objects.filter(action="accounts.wrong_password").values_list("about", flat=True)[0] is None


def test_a_session_ends_after_eight_hours_and_after_half_an_hour_without_a_request(lan):
    for name, ago in ((guard.SIGNED, 8 * 3600 + 1), (guard.SEEN, 30 * 60 + 1)):
        client, _ = sign_in("lan")
        assert client.get("/tai-khoan/").status_code == 200
        session = client.session
        session[name] = timezone.now().timestamp() - ago
        session.save()
        assert client.get("/tai-khoan/").headers["Location"].startswith(SIGN_IN), name
        assert client.get("/tai-khoan/").headers["Location"].startswith(SIGN_IN), "and stays over"


def test_a_busy_session_goes_on_and_notes_that_once_a_minute(lan):
    client, _ = sign_in("lan")
    client.get("/tai-khoan/")
    session = client.session
    session[guard.SEEN] = timezone.now().timestamp() - 29 * 60
    session.save()
    assert client.get("/tai-khoan/").status_code == 200
    seen = client.session[guard.SEEN]
    assert timezone.now().timestamp() - seen < 5
    client.get("/tai-khoan/")
    assert client.session[guard.SEEN] == seen


def test_a_new_password_ends_every_other_session(lan):
    first, _ = sign_in("lan")
    second, _ = sign_in("lan")
    change = {"oldpassword": PASSWORD, "password1": OTHER, "password2": OTHER}
    assert second.post("/tai-khoan/mat-khau/", change).status_code == 302
    assert second.get("/tai-khoan/").status_code == 200
    assert first.get("/tai-khoan/").status_code == 302
    _, answer = sign_in("lan")
    assert answer.status_code == 200, "the old password opens nothing"


def test_a_bad_new_password_is_told_in_our_words(lan):
    client, _ = sign_in("lan")
    for new, again, words in (
        ("ngắn", "ngắn", "dưới 10 ký tự"), ("password123", "password123", "nhiều người dùng"),
        (OTHER, PASSWORD, "không giống nhau"),
    ):  # fmt: skip
        page = client.post("/tai-khoan/mat-khau/", {"oldpassword": PASSWORD, "password1": new, "password2": again})
        assert words in page.content.decode(), new
        assert "This password" not in page.content.decode()


def test_one_sees_ones_own_sessions_and_ends_one_or_all_others(lan, chief):
    here, _ = sign_in("lan", HTTP_USER_AGENT="Firefox")
    there, _ = sign_in("lan", HTTP_USER_AGENT="Chrome")
    third, _ = sign_in("lan", HTTP_USER_AGENT="Safari")
    page = here.get("/tai-khoan/phien/").content.decode()
    assert page.count("<tr>") == 4 and "Chrome" in page
    number = UserSession.objects.get(user_agent="Chrome").pk
    here.post("/tai-khoan/phien/", {"phien": number})
    assert there.get("/tai-khoan/").status_code == 302 and third.get("/tai-khoan/").status_code == 200
    here.post("/tai-khoan/phien/", {"phien": "khac"})
    assert third.get("/tai-khoan/").status_code == 302 and here.get("/tai-khoan/").status_code == 200
    stranger = Client()
    stranger.force_login(chief)
    stranger.post("/tai-khoan/phien/", {"phien": UserSession.objects.get(user=lan).pk})
    assert here.get("/tai-khoan/").status_code == 200, "nobody ends another's session here"


def test_a_closed_account_is_out_at_once(lan):
    client, _ = sign_in("lan")
    accounts.close(by=None, account=lan, reason="nghỉ việc")
    assert client.get("/tai-khoan/").headers["Location"].startswith(SIGN_IN)


def test_an_account_that_nobody_used_for_45_days_is_closed_at_the_sign_in(lan):
    lan.date_joined = lan.last_login = timezone.now() - timedelta(days=46)
    lan.save()
    _, answer = sign_in("lan")
    assert answer.headers["Location"] == "/tai-khoan/da-dong/"
    lan.refresh_from_db()
    assert not lan.is_active and lan.closed_reason == accounts.IDLE_REASON
    accounts.reopen(by=None, account=lan, reason="đi công tác về")
    _, answer = sign_in("lan")
    assert answer.headers["Location"] == "/"


def test_only_what_is_ours_is_mounted():
    found = {str(one.pattern) for one in get_resolver().url_patterns if str(one.pattern).startswith("tai-khoan")}
    assert found == {"tai-khoan/"}
    for part in ("signup", "email", "password/reset", "confirm-email", "social", "3rdparty", "login/code", "login"):
        assert Client().get(f"/tai-khoan/{part}/").status_code == 404, part


PAGES = ("", "mat-khau/", "lop-hai/tat/", "ma-du-phong/", "ma-du-phong/tao/", "phien/", "dang-xuat/")


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_page_of_an_account_speaks_our_words(lang, chief):
    accounts.give_second_factor(by=None, account=chief, secret=SECRET)
    client = Client()
    client.cookies["lang"] = lang
    sign_in("chief", client=client)
    assert client.get(CODE).content.decode().count("<h1") == 1
    client.post(CODE, {"code": code_now()})
    theirs = re.compile(r"Two-Factor|Are you sure|Sign Out Other|Authenticator App|djlint|allauth", re.IGNORECASE)
    for part in PAGES:
        answer = client.get(f"/tai-khoan/{part}")
        text = answer.content.decode()
        assert answer.status_code == 200 and f'lang="{lang}"' in text and text.count("<h1") == 1, part
        assert not theirs.search(text), part
        assert " style=" not in text and not re.search(r"\son\w+=", text) and "no-store" in answer["Cache-Control"]


def test_after_a_while_the_password_is_asked_again_before_the_second_factor_changes(chief):
    client, _ = sign_in("chief")
    client.post(CODE, {"code": code_now()})
    session = client.session
    session["account_authentication_methods"] = [
        {**one, "at": one["at"] - 3600} for one in session["account_authentication_methods"]
    ]
    session.save()
    answer = client.get("/tai-khoan/ma-du-phong/tao/")
    assert answer.headers["Location"].startswith("/tai-khoan/xac-nhan/")
    page = client.post(answer.headers["Location"], {"password": "wrong"})
    assert "Mật khẩu không đúng" in page.content.decode()
    back = client.post(answer.headers["Location"], {"password": PASSWORD})
    assert back.headers["Location"] == "/tai-khoan/ma-du-phong/tao/"
    assert client.get("/tai-khoan/ma-du-phong/tao/").status_code == 200
