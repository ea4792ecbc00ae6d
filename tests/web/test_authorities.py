"""Who manages and who guides: 127 facilities change hands under one decision, and come back as they were."""

from collections import Counter
from dataclasses import fields, replace
from datetime import date

import pytest
from django.db import IntegrityError

from tests.web.conftest import client_of
from tramyte.domain.errors import AlreadyIssued, BadData, NotAllowed
from tramyte.domain.place import Authority
from tramyte.domain.register import Register
from tramyte.need import needs
from tramyte.web import events, records
from tramyte.web.actions import authorities, imports, papers
from tramyte.web.actions.papers import Paper
from tramyte.web.models import Authority as AuthorityRow
from tramyte.web.models import Decision, Equipment, Event, Facility

pytestmark = pytest.mark.django_db
ON = date(2026, 1, 1)
BEFORE = date(2025, 12, 31)
PAPER = Paper("1920/QĐ-UBND", "Chủ tịch Ủy ban nhân dân tỉnh", date(2025, 12, 29))
DEPARTMENT = "Sở Y tế tỉnh Tuyên Quang"


@pytest.fixture
def not_yet(province, tuyen_quang):
    """Tuyên Quang as it was before: every station and polyclinic with its medical centre."""
    olds = tuple(replace(one, end=None) for one in tuyen_quang.authorities if one.start is None)
    run = imports.ask(by=province, path="08/", filename="so.xlsx", data=b"truoc")
    imports.accept(by=province, run=run, register=Register(authorities=olds), on=ON, is_complete=True)
    for number, one in enumerate(olds[:30]):
        Equipment.objects.create(
            province="08", path=Facility.objects.get(code=one.facility).path, code=f"M-{number}", facility=one.facility,
            kind="ultrasound", name="Máy siêu âm",
        )  # fmt: skip
    return province


def stations(register):
    return [one.code for one in register.facilities if one.code in {line.facility for line in register.authorities}]


def asked(register, **more):
    values = {"province": "08", "facilities": stations(register), "to": None, "line": "managing", "on": ON}
    return {**values, "paper": PAPER, **more}


def lines():
    return set(records.register("08", names=["authorities"]).authorities)


def test_101_stations_and_26_polyclinics_go_to_their_communes_and_the_department_goes_on_guiding(not_yet, tuyen_quang):
    before = needs(records.register("08"), on=ON).to_json("vi")
    seen = authorities.plan(**asked(tuyen_quang))
    kinds = Counter(row.facility.kind for row in seen.rows)
    assert kinds == {"station": 101, "polyclinic": 26} and not seen.refused
    assert seen.counts["facilities"] == 127 and seen.counts["equipment"] == 30
    event = authorities.hand_over(by=not_yet, **asked(tuyen_quang), seen=papers.mark(seen))
    assert event.details["counts"] == seen.counts
    after = records.register("08")
    told = {one.facility: one.managing for one in tuyen_quang.as_of(ON).authorities}
    assert {one.facility: one.managing for one in after.as_of(ON).authorities} == told
    assert {one.supervising for one in after.authorities} == {DEPARTMENT}
    then = after.as_of(BEFORE).authorities
    assert len(then) == 127 and all(one.managing.startswith("Trung tâm Y tế") for one in then)
    assert needs(after, on=ON).to_json("vi") == before
    decision = Decision.objects.get(pk=event.details["decision"])
    assert (decision.number, decision.effective_on) == ("1920/QĐ-UBND", ON)
    assert events.first_broken() is None


def test_what_goes_along_is_counted_before_and_is_everybody_who_works_there(not_yet, tuyen_quang):
    seen = authorities.plan(**asked(tuyen_quang))
    now = records.register("08", on=ON)
    there = set(seen.codes("members"))
    assert there == {one.code for one in now.facilities if one.kind in ("station", "polyclinic", "point")}
    assert set(seen.codes("people")) == {one.staff for one in now.appointments if one.facility in there}
    assert set(seen.codes("posts")) == {one.code for one in now.posts if one.facility in there}
    pho_bang = next(one.code for one in now.facilities if one.kind == "polyclinic" and one.commune == "00745")
    (row,) = authorities.plan(**asked(tuyen_quang, facilities=[pho_bang])).rows
    assert (len(row.people), len(row.members), len(row.posts)) == (17, 4, 4)
    assert row.new == "Ủy ban nhân dân xã Phố Bảng"


