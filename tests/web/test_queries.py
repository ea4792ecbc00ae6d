"""A page asks the database the same number of questions whether there are few rows or many, and travels light."""

import gzip
import re
from urllib.parse import parse_qsl, urljoin, urlsplit

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.web.matrix import Place, addresses, country, more, viewers
from tramyte.web.memory import MEMORY

pytestmark = pytest.mark.django_db
HEAVIEST, NODES = 40_000, 5_000  # bytes of a page, compressed; elements of it
ALL_OF_IT = 160_000  # bytes of a page with style, scripts, icons and fonts, compressed, on a first visit
MANY = 30  # communes with one row of everything
# the questions of a page, session, account and grants among them, with nothing in memory; of what is not named: ALL
ALL = 20  # at most
PINNED = {
    # lists of stations count the need as well; the comparison asks it once more for its reasons; imports name each
    # place; doctors are counted against the levels of the province's own law
    # of a person, and of a unit that names people, every rule is asked: of the papers of all colleagues at once
    "people": 9, "person": 37, "campaign-unit": 21, "api:eligibility": 21, "home": 26, "tasks": 22, "api:tasks": 21,
    "stations": 23, "compare-stations": 23, "facilities": 7, "need": 14,
    "search": 5, "imports": 11,
    "audit": 11, "authorities": 8, "quality": 22, "quality-rows": 15, "api:quality": 21, "api:staff": 5,
    "api:facilities": 5, "api:need": 13, "api:need_doctors": 10,
    "api:places": 22,
    # the checks of a decision read twelve tables of the register, each once
    "submission": 31, "decision-draft": 31, "decision": 32, "decision-letter": 26,
}  # fmt: skip


@pytest.fixture(autouse=True)
def nothing_remembered(monkeypatch):
    """Every question is asked anew: what is counted here is what a page asks at worst."""
    monkeypatch.setattr(MEMORY, "is_on", False)


def asked(client, address):
    """Return the number of questions of a page that was asked before: what is remembered between two does not count."""
    client.get(address)
    with CaptureQueriesContext(connection) as found:
        answer = client.get(address)
    return answer.status_code, len(found)


@pytest.mark.sweep
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


PAGES = (
    "/tong-quan/", "/tram/", "/tram/?dem=tram", "/co-so/", "/nguoi/", "/nhu-cau/", "/chat-luong/", "/quan-tri/don-vi/",
    "/quan-tri/sap-xep/", "/quan-tri/quy-dinh/", "/nhap/", "/nhat-ky/", "/viec-cua-toi/", "/pham-vi/", "/bo-loc/",
    "/tram/TYT-01234/tram-y-te-xa-yen-thanh/", "/tai-khoan/dang-nhap/",
)  # fmt: skip


@pytest.mark.parametrize("address", PAGES)
def test_a_page_is_light_with_all_that_it_asks_for(province, address):
    client = Client(headers={"Accept-Encoding": "gzip"})
    if "dang-nhap" not in address:
        client.force_login(province)
    state = {"pv": "08", "ngay": "2026-01-08"} | dict(parse_qsl(urlsplit(address).query))
    answer = client.get(urlsplit(address).path, query_params=state)
    assert answer.status_code == 200 and answer.headers["Content-Encoding"] == "gzip"
    assert len(answer.content) <= HEAVIEST
    text = gzip.decompress(answer.content).decode()
    assert text.count("<") <= 2 * NODES  # a tag begins, and most end
    files = asked_for(client, re.findall(r'(?:src|href)="(/static/[^"#]+)', text))
    assert any(".css" in one for one in files) and any(".woff2" in one for one in files)
    assert len(answer.content) + sum(files.values()) <= ALL_OF_IT, files
    assert not re.findall(r'(?:src|action)="(?!/)[^"]*:', text), "nothing comes from elsewhere"


def asked_for(client, addresses):
    """Return address -> bytes, compressed, of the files of a page, and of those that its style sheets name."""
    found: dict[str, int] = {}
    for address in dict.fromkeys(addresses):
        answer = client.get(address)
        body = b"".join(answer.streaming_content)
        assert answer.status_code == 200, address
        found[address] = len(body)
        if ".css" in address:
            style = (settings.STATIC_ROOT / urlsplit(address).path.removeprefix(settings.STATIC_URL)).read_text("utf-8")
            named = re.findall(r'url\("?([^")]+)"?\)', style)
            found |= asked_for(client, [urljoin(address, one) for one in named])
    return found
