"""Somebody cannot go: from the tour to the amending draft, submitted; by mouse, then by keyboard alone."""

import json
import time

from tests.browser.axe import violations
from tests.browser.conftest import STATE, press, reach

MOST = 90  # seconds from the tour to the submitted draft
SUBMIT = "button[value=trinh]"


def tour(office, code):
    """Return the page of a tour of a small campaign."""
    return f"/luot/{json.loads((office.home / 'sent.json').read_text('utf-8'))[code]}/?{STATE}"


def test_an_absent_person_is_replaced_with_fewest_changes_by_mouse_in_three_steps(visit, office):
    page = visit("planner", tour(office, "SAU-2"))
    assert not violations(page)
    began = time.monotonic()
    page.locator("#giay-vang").fill("21/GXN")
    page.get_by_role("button", name="Ghi vắng và xếp lại").click()
    page.wait_for_url("**/thay-doi/**")
    assert "1 lượt không còn thực hiện được" in page.inner_text("main")
    page.wait_for_selector(SUBMIT)
    assert page.locator("#ai-doi tbody tr").count() >= 1
    assert not violations(page)
    page.click(SUBMIT)
    page.get_by_text("Đã trình ký bản 2.").wait_for()
    assert time.monotonic() - began <= MOST
    assert page.locator(SUBMIT).count() == 0


def test_an_absent_person_is_replaced_with_fewest_changes_by_keyboard(visit, office):
    page = visit("planner", tour(office, "SAU-1"))
    reach(page, "#giay-vang")
    page.keyboard.type("22/GXN")
    page.keyboard.press("Enter")
    page.wait_for_url("**/thay-doi/**")
    page.wait_for_selector(SUBMIT)
    press(page, SUBMIT)
    page.get_by_text("Đã trình ký bản 2.").wait_for()
    assert page.locator(SUBMIT).count() == 0, "it is submitted once"
