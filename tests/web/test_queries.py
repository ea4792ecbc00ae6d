"""A page asks the database the same number of questions whether there are few rows or many."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.web.matrix import Place, addresses, country, more, viewers

pytestmark = pytest.mark.django_db
MANY = 30  # communes with one row of everything
# the most questions of a page, session, account and grants among them; of what is not named: ALL
ALL = 20
MOST = {
    "person": 100, "quality": 45, "lenses": 35, "home": 25, "need": 25,
    "provinces": 5, "norms": 9, "operation": 9, "events": 7, "accounts": 7, "grants": 7, "count": 14,
}  # fmt: skip


def asked(client, address):
    """Return the number of questions of a page that was asked before: what is remembered between two does not count."""
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as found:
        answer = client.get(address)
    return answer.status_code, len(found)


def test_more_rows_ask_no_more_questions():
    places = country()
    client = Client()
    client.force_login(viewers(places[0])["planner"])
    pages = addresses(places[:1])
    few = {address: asked(client, address) for _, address in pages}
    for number in range(MANY):
        place, words, code = (f"{mark}{number}" for mark in places[0].marks)
        more(Place("08", f"1{number:04}", (place, words, code)))
    many = {address: asked(client, address) for _, address in pages}
    grown = {address: (few[address], many[address]) for address in few if many[address][1] > few[address][1]}
    assert not grown, grown
    over = {address: few[address][1] for name, address in pages if few[address][1] > MOST.get(name, ALL)}
    assert not over, over
