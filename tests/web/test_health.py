"""The health page: what must be mended is red, each figure leads to the rows it counts; anybody may ask /song/."""

import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone

from tramyte.web import events
from tramyte.web.actions import audit
from tramyte.web.models import Account, Grant, Run

pytestmark = pytest.mark.django_db
PAGE = "/quan-tri/suc-khoe/"


@pytest.fixture
def chief(somebody):
    return somebody("admin", "08/", username="chief")


def checks(account):
    """Return word -> (look, told, address) of every line."""
    client = Client()
    client.force_login(account)
    page = client.get(PAGE).content.decode()
    rows = re.findall(r'<th scope="row">(.*?)</th><td><span class="chip (\w+)">.*?</td><td>(.*?)</td>', page)
    return {word: (look, re.sub(r"<.*?>", "", told), re.findall('href="(.*?)"', told)) for word, look, told in rows}


def test_anybody_learns_that_it_is_alive_and_nothing_else(django_assert_num_queries):
    with django_assert_num_queries(1):
        answer = Client().get("/song/")
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert Client().post("/song/").status_code == 405


def test_without_a_backup_it_must_be_mended_and_with_one_it_is_good(chief):
    found = checks(chief)
    assert found["Sao lưu gần nhất"][:2] == ("short", "chưa lần nào; cần chạy tramyte backup --rehearse")
    assert found["Lần thử khôi phục gần nhất"][0] == "short"
    now = timezone.now()
    events.append("backups.made", account=None, about="b.zip", at=now - timedelta(days=2))
    events.append("backups.rehearsed", account=None, about="b.zip", at=now - timedelta(days=181))
    found = checks(chief)
    assert found["Sao lưu gần nhất"][0] == "met" and "cách đây 2 ngày" in found["Sao lưu gần nhất"][1]
    assert found["Lần thử khôi phục gần nhất"][0] == "near"


def test_a_run_whose_worker_died_and_one_that_waits_too_long_are_red(chief):
    now = timezone.now()
    assert checks(chief)["Việc chạy nền"][0] == "met"
    lost = {"holder": "w1", "held_until": now - timedelta(minutes=1)}
    Run.objects.create(kind="import", province="08", path="08/", asked_at=now, state="running", **lost)
    Run.objects.create(kind="import", province="08", path="08/", asked_at=now - timedelta(hours=1))
    look, told, _ = checks(chief)["Việc chạy nền"]
    assert look == "short" and "mất người giữ 1, chờ quá lâu 1" in told


def test_each_figure_about_accounts_is_a_link_whose_rows_count_to_it(chief, somebody):
    long_ago = timezone.now() - timedelta(days=200)
    somebody("planner", "11/")  # beyond the places of the administrator
    somebody("clerk", "08/", username="idle")
    Account.objects.filter(username="idle").update(date_joined=long_ago)
    Grant.objects.filter(account=somebody("clerk", "08/", username="due")).update(reviewed_at=long_ago)
    Grant.objects.exclude(account__username="due").update(reviewed_at=timezone.now())
    Authenticator.objects.filter(user=somebody("director", "08/")).delete()
    Grant.objects.create(account=somebody("clerk", "08/"), role="admin", path="08/", waits=True, reviewed_at=long_ago)
    found, client = checks(chief), Client()
    client.force_login(chief)
    figures = {word: (told, links[0]) for word, (_, told, links) in found.items() if links and "trang-thai" in links[0]}
    assert {told for told, _ in figures.values()} > {"1"} and len(figures) == 4
    for word, (told, address) in figures.items():
        rows = client.get(address).content.decode().count('<tr><th scope="row">')
        assert rows == int(told), word


def test_the_database_the_log_the_room_and_the_versions_are_told(chief):
    found = checks(chief)
    assert found["Cơ sở dữ liệu"][0] == "met" and found["Nhật ký"][0] == "met"
    assert "kiểm tra lúc" not in found["Nhật ký"][1]
    audit.check(by=chief, path="08/")
    assert "kiểm tra lúc" in checks(chief)["Nhật ký"][1]
    assert re.fullmatch(r"còn [\d.,]+ GB", found["Dung lượng đĩa"][1])
    assert "Django 5.2" in found["Phiên bản"][1]


def test_an_administrator_lands_here(chief):
    client = Client()
    client.force_login(chief)
    assert client.get("/").headers["Location"] == PAGE
