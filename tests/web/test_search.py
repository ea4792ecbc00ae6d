"""One field finds places by today's and by old names, with or without marks, and people for those who may see them."""

from datetime import date

import pytest

from tests.web.test_pages import page, seen
from tests.web.test_stations import YEN_THANH, at
from tramyte.domain.messages import say
from tramyte.web import succession
from tramyte.web.models import Facility, Staff
from tramyte.web.views.place import address

pytestmark = pytest.mark.django_db


def found(account, text):
    return page(account, at("/tim/", tim=text)).links


@pytest.mark.parametrize("text", ["ban ria", "Bản Rịa", "BAN  RIA", "xa ban ria"])
def test_an_old_commune_leads_to_the_station_of_today_with_or_without_marks(province, text):
    assert any(link.startswith(YEN_THANH) for link in found(province, text))
    assert any(link.startswith("/xa/01234-") for link in found(province, text))


def test_a_hospital_has_its_own_old_names_and_none_of_the_communes_around_it(province):
    hospital = Facility.objects.filter(province="08", kind="hospital").order_by("code").first()
    old = succession.former_names("08", date(2026, 1, 8))[hospital.commune]
    Facility.objects.filter(pk=hospital.pk).update(start=date(2020, 1, 1))
    Facility.objects.create(
        province="08", path=hospital.path, code=hospital.code, name="Bệnh viện Tên Cũ", kind="hospital",
        commune=hospital.commune, end=date(2020, 1, 1),
    )  # fmt: skip
    text = seen(province, at(address(hospital))).content.decode()
    assert old and f" · {say('UI_formerly', 'vi', name='Bệnh viện Tên Cũ')}</p>" in text, "and no other"
    assert any(hospital.code in link for link in found(province, "benh vien ten cu"))
    assert not any(link.startswith(f"/co-so/{hospital.code}/") for link in found(province, old[0]))


def test_from_any_page_to_a_station_by_its_old_name_in_three_steps(province):
    """The field (Ctrl+K), the text with Enter, the link: each page has the field, and the link stands on the answer."""
    for each in (at("/tong-quan/"), at("/nhu-cau/"), at(f"{YEN_THANH}luot/")):
        text = seen(province, each).content.decode()
        assert 'action="/tim/"' in text and 'id="find" name="tim"' in text
    link = next(link for link in found(province, "ban ria") if link.startswith(YEN_THANH))
    assert seen(province, link).status_code == 200


def test_what_is_named_exactly_so_stands_first(province):
    rows = [link for link in found(province, "yen thanh") if link.startswith(("/tram/T", "/tram/P", "/co-so/B"))]
    assert rows[0].startswith(YEN_THANH)


def test_people_are_found_by_those_who_may_see_them(province, somebody):
    person = Staff.objects.filter(path__startswith="08/01234/").first()
    name = f"{person.family_names} {person.given_name}"
    address = f"/nguoi/{person.code}/"
    assert any(link.startswith(address) for link in found(province, name))
    assert any(link.startswith(address) for link in found(somebody("commune", "08/01234/"), name))
    for other in (somebody("commune", "08/00745/"), somebody("analyst", "")):
        assert not any(link.startswith("/nguoi/") and link.startswith(address) for link in found(other, name))


def test_a_commune_officer_finds_nothing_of_other_communes(province, somebody):
    links = found(somebody("commune", "08/01234/"), "pho bang")
    assert not any(link.startswith(("/tram/PK-00745", "/xa/00745")) for link in links)


def test_pages_are_found_by_their_name(province):
    assert any(link.startswith("/nhu-cau/") for link in found(province, "nhu cau"))


def test_a_day_before_any_list_of_titles_is_searched_all_the_same(province):
    assert seen(province, at("/tim/", "1999-01-01", tim="ha")).status_code == 200


def test_nothing_found_and_too_short_say_what_to_do(province):
    assert say("UI_search_none", "vi") in page(province, at("/tim/", tim="khong co noi nay")).words
    assert say("UI_search_short", "vi") in page(province, at("/tim/", tim="a")).words
