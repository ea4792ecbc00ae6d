"""Who goes reads the next tour, confirms the receipt and asks for a change: by mouse, then by keyboard alone."""

import pytest

from tests.browser.axe import violations
from tests.browser.conftest import NARROW, STATE, press, reach


def test_the_next_tour_is_confirmed_and_a_change_asked_for_and_answered_by_mouse(visit):
    page = visit("mine", "/toi/")
    assert page.locator("h2").first.inner_text() == "Lượt sắp tới"
    text = page.inner_text("main")
    assert "/QĐ-SYT" in text and "một chiều" in text
    assert not violations(page)
    page.get_by_role("button", name="Xác nhận đã nhận quyết định").click()
    page.wait_for_url("**/luot/**")
    assert "đã nhận quyết định" in page.inner_text("dl.facts")
    page.get_by_text("Đề nghị đổi hoặc miễn").click()
    page.locator("#giay").click()
    page.keyboard.type("15/GXN-BV")
    assert not violations(page)
    page.get_by_role("button", name="Gửi đề nghị").click()
    page.get_by_text("Chờ trả lời").wait_for()
    planner = visit("planner", f"/viec-cua-toi/?{STATE}")
    planner.locator("main a[href*='/nguyen-vong/']").click()
    assert not violations(planner)
    planner.get_by_label("Trả lời").first.fill("đồng ý, xếp đợt sau")
    planner.get_by_role("button", name="Nhận đề nghị").first.click()
    planner.get_by_text("Đã nhận đề nghị").wait_for()
    page.goto("/toi/")
    assert "đồng ý, xếp đợt sau" in page.inner_text("main")


def test_the_next_tour_is_confirmed_and_a_change_asked_for_by_keyboard(visit):
    page = visit("other", "/toi/")
    press(page, "button[value=nhan]")
    page.wait_for_url("**/luot/**")
    assert "đã nhận quyết định" in page.inner_text("dl.facts")
    press(page, "main details summary")
    reach(page, "#giay")
    page.keyboard.type("7/GXN")
    page.keyboard.press("Enter")
    page.get_by_text("Chờ trả lời").wait_for()


@pytest.mark.parametrize("address", ["/toi/", "/lich/"])
def test_pages_of_tours_are_read_on_a_telephone(visit, address):
    page = visit("mine" if address == "/toi/" else "planner", address, size=NARROW, theme="dark")
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    assert not violations(page)
