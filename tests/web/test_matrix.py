"""Every page and every operation, asked by every role, by strangers and by nobody: no row is where it must not be."""

import json

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from tests.web.matrix import FORBIDDEN, addresses, country, said, state, viewers

pytestmark = pytest.mark.django_db
# what stands open to nobody in particular
PUBLIC = {
    "openapi-json", "openapi-view", "alive", "account_login", "account_inactive", "account_logout", "language",
    "account_reset_password_from_key", "account_reset_password_from_key_done",
}  # fmt: skip


class Viewer:
    """Somebody who looks at everything, and notes what should not be there."""

    def __init__(self, name):
        self.places = country()
        self.name, self.account = name, viewers(self.places[0]).get(name)
        self.client = Client(raise_request_exception=False)
        self.leaks, self.broken, self.open, self.seen = [], [], set(), set()
        if self.account:
            self.client.force_login(self.account)

    def look(self, name, address):
        """Return the answer; a page that leads on to another is followed."""
        self.seen.add(address)
        answer = self.client.get(address)
        text = said(answer, address).lower()
        self.leaks += [(name, address, mark) for mark in FORBIDDEN[self.name] if mark.lower() in text]
        if answer.status_code >= 500:
            self.broken.append((name, address))
        if answer.status_code == 200:
            self.open.add(name)
        there = answer.headers.get("Location", "")
        if there.startswith("/") and not there.startswith("/tai-khoan/") and there not in self.seen:
            return self.look(name, there)
        return answer


@pytest.mark.parametrize("name", FORBIDDEN)
def test_nobody_reads_beyond_their_place(name, request):
    viewer = Viewer(name)
    forms = ("xlsx", "txt", "in") if request.config.getoption("-m") == "long" else ("xlsx",)
    for page, address in addresses(viewer.places):
        answer = viewer.look(page, address)
        if answer.status_code == 200 and b"xuat=" in getattr(answer, "content", b""):
            for form in forms:
                viewer.look(page, f"{address}?xuat={form}")
    print(name, sorted(viewer.open))
    assert not viewer.leaks, viewer.leaks[:20]
    assert not viewer.broken, viewer.broken[:20]


@pytest.mark.parametrize("name", FORBIDDEN)
def test_nobody_writes_beyond_their_place(name):
    viewer = Viewer(name)
    others = [place for place in viewer.places[1:] if place.marks[0] in FORBIDDEN[name]] or [viewer.places[2]]
    before = state(others)
    accounts = get_user_model().objects.exclude(username=name).values_list("pk", "is_active", "password", "username")
    people = list(accounts.order_by("pk"))
    for page, address in addresses(others):
        if viewer.account:
            viewer.client.force_login(viewer.account)
        body = {"seen": 1, "reason": "thử", "ly-do": "thử", "on": "2026-03-01", "values": {}, "province": "11"}
        if address.startswith("/api/"):
            answer = viewer.client.post(address, json.dumps(body), content_type="application/json")
            viewer.client.patch(address, json.dumps(body), content_type="application/json")
        else:
            answer = viewer.client.post(address, {key: value for key, value in body.items() if key != "values"})
        if answer.status_code >= 500:
            viewer.broken.append((page, address))
    assert not viewer.broken, viewer.broken[:20]
    assert state(others) == before
    assert list(accounts.order_by("pk")) == people
