"""Opinions are gathered with letters: silence is never consent; each party sees its own, the planner all."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from tests.web.campaigns import CODE, drafted
from tests.web.conftest import client_of
from tramyte.web.models import Account, Facility, Opinion

pytestmark = pytest.mark.django_db
AT = f"/dot/{CODE}/y-kien/"
LETTER = {"so-cong-van": "15/UBND", "ngay-cong-van": "9/1/2026", "noi-dung": ""}


@pytest.fixture
def out(province):
    """Return the client of a planner, and the draft, sent out for opinions."""
    draft = drafted(province)
    client = client_of(province)
    answer = client.post(f"{AT}?pv=08", {"viec": "gui", "han": f"{timezone.localdate() + timedelta(days=5):%d/%m/%Y}"})
    assert answer.status_code == 302
    draft.refresh_from_db()
    return client, draft


def party(side):
    return Opinion.objects.filter(side=side).order_by("pk").first()


def test_a_draft_goes_out_on_a_day_to_come(province):
    draft = drafted(province)
    client = client_of(province)
    assert "Chưa gửi" in client.get(f"{AT}?pv=08").content.decode()
    for due in ("hôm nay", "1/1/2020"):
        assert client.post(f"{AT}?pv=08", {"viec": "gui", "han": due}).context["summary"][0][0] == "han"
    assert not Opinion.objects.exists() and draft.stage == "draft"


def test_the_planner_sees_who_is_silent_reminds_and_copies_the_text(out, somebody):
    client, _ = out
    one = party("receiver")
    officer = somebody("commune", one.path)
    Account.objects.filter(pk=officer.pk).update(email="xa@example.vn")
    page = client.get(f"{AT}?pv=08")
    assert page.context["waiting"] == Opinion.objects.count() and page.context["answered"] == 0
    assert "Còn 5 ngày" in page.content.decode() and one.party_name in page.context["text"]
    assert client.post(f"{AT}?pv=08", {"viec": "nhac"}).status_code == 302
    assert [sent.to for sent in mail.outbox] == [["xa@example.vn"]] and one.party_name in mail.outbox[0].body
    one.refresh_from_db()
    assert len(one.reminded) == 1
    Opinion.objects.update(due=date(2020, 1, 1))
    assert "Quá hạn" in client.get(f"{AT}?pv=08").content.decode()


def test_a_commune_answers_at_its_own_desk_and_no_other(out, somebody):
    one = party("receiver")
    client = client_of(somebody("commune", one.path))
    desk = client.get(f"/xa/{one.party}/?pv=08", follow=True)
    (task,) = desk.context["desk"]["tasks"]
    page = client.get(task.address)
    assert page.status_code == 200 and page.context["tours"]
    stations = set(Facility.objects.filter(path__startswith=one.path).values_list("code", flat=True))
    assert {str(row.tour.station) for row in page.context["tours"]} <= stations
    bare = client.post(task.address, {"tra-loi": "agree", "so-cong-van": "", "ngay-cong-van": "", "noi-dung": ""})
    assert bare.context["summary"][0][0] == "so-cong-van"
    assert client.post(task.address, LETTER).context["summary"][0][0] == "tra-loi", "nothing is chosen for them"
    other = client.post(task.address, LETTER | {"tra-loi": "other"})
    assert other.context["summary"][0][0] == "noi-dung"
    assert client.post(task.address, LETTER | {"tra-loi": "agree"}).status_code == 302
    one.refresh_from_db()
    assert (one.answer, one.letter, one.letter_on) == ("agree", "15/UBND", date(2026, 1, 9))
    assert not client.get(f"/xa/{one.party}/?pv=08", follow=True).context["desk"]["tasks"]
    stranger = Opinion.objects.filter(side="receiver").exclude(pk=one.pk).order_by("pk")[0]
    assert client.get(f"{AT}{stranger.pk}/?pv=08").status_code == 404
    assert {row["opinion"].pk for row in client.get(f"{AT}?pv=08").context["rows"]} == {one.pk}


def test_a_unit_declines_and_the_planner_keys_in_paper(out, somebody):
    client, draft = out
    one, other = party("sender"), party("receiver")
    own = client_of(somebody("sender", one.path))
    assert own.get(f"{AT}{other.pk}/?pv=08").status_code == 404
    typed = LETTER | {"tra-loi": "decline", "noi-dung": "thiếu người trực"}
    assert own.post(f"{AT}{one.pk}/?pv=08", typed).status_code == 302
    assert client.post(f"{AT}{other.pk}/?pv=08", LETTER | {"tra-loi": "agree"}).status_code == 302
    page = client.get(f"{AT}?pv=08")
    assert (page.context["answered"], page.context["agreed"]) == (2, 1)
    assert own.post(f"{AT}?pv=08", {"viec": "nhac"}).status_code == 403
    assert client_of(somebody("head", other.path)).get(f"{AT}?pv=08").status_code == 404
    assert client.post(f"{AT}?pv=08", {"viec": "mo-lai", "ly-do": ""}).context["summary"][0][0] == "ly-do"
    assert client.post(f"{AT}?pv=08", {"viec": "mo-lai", "ly-do": "sửa"}).status_code == 302
    draft.refresh_from_db()
    assert draft.stage == "draft"
    late = client.post(f"{AT}{other.pk}/?pv=08", LETTER | {"tra-loi": "decline", "noi-dung": "x"})
    assert late.status_code == 404 or "E766" in str(late.context["summary"])
    assert client.post(f"{AT}?pv=08", {"viec": "nhac"}).context["summary"], "nothing is out"


def test_of_an_earlier_round_nothing_waits(out, somebody):
    client, _ = out
    one = party("receiver")
    client.post(f"{AT}?pv=08", {"viec": "mo-lai", "ly-do": "sửa"})
    client.post(f"{AT}?pv=08", {"viec": "gui", "han": "1/1/2199"})
    desk = client_of(somebody("commune", one.path)).get(f"/xa/{one.party}/?pv=08", follow=True)
    assert len(desk.context["desk"]["tasks"]) == 1
    assert f"/{one.pk}/" not in desk.context["desk"]["tasks"][0].address


def test_what_waits_is_told_to_each(out, somebody):
    client, _ = out
    assert any("y-kien" in one.address for one in client.get("/viec-cua-toi/?pv=08").context["waiting"])
    for side, role in (("sender", "sender"), ("receiver", "commune")):
        one = party(side)
        found = client_of(somebody(role, one.path)).get("/viec-cua-toi/?pv=08").context["waiting"]
        assert any(f"/y-kien/{one.pk}/" in row.address for row in found), role


def test_a_server_of_mail_that_is_not_there_holds_nobody_up(out, somebody, monkeypatch):
    client, _ = out
    officer = somebody("commune", party("receiver").path)
    Account.objects.filter(pk=officer.pk).update(email="xa@example.vn")

    def nobody():
        raise ConnectionRefusedError

    monkeypatch.setattr("tramyte.web.reminders.get_connection", nobody)
    page = client.post(f"{AT}?pv=08", {"viec": "nhac"}, follow=True)
    assert "Chưa gửi được 1 thư" in page.content.decode()
    assert all(one.reminded for one in Opinion.objects.all())
