"""The first page and the way to it, by mouse and by keyboard alone; light enough, and whole on a narrow screen."""

import pytest

from tests.browser.axe import violations
from tests.browser.conftest import NARROW, STATE, code_now, reach
from tests.browser.office import PASSWORD

HOME = f"/tong-quan/?{STATE}"
KILOBYTES = 1000


def test_somebody_signs_in_by_mouse_and_sees_the_published_figures(visit, office):
    page = visit(None, "/tong-quan/")
    page.get_by_label("Tài khoản").click()
    page.keyboard.type(office.accounts["planner"])
    page.get_by_label("Mật khẩu").click()
    page.keyboard.type(PASSWORD)
    with page.expect_navigation():
        page.get_by_role("button", name="Đăng nhập").click()
    page.goto(HOME)
    assert "238" in page.inner_text("h1")
    figures = page.locator(".spread tbody td.num").all_inner_texts()
    assert figures == ["0", "24", "72", "22", "6", "0"]


def test_somebody_signs_in_by_keyboard_and_opens_the_communes_behind_a_figure(visit, office):
    page = visit(None, "/tai-khoan/dang-nhap/")
    reach(page, "#id_login")
    page.keyboard.type(office.accounts["planner"])
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/tong-quan/**")
    page.goto(HOME)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip", "the way past the bar comes first"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    reach(page, ".spread tbody tr:nth-child(2) td.num a")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    page.wait_for_url("**/tram/**")
    assert page.locator("tbody tr").count() == 24


def test_an_administrator_needs_the_second_factor(visit, office):
    page = visit(None, "/tai-khoan/dang-nhap/")
    page.fill("#id_login", office.accounts["admin"])
    page.fill("#id_password", PASSWORD)
    with page.expect_navigation():
        page.click("main button")
    assert page.locator("input[name=code]").is_visible() and len(code_now()) == 6
    assert not violations(page)


def test_the_language_changes_by_one_click_and_the_page_stays(visit):
    page = visit("planner", HOME)
    with page.expect_navigation():
        page.get_by_role("button", name="EN", exact=True).click()
    assert "238 doctors are missing" in page.inner_text("h1")
    assert page.url.endswith(HOME) and page.get_attribute("html", "lang") == "en"
    page.get_by_role("button", name="VI", exact=True).focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("html[lang=vi]")


def test_the_day_and_what_was_known_are_chosen_in_the_bar(visit):
    page = visit("planner", "/tong-quan/?muc=5")
    page.locator(".where summary").click()
    page.get_by_label("Tính đến").fill("8/1/2026")
    with page.expect_navigation():
        page.get_by_role("button", name="Xem", exact=True).click()
    assert "ngay=8%2F1%2F2026" in page.url and "muc=5" in page.url
    assert "08/01/2026" in page.inner_text(".where summary")
    page.locator(".where summary").click()
    page.keyboard.press("Escape")
    assert not page.locator(".where[open]").count()
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY", "Esc gives the focus back"


def test_ctrl_k_leads_to_the_search(visit):
    page = visit("planner", HOME)
    page.keyboard.press("Control+k")
    assert page.evaluate("document.activeElement.id") == "find"


def test_the_map_has_every_commune_once_the_islands_and_a_table_that_says_the_same(visit):
    page = visit("planner", HOME, scripts=False)
    assert page.locator("#map .cell").count() == 124
    words = page.locator("#map svg").text_content()
    assert "Hoàng Sa" in words and "Trường Sa" in words
    assert "không phải địa giới" in page.inner_text("#map figcaption")
    page.locator(".twin summary").click()
    rows = page.locator(".twin tbody tr")
    on_map = {one: page.locator(f'#map path[data-code="{one}"]').get_attribute("class") for one in ("01234", "00745")}
    for code, look in on_map.items():
        count = rows.locator(f'xpath=self::*[@data-code="{code}"]').locator("td.num").inner_text()
        assert look == f"cell d{count}"
    assert rows.count() == 124 and page.locator(".twin tbody a").count() == 124


def test_a_row_and_its_cell_light_up_together(visit):
    page = visit("planner", HOME, size=NARROW)
    page.locator(".worst tbody a").first.focus()
    code = page.locator(".worst tbody tr").first.get_attribute("data-code")
    assert "lit" in page.locator(f'#map path[data-code="{code}"]').get_attribute("class")


def test_the_charts_come_on_a_wide_screen_and_never_on_a_slow_line(visit):
    page = visit("planner", HOME)
    page.wait_for_selector(".moving canvas", timeout=15_000)
    asked = []
    slow = visit("planner", "/tai-khoan/")
    line = slow.context.new_cdp_session(slow)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", {"offline": False, "latency": 400, "downloadThroughput": 50_000,
              "uploadThroughput": 50_000, "connectionType": "cellular3g"})  # fmt: skip
    slow.on("request", lambda one: asked.append(one.url))
    slow.goto(HOME)
    slow.wait_for_timeout(1500)
    assert asked and not [url for url in asked if "charts.js" in url]


@pytest.mark.parametrize(("size", "most"), [(NARROW, 160), (None, 420)], ids=["without charts", "with charts"])
def test_the_first_visit_is_light(visit, size, most):
    page = visit("planner", "/tai-khoan/", **({"size": size} if size else {}))
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.setCacheDisabled", {"cacheDisabled": True})
    weight: list[tuple[str, float]] = []
    kinds: dict[str, str] = {}
    line.on("Network.responseReceived", lambda one: kinds.update({one["requestId"]: one["type"]}))
    line.on("Network.loadingFinished", lambda one: weight.append((one["requestId"], one["encodedDataLength"])))
    page.goto(HOME)
    page.wait_for_load_state("networkidle")
    whole = sum(size for _, size in weight) / KILOBYTES
    html = sum(size for number, size in weight if kinds.get(number) == "Document") / KILOBYTES
    print(f"{whole:.1f} kB, of which HTML {html:.1f} kB")
    assert html <= 40 and whole <= most, f"{whole:.1f} kB, of which HTML {html:.1f} kB"


def test_a_page_that_is_not_there_says_what_to_do(visit):
    page = visit("planner", "/khong-co/", allow=("404",))
    assert "Không có trang này" in page.inner_text("h1")
    assert page.get_by_role("link", name="Về trang tổng quan").is_visible()
    assert not violations(page)
