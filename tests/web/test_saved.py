"""Saved filters: one's own, of one list, under a name; they open the list on the day one looks at."""

from urllib.parse import quote

import pytest
from django.test import Client

from tests.web.test_pages import DAY, Rows
from tramyte.web.models import Event, SavedFilter

pytestmark = pytest.mark.django_db
LIST = f"/tram/?pv=08&ngay={DAY}&so-bs=1&sap=-population&trang=2"
PAGE = f"/bo-loc/?toi={quote(LIST, safe='')}"


@pytest.fixture
def client(province):
    found = Client()
    found.force_login(province)
    return found


def kept(client, name, address=PAGE):
    return client.post(address, {"ten": name})


def test_a_list_leads_to_its_filters_and_a_saved_one_opens_the_list_on_the_day_looked_at(client):
    listed = Rows(client.get(LIST).content.decode())
    assert PAGE in listed.links
    assert kept(client, " Một bác sĩ ").headers["Location"] == PAGE
    assert list(SavedFilter.objects.values_list("page", "name", "query")) == [
        ("/tram/", "Một bác sĩ", "pv=08&so-bs=1&sap=-population")
    ]
    later = quote("/tram/?pv=08&ngay=2026-03-01", safe="")
    found = Rows(client.get(f"/bo-loc/?toi={later}").content.decode())
    address = "/tram/?pv=08&so-bs=1&sap=-population&ngay=2026-03-01"
    assert found.links[address] == "Một bác sĩ"
    assert len(Rows(client.get(address.replace("2026-03-01", DAY)).content.decode()).rows) == 24


def test_the_same_name_again_replaces_and_a_blank_or_long_one_is_asked_for_again(client):
    kept(client, "Gần")
    kept(client, "Gần", f"/bo-loc/?toi={quote('/tram/?pv=08&so-bs=3', safe='')}")
    assert SavedFilter.objects.get().query == "pv=08&so-bs=3"
    for name in ("", "  ", "x" * 81):
        answer = kept(client, name)
        assert answer.status_code == 422 and 'href="#ten"' in answer.content.decode()
    kept(client, "dài", f"/bo-loc/?toi={quote('/tram/?tim=' + 'x' * 3000, safe='')}")
    kept(client, "không có gì", "/bo-loc/")
    assert SavedFilter.objects.count() == 1


def test_nobody_sees_or_drops_the_filters_of_another_and_the_log_tells_no_more_than_the_list(client, somebody):
    kept(client, "Riêng")
    own = SavedFilter.objects.get()
    other = Client()
    other.force_login(somebody("planner", "08/"))
    assert "Riêng" not in other.get(PAGE).content.decode()
    assert other.post(f"/bo-loc/{own.pk}/bo/").status_code == 404
    assert client.post(f"/bo-loc/{own.pk}/bo/?toi={quote(LIST, safe='')}").headers["Location"] == PAGE
    assert not SavedFilter.objects.exists()
    told = Event.objects.filter(action__startswith="filters.").order_by("number")
    assert list(told.values_list("action", "about", "details")) == [
        ("filters.keep", "Riêng", {"page": "/tram/"}), ("filters.drop", "Riêng", {"page": "/tram/"}),
    ]  # fmt: skip
