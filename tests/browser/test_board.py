"""The rotation board by mouse, by keyboard alone, on a phone and without scripts: a move is one drag or two keys."""

import json
import re

import pytest

from tests.browser.axe import violations
from tests.browser.conftest import NARROW, STATE, press, reach

CODE = "TQ-2026-01"
BOARD = f"/dot/{CODE}/bang/?{STATE}&ban=1"
TALL = {"width": 1366, "height": 2600}  # 25 stations at once: a drag does not scroll here
REFUSED = ("422",)  # a move that is refused is no error of the page


@pytest.fixture(scope="session")
def moves(office):
    """Return tours that can move, as the office tells them."""
    return json.loads((office.home / "board.json").read_text("utf-8"))


def chip(page, key):
    return page.locator(f"#board td a[href*='/luot/{key}/']")


def later(key, weeks=1):
    staff, _, start = key.rpartition("@")
    return f"{staff}@{int(start) + weeks}"


def saved(page, words):
    """Wait until the server has answered, and return its sentence."""
    page.locator("#status").filter(has_text=words).wait_for()
    return page.inner_text("#status")


def undo(page):
    """Take one step back by the button, and wait until it is told that there is one less."""
    button = page.locator("#turns button").first
    left = int(re.findall(r"\d+", button.inner_text())[0]) - 1
    button.click()
    button.filter(has_text=f"({left})").wait_for()


def focused(page):
    return page.evaluate("decodeURIComponent(document.activeElement.getAttribute('href') || '')")


def test_a_tour_is_dragged_to_another_station_and_the_step_is_taken_back(visit, moves):
    page = visit("planner", BOARD, size=TALL)
    key = moves["other"]
    week = int(key.rpartition("@")[2])
    row = page.locator(f"#s-{moves['to']} tr[data-k='{moves['skill']}']").first.bounding_box()
    own, head = chip(page, key).bounding_box(), page.locator("#board thead th").nth(week + 2).bounding_box()
    page.mouse.move(own["x"] + 10, own["y"] + 10)
    page.mouse.down()
    page.mouse.move(own["x"] + 30, own["y"] + 14, steps=4)
    page.mouse.move(head["x"] + 30, row["y"] + row["height"] / 2, steps=8)
    page.mouse.up()
    sentence = saved(page, "Đã chuyển")
    assert page.locator(f"#s-{moves['to']} a[href*='/luot/{key}/']").is_visible(), sentence
    assert not violations(page)
    undo(page)
    assert not page.locator(f"#s-{moves['to']} a[href*='/luot/{key}/']").count()


def test_a_tour_moves_by_two_keys_and_back_and_the_page_stays(visit, moves):
    page = visit("planner", BOARD)
    key = moves["later"]
    reach(page, "#board td a", most=200)
    chip(page, key).focus()
    page.keyboard.press("Alt+ArrowRight")
    saved(page, "Đã chuyển")
    assert f"/luot/{later(key)}/" in focused(page), "the tour keeps the focus"
    page.keyboard.press("Alt+ArrowLeft")
    page.locator(f"#board a[href*='/luot/{key}/']").wait_for()
    assert "/bang/" in page.url, "Alt+← did not leave the page"
    page.keyboard.press("Control+z")
    page.locator(f"#board a[href*='/luot/{later(key)}/']").wait_for()
    page.keyboard.press("Control+z")
    page.locator(f"#board a[href*='/luot/{key}/']").wait_for()
    page.keyboard.press("Control+y")
    page.locator(f"#board a[href*='/luot/{later(key)}/']").wait_for()
    page.keyboard.press("Control+z")
    page.locator(f"#board a[href*='/luot/{key}/']").wait_for()


def test_a_tour_is_lifted_carried_dropped_pinned_and_taken_out_by_keys(visit, moves):
    page = visit("planner", BOARD)
    key = moves["later"]
    chip(page, key).focus()
    page.keyboard.press("Space")
    saved(page, "Đã nhấc")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Escape")
    saved(page, "Giữ nguyên")
    assert chip(page, key).is_visible()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    saved(page, "Đã chuyển")
    key = later(key)
    assert f"/luot/{key}/" in focused(page)
    page.keyboard.press("g")
    saved(page, "ghim 1 lượt")
    assert chip(page, key).inner_text().startswith("#")
    page.keyboard.press("g")
    saved(page, "bỏ ghim")
    chip(page, key).focus()
    page.keyboard.press("Delete")
    saved(page, "danh sách chờ")
    assert not chip(page, key).count()
    for _ in range(4):
        undo(page)
    assert chip(page, moves["later"]).is_visible()


def test_keys_of_an_unfinished_letter_and_keys_switched_off_change_nothing(visit, moves):
    page = visit("planner", BOARD)
    sent = []
    page.on("request", lambda one: sent.append(one.url) if one.method == "POST" else None)
    chip(page, moves["later"]).focus()
    press = "new KeyboardEvent('keydown', {key: 'g', bubbles: true, isComposing: true})"
    page.evaluate(f"document.activeElement.dispatchEvent({press})")
    page.keyboard.press("?")
    page.locator("#single-keys").uncheck()
    page.keyboard.press("Escape")
    chip(page, moves["later"]).focus()
    for key in ("g", "Delete", "l"):
        page.keyboard.press(key)
    page.locator("h1").click()
    page.keyboard.press("Control+z")
    page.wait_for_timeout(300)
    assert not sent and not page.locator("#panel[open]").count()


