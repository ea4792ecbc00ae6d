"""Pages that no link leads to: what stands after a form, or belongs to a moment of an account. Axe looks at each."""

from tests.browser.axe import violations
from tests.browser.conftest import STATE

PEOPLE = f"/nguoi/?{STATE}"


def test_a_masked_number_is_opened_with_a_reason_and_a_correction_is_taken_back(visit):
    page = visit("planner", PEOPLE, allow=("422",))
    page.locator("#nguoi tbody th a").first.click()
    page.locator("#contacts a.add").click()
    page.get_by_label("Điện thoại").fill("0912 345 678")
    page.locator("main button.main").click()
    page.wait_for_url("**/nguoi/*/**")
    assert "0912" not in page.inner_text("main")
    page.locator("#contacts a[href*='/mo/']").first.click()
    page.locator("main button.main").click()
    assert page.locator("[role=alert]").is_visible() and not violations(page), "without a reason it stays closed"
    page.locator("#ly-do").fill("Gọi báo lịch")
    page.locator("main button.main").click()
    page.locator("output.opened").wait_for()
    assert not violations(page)

    page.goto(PEOPLE)
    page.locator("#nguoi tbody th a").first.click()
    name = page.inner_text("h1")
    page.locator("main > p .acts a").first.click()
    page.locator("#ten").fill("Sửa")
    page.locator("main button.main").click()
    page.locator(".message a[href*='/hoan-lai/']").click()
    page.locator("#ly-do").wait_for()
    assert not violations(page)
    page.locator("#ly-do").fill("Sửa nhầm người")
    page.locator("main button.main").click()
    page.wait_for_url(lambda url: "/hoan-lai/" not in url)
    page.goto(PEOPLE)
    page.locator("#nguoi tbody th a").first.click()
    assert page.inner_text("h1") == name


def test_a_unit_shows_what_it_came_of(visit):
    page = visit("planner", f"/quan-tri/sap-xep/commune/01234/?{STATE}")
    assert page.locator("main table").is_visible() and not violations(page)


def test_a_norm_that_somebody_proposed_waits_for_another_person(visit):
    page = visit("director", f"/viec-cua-toi/?{STATE}")
    page.locator(".deciding a[href*='/de-xuat/']").click()
    page.wait_for_url("**/quan-tri/quy-dinh/de-xuat/**")
    assert page.get_by_role("button", name="Duyệt", exact=True).is_visible() and not violations(page)


def test_a_correction_that_somebody_proposed_waits_for_the_planner(visit):
    page = visit("planner", f"/viec-cua-toi/?{STATE}")
    page.locator(".deciding a[href*='/de-nghi-sua/']").click()
    assert page.locator("main tbody tr").count() == 1


def test_signing_out_by_address_is_asked_again(visit):
    page = visit("clerk", "/tai-khoan/dang-xuat/")
    assert not violations(page)
    page.locator("main button").click()
    page.wait_for_url("**/tai-khoan/dang-nhap/**")
    page.goto("/tong-quan/")
    assert "/dang-nhap/" in page.url


def test_a_page_after_the_session_ended_leads_to_the_sign_in_and_back(visit, office):
    page = visit("sender", f"/tong-quan/?{STATE}")
    page.context.clear_cookies()
    page.locator(".rail a").nth(1).click()
    page.wait_for_url("**/dang-nhap/?next=**")
    page.fill("#id_login", office.accounts["sender"])
    page.fill("#id_password", "thu-nghiem-238")
    page.locator("main button").click()
    page.wait_for_url("**/tram/**")
    assert "ngay=2026-01-08" in page.url, "back where one was, on the same day"


def test_the_tasks_of_the_bar_are_those_of_the_first_page_and_a_key_shows_the_keys(visit):
    page = visit("planner", f"/tong-quan/?{STATE}")
    listed = page.locator(".deciding li").count()
    page.locator(".tasks b:not(:empty)").wait_for()
    assert page.inner_text(".tasks b") == str(listed)
    page.keyboard.press("?")
    assert page.locator(".keys[open] dl").is_visible() and not violations(page)
    page.keyboard.press("Escape")
    assert not page.locator(".keys[open]").count()
    page.locator(".tasks").click()
    page.wait_for_url("**/viec-cua-toi/**")
    assert page.locator(".deciding li").count() == listed
