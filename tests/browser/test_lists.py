"""Lists and the shell under the fingers: keys that work while a list has the focus, rows chosen, figures that age."""

import pytest
from benchmarks.slow_line import SHIFT, WATCH

from tests.browser.axe import violations
from tests.browser.conftest import NARROW, STATE, WIDE, reach

LIST = f"/tram/?{STATE}"
HERE = "document.activeElement.closest('tbody tr')?.sectionRowIndex ?? null"
COMPOSING = """(key) => document.activeElement.dispatchEvent(
    new KeyboardEvent("keydown", {key, isComposing: true, bubbles: true, cancelable: true}))"""


def in_list(visit, address=LIST, **more):
    page = visit("planner", address, **more)
    reach(page, ".wide:has(.list)")
    return page


def test_arrows_go_through_the_rows_space_chooses_enter_opens(visit):
    page = in_list(visit)
    for key, row in (("ArrowUp", None), ("ArrowDown", 0), ("ArrowDown", 1), ("ArrowDown", 2), ("ArrowUp", 1)):
        page.keyboard.press(key)
        assert page.evaluate(HERE) == row, key
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Space")
    assert page.locator(".list tr.chosen").count() == 1 and page.inner_text("#status") == "Đã đánh dấu 1 dòng"
    assert not violations(page)
    page.keyboard.press("Space")
    assert not page.locator(".list tr.chosen").count()
    name = page.locator(".list tbody tr").nth(1).locator("a").first.inner_text()
    page.keyboard.press("Enter")
    page.wait_for_url("**/xa/**")
    assert name in page.inner_text("h1")


def test_a_row_that_has_the_focus_is_never_under_the_head_and_the_head_stays(visit):
    page = in_list(visit)
    for _ in range(30):
        page.keyboard.press("ArrowDown")
    for _ in range(25):
        page.keyboard.press("ArrowUp")
    assert page.evaluate(HERE) == 4
    row, head = (page.locator(one).bounding_box() for one in (".list tbody tr:focus", ".list thead"))
    region = page.locator(".wide:has(.list)").bounding_box()
    assert row["y"] >= head["y"] + head["height"] - 1
    assert abs(head["y"] - region["y"]) < 2
    total, first = (page.locator(f".list thead tr:nth-child({one})").bounding_box() for one in (2, 1))
    assert total["y"] >= first["y"] + first["height"] - 1, "the totals stand under the heads, not over them"


def test_keys_do_nothing_in_a_field_while_a_letter_is_composed_or_when_switched_off(visit):
    page = visit("planner", LIST)
    page.focus("input[name=tim][id^=tram]")
    page.keyboard.type("a ?")
    page.keyboard.press("ArrowDown")
    assert (
        page.evaluate(HERE) is None
        and page.input_value("#tram-tim") == "a ?"
        and not page.locator(".keys[open]").count()
    )
    reach(page, ".wide:has(.list)")
    page.evaluate(COMPOSING, "ArrowDown")
    page.evaluate(COMPOSING, "?")
    assert page.evaluate(HERE) is None and not page.locator(".keys[open]").count()
    page.keyboard.press("?")
    page.get_by_label("Dùng phím không kèm Ctrl").uncheck()
    page.keyboard.press("Escape")
    for _ in ("now", "and on the next page"):
        page.focus(".wide:has(.list)")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("?")
        assert page.evaluate(HERE) is None and not page.locator(".keys[open]").count()
        page.goto(LIST)
    page.keyboard.press("Control+k")
    assert page.evaluate("document.activeElement.id") == "find", "keys with Ctrl stay"


def test_the_list_of_keys_opens_by_one_and_closes_by_another(visit):
    page = in_list(visit)
    page.keyboard.press("?")
    assert "Ctrl+Enter" in page.inner_text(".keys dl") and not violations(page)
    page.keyboard.press("Escape")
    assert not page.locator(".keys[open]").count()
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_ctrl_enter_does_the_main_thing_of_the_form(visit):
    page = visit("planner", "/bo-loc/?toi=%2Ftram%2F%3Fpv%3D08%26so-bs%3D1")
    page.fill("#ten", "Bằng phím")
    page.keyboard.press("Control+Enter")
    page.get_by_text("Đã lưu bộ lọc: Bằng phím").wait_for()
    assert not violations(page)
    page.get_by_role("button", name="Bỏ Bằng phím").click()
    page.get_by_text("Đã bỏ bộ lọc: Bằng phím").wait_for()


