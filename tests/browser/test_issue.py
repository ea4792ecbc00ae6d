"""From the tray to the issued decision: three interactions of the director, two of the clerk; by mouse and by keys."""

import re
import time

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from tests.browser.axe import violations
from tests.browser.conftest import NARROW, STATE, reach
from tests.browser.office import SECRET

STEP = 30  # seconds of a code
USED: set[int] = set()


def step_now():
    return int(time.time()) // STEP  # noqa: TID251  codes are of this minute


def open_tray(visit, campaign):
    """Open what waits in the tray for one campaign; whatever code signed in is used up."""
    USED.add(step_now())
    page = visit("signer", f"/ky/?{STATE}")
    USED.add(step_now())
    if campaign not in page.inner_text("h1"):  # another one waits before it
        page.goto(page.get_by_role("link", name=re.compile(campaign)).get_attribute("href"))
    return page


def code():
    """Return a code that nobody has given yet."""
    while True:
        for step in (step_now() + 1, step_now(), step_now() - 1):
            if step not in USED:
                USED.add(step)
                return format_hotp_value(hotp_value(SECRET, step))
        time.sleep(1)


def test_a_director_signs_and_a_clerk_issues_by_mouse(visit):
    page = open_tray(visit, "KY-1")
    assert not violations(page)
    assert page.locator(".figures dd").count() == 6 and page.locator(".checks > li").count() == 12
    page.locator("#code").click()
    page.keyboard.type(code())
    page.get_by_role("button", name="Duyệt và ký").click()
    page.get_by_text("Đã ký").first.wait_for()
    assert page.get_by_role("heading", name="Đã ký, chờ cấp số").count() == 1 and not violations(page)

    page = visit("clerk", f"/quyet-dinh/?{STATE}")
    assert not violations(page)
    page.get_by_role("link", name=re.compile("KY-1")).click()
    page.locator(".sheet").wait_for()
    assert "BẢN DỰ THẢO" in page.inner_text(".sheet") and not violations(page)
    page.locator("#so").click()
    page.keyboard.type("901")
    page.get_by_role("button", name="Ban hành").click()
    page.wait_for_url("**/901-qd-syt/**")
    assert "DỰ THẢO" not in page.inner_text(".sheet") and "Nguyễn Văn Mẫu" in page.inner_text(".sheet")
    assert page.locator(".checks .chip.short").count() == 0 and not violations(page)


def test_a_director_signs_and_a_clerk_issues_by_keyboard(visit):
    page = open_tray(visit, "KY-2")
    reach(page, "#code")
    page.keyboard.type(code())
    page.keyboard.press("Enter")
    page.get_by_text("Đã ký").first.wait_for()

    page = visit("clerk", f"/quyet-dinh/ban/KY-2/1/?{STATE}")
    reach(page, "#so")
    page.keyboard.type("902")
    page.keyboard.press("Enter")
    page.wait_for_url("**/902-qd-syt/**")
    assert "902/QĐ-SYT" in page.inner_text("h1")


def test_the_tray_and_the_layouts_fit_a_telephone(visit):
    for role, address in (("signer", "/ky/"), ("planner", "/quan-tri/mau/"), ("clerk", "/quyet-dinh/")):
        page = visit(role, f"{address}?{STATE}", size=NARROW, theme="dark")
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"], address
        assert not violations(page)
    USED.update((step_now(), step_now() - 1))
