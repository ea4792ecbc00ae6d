"""What belongs to a place goes along when the place is elsewhere: at once, or when its day comes, and back again."""

from datetime import date

import pytest
from django.apps import apps
from django.test import Client
from django.utils import timezone

from tests.web.test_succession import done
from tramyte.web.actions import moves, register
from tramyte.web.actions.corrections import last_saved
from tramyte.web.actions.rearranging import New
from tramyte.web.actions.succession import undo
from tramyte.web.models import Appointment, Deployment, Enrolment, Event, Facility, Grant, Run, Staff
from tramyte.web.models.base import Record
from tramyte.web.permissions import visible_to
from tramyte.web.work import upkeep

pytestmark = pytest.mark.django_db
EARLIER, ON, LATER = date(2026, 2, 1), date(2026, 3, 2), date(2026, 4, 1)
OLD, NEW = "08/01234/TYT-01234/", "08/01090/TYT-01234/"
HERE = {"TYT-01234", "DT-01234-1"}  # the station and its point
INTO = New("01090", "Xã Mới", "xã")
ADDRESS = "/tram/TYT-01234/tram-y-te-xa-yen-thanh/"


@pytest.fixture
def today(monkeypatch):
    """Return what lets it be a day for the program."""

    def be(day):
        monkeypatch.setattr(timezone, "localdate", lambda *_: day)

    be(EARLIER)
    return be


@pytest.fixture
def joined(province, today):
    """Return what joins the commune of the station to another."""

    def join():
        return done("join_communes", province, on=ON, predecessors=["01234", "01090"], into=INTO)[1]

    return join


def path_of(account):
    return Grant.objects.get(account=account).path


def seen(account):
    return set(visible_to(Facility.objects.all(), account, on=ON).values_list("code", flat=True))


def shown(account, address, **state):
    client = Client()
    client.force_login(account)
    answer = client.get(address, {"pv": "08", **state})
    return answer.status_code, answer.content.decode()


def chores():
    return upkeep.chores(Run(), lambda *_: None, lambda: False)["moved"]


def paths():
    """Return every path of every record of the province."""
    models = [one for one in apps.get_app_config("web").get_models() if issubclass(one, Record)]
    return {(one.__name__, row.pk): row.path for one in models for row in one.every.filter(province="08")}


def same(before):
    now = paths()
    return not {key: (path, now[key]) for key, path in before.items() if now[key] != path}


def test_grants_runs_and_rows_go_along_with_a_facility_and_come_back(province, somebody, joined, today):
    today(LATER)
    head, sender, clerk = (somebody(role, OLD) for role in ("head", "sender", "clerk"))
    over = somebody("clerk", OLD, username="over", end=date(2026, 1, 1))
    neighbour, officer = somebody("head", "08/01090/TYT-01090/"), somebody("commune", "08/01234/")
    person = Appointment.objects.filter(facility="TYT-01234").first().staff
    there = Facility.objects.get(code="BV-08-01").path
    tour = Deployment.objects.create(
        province="08", path=there, sending_path=OLD, staff=person, facility="BV-08-01", skill="x",
        start=date(2025, 1, 6), end=date(2025, 1, 13), instrument="rotation",
    )  # fmt: skip
    course = Enrolment.objects.create(province="08", path=OLD, staff=person, course="K1")
    run = Run.objects.create(kind="import", province="08", path=OLD, asked_at=timezone.now(), state="done")
    near, before = seen(neighbour), paths()
    event = joined()
    assert [path_of(one) for one in (head, sender, clerk)] == [NEW] * 3
    assert path_of(over) == OLD, "what is over stays as it was"
    assert seen(head) == HERE and seen(neighbour) == near and not seen(officer)
    told = Grant.history.filter(account=head).order_by("history_id").values_list("path", "history_user__username")
    assert list(told)[-1] == (NEW, province.username)
    details = Event.objects.get(pk=event.pk).details
    assert [head.username, "head", OLD, NEW] in details["grants"] and len(details["grants"]) == 3
    for row in (tour, course, run):
        row.refresh_from_db()
    assert (tour.sending_path, course.path, run.path) == (NEW, NEW, NEW)
    assert not [key for key, path in paths().items() if path.startswith(OLD)]
    assert shown(head, ADDRESS)[0] == 200
    undo(by=province, event=event, reason="Nghị quyết chưa có hiệu lực")
    assert {path_of(one) for one in (head, sender, clerk, over)} == {OLD}
    assert seen(head) == HERE and "TYT-01234" in seen(officer)
    assert same(before)


