"""A page asks the database the same number of questions whether there are few rows or many, and travels light."""

import gzip
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.web.matrix import Place, addresses, country, more, viewers

pytestmark = pytest.mark.django_db
HEAVIEST, NODES = 40_000, 5_000  # bytes of a page, compressed; elements of it
MANY = 30  # communes with one row of everything
# the questions of a page, session, account and grants among them, with nothing in memory; of what is not named: ALL
ALL = 20  # at most
PINNED = {
    "people": 9, "person": 26, "stations": 14, "facilities": 7, "need": 14, "search": 5, "imports": 8,
    "audit": 11, "authorities": 8, "quality": 22, "quality-rows": 15, "api:quality": 21, "api:staff": 5,
    "api:facilities": 5, "api:need": 13, "api:need_doctors": 9,
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
    # a number that belonged to nothing may be a new row's
    alike = [address for address in few if few[address][0] == many[address][0]]
    assert len(alike) > len(few) / 2
    grown = {address: (few[address], many[address]) for address in alike if many[address][1] > few[address][1]}
    assert not grown, grown
    over = {address: few[address][1] for name, address in pages if name not in PINNED and few[address][1] > ALL}
    assert not over, over
    open_pages = [(name, *few[address]) for name, address in pages if few[address][0] == 200]
    pinned = {(name, count) for name, _, count in open_pages if name in PINNED}
    assert pinned == set(PINNED.items())


@pytest.mark.parametrize(
    "address",
    [
        "/tong-quan/",
        "/tram/",
        "/tram/?dem=tram",
        "/co-so/",
        "/nguoi/",
        "/nhu-cau/",
        "/chat-luong/",
        "/quan-tri/don-vi/",
    ],
)
def test_a_page_is_light(province, address):
    client = Client(headers={"Accept-Encoding": "gzip"})
    client.force_login(province)
    answer = client.get(
        address, query_params={"pv": "08", "ngay": "2026-01-08"} | dict(parse_qsl(urlsplit(address).query))
    )
    assert answer.status_code == 200 and answer.headers["Content-Encoding"] == "gzip"
    assert len(answer.content) <= HEAVIEST
    assert gzip.decompress(answer.content).count(b"<") <= 2 * NODES  # a tag begins, and most end
