"""A tour from the decision to the ledger: its person, its station, its unit and the planner say only their part."""

import json
from datetime import date, timedelta

import pytest
from django.utils import timezone
from icalendar import Calendar

from tests.web.campaigns import CODE, issued
from tests.web.conftest import client_of
from tramyte.domain.errors import BadData, NotAllowed
from tramyte.web.actions import tours, wishes
from tramyte.web.models import (
    Absence,
    Campaign,
    Conduct,
    Deployment,
    Event,
    Issue,
    Paper,
    PastTour,
    Receipt,
    Requirement,
    Staff,
    Wish,
)
from tramyte.web.planning import problem_of
from tramyte.web.views.stays import duties

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 1, 12)


@pytest.fixture
def today(monkeypatch):
    """Let somebody say which day it is."""

    def set_to(day):
        monkeypatch.setattr(timezone, "localdate", lambda *_: day)

    set_to(date(2026, 1, 9))
    return set_to


@pytest.fixture
def campaign(today, province):
    return issued(province)


@pytest.fixture
def first(campaign):
    """A tour that begins on the first Monday."""
    return Deployment.objects.filter(campaign=CODE, start=MONDAY).order_by("end", "pk").first()


@pytest.fixture
def own(first, somebody):
    """The person of that tour."""
    return somebody("staff", first.sending_path, staff=first.staff)


def codes(error):
    return {one.code for one in error.value.findings}


def test_my_page_tells_the_next_tour_and_takes_a_receipt_by_one_click(first, own):
    client = client_of(own)
    page = client.get("/toi/").content.decode()
    for words in ("Lượt sắp tới", "812/QĐ-SYT", "12/01/2026", "một chiều", "Xác nhận đã nhận quyết định", "Tệp lịch"):
        assert words in page, words
    client.post(f"/luot/{first.pk}/", {"viec": "nhan"})
    assert Receipt.objects.get(deployment=first).account == own
    page = client.get("/toi/").content.decode()
    assert "đã nhận quyết định" in page and "Xác nhận đã nhận quyết định" not in page


