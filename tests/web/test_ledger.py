"""The turns ledger adds up: bands are the people, days are the tours served, issued and planned, each once."""

from datetime import date, timedelta

import pytest

from tests.web.campaigns import CODE, drafted
from tests.web.conftest import client_of
from tramyte.web import turns
from tramyte.web.models import Campaign, Facility, PastTour
from tramyte.web.models.base import FIRST_ON
from tramyte.web.planning import Sheet
from tramyte.web.turns import BANDS, Stay, Turns

pytestmark = pytest.mark.django_db
DAY = date(2026, 1, 5)


def stay(first, days, **more):
    start = DAY + timedelta(first)
    return Stay(start, start + timedelta(days), **{"minutes": 60, "is_hard": False, "is_planned": False} | more)


def row(days):
    return Turns("a", "A", "u", "U", days, 0, 0, 1, 60, None)


@pytest.mark.parametrize(("days", "band"), [(0, 0), (10, 0), (11, 1), (20, 1), (21, 2), (30, 2), (31, 3), (400, 3)])
def test_every_number_of_days_is_in_one_band(days, band):
    assert row(days).band == band
    low, high = BANDS[band]
    assert low <= days and (high is None or days <= high)


def test_days_outside_the_window_and_days_counted_twice_do_not_count():
    end = DAY + timedelta(20)
    assert turns._days([stay(-5, 10), stay(0, 7), stay(18, 30)], DAY, end) == 7 + 2
    assert turns._days([], DAY, end) == 0
    assert turns._days([stay(0, 7), stay(7, 7)], DAY, end) == 14


def test_the_window_is_24_months_up_to_the_last_week(province):
    campaign = Campaign.objects.get(code=CODE)
    start, end = turns.window(campaign)
    assert end == campaign.first_monday + timedelta(weeks=campaign.weeks)
    assert (start.year, start.month) == (end.year - 2, end.month)


def test_everybody_of_the_problem_is_there_with_the_days_of_the_draft(province):
    draft = drafted(province)
    sheet, campaign = Sheet(draft), Campaign.objects.get(code=CODE)
    rows = {one.staff: one for one in turns.ledger(campaign, sheet)}
    assert set(rows) == {str(one.id) for one in sheet.problem.staff}
    planned = {staff: 7 * sum(one.weeks for one in sheet.tours if one.staff == staff) for staff in rows}
    assert {staff: one.planned for staff, one in rows.items()} == planned
    ahead = list(turns.ledger(campaign, sheet))
    assert [one.days for one in ahead] == sorted(one.days for one in ahead), "whoever was away least is first"
    units = turns.by_unit(ahead)
    assert sum(one.people for one in units) == len(rows) and sum(one.days for one in units) == sum(
        one.days for one in ahead
    )


def test_past_tours_count_across_campaigns_and_what_the_plan_replaces_counts_once(province):
    draft = drafted(province)
    sheet, campaign = Sheet(draft), Campaign.objects.get(code=CODE)
    tour = sheet.tours[0]
    before = {one.staff: one for one in turns.ledger(campaign, sheet)}[str(tour.staff)]
    start = campaign.first_monday - timedelta(weeks=8)
    path = Facility.objects.filter(code=tour.station).order_by(*FIRST_ON).first().path
    PastTour.objects.create(
        province="08", path=path, staff=tour.staff, facility=tour.station, skill=tour.skill, start=start,
        end=start + timedelta(days=10), instrument="support",
    )  # fmt: skip
    first = campaign.first_monday + timedelta(weeks=tour.start)
    PastTour.objects.filter(staff=tour.staff, start=first).exists()
    after = {one.staff: one for one in turns.ledger(campaign, sheet)}[str(tour.staff)]
    assert (after.days - before.days, after.tours - before.tours) == (10, 1)
    assert after.planned == before.planned and after.last == start + timedelta(days=9)
    if before.minutes is not None and after.minutes is not None:
        assert after.minutes >= before.minutes


def test_without_a_draft_the_people_of_units_that_send_are_listed(province):
    rows = turns.ledger(Campaign.objects.get(code=CODE), None)
    assert rows and all(one.planned == 0 for one in rows) and all(one.name and one.unit_name for one in rows)


def test_the_bands_of_the_page_open_to_the_rows_they_count(province):
    draft = drafted(province)
    rows = turns.ledger(Campaign.objects.get(code=CODE), Sheet(draft))
    client = client_of(province)
    text = client.get(f"/dot/{CODE}/so-luot-di/?pv=08").content.decode()
    assert f"{len(rows)} người" in text
    for band in range(len(BANDS)):
        count = sum(one.band == band for one in rows)
        page = client.get(f"/dot/{CODE}/so-luot-di/?pv=08&so-ngay={band}").content.decode()
        assert f"{count} người, ai đi ít nhất" in page
    by_unit = client.get(f"/dot/{CODE}/so-luot-di/?pv=08&theo=don-vi").content.decode()
    assert f"{len(turns.by_unit(rows))} đơn vị cử" in by_unit


def test_a_unit_sees_its_own_people_alone(province, somebody):
    draft = drafted(province)
    sheet = Sheet(draft)
    unit = str(sheet.problem.staff[0].unit)
    place = Facility.objects.filter(province="08", code=unit).order_by(*FIRST_ON).first()
    text = client_of(somebody("sender", place.path)).get(f"/dot/{CODE}/so-luot-di/?pv=08").content.decode()
    others = [one for one in sheet.problem.staff if str(one.unit) != unit]
    assert not [one for one in others if f"/nguoi/{one.id}/" in text]
