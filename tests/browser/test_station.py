"""A station on another day, by mouse and by keyboard alone; and the way from the first page to one doctor's licence."""

import re

import pytest

from tests.browser.axe import violations
from tests.browser.conftest import STATE, press, reach

PERSON = "**/nguoi/*/**"
EARLIER = "31/12/2019"


def test_a_station_is_seen_as_of_another_day_by_mouse(visit):
    page = visit("planner", f"/tram/?{STATE}&dem=tram")
    page.locator("#tram tbody th a").first.click()
    then = people(page)
    page.locator(".where summary").click()
    page.get_by_label("Tính đến").click()
    page.keyboard.press("Control+a")
    page.keyboard.type(EARLIER)
    page.get_by_role("button", name="Xem", exact=True).click()
    page.get_by_text(f"Đang xem số liệu tại ngày {EARLIER}").wait_for()
    assert people(page) < then, "whoever came later is not there yet"
    assert not violations(page)
    page.get_by_role("link", name="Xem hôm nay").click()
    page.wait_for_url(lambda url: "ngay=" not in url)


def test_a_station_is_seen_as_of_another_day_by_keyboard(visit):
    page = visit("planner", f"/tram/?{STATE}&dem=tram")
    press(page, "#tram tbody th a")
    page.wait_for_url("**/tram/*/*/**")
    then = people(page)
    press(page, ".where summary")
    reach(page, "#scope-on")
    page.keyboard.press("Control+a")
    page.keyboard.type(EARLIER)
    page.keyboard.press("Enter")
    page.get_by_text(f"Đang xem số liệu tại ngày {EARLIER}").wait_for()
    assert people(page) < then
    press(page, "main .message a")
    page.wait_for_url(lambda url: "ngay=" not in url)


@pytest.mark.parametrize("by", ["xa", "tram"])
def test_three_steps_lead_from_the_first_page_to_a_licence_by_mouse(visit, by):
    page = visit("planner", f"/tong-quan/?{STATE}&dem={by}")
    page.locator(".spread tbody tr:nth-child(2) td.num a").click()
    page.locator("table.list tbody td a[href*='nhom=doctor']").first.click()
    page.locator("#nhan-luc tbody th a").first.click()
    page.wait_for_url(PERSON)
    assert page.locator("#licences table").is_visible()


@pytest.mark.parametrize("by", ["xa", "tram"])
def test_three_steps_lead_from_the_first_page_to_a_licence_by_keyboard(visit, by):
    page = visit("planner", f"/tong-quan/?{STATE}&dem={by}")
    press(page, ".spread tbody tr:nth-child(2) td.num a")
    page.wait_for_url("**/tram/**")
    press(page, "table.list tbody td a[href*='nhom=doctor']")
    page.wait_for_url("**/nhan-luc/**")
    press(page, "#nhan-luc tbody th a")
    page.wait_for_url(PERSON)
    assert page.locator("#licences table").is_visible()


def test_a_day_is_one_click_away_and_the_profile_stands_on_two_sheets(visit):
    page = visit("planner", f"/tram/?{STATE}&dem=tram&sap=-people")
    page.locator("#tram tbody th a").first.click()
    page.get_by_role("link", name="Ngày trước").click()
    page.get_by_text("Đang xem số liệu tại ngày").wait_for()
    page.get_by_role("link", name="In lý lịch trạm").click()
    page.get_by_role("heading", name="Lý lịch trạm").wait_for()
    assert not violations(page)
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))) <= 2


def test_stations_are_put_side_by_side_by_their_old_names(visit):
    page = visit("planner", f"/tram/?{STATE}")
    page.get_by_role("link", name="So sánh 2–4 trạm").click()
    page.get_by_label("Trạm 1").fill("ban ria")
    page.get_by_label("Trạm 2").fill("pho bang")
    page.get_by_role("button", name="So sánh").click()
    page.locator("#so-sanh").wait_for()
    assert page.locator("#so-sanh thead th").count() == 3
    assert not violations(page)


def people(page):
    """Return how many people the page of a station counts."""
    return int(page.locator("xpath=//dl/dt[text()='Người']/following-sibling::dd[1]").inner_text())