def test_the_calendar_of_a_tour_has_its_days(first, own):
    answer = client_of(own).get(f"/luot/{first.pk}/lich/")
    (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
    assert (event.decoded("DTSTART"), event.decoded("DTEND")) == (first.start, first.end)
    assert event["STATUS"] == "CONFIRMED" and answer.headers["Content-Type"].startswith("text/calendar")


def test_nobody_receives_or_asks_for_another(first, somebody, province):
    other = somebody("staff", "08/", staff="TQ-0001")
    for act in (
        lambda by: wishes.receive(by=by, deployment=first),
        lambda by: wishes.wish(by=by, deployment=first, kind="change", paper="1", start=MONDAY, end=None),
    ):
        for by in (other, province):
            with pytest.raises(NotAllowed):
                act(by)
    assert client_of(other).get(f"/luot/{first.pk}/").status_code == 404


def test_a_wish_has_a_number_and_days_and_one_waits_at_a_time(first, own):
    client = client_of(own)
    answer = client.post(f"/luot/{first.pk}/", {"viec": "xin", "loai": "change", "tu": "15/1/2026", "den": "1/1/2026"})
    assert answer.status_code == 422
    assert "E800" in answer.content.decode() and "E801" in answer.content.decode()
    typed = {"viec": "xin", "loai": "exempt", "giay": "15/GXN-BV", "tu": "12/1/2026", "den": "18/1/2026"}
    client.post(f"/luot/{first.pk}/", typed)
    wish = Wish.objects.get()
    assert (wish.kind, wish.start, wish.end, wish.words) == ("exempt", MONDAY, date(2026, 1, 19), None)
    assert "E803" not in client.post(f"/luot/{first.pk}/", typed).content.decode()
    assert Wish.objects.count() == 1
    assert "Chờ trả lời" in client.get("/toi/").content.decode()


@pytest.mark.parametrize("role", ["planner", "sender"])
def test_a_wish_taken_becomes_an_absence_and_the_person_reads_the_answer(first, own, somebody, role):
    wish = wishes.wish(by=own, deployment=first, kind="change", paper="7/BV", start=MONDAY, end=MONDAY + timedelta(7))
    by = somebody(role, "08/" if role == "planner" else first.sending_path)
    page = client_of(by).get("/nguyen-vong/?pv=08").content.decode()
    assert "7/BV" in page
    client_of(by).post(f"/nguyen-vong/{wish.pk}/?pv=08", {"viec": "nhan", "tra-loi": "đồng ý"})
    row = Absence.objects.get(staff=first.staff, paper="7/BV")
    assert (row.outcome, row.start, row.end) == ("absent", wish.start, wish.end)
    assert "đồng ý" in client_of(own).get("/toi/").content.decode()
    with pytest.raises(BadData) as again:
        wishes.decline(by=by, wish=wish, answer="thôi")
    assert codes(again) == {"E811"}


def test_a_wish_is_declined_with_a_reason_by_who_may_and_nobody_else(first, own, somebody, province):
    wish = wishes.wish(by=own, deployment=first, kind="exempt", paper="7/BV", start=MONDAY, end=None)
    for role, path in (("head", first.path), ("director", "08/"), ("sender", "08/00000/x/")):
        with pytest.raises(NotAllowed):
            wishes.decline(by=somebody(role, path), wish=wish, answer="không")
    with pytest.raises(BadData) as bare:
        wishes.decline(by=province, wish=wish, answer=" ")
    assert codes(bare) == {"E804"}
    wishes.decline(by=province, wish=wish, answer="không còn ai thay")
    assert not Absence.objects.filter(paper="7/BV").exists()
    assert client_of(somebody("head", first.path)).get("/nguyen-vong/?pv=08").status_code == 403


def test_the_head_of_the_station_confirms_arrival_from_the_first_day_on(first, somebody, today, own):
    head = somebody("head", first.path)
    with pytest.raises(BadData) as early:
        tours.arrive(by=head, deployments=[first])
    assert codes(early) == {"E805"}
    today(MONDAY)
    for other in (somebody("head", "08/00000/x/"), own, somebody("sender", first.sending_path)):
        with pytest.raises(NotAllowed):
            tours.arrive(by=other, deployments=[first])
    client = client_of(head)
    assert "Xác nhận đã đến" in client.get(f"/luot/{first.pk}/?pv=08").content.decode()
    client.post(f"/luot/{first.pk}/?pv=08", {"viec": "den"})
    first.refresh_from_db()
    assert first.state == "arrived"
    tours.back(by=somebody("planner", "08/"), deployment=first, reason="nhầm người")
    first.refresh_from_db()
    assert first.state == "issued"


def test_a_tour_ends_early_with_a_reason_and_goes_back_as_it_was(first, today, province):
    today(MONDAY + timedelta(2))
    last = first.end
    with pytest.raises(BadData) as bare:
        tours.cut(by=province, deployment=first, on=last, reason="")
    assert codes(bare) == {"E806", "E807"}
    tours.cut(by=province, deployment=first, on=MONDAY + timedelta(3), reason="được gọi về")
    first.refresh_from_db()
    assert (first.state, first.end) == ("ended", MONDAY + timedelta(3))
    tours.back(by=province, deployment=first, reason="đã trở lại")
    first.refresh_from_db()
    assert (first.state, first.end) == ("issued", last)


def test_a_confirmed_tour_stands_in_the_ledger_once_and_counts_once(first, today, province, campaign):
    today(first.end)
    with pytest.raises(BadData) as open_one:
        tours.confirm(by=province, deployments=[first])
    assert codes(open_one) == {"E803"}
    before, _ = problem_of(campaign)
    tours.finish(by=province, deployments=[first])
    tours.confirm(by=province, deployments=[first])
    row = PastTour.objects.get(staff=first.staff, start=first.start)
    assert (row.facility, row.end, row.instrument, row.decision) == (first.facility, first.end, "support", "812/QĐ-SYT")
    own, _ = problem_of(campaign)
    assert own.person_by_id[first.staff] == before.person_by_id[first.staff], "its own plan is no past of a campaign"
    later = Campaign(province="08", path="08/", code="TQ-2026-02", name="Đợt hai", first_monday=date(2026, 6, 1),
                     weeks=4, instrument="support", max_tours=1, rest_weeks=0, max_travel_min=480)  # fmt: skip
    later.save()
    asked = Requirement.objects.filter(campaign=CODE).first()
    asked.pk, asked.campaign, asked.first_week, asked.last_week = None, later.code, 1, 2
    asked.save()
    ledger = before.person_by_id[first.staff].prior_weeks
    weeks = sum(-(-(one.end - one.start).days // 7) for one in Deployment.objects.filter(staff=first.staff))
    found, _ = problem_of(later, only={first.staff})
    assert found.person_by_id[first.staff].prior_weeks == ledger + weeks, "confirmed or not, each tour counts once"
    tours.back(by=province, deployment=first, reason="ghi nhầm")
    assert not PastTour.objects.filter(staff=first.staff, start=first.start).exists()
    assert problem_of(later, only={first.staff})[0] == found


def test_a_campaign_runs_with_figures_and_ends_with_an_evaluation(campaign, today, province):
    client, address = client_of(province), f"/dot/{CODE}/thuc-hien/?pv=08"
    there = Deployment.objects.filter(campaign=CODE)
    today(MONDAY)
    due = there.filter(start=MONDAY).count()
    page = client.get(address).content.decode()
    assert f"Xác nhận {due} người đã đến" in page and f"Đã cử: {there.count()}" in page
    client.post(address, {"viec": "den"})
    assert there.filter(state="arrived").count() == due
    client.post(address, {"viec": "chay"})
    assert Conduct.objects.get(campaign=CODE).state == "running"
    today(max(one.end for one in there))
    client.post(address, {"viec": "xong"})
    client.post(address, {"viec": "xac-nhan"})
    assert set(there.values_list("state", flat=True)) == {"confirmed"}
    client.post(address, {"viec": "ket-thuc"})
    assert Conduct.objects.get(campaign=CODE).state == "running", "without an evaluation it does not end"
    client.post(address, {"viec": "ket-thuc", "ly-do": "Đủ bác sĩ ở 45 trạm"})
    assert Conduct.objects.get(campaign=CODE).state == "ended"
    assert Event.objects.get(action="campaigns.end").reason == "Đủ bác sĩ ở 45 trạm"
    client.post(address, {"viec": "hoan", "ly-do": "còn một lượt"})
    assert Conduct.objects.get(campaign=CODE).state == "running"


def test_a_party_sees_its_own_tours_of_a_campaign_alone(campaign, somebody, first):
    head = client_of(somebody("head", first.path)).get(f"/dot/{CODE}/thuc-hien/?pv=08").content.decode()
    others = Deployment.objects.filter(campaign=CODE).exclude(path__startswith=first.path)
    assert f"/luot/{first.pk}/" in head
    assert not [one.pk for one in others if f"/luot/{one.pk}/" in head]


def test_the_page_of_a_person_tells_the_days_served_where_the_law_counts_them(province):
    row = Staff.objects.filter(province="08").first()
    PastTour.objects.create(
        province="08", path=row.path, staff=row.code, facility="TYT", skill="NOI", instrument="rotation",
        start=date(2025, 3, 10), end=date(2025, 3, 24),
    )  # fmt: skip
    pages = [client_of(province).get(f"/nguoi/{row.code}/?pv=08&ngay={day}") for day in ("2025-06-01", "2025-01-01")]
    told, before = (page.content.decode() for page in pages)
    assert "đã đi 10 ngày làm việc; quy định từ 132 đến 264 ngày" in told
    assert "ngày làm việc; quy định" not in before


def test_working_days_add_up_only_where_the_law_counts_them():
    tour = PastTour(instrument="rotation", start=date(2025, 3, 10), end=date(2025, 3, 24))
    support = PastTour(instrument="support", start=date(2025, 4, 7), end=date(2025, 4, 14))
    (duty,) = duties([tour, tour, support], on=date(2025, 3, 14), lang="vi")
    assert (duty.days, duty.least, duty.most) == (10, 132, 264)


def test_who_goes_gets_the_decision_as_a_file_and_nobody_else_by_that_way(first, own, somebody, province):
    address = f"/luot/{first.pk}/quyet-dinh/"
    assert client_of(own).get(address).status_code == 404, "nothing was kept yet"
    issue = Issue.objects.get()
    for kind, data in (("quyet-dinh", b"%PDF-1"), ("signed", b"%PDF-2")):
        Paper.objects.create(
            province="08", path="08/", issue=issue, kind=kind, filename=f"{kind}.pdf", content=data, sha256=kind,
            at=timezone.now(),
        )  # fmt: skip
    answer = client_of(own).get(address)
    assert (answer.content, answer.headers["Content-Type"]) == (b"%PDF-2", "application/pdf")
    assert "Quyết định (PDF)" in client_of(own).get("/toi/").content.decode()
    for other in (somebody("staff", "08/", staff="TQ-0001"), somebody("head", first.path), province):
        assert client_of(other).get(address).status_code == 404


def test_a_tour_that_is_over_offers_its_certificate(first, own, today):
    assert "Giấy xác nhận" not in client_of(own).get("/toi/").content.decode()
    today(first.end)
    page = client_of(own).get("/toi/").content.decode()
    assert "lượt đã đi" in page and f"/quyet-dinh/xac-nhan/{first.pk}/" in page


def asked(account, address, body=None):
    """Ask the API as a page of somebody does."""
    client = client_of(account)
    if body is None:
        return client.get(f"/api/v1/{address}")
    return client.post(f"/api/v1/{address}", json.dumps(body), content_type="application/json")


def test_a_program_tells_own_tours_confirms_and_asks(first, own, somebody, today):
    rows = asked(own, "my-tours").json()["rows"]
    one = next(row for row in rows if row["id"] == first.pk)
    assert (one["start"], one["decision"], one["received_at"]) == ("2026-01-12", "812/QĐ-SYT", None)
    assert one["minutes"] > 0 and "một chiều" in one["way"]
    assert asked(own, f"tours/{first.pk}/receipt", {}).json()["received_at"]
    wrong = asked(own, f"tours/{first.pk}/wishes", {"kind": "change", "paper": " ", "start": "2026-01-12"})
    assert wrong.status_code == 422 and wrong.json()["findings"][0]["code"] == "E800"
    asked(own, f"tours/{first.pk}/wishes", {"kind": "change", "paper": "7/BV", "start": "2026-01-12"})
    (wish,) = asked(own, "wishes").json()["rows"]
    sender = somebody("sender", first.sending_path)
    assert asked(sender, "wishes?province=08").json()["rows"] == [wish]
    assert asked(somebody("head", first.path), f"wishes/{wish['id']}/take", {}).status_code == 404
    assert asked(sender, f"wishes/{wish['id']}/decline", {"answer": "không"}).json()["state"] == "declined"
    assert asked(sender, "my-tours").json()["rows"] == []
    assert asked(own, f"my-tours?on={first.end}").json()["rows"] == [row for row in rows if row["end"] > str(first.end)]


def test_a_program_says_who_came_and_what_breaks_a_plan(first, somebody, province, today):
    head = somebody("head", first.path)
    assert asked(head, f"tours/{first.pk}/arrive", {}).status_code == 422
    today(MONDAY)
    assert asked(head, f"tours/{first.pk}/arrive", {}).json()["state"] == "arrived"
    assert asked(head, f"tours/{first.pk}/confirm", {}).status_code == 403
    cut = {"on": str(MONDAY + timedelta(2)), "reason": "về sớm"}
    assert asked(head, f"tours/{first.pk}/cut", cut).json()["end"] == cut["on"]
    assert asked(province, f"tours/{first.pk}/confirm", {}).json()["state"] == "confirmed"
    assert asked(province, f"tours/{first.pk}/back", {"reason": "nhầm"}).json()["state"] == "ended"
    other = Deployment.objects.filter(campaign=CODE, start__gt=MONDAY).first()
    home = Staff.objects.get(code=other.staff)
    Absence.objects.create(
        province="08", path=home.path, staff=other.staff, outcome="absent", start=other.start, end=other.end, paper="1"
    )
    answer = asked(province, f"campaigns/{CODE}/broken?province=08").json()
    assert [row["tour"] for row in answer["rows"]] == [other.pk] and answer["rows"][0]["why"]
    assert asked(head, f"campaigns/{CODE}/broken").status_code == 403
    line = asked(province, "timeline?province=08&on=2026-01-09&days=7").json()
    assert line["monday"] == "2026-01-12" and first.pk in line["arrive"]
    assert line["count"] == len(line["rows"]) and {row["kind"] for row in line["rows"]} >= {"den"}
