"""What the database itself refuses, on either engine, whoever writes."""

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from tests.web.conftest import MOMENT
from tramyte.web import events
from tramyte.web.models import Appointment, Decision, Deployment, Event, Facility

pytestmark = pytest.mark.django_db
JANUARY, FEBRUARY, MARCH, APRIL = (date(2026, month, 1) for month in (1, 2, 3, 4))


def appointed(share, start=None, end=None, *, staff="lan", facility="A", **more):
    return Appointment(
        province="08", path="08/", staff=staff, facility=facility, share=share, start=start, end=end, **more
    )


def deployed(start, end, *, staff="lan", **more):
    return Deployment(
        province="08", path="08/", staff=staff, facility="A", skill="INT", start=start, end=end, instrument="support",
        **more,
    )  # fmt: skip


def refused(work):
    with pytest.raises(DatabaseError), transaction.atomic():
        work()
    return True


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((1.0, None, None), (0.1, MARCH, APRIL)),
        ((0.6, None, FEBRUARY), (0.5, JANUARY, None)),
        ((0.5, JANUARY, MARCH), (0.6, FEBRUARY, None)),
        ((0.5, FEBRUARY, None), (0.6, None, MARCH)),
    ],
)
def test_appointments_never_add_up_to_more_than_one_on_any_day(first, second):
    appointed(*first).save()
    assert refused(appointed(*second, facility="B").save)
    assert refused(lambda: bulk_create_with_history([appointed(*second, facility="B")], Appointment))
    appointed(*second, staff="minh").save()


def test_three_parts_that_meet_on_one_day_only_are_seen():
    appointed(0.4, JANUARY, MARCH).save()
    appointed(0.4, FEBRUARY, APRIL, facility="B").save()
    assert refused(appointed(0.3, None, None, facility="C").save)
    appointed(0.2, None, None, facility="C").save()


def test_an_appointment_that_ends_makes_room_from_that_day():
    appointed(1.0, JANUARY, MARCH).save()
    appointed(1.0, MARCH, None, facility="B").save()
    longer = Appointment.objects.get(facility="A")
    longer.end = APRIL
    assert refused(longer.save)
    assert refused(lambda: bulk_update_with_history([longer], Appointment, ["end"]))
    assert refused(lambda: Appointment.objects.filter(pk=longer.pk).update(end=APRIL))


def test_a_withdrawn_appointment_counts_nowhere():
    appointed(1.0, is_withdrawn=True).save()
    appointed(1.0).save()
    assert Appointment.objects.count() == 1 and Appointment.every.count() == 2


def test_deployments_of_a_person_never_share_a_day():
    deployed(JANUARY, MARCH).save()
    assert refused(deployed(FEBRUARY, APRIL).save)
    assert refused(lambda: Deployment.objects.bulk_create([deployed(JANUARY, FEBRUARY)]))
    deployed(MARCH, APRIL).save()
    deployed(FEBRUARY, APRIL, state="cancelled").save()
    deployed(FEBRUARY, APRIL, staff="minh").save()
    assert refused(lambda: Deployment.objects.filter(state="cancelled").update(state="issued"))


def test_a_span_has_at_least_one_day():
    assert refused(appointed(0.5, MARCH, MARCH).save)
    assert refused(deployed(MARCH, FEBRUARY).save)


def test_number_signer_and_date_come_all_or_none():
    Decision(province="08", kind="support", subject="x").save()
    assert refused(Decision(province="08", kind="support", subject="x", number="1/QĐ-SYT").save)
    Decision(province="08", kind="support", subject="x", number="1/QĐ-SYT", signer="Lan", signed_on=MARCH).save()


def test_a_province_has_one_facility_of_a_code_and_first_day():
    def facility(**more):
        return Facility(province="08", code="A", name="A", kind="station", commune="00001", sort_key=b"", **more)

    facility().save()
    assert refused(facility().save)
    facility(start=MARCH).save()
    facility(is_withdrawn=True).save()
    assert refused(lambda: Facility.objects.filter(start=MARCH).update(kind="castle"))


def test_an_event_is_never_changed_or_deleted():
    event = events.append("test.do", account=None, at=MOMENT)
    assert refused(lambda: Event.objects.filter(pk=event.pk).update(action="other"))
    assert refused(event.delete)
    with connection.cursor() as cursor:
        assert refused(lambda: cursor.execute("UPDATE web_event SET reason = 'x'"))
        assert refused(lambda: cursor.execute("DELETE FROM web_event"))


def test_the_chain_tells_where_it_was_broken():
    for number in range(4):
        events.append("test.do", account=None, at=MOMENT, about=str(number), details={"day": MARCH, "share": 0.1})
    assert events.first_broken() is None
    second = Event.objects.order_by("number")[1]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER wall_event_update")
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE web_event DISABLE TRIGGER wall_event")
        cursor.execute("UPDATE web_event SET about = 'forged' WHERE number = %s", [second.number])
    assert events.first_broken() == second.number


def test_two_events_cannot_follow_the_same_one():
    first = events.append("test.do", account=None, at=MOMENT)
    forged = Event(at=MOMENT, action="test.forge", before_hash=first.before_hash, hash="f" * 64)
    assert refused(lambda: forged.save(force_insert=True))