@pytest.mark.parametrize("rows", [(), (1, 3)], ids=["all", "chosen"])
def test_copied_words_are_those_of_the_rows_chosen_or_of_all(visit, rows):
    page = visit("planner", f"{LIST}&trang=2")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    names = page.locator(".list tbody th").all_inner_texts()
    for row in rows:
        page.locator(".list tbody tr").nth(row).locator("td").nth(2).click(modifiers=["Control"])
    page.get_by_role("link", name="Chép nội dung").click()
    page.get_by_text("Đã chép").wait_for()
    lines = [one for one in page.evaluate("navigator.clipboard.readText()").splitlines() if one.startswith("- ")]
    if rows:
        assert [one[2:].split(" · ")[0] for one in lines] == [names[row] for row in rows]
    assert len(lines) == (len(rows) or 124)


def test_a_page_that_stood_for_a_quarter_of_an_hour_offers_newer_figures(visit):
    page = visit("planner", "/bo-loc/")
    page.clock.install()
    page.goto(LIST)
    page.clock.run_for("14:00")
    assert not page.get_by_role("link", name="Cập nhật").count()
    page.clock.run_for("02:00")
    page.get_by_role("link", name="Cập nhật").click()
    page.wait_for_url(f"**{LIST}")
    assert not page.get_by_role("link", name="Cập nhật").count()


def test_a_workbook_dropped_anywhere_on_the_first_page_is_read(visit):
    page = visit("planner", f"/tong-quan/?{STATE}")
    page.evaluate(
        """() => {
            const data = new DataTransfer();
            data.items.add(new File(["Tên,Mã\\n"], "tha-o-tong-quan.csv"));
            document.body.dispatchEvent(new DragEvent("drop", {dataTransfer: data, bubbles: true, cancelable: true}));
        }"""
    )
    page.wait_for_url("**/nhap/*/**")
    assert "tha-o-tong-quan.csv" in page.inner_text("h1")


@pytest.mark.parametrize("size", [None, NARROW], ids=["wide", "narrow"])
def test_a_commune_is_chosen_in_the_bar_by_an_old_name(visit, size):
    page = visit("planner", LIST, **({"size": size} if size else {}))
    page.locator(".where summary").click()
    page.get_by_role("link", name="Chọn xã, cơ sở").click()
    page.fill("#pham-vi-tim", "ban ria")
    page.keyboard.press("Control+Enter")
    page.get_by_role("link", name="Xã Yên Thành", exact=True).click()
    page.wait_for_url("**/tram/**")
    assert "pv=08.01234" in page.url and page.locator(".list tbody tr").count() == 1
    assert "Xã Yên Thành" in page.inner_text(".where summary")
    assert not violations(page)
    page.locator(".where summary").click()
    page.select_option("#scope-pv", "08")
    page.get_by_role("button", name="Xem", exact=True).click()
    page.wait_for_url("**pv=08&**")
    assert page.locator(".list tbody tr").count() == 50


def test_my_tasks_open_to_as_many_rows_as_the_bar_counts(visit):
    page = visit("planner", f"/tong-quan/?{STATE}")
    page.wait_for_selector(".tasks b:not(:empty)")
    count = int(page.inner_text(".tasks b"))
    page.locator(".tasks").click()
    page.wait_for_url("**/viec-cua-toi/**")
    assert page.locator(".deciding li").count() == count > 0


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("address", ["/tong-quan/", "/tram/", "/nguoi/", "/nhu-cau/"])
def test_nothing_moves_while_a_page_comes(visit, address, size):
    page = visit("planner", "/bo-loc/", size=size)
    page.add_init_script(WATCH)
    page.goto(f"{address}?{STATE}")
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(500)
    assert page.evaluate("seen.shift") <= SHIFT