def test_a_correction_by_hand_takes_the_grants_along_and_its_undoing_back(province, somebody, today):
    today(LATER)
    head, row = somebody("head", OLD), Facility.objects.get(code="TYT-01234")
    values = {one.name: getattr(row, one.name) for one in Facility._meta.concrete_fields if one.name != "id"}
    moved = register.correct(
        by=province, noun="facilities", reason="Chuyển địa bàn", pk=row.pk, seen=last_saved(row).history_id, since=ON,
        values={**values, "commune": "01090"},
    )  # fmt: skip
    assert path_of(head) == NEW and seen(head) == {"TYT-01234"}
    assert moved.event.details["grants"] == [[head.username, "head", OLD, NEW]]
    assert set(Facility.objects.filter(code="TYT-01234").values_list("path", flat=True)) == {NEW}
    register.undo(by=province, event=moved.event, reason="Nhầm")
    assert path_of(head) == OLD and not Facility.objects.filter(path=NEW)


def test_what_is_recorded_for_a_day_to_come_waits_for_it(province, somebody, joined, today):
    head, officer, there = somebody("head", OLD), somebody("commune", "08/01234/"), somebody("commune", "08/01090/")
    before, event = paths(), joined()
    assert same(before) and not chores()
    assert (path_of(head), "TYT-01234" in seen(officer), "TYT-01234" in seen(there)) == (OLD, True, False)
    assert [shown(one, ADDRESS)[0] for one in (head, officer, there)] == [200, 200, 404]
    assert "Xã Yên Thành" in shown(province, ADDRESS)[1] and "Xã Mới" not in shown(province, ADDRESS)[1]
    assert "Xã Mới" in shown(province, ADDRESS, ngay=ON.isoformat())[1]
    assert ADDRESS in shown(province, "/xa/01234-xa-yen-thanh/")[1]
    today(ON)
    assert chores()["08"]["grants"] == [[head.username, "head", OLD, NEW]]
    assert Event.objects.filter(action="moves.settle", province="08").count() == 1
    assert not chores(), "done twice, it does nothing more"
    assert [shown(one, ADDRESS)[0] for one in (head, officer, there)] == [200, 404, 200]
    assert "Xã Mới" in shown(province, ADDRESS)[1] and ADDRESS in shown(province, "/xa/01090-xa-moi/")[1]
    assert "Xã Yên Thành" in shown(there, ADDRESS, ngay=EARLIER.isoformat())[1]
    assert ADDRESS in shown(province, "/xa/01234-xa-yen-thanh/", ngay=EARLIER.isoformat())[1]
    undo(by=province, event=event, reason="Nghị quyết bị bãi bỏ")
    assert same(before) and path_of(head) == OLD


def test_a_person_belongs_to_the_new_place_from_the_first_day_there(province, today):
    one = Appointment.objects.filter(facility="TYT-01234", end=None).first()
    register.end(
        by=province, noun="appointments", reason="Điều động", pk=one.pk, seen=last_saved(one).history_id, on=ON
    )
    values = {"staff": one.staff, "facility": "BV-08-01", "share": 1.0, "post": None, "start": ON, "end": None,
              "decision": None}  # fmt: skip
    register.add(by=province, noun="appointments", province="08", values=values)
    person = Staff.objects.get(code=one.staff)
    assert person.path == OLD and not moves.settle(by=None, province="08")
    today(ON)
    assert moves.settle(by=None, province="08")["moved"]["Staff"] == 1
    person.refresh_from_db()
    assert person.path == Facility.objects.get(code="BV-08-01").path