def test_undo_gives_the_register_back_and_is_a_new_record(not_yet, tuyen_quang):
    before = records.register("08")
    event = authorities.hand_over(by=not_yet, **asked(tuyen_quang))
    back = authorities.undo(by=not_yet, event=event, reason="Quyết định bị thu hồi")
    after = records.register("08")
    for one in fields(Register):
        assert set(getattr(after, one.name)) == set(getattr(before, one.name)), one.name
    assert back.details["undoes"] == event.number and back.reason == "Quyết định bị thu hồi"
    assert Event.objects.filter(pk=event.pk).exists()
    assert AuthorityRow.every.filter(is_withdrawn=True, managing__startswith="Ủy ban").count() >= 127
    with pytest.raises(AlreadyIssued):
        authorities.undo(by=not_yet, event=event, reason="lần nữa")


def test_undo_wants_a_reason_and_loses_nothing_that_was_recorded_since(not_yet, tuyen_quang):
    event = authorities.hand_over(by=not_yet, **asked(tuyen_quang))
    with pytest.raises(BadData, match="E604"):
        authorities.undo(by=not_yet, event=event, reason=" ")
    later = date(2026, 3, 1)
    one = stations(tuyen_quang)[0]
    authorities.hand_over(by=not_yet, **asked(tuyen_quang, facilities=[one], to="Trung tâm Y tế X", on=later))
    with pytest.raises(BadData, match="E605"):
        authorities.undo(by=not_yet, event=event, reason="Quyết định bị thu hồi")


def test_a_handover_that_is_refused_for_one_is_done_for_none(not_yet, tuyen_quang):
    before, count = lines(), Event.objects.count()
    wrong = asked(tuyen_quang, facilities=[*stations(tuyen_quang), "KHONG-CO", "BV-08-01"])
    assert {one.code for one in authorities.plan(**wrong).refused} == {"E610", "E612"}
    with pytest.raises(BadData):
        authorities.hand_over(by=not_yet, **wrong)
    with pytest.raises(BadData, match="E601"):
        authorities.hand_over(by=not_yet, **asked(tuyen_quang, paper=Paper("", "A", ON)))
    assert lines() == before and Event.objects.count() == count and not Decision.objects.exists()


def test_a_failure_half_way_leaves_nothing(not_yet, tuyen_quang, monkeypatch):
    before, count = lines(), Event.objects.count()

    def fails(*_, **__):
        raise IntegrityError("halfway")

    monkeypatch.setattr("tramyte.web.actions.imports.bulk_create_with_history", fails)
    with pytest.raises(IntegrityError):
        authorities.hand_over(by=not_yet, **asked(tuyen_quang))
    assert lines() == before and Event.objects.count() == count and not Decision.objects.exists()


def test_a_preview_that_is_out_of_date_is_refused(not_yet, tuyen_quang):
    seen = papers.mark(authorities.plan(**asked(tuyen_quang)))
    first = stations(tuyen_quang)[0]
    authorities.hand_over(by=not_yet, **asked(tuyen_quang, facilities=[first], to="UBND huyện", on=date(2025, 6, 1)))
    with pytest.raises(BadData, match="E603"):
        authorities.hand_over(by=not_yet, **asked(tuyen_quang), seen=seen)


def test_handed_over_already_or_later_is_refused_by_name(province, tuyen_quang):
    again = authorities.plan(**asked(tuyen_quang, on=date(2026, 2, 1)))
    assert {one.code for one in again.refused} == {"E613"} and not again.rows
    early = authorities.plan(**asked(tuyen_quang, to="UBND tỉnh", on=date(2025, 6, 1)))
    assert {one.code for one in early.refused} == {"E614"}


def test_only_whoever_may_hand_over_does(not_yet, tuyen_quang, somebody):
    for role, path in (("planner", "11/"), ("commune", "08/"), ("director", "08/"), ("analyst", ""), ("admin", "")):
        with pytest.raises(NotAllowed):
            authorities.hand_over(by=somebody(role, path), **asked(tuyen_quang))


def test_the_supervising_line_moves_alone(province, tuyen_quang):
    seen = asked(tuyen_quang, line="supervising", to="Trung tâm Y tế khu vực", on=date(2026, 2, 1))
    authorities.hand_over(by=province, **seen)
    now = records.register("08", on=date(2026, 2, 1), names=["authorities"]).authorities
    assert {one.supervising for one in now} == {"Trung tâm Y tế khu vực"}
    assert {one.managing for one in now} == {one.managing for one in tuyen_quang.as_of(ON).authorities}


def test_a_building_with_a_line_of_its_own_to_somebody_else_stays(province, tuyen_quang):
    point = next(one for one in tuyen_quang.facilities if one.kind == "point")
    path = Facility.objects.get(code=point.code).path
    row = AuthorityRow(
        province="08", path=path, facility=point.code, managing="Hội Chữ thập đỏ", supervising=DEPARTMENT
    )
    row.save()
    seen = authorities.plan(**asked(tuyen_quang, facilities=[point.parent], to="UBND tỉnh", on=date(2026, 2, 1)))
    assert point.code not in seen.rows[0].members
    assert Authority(point.code, "Hội Chữ thập đỏ", DEPARTMENT) in lines()


