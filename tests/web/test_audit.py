"""The log: read by who may, within their places, nothing about people to administrators, broken chains told."""

import re
import threading
from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from tramyte.domain.messages import messages
from tramyte.web import events, walls, worker
from tramyte.web.actions import accounts, audit
from tramyte.web.models import Commune, Contact, Event, Province, Run
from tramyte.web.roles import ROLES, Permission
from tramyte.web.views.audit import chain, known_actions
from tramyte.web.work import upkeep

pytestmark = pytest.mark.django_db
LOG = "/nhat-ky/"


def told(action, path="08/", **more):
    return events.append(action, account=None, province=path[:2], path=path, at=timezone.now(), **more)


def seen(account, address=LOG):
    client = Client()
    client.force_login(account)
    answer = client.get(address)
    return answer.status_code, answer.content.decode(errors="replace")


def numbers(page):
    return [int(one) for one in re.findall(r'<a href="/nhat-ky/(\d+)/">\1</a>', page)]


def test_one_reads_the_log_of_ones_places_and_of_no_other(somebody):
    here, there, above = told("imports.ask"), told("imports.ask", "11/"), told("backups.made", "")
    station = told("imports.ask", "08/08001/")
    planner = somebody("planner", "08/")
    assert numbers(seen(planner)[1]) == [station.number, here.number]
    for hidden in (there, above):
        assert seen(planner, f"{LOG}{hidden.number}/")[0] == 404
    assert set(numbers(seen(somebody("admin", ""))[1])) == {one.number for one in (here, there, above, station)}


@pytest.mark.parametrize("role", sorted(ROLES))
def test_only_who_may_read_the_log_does(role, somebody):
    account = somebody(role, "08/", staff="08-NV-1" if role == "staff" else None)
    expected = 200 if Permission.SEE_AUDIT in ROLES[role].may else 403
    one = told("imports.ask")
    assert {seen(account, address)[0] for address in (LOG, f"{LOG}{one.number}/", f"{LOG}?xuat=xlsx")} == {expected}


def test_it_is_filtered_by_who_what_where_about_and_day_and_its_pages_do_not_overlap(somebody):
    planner = somebody("planner", "08/", username="lan")
    mine = events.append(
        "register.correct", account=planner, province="08", path="08/08001/", about="x", at=timezone.now()
    )
    for _ in range(120):
        told("imports.ask")
    for query in ("ai=lan", "viec=register.correct", "noi=08/08001", "ve=x"):
        assert numbers(seen(planner, f"{LOG}?{query}")[1]) == [mine.number], query
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert not numbers(seen(planner, f"{LOG}?tu={tomorrow:%d/%m/%Y}")[1])
    found: list[int] = []
    address: str | None = LOG
    while address:
        page = seen(planner, address)[1]
        found += numbers(page)
        older = re.search(r'href="(\?[^"]*truoc=\d+)" rel="next"', page)
        address = LOG + older.group(1).replace("&amp;", "&") if older else None
    assert found == list(Event.objects.order_by("-number").values_list("number", flat=True)) and len(found) == 121


def test_a_change_is_shown_before_and_after_masked_where_it_is_private(somebody):
    contact = Contact.objects.create(province="08", path="08/", staff="08-NV-1", phone="0912345678")
    before = contact.history.latest().history_id
    contact.phone = "0987654321"
    contact.save()
    after = contact.history.latest().history_id
    details = {
        "changed": {"staff": [[7, {"given_name": ["Hoa", "Hòa"]}]],
                    "absences": [[3, {"outcome": ["absent", "exempt"]}]],
                    "facilities": [[1, {"name": ["Trạm A", "Trạm B"]}]]},
        "history": [["contacts", contact.pk, before, after]],
    }  # fmt: skip
    one = told("register.correct", details=details)
    page = seen(somebody("planner", "08/"), f"{LOG}{one.number}/")[1]
    assert "Hoa" in page and "Hòa" in page and "Trạm B" in page and "•••" in page
    assert "0912345678" not in page and "0987654321" not in page and "exempt" not in page
    page = seen(somebody("admin", "08/"), f"{LOG}{one.number}/")[1]
    assert "Trạm B" in page and "Hòa" not in page, "an administrator of the system sees nothing about people"


