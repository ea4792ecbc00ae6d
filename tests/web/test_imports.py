"""A workbook comes in: what changes is known before, happens in one transaction, and can be put back."""

from dataclasses import fields, replace
from datetime import date

import pytest

from tests.web.test_walls import refused
from tramyte.domain.errors import AlreadyIssued, BadData, NotAllowed
from tramyte.domain.names import person_key
from tramyte.domain.people import Appointment as AppointmentRecord
from tramyte.domain.register import Register
from tramyte.sample import sample
from tramyte.web import events, records
from tramyte.web.actions import imports
from tramyte.web.differences import differences
from tramyte.web.models import Appointment, Event, Facility, Licence, Run, Staff
from tramyte.web.undoing import ALL, undoing

pytestmark = pytest.mark.django_db
DAY = date(2026, 1, 8)


@pytest.fixture(scope="module")
def province():
    return sample("11", seed=1)


@pytest.fixture
def planner(somebody):
    return somebody("planner", "11/")


def taken(register, by, *, path="11/", **more):
    run = imports.ask(by=by, path=path, filename="so.xlsx", data=b"so")
    return run, imports.accept(by=by, run=run, register=register, on=DAY, **more)


def size(register):
    return sum(len(getattr(register, one.name)) for one in fields(Register))


def same(register):
    campaign = register.campaign[0].code
    back = records.register("11", campaign=campaign)
    return [one.name for one in fields(Register) if set(getattr(back, one.name)) != set(getattr(register, one.name))]


def test_what_was_recorded_is_what_the_file_says(province, planner):
    run, event = taken(province, planner)
    assert not same(province)
    assert sum(map(len, event.details["added"].values())) == size(province)
    assert event.action == "imports.accept" and event.account == planner and event.about == str(run.id)
    assert Staff.history.first().history_user == planner
    assert events.first_broken() is None


def test_the_same_file_again_changes_nothing(province, planner):
    taken(province, planner)
    again = differences(province, province="11", path="11/", on=DAY)
    assert again.is_empty and sum(again.same.values()) == size(province)
    with pytest.raises(BadData):
        taken(province, planner)
    assert Run.objects.filter(accepted_at__isnull=True).count() == 1  # asked for, not recorded


def test_a_complete_list_ends_who_is_no_longer_on_it_and_another_list_ends_nobody(province, planner):
    taken(province, planner)
    gone = province.staff[0].code
    shorter = Register(
        staff=province.staff[1:], appointments=tuple(one for one in province.appointments if one.staff != gone)
    )
    assert differences(shorter, province="11", path="11/", on=DAY).is_empty
    _, event = taken(shorter, planner, is_complete=True)
    assert Staff.objects.get(code=gone).end == DAY
    assert Appointment.objects.get(staff=gone).end == DAY
    assert set(event.details["ended"]) == {"staff", "appointments"} and not event.details["added"]
    assert Licence.objects.count() == len(province.licences)


def test_undo_puts_everything_back_and_history_stays(province, planner):
    taken(province, planner)
    changed = replace(province.staff[0], given_name="Ánh", end=date(2026, 2, 1))
    more = replace(province.staff[1], code="NEW-1")
    run, event = taken(Register(staff=(changed, more)), planner)
    assert Staff.objects.get(code=changed.code).given_name == "Ánh"
    back = imports.undo(by=planner, run=run, event=event)
    assert not same(province)
    person = Staff.objects.get(code=changed.code)
    name = province.staff[0].given_name
    assert [one.given_name for one in person.history.all()] == [name, "Ánh", name]
    key = Staff.objects.values_list("sort_key", flat=True).get(pk=person.pk)
    assert bytes(key) == records.packed(person_key(province.staff[0].family_names, name))
    assert back.details["undoes"] == str(run.id)
    with pytest.raises(AlreadyIssued):
        imports.undo(by=planner, run=run, event=event)


def test_what_somebody_changed_since_is_kept_and_named(province, planner):
    taken(province, planner)
    first, second = province.staff[:2]
    run, event = taken(Register(staff=(replace(first, given_name="Ánh"), replace(second, given_name="Bình"))), planner)
    taken(Register(staff=(replace(first, given_name="Cường"),)), planner)
    back = imports.undo(by=planner, run=run, event=event)
    assert Staff.objects.get(code=first.code).given_name == "Cường"
    assert Staff.objects.get(code=second.code).given_name == second.given_name
    assert [name for name, _, _ in back.details["kept"]] == ["Staff"]


