"""A campaign is solved from its page: asked for, followed, stopped, taken; by mouse, then by keyboard alone."""

import re
import time

import pytest

from tests.browser.axe import violations
from tests.browser.conftest import NARROW, STATE, WIDE, press, reach

CODE = "TQ-2026-01"
HOME = f"/dot/{CODE}/?{STATE}"
FREE = "input[name=cach][value=free]"
SIGN, PLAN, STOP = 2, 10, 4  # seconds: a page of a busy machine is later than its worker, which has 1, 10 and 2


def until(page, selector, most):
    """Wait for something to be there, and return the seconds it took."""
    began = time.monotonic()
    page.wait_for_selector(selector)
    took = time.monotonic() - began
    assert took <= most, f"{selector} after {took:.1f} s"
    return took


def finished(page):
    """See the solve on its way, stop it, and return what the page says of the plan."""
    until(page, ".solving", SIGN)
    until(page, ".solving .best", PLAN)
    assert re.search(r"Trống [\d.]+ · không thể dưới [\d.]+", page.inner_text(".solving .best"))
    return page


def test_a_plan_is_sought_stopped_and_taken_by_mouse(visit):
    page = visit("planner", HOME)
    page.get_by_role("link", name="Chọn cách xếp").click()
    if page.locator(FREE).count():  # beside a draft: with the fewest changes it is proved at once, and nothing to stop
        page.check(FREE)
    page.select_option("#giay", "300")
    assert not violations(page)
    page.click("#xep")
    finished(page)
    assert not violations(page)
    page.click("#dung")
    until(page, "#dung-phuong-an", STOP)
    assert "Đã dừng theo yêu cầu" in page.inner_text(".solving")
    assert not violations(page)
    page.click("#dung-phuong-an")
    page.wait_for_url(re.compile(r"/(bang|so-sanh)/\?"))
    page.goto(HOME)
    assert page.locator("table.drafts tbody tr").count() >= 1


def test_a_plan_is_sought_left_told_and_taken_by_keyboard(visit):
    page = visit("planner", HOME)
    press(page, "main .tools a[href*='/xep/'], main p a[href*='/xep/']")
    page.wait_for_url("**/xep/**")
    if page.locator(FREE).count():
        reach(page, "input[name=cach]:checked")
        while not page.is_checked(FREE):
            page.keyboard.press("ArrowDown")
    press(page, "#xep")
    finished(page)
    press(page, "#dung")
    until(page, "#dung-phuong-an", STOP)
    page.goto(f"/viec-cua-toi/?{STATE}")
    press(page, "main a[href*='/xep/']")
    page.wait_for_url("**/xep/**")
    press(page, "#dung-phuong-an")
    page.wait_for_url(re.compile(r"/(bang|so-sanh)/\?"))
    page.goto(HOME)
    assert page.locator("table.drafts tbody tr").count() >= 1


@pytest.mark.parametrize(
    ("size", "theme"),
    [
        (WIDE, "light"),
        (NARROW, "dark"),
        pytest.param(WIDE, "dark", marks=pytest.mark.long),
        pytest.param(NARROW, "light", marks=pytest.mark.long),
    ],
)
def test_pages_beside_the_board_are_accessible_and_do_not_scroll_sideways(visit, size, theme):
    page = visit("planner", HOME, size=size, theme=theme)
    for path in ("", "xep/", "so-sanh/", "so-luot-di/", "kinh-phi/"):
        page.goto(f"/dot/{CODE}/{path}?{STATE}")
        assert not violations(page), path
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], path


def test_without_scripts_the_page_says_how_far_it_is(visit):
    page = visit("planner", HOME, scripts=False)
    page.click("#xep")
    page.wait_for_selector(".solving")
    page.click("#dung")
    for _ in range(20):
        if page.locator("#dung-phuong-an").count() or page.get_by_text("Không bản nháp nào thay đổi").count():
            return
        page.wait_for_timeout(500)
        page.reload()
    raise AssertionError(page.inner_text(".solving"))
