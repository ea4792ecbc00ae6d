"""
Every page and every operation, asked by every role, by strangers and by nobody: no row is where it must not be.

What each answers about the viewer's own place stands in expected.txt; about other places nothing may be said at all.
"""

import json

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from tests.web.matrix import FORBIDDEN, addresses, country, expected, said, state, tables, viewers

pytestmark = [pytest.mark.django_db, pytest.mark.sweep]
FORMS = ("xlsx", "txt", "in")
ALL_FORMS = ("planner", "commune", "analyst")  # a province, a place, figures alone; others take workbooks
NOTHING = ("stranger", "closed", "anonymous")  # who sees nothing of one place sees nothing of another
TYPE = "application/json"


class Viewer:
    """Somebody who looks at everything, and notes what should not be there."""

    def __init__(self, name):
        self.places = country()
        self.name, self.account = name, viewers(self.places[0], name).get(name)
        self.client = Client(raise_request_exception=False)
        self.leaks, self.broken, self.answers, self.seen = [], [], {}, {}
        self.sign_in()
        # what is not forbidden about another place says nothing here: it is left out
        self.others = [place for place in self.places[1:] if set(place.marks) & set(FORBIDDEN[name])]

    def sign_in(self):
        """Sign in, unless somebody is."""
        cookie = self.client.cookies.get("sessionid")
        if self.account and not (cookie and cookie.value):
            self.client.force_login(self.account)

    def look(self, name, address):
        """Return the answer in a word, and its body; a page that leads on to another is followed."""
        if address in self.seen:
            return self.seen[address], b""
        answer = self.client.get(address)
        text = said(answer, address).lower()
        self.leaks += [(name, address, mark) for mark in FORBIDDEN[self.name] if mark.lower() in text]
        if answer.status_code >= 500:
            self.broken.append((name, address))
        self.seen[address] = str(answer.status_code)
        there = answer.headers.get("Location", "")
        if there.startswith("/tai-khoan/dang-nhap/"):
            self.seen[address] = "in"
        elif there.startswith("/"):
            self.seen[address], body = self.look(name, there)
            return self.seen[address], body
        return self.seen[address], b"" if answer.streaming else answer.content

    def look_at_own(self, name, address):
        """Look, and take out whatever the page offers to take out."""
        word, body = self.look(name, address)
        if word != "405":
            self.answers[name] = min(word, self.answers.get(name, word))
        if word == "200" and b"xuat=" in body:
            for form in FORMS if self.name in ALL_FORMS else FORMS[:1]:
                self.look(name, f"{address}?xuat={form}")


@pytest.mark.parametrize("name", FORBIDDEN)
def test_every_page_answers_as_the_table_says_changes_nothing_and_nobody_reads_beyond_their_place(name):
    viewer = Viewer(name)
    before = tables()
    for page, address in addresses(viewer.places[:1]):
        viewer.look_at_own(page, address)
    if name not in NOTHING:
        for page, address in addresses(viewer.others):
            viewer.look(page, address)
    assert not viewer.leaks, viewer.leaks[:20]
    assert not viewer.broken, viewer.broken[:20]
    changed = {table for table, digest in tables().items() if digest != before[table]}
    assert not changed, "somebody only looked"
    wanted = {page: answers[name] for page, answers in expected().items()}
    assert not dict(viewer.answers.items() ^ wanted.items()), "not as in expected.txt, or not there"


@pytest.mark.parametrize("name", FORBIDDEN)
def test_nobody_writes_beyond_their_place(name):
    viewer = Viewer(name)
    others = [viewer.places[2]] if name in NOTHING else viewer.others
    before = state(others)
    accounts = get_user_model().objects.exclude(username=name).values_list("pk", "is_active", "password", "username")
    people = list(accounts.order_by("pk"))
    body = {"seen": 1, "reason": "thử", "ly-do": "thử", "on": "2026-03-01", "province": "11"}
    for page, address in addresses(others):
        viewer.sign_in()
        if address.startswith("/api/"):
            answer = viewer.client.post(address, json.dumps({**body, "values": {}}), content_type=TYPE)
            if answer.status_code == 405:
                answer = viewer.client.patch(address, json.dumps({**body, "values": {}}), content_type=TYPE)
        else:
            answer = viewer.client.post(address, body)
        if answer.status_code >= 500:
            viewer.broken.append((page, address))
    assert not viewer.broken, viewer.broken[:20]
    assert state(others) == before
    assert list(accounts.order_by("pk")) == people


# what an order about one's own record answers where `seen` is stale: 422 to who may give it, 403 to who may only look
ORDERS = {
    "facilities": "422 403 403 422 403 403 404 403 404 404 404 401",
    "staff": "422 403 403 422 403 422 403 404 404 404 404 401",
}


@pytest.mark.parametrize(("noun", "wanted"), ORDERS.items())
def test_a_program_records_only_what_its_account_may(noun, wanted):
    places = country()
    model = {"facilities": "Facility", "staff": "Staff"}[noun]
    address = f"/api/v1/{noun}/{places[0].rows[model].pk}"
    body = {"seen": 0, "reason": "thử", "on": "2026-03-01", "values": {}}
    for (name, account), status in zip([*viewers(places[0]).items(), ("anonymous", None)], wanted.split(), strict=True):
        client = Client()
        if account:
            client.force_login(account)
        orders = {
            "correct": client.patch(address, json.dumps({"seen": 0, "values": {}}), content_type=TYPE),
            "end": client.post(f"{address}/end", json.dumps({**body, "values": None}), content_type=TYPE),
            "withdraw": client.post(f"{address}/withdraw", json.dumps(body), content_type=TYPE),
        }
        for order, answer in orders.items():
            assert str(answer.status_code) == status, (name, order, answer.content)
