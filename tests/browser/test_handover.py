"""127 facilities change hands under one decision and come back: by mouse, then by keyboard alone."""

from tests.browser.axe import violations
from tests.browser.conftest import STATE, press, reach

UNITS = f"/quan-tri/don-vi/?{STATE}"
PAPER = {"so": "1920/QĐ-UBND", "nguoi-ky": "Chủ tịch Ủy ban nhân dân tỉnh", "ngay-ky": "29/12/2025",
         "tu-ngay": "01/01/2026"}  # fmt: skip
CENTRE, COMMUNE = "Trung tâm Y tế", "Ủy ban nhân dân"


def test_127_facilities_are_handed_over_and_put_back_by_mouse(visit):
    page = visit("planner", UNITS)
    page.get_by_role("link", name="Bàn giao cơ sở").click()
    for name, text in PAPER.items():
        page.locator(f"#{name}").click()
        page.keyboard.type(text)
    page.get_by_role("button", name="Xem trước").click()
    rows = page.locator("#ban-giao tbody tr")
    assert rows.count() == 127
    assert page.locator("#ban-giao input[name=co-so]:checked").count() == 127
    assert rows.filter(has_text=CENTRE).filter(has_text=COMMUNE).count() == 127, "from the centre to the commune, each"
    assert not violations(page)
    page.get_by_role("button", name="127").click()
    page.get_by_text("127").first.wait_for()
    assert managing(page) == {COMMUNE}
    page.get_by_role("link", name="Nhật ký bàn giao, sắp xếp").click()
    page.locator("#lich-su-don-vi tbody th a").first.click()
    page.wait_for_url("**/hoan-lai/**")
    assert not violations(page)
    page.locator("#ly-do").click()
    page.keyboard.type("Quyết định bị thu hồi")
    page.get_by_role("button", name="Hoàn lại").click()
    page.wait_for_url("**/lich-su/**")
    page.goto(UNITS)
    assert managing(page) == {CENTRE}


def test_127_facilities_are_handed_over_and_put_back_by_keyboard(visit):
    page = visit("planner", UNITS)
    press(page, "a[href*='/ban-giao/']")
    page.wait_for_url("**/ban-giao/**")
    for name, text in PAPER.items():
        reach(page, f"#{name}")
        page.keyboard.type(text)
    page.keyboard.press("Enter")
    page.locator("#ban-giao").wait_for()
    assert page.locator("#ban-giao tbody tr").count() == 127
    press(page, "button[value=ghi]", most=260)
    page.wait_for_url("**/quan-tri/don-vi/?**")
    assert managing(page) == {COMMUNE}
    press(page, "main a.button[href*='/lich-su/']")
    page.wait_for_url("**/lich-su/**")
    press(page, "#lich-su-don-vi tbody a")
    page.wait_for_url("**/hoan-lai/**")
    reach(page, "#ly-do")
    page.keyboard.type("Quyết định bị thu hồi")
    page.keyboard.press("Enter")
    page.wait_for_url("**/lich-su/**")
    page.goto(UNITS)
    assert managing(page) == {CENTRE}


def managing(page):
    """Return what kinds of authority manage facilities, as the page of both hierarchies tells it."""
    names = page.locator("#don-vi tbody th").all_inner_texts()
    return {kind for kind in (CENTRE, COMMUNE) if any(one.startswith(kind) for one in names)}