def test_a_refused_move_names_its_rule_and_escape_leads_back_to_the_tour(visit):
    page = visit("planner", BOARD, allow=REFUSED)
    first = page.locator("#board td.tour a").first
    first.focus()
    page.keyboard.press("c")
    page.locator("#panel #den-tram").wait_for()
    page.locator("#panel #den-tuan").select_option(index=11)
    page.locator("#panel #so-tuan").select_option(index=0)
    page.locator("#panel #den-tram").select_option(index=60)
    page.locator("#panel #chuyen button.main").focus()
    assert not violations(page)
    page.keyboard.press("Escape")
    page.locator("#panel").wait_for(state="hidden")
    page.keyboard.press("Alt+ArrowUp")
    page.locator("#status:not(:empty)").wait_for()
    if page.locator("#panel[open]").count():
        assert page.locator("#panel .rules li").count() and not violations(page)
    else:
        undo(page)


def test_a_soft_rule_asks_for_a_reason_which_is_kept(visit, moves):
    page = visit("planner", BOARD.replace("ban=1", "ban=2"), allow=REFUSED)
    key = moves["soft"]
    chip(page, key).focus()
    page.keyboard.press("Alt+ArrowRight")
    page.locator("#panel #ly-do").wait_for()
    assert "nguyện vọng" in page.inner_text("#panel") and not violations(page)
    page.keyboard.type("Trạm cần ngay")
    page.keyboard.press("Enter")
    saved(page, "Đã chuyển")
    moved = chip(page, later(key))
    assert moved.inner_text().startswith("!")
    moved.click()
    page.locator("#panel").get_by_text("Trạm cần ngay").wait_for()
    page.keyboard.press("Escape")
    undo(page)


def test_why_a_cell_is_empty_is_told_by_one_click(visit):
    page = visit("planner", BOARD)
    page.locator("#board td.short a").first.click()
    page.locator("#panel .found-ways").wait_for()
    assert page.locator("#panel .why").count() and page.url.split("?")[0].endswith("/bang/")


def test_why_a_cell_is_empty_is_told_by_one_key_with_one_way_to_fill_it(visit):
    page = visit("planner", BOARD)
    page.locator("#board td.short a").first.focus()
    page.keyboard.press("l")
    page.locator("#panel .found-ways").wait_for()
    counts = page.locator("#panel .why > summary > b").all_inner_texts()
    whole = int(re.findall(r"\d+", page.locator("#panel h3").first.inner_text())[0])
    assert sum(map(int, counts)) == whole
    assert not violations(page)
    page.locator("#panel").get_by_role("button", name="Thử 1").click()
    page.wait_for_url("**/bang/**")
    assert "Phương án thử" in page.inner_text("main") or "Thử lấp" in page.inner_text("main")
    assert not violations(page)


def test_without_scripts_a_tour_is_moved_on_its_own_page(visit, moves):
    page = visit("planner", BOARD, scripts=False)
    chip(page, moves["later"]).click()
    page.wait_for_url("**/luot/**")
    start = int(moves["later"].rpartition("@")[2])
    page.locator("#den-tuan").select_option(str(start + 2))
    page.locator("#chuyen button.main").click()
    page.wait_for_url("**/bang/**")
    assert "Đã chuyển" in page.inner_text(".messages")
    page.get_by_role("button", name="Hoàn tác").click()
    assert "hoàn lại" in page.inner_text(".messages")


def test_on_a_phone_the_board_is_cards_and_a_tour_is_moved_by_choosing(visit, moves):
    page = visit("planner", BOARD, size=NARROW)
    page.get_by_role("link", name="Tuần này").click()
    page.wait_for_url("**rong=1**")
    assert page.evaluate("document.documentElement.scrollWidth") == NARROW["width"] and not violations(page)
    page.goto(BOARD)
    assert page.evaluate("document.documentElement.scrollWidth") == NARROW["width"] and not violations(page)
    press(page, f"#board a[href*='/luot/{moves['later']}/']", most=400)
    page.wait_for_url("**/luot/**")
    start = int(moves["later"].rpartition("@")[2])
    page.locator("#den-tuan").select_option(str(start + 2))
    page.locator("#chuyen button.main").click()
    page.wait_for_url("**/bang/**")
    assert "Đã chuyển" in page.inner_text(".messages")
    page.goto(f"/dot/{CODE}/luot/{later(moves['later'])}/?{STATE}&ban=1")
    page.locator("#den-tuan").select_option(str(start + 1))
    page.locator("#chuyen button.main").click()
    page.wait_for_url("**/bang/**")
    assert chip(page, moves["later"]).count() == 1


def test_other_views_pages_and_the_paper_are_reached_by_links(visit):
    page = visit("planner", BOARD)
    for name in ("Theo người", "Theo đơn vị cử", "Theo trạm"):
        page.get_by_role("link", name=name).click()
        page.wait_for_load_state()
        assert page.locator("#board tbody").count() > 1 and not violations(page)
    page.locator(".pages a").nth(1).click()
    page.wait_for_url("**trang=2**")
    page.get_by_role("link", name="trống").click()
    page.wait_for_url("**/vi-tri/**")
    assert not violations(page)
    page.locator("#vi-tri tbody a").first.click()
    page.wait_for_url(re.compile(r"/vi-tri/.+/.+/\d+/"))
    page.locator(".found-ways").wait_for()
    assert not violations(page)
    page.goto(BOARD + "&xuat=in")
    assert page.locator("#board tbody").count() > 100