def test_a_workbook_of_the_log_holds_its_rows_without_details(somebody):
    told("imports.ask", details={"filename": "bí mật.xlsx"})
    client = Client()
    client.force_login(somebody("planner", "08/"))
    answer = client.get(f"{LOG}?xuat=xlsx")
    assert answer.content[:2] == b"PK" and "bí mật".encode() not in answer.content


def test_a_place_is_told_by_its_name_everywhere_and_leads_to_all_that_happened_there(somebody):
    Province.objects.create(code="08", name="Tuyên Quang", kind="tỉnh", is_sample=True)
    Commune.objects.create(province="08", code="08001", name="Xã Yên Thành", kind="xã", path="08/08001/")
    one, above = told("imports.ask", "08/08001/"), told("backups.made", "")
    chief = somebody("admin", "")
    page = seen(chief)[1]
    assert ">Xã Yên Thành</a>" in page and ">08/08001/<" not in page and "cả nước" in page
    assert numbers(seen(chief, f"{LOG}?noi=08/08001/")[1]) == [one.number] != [above.number]
    assert "<dd>Xã Yên Thành</dd>" in seen(chief, f"{LOG}{one.number}/")[1]
    client = Client()
    client.force_login(chief)
    data = BytesIO(client.get(f"{LOG}?xuat=xlsx").content)
    cells = {cell.value for sheet in load_workbook(data) for row in sheet.iter_rows() for cell in row}
    assert "Xã Yên Thành" in cells and "08/08001/" not in cells


def tamper(sql, values):
    """Write as somebody would who has the database itself: the wall is taken down first."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER wall_event_update")
        else:
            cursor.execute("DROP TRIGGER wall_event ON web_event")
        cursor.execute(sql, values)
    walls.put_up()


def test_a_row_changed_behind_the_program_breaks_the_chain_and_the_page_says_where(somebody):
    rows = [told("imports.ask", about=str(turn)) for turn in range(5)]
    planner = somebody("planner", "08/")
    assert f"Chuỗi nguyên vẹn đến số {rows[4].number}" in seen(planner)[1]
    tamper("UPDATE web_event SET about = %s WHERE number = %s", ["khác", rows[2].number])
    assert f"Chuỗi đứt ở số {rows[2].number}" in seen(planner)[1]
    assert "không khớp nội dung" in seen(planner, f"{LOG}{rows[2].number}/")[1]


def _latest():
    found = audit.latest()
    assert found
    return found.details


def test_a_check_goes_on_from_the_last_and_a_whole_one_finds_what_changed_before_it(somebody):
    rows = [told("imports.ask", about=str(turn)) for turn in range(3)]
    chief = somebody("admin", "08/")
    client = Client()
    client.force_login(chief)
    client.post(f"{LOG}kiem-tra/")
    assert _latest() == {"after": 0, "to": rows[2].number, "broken": None}
    tamper("UPDATE web_event SET about = %s WHERE number = %s", ["khác", rows[0].number])
    client.post(f"{LOG}kiem-tra/")
    assert _latest()["broken"] is None, "what was checked is trusted"
    for _ in range(2):
        page = client.post(f"{LOG}kiem-tra/", {"tat-ca": "1"}, follow=True).content.decode()
        assert 'id="progress"' in page and "Đang chờ đến lượt" in page
    assert Run.objects.filter(kind="chain").count() == 1, "a second wish waits for the first"
    assert worker.one("chain", upkeep.chain, worker="w", ending=threading.Event())
    assert _latest()["broken"] == rows[0].number and Run.objects.get().result == _latest()
    assert f"Chuỗi đứt ở số {rows[0].number}" in seen(chief)[1]
    assert chain().broken == rows[0].number


def test_the_database_itself_refuses_to_change_or_delete_an_event():
    one = told("imports.ask")
    for change in (lambda: Event.objects.filter(pk=one.pk).update(about="x"), lambda: one.delete()):
        with pytest.raises(Exception, match="events are never changed"), transaction.atomic():
            change()


def test_every_action_of_accounts_has_words():
    assert {code.removeprefix("UI_act_") for code in messages() if code.startswith("UI_act_accounts__")} >= {
        f"accounts__{name}" for name in ("open", "grant", "close", "reset_password", "sign_in", "wrong_password")
    }
    assert "accounts.open" in known_actions()


def test_what_an_event_tells_of_a_password_is_that_there_is_one(somebody):
    lan = somebody("planner", "08/")
    password = accounts.reset_password(by=None, account=lan)
    assert password not in str(list(Event.objects.values()))
