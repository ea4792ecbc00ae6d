"""Forms of corrections, without scripts: what was typed stays, findings stand at their fields, who was faster shows."""

import re
from datetime import date

import pytest
from django.test import Client

from tests.web.conftest import client_of
from tests.web.test_corrections import change, state
from tramyte.domain.errors import AlreadyIssued, BadData, NotAllowed
from tramyte.domain.messages import messages
from tramyte.web.actions import proposals
from tramyte.web.models import Absence, Appointment, Authority, Equipment, Event, Facility, Licence, Post, Staff
from tramyte.web.nouns import nouns, slug

pytestmark = pytest.mark.django_db
DAY = date(2026, 1, 8)


def address_of(row, act=""):
    noun = next(one for one in nouns().values() if one.model is type(row))
    return f"/sua/{noun.slug}/{row.pk}/{act}?pv=08"


def form(page):
    """Return name -> value of the fields of the form in the main part of a page, as a browser would send them."""
    main = page.split("<main")[1]
    found = {}
    for tag in re.findall(r"<input [^>]*>", main):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and ('type="radio"' not in tag or "checked" in tag):
            found[name[1]] = value[1] if value else ""
    for name, inside in re.findall(r'<select id="[^"]*" name="([^"]*)".*?>(.*?)</select>', main, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', inside)
        found[name] = chosen[1] if chosen else ""
    found.pop("csrfmiddlewaretoken", None)
    return found


def sentence(code, **fields):
    return messages()[code]["vi"].format(**fields)


def test_a_form_asks_every_column_once_under_its_label_and_holds_what_is_recorded(province, person):
    page = client_of(province).get(address_of(person)).content.decode()
    given = form(page)
    assert given["ten"] == person.given_name and given["nam-sinh"] == str(person.birth_year)
    assert "ma-nhan-luc" not in given and person.code in page  # what others name it by stays
    for column in nouns()["staff"].columns:
        assert column.title["vi"] in page
    labels = set(re.findall(r'<label for="([^"]+)"', page.split("<main")[1]))
    assert {name for name in given if name not in {"ve", "ban-ghi"}} <= labels
    assert 'inputmode="decimal"' in page and "<script" not in page.split("<main")[1] and page.count("<h1") == 1


def test_a_correction_is_typed_recorded_told_and_undone(province, person):
    client = client_of(province)
    before = person.given_name
    given = form(client.get(address_of(person)).content.decode()) | {"ten": "Ánh", "ly-do": "gõ nhầm"}
    answer = client.post(address_of(person), given)
    assert answer.status_code == 302 and answer.headers["Location"] == f"/nguoi/{person.code}/?pv=08"
    assert Staff.objects.get(pk=person.pk).given_name == "Ánh"
    event = Event.objects.get(action="register.correct")
    assert (event.account, event.reason, event.about) == (province, "gõ nhầm", f"staff {person.code}")
    page = client.get(answer.headers["Location"]).content.decode()
    undo = re.findall(r'href="(/sua/hoan-lai/\d+/\?pv=08)"', page)[0]
    assert client.post(undo, {"ly-do": ""}).status_code == 422
    assert sentence("E145") in client.post(undo, {"ly-do": " "}).content.decode()
    assert client.post(undo, {"ly-do": "đúng rồi"}).status_code == 302
    assert Staff.objects.get(pk=person.pk).given_name == before
    assert sentence("E143", who="planner", at="").split(" lúc")[0] in client.get(undo).content.decode()


def test_every_finding_stands_at_its_field_at_once_and_what_was_typed_stays(province, person):
    client = client_of(province)
    given = form(client.get(address_of(person)).content.decode())
    wrong = {"ten": "", "nam-sinh": "1.234,5", "gioi-tinh": "x", "ngay-het-hop-dong": "31/02/2026"}
    wrong |= {"tu-ngay": "1/1/2020", "den-truoc-ngay": "1/1/2019"}  # each can be read; together they are wrong
    answer = client.post(address_of(person), given | wrong)
    page = answer.content.decode()
    assert answer.status_code == 422 and page.count('aria-invalid="true"') == 5
    for code, field in (("E201", "ten"), ("E212", "nam-sinh"), ("E205", "gioi-tinh"), ("E207", "ngay-het-hop-dong"),
                        ("E401", "den-truoc-ngay")):  # fmt: skip
        assert re.search(rf'<li><a href="#{field}">{code} ', page), code
    assert 'value="31/02/2026"' in page and 'value="1.234,5"' in page
    assert Staff.objects.get(pk=person.pk).birth_year == person.birth_year
    assert not Event.objects.filter(action="register.correct")


def test_whether_it_was_always_wrong_or_changes_on_a_day_is_asked(province, station):
    client = client_of(province)
    given = form(client.get(address_of(station)).content.decode()) | {"dan-so-phuc-vu": "4.321"}
    assert sentence("E142") in client.post(address_of(station), given).content.decode()
    given |= {"cach": "tu-ngay", "thay-doi-tu": "mai"}
    assert sentence("E153", read="mai") in client.post(address_of(station), given).content.decode()
    given |= {"thay-doi-tu": "8/1/2026"}
    assert client.post(address_of(station), given).status_code == 302
    rows = Facility.objects.filter(code=station.code).order_by("pk")
    assert [(row.end, row.catchment_population) for row in rows] == [
        (DAY, station.catchment_population), (None, 4321),
    ]  # fmt: skip


def test_who_was_faster_is_shown_and_each_value_is_chosen(province, somebody, person):
    client = client_of(province)
    mine = form(client.get(address_of(person)).content.decode()) | {"ten": "Bình", "nam-sinh": "1971"}
    other = somebody("planner", "08/", username="ba-lan")
    change(other, person, given_name="Ánh", birth_year=1972)
    answer = client.post(address_of(person), mine)
    page = answer.content.decode()
    assert answer.status_code == 422 and 'name="chon-ten"' in page and 'name="chon-nam-sinh"' in page
    assert "Giữ giá trị đã ghi: Ánh" in page and 'value="Bình"' in page and "planner đã ghi Ánh lúc" in page
    again = form(page)
    assert again["ban-ghi"] != mine["ban-ghi"] and again["lech-ten"] == "1"
    unchosen = client.post(address_of(person), again).content.decode()
    assert sentence("E141", column_vi="Tên") in unchosen and Staff.objects.get(pk=person.pk).given_name == "Ánh"
    chosen = form(unchosen) | {"chon-ten": "vua-ghi", "chon-nam-sinh": "da-luu"}
    assert client.post(address_of(person), chosen).status_code == 302
    person.refresh_from_db()
    assert (person.given_name, person.birth_year) == ("Bình", 1972)


def test_ending_and_withdrawing_ask_day_and_reason(province, person):
    client = client_of(province)
    work = Appointment.objects.get(staff=person.code)
    page = client.get(address_of(work, "ket-thuc/")).content.decode()
    assert address_of(work, "bo/").split("?")[0] in page
    given = form(page)
    answer = client.post(address_of(work, "ket-thuc/"), given | {"ngay-ket-thuc": "32/1/2026", "ly-do": ""})
    assert answer.status_code == 422 and sentence("E153", read="32/1/2026") in answer.content.decode()
    answer = client.post(address_of(work, "ket-thuc/"), given | {"ngay-ket-thuc": "8/1/2026", "ly-do": ""})
    assert sentence("E145") in answer.content.decode() and 'value="8/1/2026"' in answer.content.decode()
    answer = client.post(address_of(work, "ket-thuc/"), given | {"ngay-ket-thuc": "8/1/2026", "ly-do": "chuyển đi"})
    assert answer.status_code == 302 and Appointment.objects.get(pk=work.pk).end == DAY
    seen = form(client.get(address_of(work, "bo/")).content.decode())
    assert client.post(address_of(work, "bo/"), seen | {"ly-do": "nhầm"}).status_code == 302
    assert not Appointment.objects.filter(pk=work.pk)


def test_something_new_begins_with_what_the_link_says_and_goes_back_where_it_came_from(province, station):
    client = client_of(province)
    address = f"/sua/vi-tri-viec-lam/them/?pv=08&ma-co-so={station.code}&ve=/tram/"
    page = client.get(address).content.decode()
    given = form(page)
    assert given["ma-co-so"] == station.code and given["ve"] == "/tram/"
    assert f'<option value="{station.code}">{station.name}</option>' in page
    given |= {"ma-vi-tri": "VT-MOI-1", "ma-chuc-danh-nghe-nghiep": "V.08.01.03", "tu-ngay": "8/1/2026"}
    answer = client.post(address, given)
    assert answer.headers["Location"] == "/tram/"
    assert Post.objects.get(code="VT-MOI-1").path == station.path
    answer = client.post(address, given | {"ma-vi-tri": "VT-MOI-2", "ve": "https://example.org/"})
    assert "example" not in answer.headers["Location"]
    answer = client.post(address, given)
    assert answer.status_code == 422 and "E301" in answer.content.decode()


def test_a_new_person_is_typed_with_where_they_work(province, station):
    address = f"/sua/nhan-luc/them/?pv=08&ma-co-so={station.code}"
    client = client_of(province)
    given = form(client.get(address).content.decode())
    given |= {"ma-nhan-luc": "MOI-9", "ho-va-dem": "Lò Thị", "ten": "Hoa", "nam-sinh": "1990", "gioi-tinh": "female",
              "ty-le-thoi-gian": "0,5"}  # fmt: skip
    answer = client.post(address, given)
    assert answer.headers["Location"] == "/nguoi/MOI-9/?pv=08"
    assert Appointment.objects.get(staff="MOI-9").share == 0.5 and Staff.objects.get(code="MOI-9").path == station.path


def test_a_masked_field_is_asked_blank_and_blank_keeps_it(province, person):
    row = Absence.objects.create(province="08", path=person.path, staff=person.code, outcome="exempt",
                                 start=DAY, paper="3/TB")  # fmt: skip
    change(province, row, paper="4/TB")
    client = client_of(province)
    page = client.get(address_of(row)).content.decode()
    given = form(page)
    assert given["ket-qua"] == "" and "selected>được miễn" not in page
    client.post(address_of(row), given | {"cach": "tu-dau", "so-van-ban": "5/TB"})
    row.refresh_from_db()
    assert (row.outcome, row.paper) == ("exempt", "5/TB")
    assert "được miễn" not in client.get(address_of(row, "bo/")).content.decode()


ROLES = {"planner": 200, "commune": 200, "sender": 200, "director": 403, "clerk": 403, "head": 403, "analyst": 404,
         "admin": 404, "staff": 404}  # fmt: skip


@pytest.mark.parametrize("role", ROLES)
def test_each_role_edits_what_it_may_at_its_own_place_and_finds_nothing_of_a_stranger(role, somebody, person, station):
    other = Facility.objects.filter(kind="station").exclude(commune=station.commune).first()
    own = client_of(somebody(role, station.path, staff=person.code))
    stranger = client_of(somebody(role, other.path, staff="X"))
    # a head proposes, and rotated staff about themselves, see below
    for act in ("", "ket-thuc/", "bo/") if role not in ("head", "staff") else ("ket-thuc/", "bo/"):
        assert own.get(address_of(person, act)).status_code == ROLES[role], act
        assert own.post(address_of(person, act), {"ly-do": "x"}).status_code == max(ROLES[role], 403) or role in (
            "planner", "commune", "sender")  # fmt: skip
        assert stranger.get(address_of(person, act)).status_code == 404
        assert stranger.post(address_of(person, act), {"ly-do": "x"}).status_code == 404
    assert Staff.objects.get(pk=person.pk).end is None
    authority = Authority.objects.filter(facility=station.code).first()
    expected = 200 if role == "head" else 404 if ROLES[role] == 404 and role != "analyst" else 403
    assert own.get(address_of(authority)).status_code == expected
    page = own.get(f"/nguoi/{person.code}/?pv=08").content.decode()
    assert ("/sua/nhan-luc/" in page) == (ROLES[role] == 200 or role == "head")


def test_an_address_that_names_nothing_is_no_page(province, person, station):
    client = client_of(province)
    for address in ("/sua/khong-co/1/", "/sua/nhan-luc/999999/", "/sua/chuyen-mon/1/ket-thuc/", "/sua/hoan-lai/1/"):
        assert client.get(f"{address}?pv=08").status_code == 404, address
    assert Client().get(address_of(person)).headers["Location"].startswith("/tai-khoan/")
    assert client.post(address_of(person), {"ban-ghi": "9" * 30}).status_code == 422
    assert state(person)


@pytest.mark.parametrize("name", sorted(nouns()))
def test_every_noun_has_a_form_to_add_one(name, province):
    answer = client_of(province).get(f"/sua/{nouns()[name].slug}/them/?pv=08")
    assert answer.status_code == 200 and answer.content.decode().count("<h1") == 1
    answer = client_of(province).post(f"/sua/{nouns()[name].slug}/them/?pv=08", {})
    assert answer.status_code == 422 and "E201" in answer.content.decode()


def test_a_head_proposes_and_whoever_keeps_the_record_takes_it(somebody, province, person, station):
    head, officer = somebody("head", station.path), somebody("commune", station.path)
    page = client_of(head).get(f"/nguoi/{person.code}/?pv=08").content.decode()
    assert "Đề nghị sửa" in page and "Kết thúc" not in page.split("<main")[1]
    given = form(client_of(head).get(address_of(person)).content.decode()) | {"ten": "Ánh"}
    assert sentence("E145") in client_of(head).post(address_of(person), given).content.decode()
    assert client_of(head).post(address_of(person), given | {"ly-do": "theo căn cước"}).status_code == 302
    assert Staff.objects.get(pk=person.pk).given_name == person.given_name
    event = Event.objects.get(action="proposals.propose")
    assert event.details["typed"] == {"ten": "Ánh"} and event.account == head
    listed = client_of(officer).get("/de-nghi-sua/?pv=08").content.decode()
    assert f"{person.given_name} → Ánh" in listed and "theo căn cước" in listed
    take = f"{address_of(person)}&de-nghi={event.number}"
    proposed = form(client_of(officer).get(take).content.decode())
    assert (proposed["ten"], proposed["de-nghi"]) == ("Ánh", str(event.number))
    assert client_of(officer).post(address_of(person), proposed).status_code == 302
    assert Staff.objects.get(pk=person.pk).given_name == "Ánh"
    assert Event.objects.get(action="register.correct").details["answers"] == event.number
    assert "theo căn cước" not in client_of(officer).get("/de-nghi-sua/?pv=08").content.decode()


def test_a_person_proposes_about_themselves_and_about_nobody_else(somebody, province, person, station):
    mine = somebody("staff", "08/", staff=person.code)
    licence = Licence.objects.filter(staff=person.code).first() or Appointment.objects.filter(staff=person.code).first()
    page = client_of(mine).get("/toi/").content.decode()
    assert f'href="{address_of(licence).partition("?")[0]}?ve=' in page and "Đề nghị sửa" in page
    given = form(client_of(mine).get(f"{address_of(person)}&ve=/toi/").content.decode()) | {"ten": "Ánh"}
    answer = client_of(mine).post(address_of(person), given | {"ly-do": "theo căn cước"})
    assert answer.status_code == 302 and answer.headers["Location"] == "/toi/"
    told = client_of(mine).get("/toi/").content.decode()
    assert f"{person.given_name} → Ánh" in told and "/tu-choi/" not in told
    listed = client_of(province).get("/de-nghi-sua/?pv=08").content.decode()
    assert f"{person.given_name} → Ánh" in listed and "theo căn cước" in listed
    other = Staff.objects.filter(path=person.path).exclude(pk=person.pk).first()
    for row in (other, station, Appointment.objects.filter(staff=other.code).first()):
        assert client_of(mine).get(address_of(row)).status_code == 404
    for act in ("ket-thuc/", "bo/"):
        assert client_of(mine).post(address_of(person, act), {"ly-do": "x"}).status_code == 404
    with pytest.raises(NotAllowed):
        proposals.propose(
            by=somebody("staff", "11/", staff=person.code), noun="staff", pk=person.pk, typed={"ten": "A"}, reason="x"
        )


def test_a_head_proposes_from_the_lists_of_the_station(somebody, province, station):
    head, machine = somebody("head", station.path), Equipment(facility=station.code, path=station.path, code="M-1")
    machine.province, machine.kind, machine.name = "08", "siêu âm", "Máy siêu âm"
    machine.save()
    base = f"/tram/{station.code}/{slug(station.name)}/"
    page = client_of(head).get(f"{base}?pv=08").content.decode()
    assert f'href="{address_of(station).partition("?")[0]}?' in page and "Đề nghị sửa" in page
    rows = client_of(head).get(f"{base}thiet-bi/?pv=08").content.decode()
    assert f'href="{address_of(machine).partition("?")[0]}?pv=08' in rows and "Đề nghị sửa" in rows
    assert "Đề nghị sửa" not in client_of(somebody("clerk", "08/")).get(f"{base}thiet-bi/?pv=08").content.decode()
    assert "Sửa Máy siêu âm" in client_of(province).get(f"{base}thiet-bi/?pv=08").content.decode().split("<tbody>")[1]
    given = form(client_of(head).get(address_of(machine)).content.decode()) | {"ly-do": "theo đề án"}
    assert client_of(head).post(address_of(machine), given).status_code == 422, "nothing differs"


def test_a_proposal_is_declined_with_a_reason_and_no_stranger_sees_it(somebody, province, person, station):
    head, officer = somebody("head", station.path), somebody("commune", station.path)
    other = Facility.objects.filter(kind="station").exclude(commune=station.commune).first()
    stranger = somebody("commune", other.path)
    event = proposals.propose(by=head, noun="staff", pk=person.pk, typed={"ten": "Ánh"}, reason="nghe nói")
    assert "nghe nói" not in client_of(stranger).get("/de-nghi-sua/?pv=08").content.decode()
    address = f"/de-nghi-sua/{event.number}/tu-choi/?pv=08"
    assert client_of(stranger).get(address).status_code == client_of(head).get(address).status_code == 404
    assert client_of(officer).post(address, {"ly-do": ""}).status_code == 422
    with pytest.raises(NotAllowed):
        proposals.decline(by=head, event=event, reason="x")
    with pytest.raises(NotAllowed):
        proposals.propose(by=stranger, noun="staff", pk=person.pk, typed={"ten": "Ánh"}, reason="x")
    with pytest.raises(BadData):
        proposals.propose(by=head, noun="staff", pk=person.pk, typed={}, reason="x")
    assert client_of(officer).post(address, {"ly-do": "không đúng"}).status_code == 302
    assert not proposals.waiting("08")
    with pytest.raises(AlreadyIssued):
        proposals.decline(by=officer, event=event, reason="x")