def test_both_trees_hold_every_facility_once(province, tuyen_quang):
    for line in authorities.LINES:
        tree = authorities.trees(records.register("08"), line, on=ON)
        listed = [one.code for group in tree["under"].values() for one in group]
        assert len(listed) == len(set(listed))
        assert len(listed) + len(tree["without"]) == len(tuyen_quang.as_of(ON).facilities)
    assert len(authorities.trees(records.register("08"), "managing", on=ON)["under"]) == 124


STATE = "?pv=08&ngay=2026-01-08"
FORM = {
    "dong": "quan-ly", "loai": ["station", "polyclinic"], "den": "", "tu": "", "so": "1920/QĐ-UBND",
    "nguoi-ky": "Chủ tịch", "ngay-ky": "29/12/2025", "tu-ngay": "01/01/2026",
}  # fmt: skip


def test_every_figure_of_the_hierarchy_opens_to_as_many_facilities(province):
    client = client_of(province)
    for slug in ("quan-ly", "chuyen-mon"):
        table = client.get(f"/quan-tri/don-vi/{STATE}&dong={slug}").context["list"]
        assert table.count == (125 if slug == "quan-ly" else 2)
        for row in list(table.page.object_list)[:6]:
            for column in table.columns:
                if column.kind == "number" and column.value(row):
                    there = client.get(column.link(row)).context["list"]
                    assert there.count == column.value(row), (row, column.code)
    before = client.get("/quan-tri/don-vi/?pv=08&ngay=2025-12-31").context["list"]
    assert before.count == 17  # sixteen centres, and those without an authority


def test_127_facilities_are_handed_over_on_the_page_and_put_back(not_yet, tuyen_quang):
    client, before = client_of(not_yet), lines()
    shown = client.post(f"/quan-tri/don-vi/ban-giao/{STATE}", {**FORM, "viec": "xem"})
    text = shown.content.decode()
    assert shown.context["number"] == 127 and "Bàn giao 127 cơ sở" in text and lines() == before
    sent = {
        **FORM,
        "viec": "ghi",
        "dau": shown.context["mark"],
        "co-so": [row["code"] for row in shown.context["rows"]],
    }
    done = client.post(f"/quan-tri/don-vi/ban-giao/{STATE}", sent)
    assert done.status_code == 302
    event = Event.objects.get(action="authorities.hand_over")
    assert event.details["counts"] == shown.context["planned"].counts
    listed = client.get(f"/quan-tri/don-vi/lich-su/{STATE}")
    assert "Bàn giao cơ sở" in listed.content.decode()
    address = f"/quan-tri/don-vi/hoan-lai/{event.number}/?pv=08"
    assert "E604" in client.post(address, {"ly-do": ""}).content.decode()
    assert client.post(address, {"ly-do": "Thu hồi"}).status_code == 302
    assert lines() == before
    assert "Đã hoàn lại theo số" in client.get(address).content.decode()


def test_a_form_that_lacks_something_says_what_and_keeps_what_was_typed(not_yet):
    client = client_of(not_yet)
    text = client.post(f"/quan-tri/don-vi/ban-giao/{STATE}", {**FORM, "so": "", "tu-ngay": "hôm nay"}).content.decode()
    assert 'href="#so"' in text and 'href="#tu-ngay"' in text and 'value="hôm nay"' in text
    twice = client.post(
        f"/quan-tri/don-vi/ban-giao/{STATE}", {**FORM, "den": "Trung tâm", "viec": "ghi", "dau": "khác"}
    )
    assert "E603" in twice.content.decode() and len(twice.context["mark"]) == 64
    assert not Event.objects.filter(action="authorities.hand_over").exists()


def test_who_may_not_hand_over_sees_the_trees_of_their_place_alone(province, somebody):
    officer = client_of(somebody("commune", "08/01234/"))
    table = officer.get(f"/quan-tri/don-vi/{STATE}").context["list"]
    assert table.count == 1 and "ban-giao" not in officer.get(f"/quan-tri/don-vi/{STATE}").content.decode()
    for address in ("ban-giao/", "lich-su/", "hoan-lai/1/"):
        assert officer.get(f"/quan-tri/don-vi/{address}{STATE}").status_code == 403
    stranger = client_of(somebody("planner", "11/"))
    for address in ("", "co-so/", "ban-giao/", "lich-su/"):
        assert stranger.get(f"/quan-tri/don-vi/{address}{STATE}").status_code == 404
