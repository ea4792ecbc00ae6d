"""A unit names seven people in ten steps, a commune answers a draft in four: by mouse, and by keyboard alone."""

import re

import pytest

from tests.browser.axe import violations
from tests.browser.conftest import NARROW, STATE, press, reach

CODE = "TQ-2026-02"
PEOPLE, LETTER = 7, "15/UBND"


class Steps:
    """Counts what somebody does: a click, a tap, a key that acts, a field that is filled."""

    def __init__(self, most):
        self.count, self.most = 0, most

    def __call__(self, act, *given, **more):
        self.count += 1
        assert self.count <= self.most, "too many interactions"
        return act(*given, **more)


def named(page):
    return page.locator("#nguoi tr.is-named").count()


def free(page):
    """Boxes of people whom no rule stops, and who are not named yet."""
    return page.locator("#nguoi tr:has(td .chip.met:has-text('Đủ điều kiện')) input[name=nguoi]")


def take_back(page):
    """Leave the unit as it was found."""
    while page.locator("button[name=rut]").count():
        with page.expect_navigation():
            page.locator("button[name=rut]").first.click()


def test_a_unit_names_seven_people_by_mouse(visit):
    page, step = visit("sender", "/"), Steps(10)
    assert f"/dot/{CODE}/de-xuat/" in page.url, "the call is what a unit sees first"
    assert page.locator("#de-nghi tbody tr").count() == 2 and page.locator("#nguoi thead th.mark").count() == 11
    for at in range(PEOPLE):
        step(free(page).nth(at).check)
    with page.expect_navigation():
        step(page.get_by_role("button", name="Đề xuất người đã chọn").click)
    assert named(page) == PEOPLE and step.count == PEOPLE + 1
    assert not violations(page)
    take_back(page)
    assert named(page) == 0


def test_a_unit_names_seven_people_by_keyboard(visit):
    page, step = visit("sender", "/"), Steps(10)
    chosen = [free(page).nth(at).get_attribute("id") for at in range(PEOPLE)]
    for one in chosen:
        reach(page, f"[id='{one}']", most=200)
        step(page.keyboard.press, "Space")
    with page.expect_navigation():
        step(page.keyboard.press, "Enter")  # in a box of the form: its main button
    assert named(page) == PEOPLE
    take_back(page)


def test_below_a_rule_a_unit_is_told_and_nothing_is_lost(visit):
    page = visit("sender", "/")
    page.locator("summary", has_text="Ghi người vắng").click()
    who = page.locator("#ai option").nth(1)
    name = who.inner_text()
    page.select_option("#ai", who.get_attribute("value"))
    page.fill("#vang-tu", "1/1/2026")
    page.fill("#sinh-con", "1/1/2026")
    with page.expect_navigation():
        page.get_by_role("button", name="Ghi nhận").click()
    row = page.locator("#nguoi tbody tr", has_text=name).first
    assert "Chưa đủ điều kiện" in row.inner_text() and "01/01/2029" in row.inner_text()
    row.locator("input[name=nguoi]").check()
    with page.expect_navigation():
        page.get_by_role("button", name="Đề xuất người đã chọn").click()
    assert page.locator("#wrong a").count() == 1 and row.locator("input[name=nguoi]").is_checked()
    assert not violations(page)


@pytest.mark.parametrize("by", ["mouse", "keyboard"])
def test_a_commune_answers_with_its_letter(visit, by):
    page, step = visit("commune", "/"), Steps(4)
    assert re.search(r"/xa/\d+", page.url)
    link = "#can-tra-loi ~ ul a"
    if by == "keyboard":
        step(press, page, link)
        page.wait_for_url("**/y-kien/**")
        reach(page, "input[value=agree]")
        step(page.keyboard.press, "Space")
        reach(page, "#so-cong-van")
        step(page.keyboard.type, LETTER)
        with page.expect_navigation():
            step(page.keyboard.press, "Enter")
    else:
        step(page.locator(link).first.click)
        page.wait_for_url("**/y-kien/**")
        assert not violations(page)
        step(page.locator("input[value=agree]").check)
        step(page.locator("#so-cong-van").fill, LETTER)
        with page.expect_navigation():
            step(page.get_by_role("button", name="Gửi trả lời").click)
    assert "Đồng ý" in page.inner_text("#y-kien") and LETTER in page.inner_text("#y-kien")
    reopen(visit)


def reopen(visit):
    """Let the planner take the draft back, and send it out again."""
    planner = visit("planner", f"/dot/{CODE}/y-kien/?{STATE}")
    planner.locator("summary", has_text="Rút lại").click()
    planner.fill("#ly-do", "sửa lại")
    with planner.expect_navigation():
        planner.get_by_role("button", name="Rút lại").click()
    with planner.expect_navigation():
        planner.get_by_role("button", name="Gửi lấy ý kiến").click()


def test_desks_read_on_a_phone_and_without_scripts(visit):
    for role, address in (("sender", f"/don-vi-cu/?{STATE}"), ("commune", "/"), ("sender", "/")):
        page = visit(role, address, size=NARROW, scripts=False)
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"], address
        assert page.locator("main h1").count() == 1
    page = visit("sender", f"/don-vi-cu/?{STATE}", theme="dark")
    assert not violations(page)