def test_a_row_changed_since_goes_back_as_well_when_it_is_chosen(province, planner):
    taken(province, planner)
    first, second = province.staff[:2]
    more = replace(first, code="NEW-1")
    changed = (replace(first, given_name="Ánh"), replace(second, given_name="Bình"), more)
    run, event = taken(Register(staff=changed), planner)
    taken(Register(staff=(replace(first, given_name="Cường"), replace(more, given_name="Dung"))), planner)
    found = undoing(event)
    assert [getattr(one.change.row, "code", "") for one in found.stays] == [first.code, "NEW-1"]
    assert found.changes.count == 1 and not found.named
    back = imports.undo(by=planner, run=run, event=event, chosen=[found.clashes[0].key])
    assert Staff.objects.get(code=first.code).given_name == first.given_name
    assert Staff.objects.get(code=second.code).given_name == second.given_name
    assert Staff.objects.get(code="NEW-1").given_name == "Dung", "what somebody corrected is not taken out in silence"
    assert [pk for _, pk, _ in back.details["kept"]] == [Staff.objects.get(code="NEW-1").pk]


def test_every_row_changed_since_is_chosen_at_once(province, planner):
    taken(province, planner)
    more = replace(province.staff[0], code="NEW-1")
    run, event = taken(Register(staff=(more, replace(province.staff[1], given_name="Ánh"))), planner)
    taken(Register(staff=(replace(more, given_name="Dung"), replace(province.staff[1], given_name="Bình"))), planner)
    assert undoing(event).changes.is_empty
    imports.undo(by=planner, run=run, event=event, chosen=[ALL])
    assert not same(province)
    assert not Staff.objects.filter(code="NEW-1").exists() and Staff.every.filter(code="NEW-1").exists()


def test_what_others_name_by_now_stays(province, planner):
    taken(province, planner)
    more = replace(province.staff[0], code="NEW-1")
    work = replace(province.appointments[0], staff="NEW-1", post=None)
    run, event = taken(Register(staff=(more,), appointments=(work,)), planner)
    taken(Register(licences=(replace(province.licences[0], staff="NEW-1"),)), planner)
    assert [getattr(one, "code", "") for one in undoing(event).named] == ["NEW-1"]
    back = imports.undo(by=planner, run=run, event=event)
    assert Staff.objects.filter(code="NEW-1").exists() and not Appointment.objects.filter(staff="NEW-1").exists()
    assert [name for name, _, _ in back.details["kept"]] == ["Staff"]


def test_a_file_that_the_database_refuses_leaves_nothing(province, planner):
    taken(province, planner)
    before = (Event.objects.count(), Staff.history.count())
    double = AppointmentRecord(province.appointments[0].staff, province.facilities[-1].code, 1.0)
    new = replace(province.staff[0], code="NEW-1")
    run = imports.ask(by=planner, path="11/", filename="so.xlsx", data=b"")
    with pytest.raises(BadData, match="E134"):
        imports.accept(by=planner, run=run, register=Register(staff=(new,), appointments=(double,)), on=DAY)
    run.refresh_from_db()
    assert run.accepted_at is None
    assert (Event.objects.count(), Staff.history.count()) == (before[0] + 1, before[1])
    assert not Staff.objects.filter(code="NEW-1")


def test_nobody_imports_where_they_may_not(province, planner, somebody):
    for account in (somebody("planner", "08/"), somebody("director", "11/"), somebody("analyst", "")):
        with pytest.raises(NotAllowed):
            imports.ask(by=account, path="11/", filename="so.xlsx", data=b"")
    assert not Event.objects.exists() and not Run.objects.exists()


def test_a_person_who_moves_takes_their_records_along(province, planner):
    taken(province, planner)
    licence = province.licences[0]
    person = next(one for one in province.appointments if one.staff == licence.staff)
    other = next(one for one in province.facilities if one.kind == "hospital" and one.code != person.facility)
    moved = (replace(person, end=DAY), replace(person, facility=other.code, start=DAY))
    taken(Register(appointments=moved), planner)
    path = Facility.objects.get(code=other.code).path
    assert Staff.objects.get(code=licence.staff).path == path
    assert Licence.objects.get(staff=licence.staff, number=licence.number).path == path


def test_an_action_without_rows_to_write_leaves_no_event(planner):
    run = imports.ask(by=planner, path="11/", filename="so.xlsx", data=b"")
    count = Event.objects.count()
    with pytest.raises(BadData):
        imports.accept(by=planner, run=run, register=Register(), on=DAY)
    assert Event.objects.count() == count
    assert refused(Event.objects.all().delete) or not count
