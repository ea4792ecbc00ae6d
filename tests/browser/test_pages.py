"""
Every page there is: axe finds nothing, the browser does not complain, nothing scrolls sideways on a narrow screen.

The pages are those of urls.py. Addresses that hold a code are found as people find them, by the links of other pages;
a page that no link leads to fails the test, for nobody would find it either.
"""

import re
from html import unescape
from urllib.parse import urljoin, urlsplit

import pytest
from django.urls import Resolver404, resolve

from tests.browser.axe import violations
from tests.browser.conftest import NARROW, STATE, WIDE, watch
from tests.browser.routes import routes, stand_in

ROLES = ("planner", "admin", "staff", None)
LOOKS = [(WIDE, "dark"), (NARROW, "light"), (NARROW, "dark")]  # beside the one of every run
# Pages that only a form or a moment of an account leads to, and what does; other tests look at them.
UNLINKED = {
    "ky/": "who signs",
    "quyet-dinh/<int:year>/<slug:number>/tep/<int:file>/": "a file of a decision that was issued by its page",
    "quyet-dinh/xac-nhan/<int:deployment>/": "a tour that was served",
    "nguoi/<str:code>/mo/<slug:noun>/<int:number>/<slug:field>/": "opening what is masked, with a reason",
    "don-vi-cu/": "who names people for a unit",
    "luot/<int:number>/lich/": "a tour, as a file for a calendar",
    "luot/<int:number>/quyet-dinh/": "a tour of one's own, as the file of its decision",
    "nhap/<uuid:number>/hoan-lai/": "an import that was recorded",
    "nhap/<uuid:number>/thay-doi/": "an import that waits to be recorded",
    "quan-tri/don-vi/hoan-lai/<int:number>/": "a hand-over that stands",
    "quan-tri/quy-dinh/de-xuat/<int:number>/": "a norm that waits for another person",
    "quan-tri/sap-xep/<slug:kind>/<str:code>/": "a unit that came of others",
    "sua/hoan-lai/<int:number>/": "a correction that stands",
    "tai-khoan/dang-nhap/ma/": "a right password, before the code",
    "tai-khoan/dang-xuat/": "nothing: one signs out by a button; the page asks again",
    "tai-khoan/ma-du-phong/": "a second factor that was set up",
}
ONWARD = {  # addresses that only lead on to another page
    "co-so/<str:code>/": "a code without its name: to the page with both",
    "tram/<str:code>/": "the same",
    "viec-chay/<uuid:number>/": "a run: to the page of what it does",
}
FILES = ("/tep/", "/danh-dau/", "/tai/")
LEAVES = ("xuat=", "/tep/", "/tai/", "logout", "dang-xuat")  # what is taken out as a file, or ends the visit


class Walk:
    """A walk over the product: which routes were looked at, and what was wrong on them."""

    def __init__(self, states, browser, office, size, theme):
        self.browser, self.office, self.states = browser, office, states
        self.size, self.theme = size, theme
        self.seen, self.forms, self.wrong, self.looked = set(), set(), [], []

    def go(self, role):
        """Look at one address of each route that somebody of this role comes to."""
        context = self.browser.new_context(
            base_url=self.office.address, viewport=self.size, color_scheme=self.theme,
            storage_state=self.states(role) if role else None,
        )  # fmt: skip
        page = context.new_page()
        complaints: list[str] = []
        watch(page, complaints)
        waiting = [f"{one}?{STATE}" for one in FULL]
        waiting += [f"{stand_in(one)}?{STATE}" for one in routes() if "<" not in one]
        own = set()
        while waiting:
            address = waiting.pop(0)
            route = self.route(address)
            if route is None or route in own or any(part in address for part in LEAVES):
                continue
            own.add(route)
            answer = page.request.get(address, max_redirects=0)
            if answer.status == 405 or "/tai-khoan/" not in answer.headers.get("location", "/tai-khoan/"):
                self.forms.add(route)  # it takes forms alone, or leads on to another page
            if answer.ok and "text/html" not in answer.headers.get("content-type", ""):
                self.forms.add(route)
            if answer.status >= 500:
                self.wrong.append(f"{address} ({role}): {answer.status}")
            if answer.status != 200 or "text/html" not in answer.headers.get("content-type", ""):
                continue
            waiting += [urljoin(answer.url, unescape(one)) for one in LINK.findall(answer.text())]
            if route not in self.seen:
                self.seen.add(route)
                page.goto(address)
                self.look(page, role, address)
        context.close()
        self.wrong += complaints

    def route(self, address):
        """Return the route of an address of ours; None: it is none, or leads elsewhere."""
        parts = urlsplit(address)
        if parts.netloc and parts.netloc != urlsplit(self.office.address).netloc:
            return None
        try:
            found = resolve(parts.path).route
        except Resolver404:
            return None
        return found if found in routes() else None

    def look(self, page, role, address):
        """Note what axe finds on a page, and whether it scrolls sideways."""
        self.looked.append(address)
        self.wrong += [f"{address} ({role}): {one}" for one in violations(page)]
        page.set_viewport_size(NARROW)
        for _ in range(10):  # a chart follows the screen a moment later
            width = page.evaluate("document.documentElement.scrollWidth")
            if width <= NARROW["width"]:
                break
            page.wait_for_timeout(200)
        else:
            self.wrong.append(f"{address} ({role}): {width} px wide on a screen of {NARROW['width']}")
        page.set_viewport_size(self.size)


# of pages with many of a kind, those that lead to everything: empty places, people on tour, opinions
FULL = ("/dot/TQ-2026-01/bang/", "/dot/SAU-1/thuc-hien/", "/dot/TQ-2026-02/y-kien/")
LINK = re.compile(r'<a\b(?![^>]*\bdownload\b)[^>]*\bhref="([^"]+)"')


def _walked(states, browser, office, size, theme):
    walk = Walk(states, browser, office, size, theme)
    for role in ROLES:
        walk.go(role)
    print(f"{len(walk.looked)} pages looked at, {size['width']} px, {theme}")
    return walk


def test_axe_finds_nothing_on_any_page_and_none_scrolls_sideways(states, browser, office):
    walk = _walked(states, browser, office, WIDE, "light")
    assert not walk.wrong, "\n".join(walk.wrong)
    missed = set(routes()) - walk.seen - walk.forms - set(UNLINKED)
    missed = {one for one in missed if not one.endswith(FILES) and not _shows_nothing(one, states, browser, office)}
    assert not missed, f"no link leads there, or nobody may see it: {sorted(missed)}"
    assert set(UNLINKED) <= set(routes()), "an address that is no more"


@pytest.mark.long
@pytest.mark.parametrize(("size", "theme"), LOOKS, ids=[f"{size['width']}-{theme}" for size, theme in LOOKS])
def test_axe_finds_nothing_in_another_look(states, browser, office, size, theme):
    walk = _walked(states, browser, office, size, theme)
    assert not walk.wrong, "\n".join(walk.wrong)


def _shows_nothing(route, states, browser, office):
    """Return whether a route takes forms alone (it says so to whoever opens it), or only leads on to another page."""
    for role in ("planner", "admin"):
        context = browser.new_context(base_url=office.address, storage_state=states(role))
        status = context.request.get(stand_in(route), max_redirects=0).status
        context.close()
        if status == 405:
            return True
    return route in ONWARD
