"""A province sets values where the law leaves room: who is affected is known before, and two persons agree."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError
from django.utils import timezone

from tests.web.conftest import client_of
from tramyte.domain.errors import AlreadyIssued, BadData, NotAllowed
from tramyte.need import needs
from tramyte.norms import names
from tramyte.web import records
from tramyte.web.actions import norms
from tramyte.web.models import Event, LocalNorm
from tramyte.web.norms import law_of

pytestmark = pytest.mark.django_db
STAFFING, DOCTORS = "staffing_03_2023", "doctors_per_station"


@pytest.fixture
def tomorrow():
    return timezone.localdate() + timedelta(days=1)


def proposed(by, start, *, name=STAFFING, values=None, **more):
    given = {
        "province": "08",
        "name": name,
        "values": values or {"readings.step": "lo"},
        "paper": "Công văn 12/SYT-TCCB",
    }
    return norms.propose(by=by, start=start, **{**given, **more})


def posts(on, law):
    report = needs(records.register("08", on=on, past=("communes",)), on=on, law=law)
    rows: Any = [row["all"].norm for row in report.rows.values()]
    return sum(row.lo for row in rows), sum(row.hi for row in rows)


def told_posts(account, on):
    """Return the posts that a program is told of, read as the province reads the norm."""
    stations = client_of(account).get(f"/api/v1/need?province=08&on={on}").json()["stations"]
    return sum(row["norm"]["lo"] for one in stations for row in one["cadres"] if row["cadre"] == "all")


def test_what_the_preview_counts_is_what_the_need_says_from_that_day_on(province, somebody, tomorrow):
    seen = norms.affected(province="08", name=STAFFING, values={"readings.step": "lo"}, start=tomorrow)
    before, after = (seen.total("lo")[side] or 0 for side in (0, 1))
    assert 0 < len(seen.affected) <= 127 and after > before and seen.total("hi")[0] == seen.total("hi")[1]
    row = proposed(province, tomorrow)
    assert posts(tomorrow, law_of("08"))[0] == before  # a proposal changes nothing
    norms.decide(by=somebody("director", "08/"), proposal=row, is_approved=True)
    assert posts(tomorrow, law_of("08")) == (after, seen.total("hi")[1])
    assert posts(tomorrow - timedelta(days=1), law_of("08"))[0] == before
    assert [told_posts(province, day) for day in (tomorrow, tomorrow - timedelta(days=1))] == [after, before]
    told = Event.objects.get(action="norms.decide").details["affected"]
    assert (told["stations"], told["people"]) == (len(seen.affected), len(seen.people))
    assert told["lo"] == [before, after]


def test_a_target_of_5_counts_the_doctors_short_of_5(province, tomorrow):
    seen = norms.affected(province="08", name=DOCTORS, values={"min": 5}, start=tomorrow)
    by_station = needs(records.register("08", on=tomorrow), on=tomorrow).doctors.stations.short
    assert seen.total("short") == (by_station[4], by_station[5])
    assert {one.before["lo"] == one.after["lo"] for one in seen.stations} == {True}


def test_a_target_of_the_province_moves_first_page_list_map_and_what_programs_are_told(province, somebody, tomorrow):
    row = proposed(province, tomorrow, name=DOCTORS, values={"min": 3, "max": 6})
    norms.decide(by=somebody("director", "08/"), proposal=row, is_approved=True)
    counts = needs(records.register("08", on=tomorrow, past=("communes",)), on=tomorrow).doctors.communes.counts
    short = {level: sum(max(0, level - one) for one in counts.values()) for level in (3, 4, 5, 6)}
    client = client_of(province)
    for muc, level, other in (("", 3, 6), ("6", 6, 3), ("5", 3, 6)):
        state = {"pv": "08", "ngay": tomorrow.isoformat(), "muc": muc}
        page = client.get("/tong-quan/", state)
        assert f"Còn thiếu {short[level]} bác sĩ để mọi xã có từ {level} bác sĩ" in page.content.decode()
        told = page.context
        assert told["others"] == [(other, short[other])] and [one for one, _ in told["levels"]] == [3, 6]
        assert [one["doctors"] for one in told["rows"]] == list(range(7))
        assert [one["doctors"] for one in told["rows"] if one["is_line"]] == [level]
        assert [sum(one["short"] for one in told[part]) for part in ("rows", "communes")] == [short[level]] * 2
        assert all((int(cell.look[1:]) >= 4) == (cell.count >= level) for cell in told["map"].cells)
        listed = client.get("/tram/", state)
        assert sum(one["short"] for one in listed.context["list"].rows) == short[level]
        assert f"Chỉ tiêu {level}" in listed.content.decode()
    doctors = client.get(f"/api/v1/need/doctors?province=08&on={tomorrow}").json()["doctors"]
    need = client.get(f"/api/v1/need?province=08&on={tomorrow}").json()
    assert need["doctors"] == doctors and doctors["short"]["6"] == short[6]
    assert {one["level"] for one in need["targets"]} == {3, 6}
    today = client.get("/tong-quan/", {"pv": "08", "ngay": (tomorrow - timedelta(days=1)).isoformat()}).context
    assert [one for one, _ in today["levels"]] == [4, 5], "what is set for a day counts from that day on"


def test_before_any_target_the_doctors_are_counted_and_nobody_is_said_to_be_short(province):
    client = client_of(province)
    page = client.get("/tong-quan/?pv=08&ngay=2025-09-08&muc=4")
    text = page.content.decode()
    assert "Ngày này chưa có chỉ tiêu bác sĩ" in text and "Từ 4 bác sĩ" not in text
    assert [one["short"] for one in page.context["rows"]] == [None] * 6
    assert sum(one["places"] for one in page.context["rows"]) == 124
    rows = client.get("/tram/?pv=08&ngay=2025-09-08").context["list"].rows
    assert {one["short"] for one in rows} == {None} and sum(one["doctors"] for one in rows) > 0


def test_what_was_known_before_stays_as_it_was_known(province, somebody, tomorrow):
    moment = timezone.now()
    norms.decide(by=somebody("director", "08/"), proposal=proposed(province, tomorrow), is_approved=True)
    assert law_of("08").changes and not law_of("08", known=moment).changes
    assert not law_of("11").changes


def test_two_persons_decide_and_the_database_holds_it_too(province, somebody, tomorrow):
    row = proposed(province, tomorrow)
    with pytest.raises(BadData, match="E636"):
        norms.decide(by=province, proposal=row, is_approved=True)
    for role, path in (("clerk", "08/"), ("commune", "08/"), ("admin", ""), ("director", "11/")):
        with pytest.raises(NotAllowed):
            norms.decide(by=somebody(role, path), proposal=row, is_approved=True)
    director = somebody("director", "08/")
    with pytest.raises(BadData, match="E637"):
        norms.decide(by=director, proposal=row, is_approved=False)
    norms.decide(by=director, proposal=row, is_approved=False, reason="Chưa có văn bản")
    assert not law_of("08").changes
    with pytest.raises(AlreadyIssued):
        norms.decide(by=director, proposal=row, is_approved=True)
    with pytest.raises(IntegrityError):
        LocalNorm.every.filter(pk=row.pk).update(decided_by=province)


def test_nothing_past_changes_and_nothing_certain_is_set(province, somebody, tomorrow):
    today = tomorrow - timedelta(days=1)
    cases = [
        ({"start": today}, "E634"), ({"values": {"base": 6}}, "E630"), ({"name": "retirement"}, "E630"),
        ({"paper": " "}, "E635"), ({"name": DOCTORS, "values": {"min": 6}}, "E633"),
        ({"name": "wisn_allowances", "values": {"category.doctor.0.amount": 1.2}}, "D022"),
    ]  # fmt: skip
    for more, code in cases:
        with pytest.raises(BadData, match=code):
            proposed(province, more.pop("start", tomorrow), **more)
    for role, path in (("director", "08/"), ("planner", "11/"), ("analyst", "")):
        with pytest.raises(NotAllowed):
            proposed(somebody(role, path), tomorrow)
    assert not LocalNorm.objects.exists()


def test_an_approval_that_comes_too_late_is_refused(province, somebody, tomorrow):
    row = proposed(province, tomorrow)
    LocalNorm.every.filter(pk=row.pk).update(start=date(2026, 1, 1))
    with pytest.raises(BadData, match="E634"):
        norms.decide(by=somebody("director", "08/"), proposal=row, is_approved=True)


def test_a_form_names_what_differs_and_blank_is_the_law_again(province, somebody, tomorrow):
    read = {"readings.step": "lo", "readings.rounding": ""}
    assert norms.read_values(STAFFING, read, province="08", on=tomorrow) == {"readings.step": "lo"}
    norms.decide(by=somebody("director", "08/"), proposal=proposed(province, tomorrow), is_approved=True)
    assert norms.read_values(STAFFING, read, province="08", on=tomorrow) == {}
    assert norms.read_values(STAFFING, {"readings.step": " "}, province="08", on=tomorrow) == {"readings.step": None}
    later = tomorrow + timedelta(days=30)
    before = posts(tomorrow, law_of("08"))
    row = proposed(province, later, values={"readings.step": None})
    norms.decide(by=somebody("director", "08/"), proposal=row, is_approved=True)
    assert posts(later, law_of("08"))[0] < before[0] == posts(tomorrow, law_of("08"))[0]
    assert norms.read_values(DOCTORS, {"min": "4", "max": "5"}, province="08", on=tomorrow) == {}
    with pytest.raises(BadData, match="E631"):
        norms.read_values(DOCTORS, {"min": "bốn"}, province="08", on=tomorrow)


STATE = "?pv=08&ngay=2026-01-08"


def test_every_norm_is_shown_with_its_source_and_how_sure_it_is(province):
    client = client_of(province)
    table = client.get(f"/quan-tri/quy-dinh/{STATE}").context["list"]
    assert table.count == len(names()) and all(row["source"] for row in table.rows)
    assert 0 < sum(row["article"] is None for row in table.rows) < table.count / 2  # practice has none
    verify = client.get(f"/quan-tri/quy-dinh/{STATE}&loai=verify").context["list"]
    assert 0 < verify.count < table.count
    for row in table.rows:
        assert client.get(f"/quan-tri/quy-dinh/{row['name']}/{STATE}").status_code == 200, row["name"]
    assert client.get(f"/quan-tri/quy-dinh/khong-co/{STATE}").status_code == 404
    text = client.get(f"/quan-tri/quy-dinh/{STAFFING}/{STATE}").content.decode()
    assert "Thông tư 03/2023/TT-BYT" in text and "Mỗi cách đọc là một tham số" in text and "Bậc dân số" in text


def test_proposed_on_the_page_and_approved_by_another_the_need_page_follows(province, somebody, tomorrow):
    client, director = client_of(province), client_of(somebody("director", "08/"))
    address = f"/quan-tri/quy-dinh/{STAFFING}/{STATE}"
    form = {"muc-readings.step": "lo", "tu-ngay": f"{tomorrow:%d/%m/%Y}", "can-cu": "Công văn 12"}
    shown = client.post(address, {**form, "viec": "xem"})
    assert shown.context["count"] == len(shown.context["planned"].affected) > 0
    assert not LocalNorm.objects.exists()
    sent = client.post(address, {**form, "viec": "ghi"})
    row = LocalNorm.objects.get()
    page = f"/quan-tri/quy-dinh/de-xuat/{row.pk}/{STATE}"
    assert sent.headers["Location"].startswith(page.split("?")[0])
    own = client.get(page)
    assert not own.context["can"] and own.context["is_own"]
    assert "E636" in client.post(page, {"viec": "duyet"}).content.decode()
    before = director.get(page).context
    assert before["can"] and before["totals"] == shown.context["totals"]
    assert "E637" in director.post(page, {"viec": "tra"}).content.decode()
    assert director.post(page, {"viec": "duyet"}).status_code == 302
    assert posts(tomorrow, law_of("08"))[0] == shown.context["totals"][0][2]
    listed = client.get(f"/quan-tri/quy-dinh/?pv=08&ngay={tomorrow}&loai=own").context["list"]
    assert [one["name"] for one in listed.rows] == [STAFFING]


def test_what_cannot_be_read_is_told_and_stays(province, tomorrow):
    form = {"muc-min": "bốn", "tu-ngay": f"{tomorrow:%d/%m/%Y}", "viec": "xem"}
    text = client_of(province).post(f"/quan-tri/quy-dinh/{DOCTORS}/{STATE}", form).content.decode()
    assert 'href="#muc-min"' in text and 'value="bốn"' in text
    text = client_of(province).post(f"/quan-tri/quy-dinh/{DOCTORS}/{STATE}", {"viec": "xem"}).content.decode()
    assert "E638" in text


def test_who_may_look_and_who_may_propose(province, somebody, tomorrow):
    form = {"muc-min": "5", "tu-ngay": f"{tomorrow:%d/%m/%Y}", "viec": "xem"}
    address = f"/quan-tri/quy-dinh/{DOCTORS}/{STATE}"
    admin = client_of(somebody("admin", ""))
    assert admin.get(f"/quan-tri/quy-dinh/{STATE}").status_code == 200
    assert not admin.post(address, form).context["stations"]
    director = client_of(somebody("director", "08/"))
    assert "muc-min" not in director.get(address).content.decode()
    assert director.post(address, form).status_code == 403
    for role, path in (("planner", "11/"), ("director", "11/")):
        assert client_of(somebody(role, path)).get(address).status_code == 404
