"""Rows and records are the same things under the same names."""

from dataclasses import fields
from datetime import date, timedelta

import pytest
from django.utils import timezone
from simple_history.utils import bulk_create_with_history

from tramyte.domain.names import person_key, sort_key
from tramyte.domain.register import Register
from tramyte.exchange.columns import sheets
from tramyte.sample import sample
from tramyte.web import records
from tramyte.web.models import Facility, Staff
from tramyte.web.permissions import visible_to

SHEETS = sorted(records.kept())


def stored(register, province="11"):
    places = records.Places(province, register, on=date(2026, 1, 8))
    campaign = register.campaign[0].code if register.campaign else None
    for name, (_, model) in records.kept().items():
        more = {"campaign": campaign} if any(field.name == "campaign" for field in model._meta.get_fields()) else {}
        rows = [records.row(one, province=province, places=places, **more) for one in getattr(register, name)]
        bulk_create_with_history(rows, model, batch_size=500)
    return campaign


@pytest.fixture(scope="module")
def province():
    return sample("11", seed=1)


@pytest.mark.parametrize("name", SHEETS)
def test_a_row_has_every_field_of_its_record(name):
    record, model = records.kept()[name]
    columns = {field.name for field in model._meta.get_fields()}
    assert {field.name for field in fields(record)} <= columns


@pytest.mark.parametrize("name", SHEETS)
def test_the_key_of_a_row_is_the_key_of_the_sheet(name):
    _, model = records.kept()[name]
    key = next((one for one in model._meta.constraints if one.name.endswith("_key")), None)
    assert key is not None
    said = repr(key)
    for field in sheets()[name].key:
        assert f"({field})" in said or f"'{field}'" in said or f"F({field})" in said, (field, said)


def test_every_sheet_has_a_table():
    assert set(SHEETS) == {field.name for field in fields(Register)} == set(sheets())


@pytest.mark.django_db
def test_a_province_comes_back_as_it_went_in(province):
    campaign = stored(province)
    back = records.register("11", campaign=campaign)
    for field in fields(Register):
        assert getattr(back, field.name) == getattr(province, field.name), field.name
    assert records.register("08") == Register()


@pytest.mark.django_db
def test_a_day_shows_what_was_true_and_a_moment_what_was_known(province):
    campaign = stored(province)
    before = timezone.now()
    left = Staff.objects.order_by("pk").first()
    left.end, left.leave_reason = date(2025, 12, 1), "chuyển công tác"
    left.save()
    now = {one.code for one in records.register("11", on=date(2026, 1, 8), campaign=campaign).staff}
    then = {one.code for one in records.register("11", on=date(2026, 1, 8), known=before, campaign=campaign).staff}
    assert then - now == {left.code} and now < then
    assert records.register("11", known=before - timedelta(days=1)) == Register()
    assert left.code in {one.code for one in records.register("11", on=date(2025, 11, 30)).staff}


@pytest.mark.django_db
def test_people_sort_by_given_name_in_vietnamese_order_on_any_engine(province):
    stored(province)
    found = list(Staff.objects.order_by("sort_key", "pk"))
    keys = [person_key(one.family_names, one.given_name) for one in found]
    assert keys == sorted(keys)


def test_packed_keys_sort_as_the_keys_do():
    names = ["Đông", "Dung", "Ăn", "Ba", "Ánh", "Âu", "An", "Hà Giang 2", "Hà Giang 1", "Hà Giang 10", "Hà", "ba"]
    assert sorted(names, key=lambda name: records.packed(sort_key(name))) == sorted(names, key=sort_key)


@pytest.mark.django_db
def test_a_path_leads_from_the_province_down(province):
    stored(province)
    for facility in Facility.objects.all():
        assert facility.path.startswith(f"11/{facility.commune}/") and facility.path.endswith(f"/{facility.code}/")
    point = Facility.objects.filter(kind="point").first()
    assert f"/{point.parent}/" in point.path


@pytest.mark.django_db
def test_nobody_sees_anything_without_a_grant_and_everybody_only_their_place(province, somebody):
    stored(province)
    on = date(2026, 1, 8)
    everyone = Staff.objects.count()
    home = Staff.objects.exclude(path="11/").order_by("pk").first()
    commune = "/".join(home.path.split("/")[:2]) + "/"

    def seen(account):
        return visible_to(Staff.objects.all(), account, on=on).count()

    assert seen(somebody("planner", "11/")) == everyone
    assert seen(somebody("planner", "08/")) == 0
    assert seen(somebody("planner", "11/", end=on)) == 0
    assert seen(somebody("analyst", "")) == 0 == seen(somebody("admin", "")) == seen(None)
    assert visible_to(Facility.objects.all(), somebody("analyst", ""), on=on).count() == Facility.objects.count()
    assert 0 < seen(somebody("commune", commune)) < everyone
    own = visible_to(Staff.objects.all(), somebody("staff", "11/", staff=home.code), on=on)
    assert [one.code for one in own] == [home.code]
    closed = somebody("planner", "11/")
    closed.is_active = False
    assert seen(closed) == 0


@pytest.mark.django_db
def test_a_scope_holds_for_what_was_known_too(province, somebody):
    stored(province)
    on = date(2026, 1, 8)
    known = records.rows(Staff, known=timezone.now())
    assert visible_to(known, somebody("planner", "11/"), on=on).count() == Staff.objects.count()
    assert visible_to(known, somebody("planner", "08/"), on=on).count() == 0
