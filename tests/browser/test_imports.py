"""An import from the file to the register and back, by mouse and by keyboard alone."""

from dataclasses import replace

import openpyxl
import pytest

from tests.browser.axe import violations
from tests.browser.conftest import STATE, reach
from tramyte.domain.register import Register
from tramyte.exchange import workbook
from tramyte.sample import sample

LONG = 90_000  # milliseconds until a worker on a busy machine has read a file
LIST = f"/nhap/?{STATE}"


@pytest.fixture(scope="session")
def file(tmp_path_factory):
    """Return a maker of workbooks that give two people of Tuyên Quang another name; sex: what is said of the first."""
    people = sample("08", seed=1).staff[:20]

    def make(name, sex=None):
        changed = [replace(one, given_name=name) if index < 2 else one for index, one in enumerate(people)]
        path = tmp_path_factory.mktemp("files") / f"{name}.xlsx"
        path.write_bytes(workbook.write(Register(staff=tuple(changed))))
        if sex:
            opened = openpyxl.load_workbook(path)
            opened["Nhân lực"]["E3"] = sex
            opened.save(path)
        return path

    return make


def test_a_workbook_is_recorded_and_put_back_by_mouse(visit, file):
    page = visit("planner", LIST)
    with page.expect_file_chooser() as chooser:
        page.locator("#tep").click()
    chooser.value.set_files(file("Chuột"))
    page.get_by_role("button", name="Đọc tệp").click()
    button = page.get_by_role("button", name="Ghi nhận 2 thay đổi")
    button.wait_for(timeout=LONG)
    looks_well(page)
    page.locator("a[href*='/thay-doi/']").first.click()
    page.wait_for_url("**/thay-doi/**")
    looks_well(page)
    page.go_back()
    button.click()
    page.get_by_text("Đã ghi nhận 2 thay đổi").wait_for()
    looks_well(page)
    page.get_by_role("link", name="Hoàn lại lần nhập này").click()
    page.get_by_role("heading", name="Hoàn lại lần nhập này").wait_for()
    looks_well(page)
    page.get_by_role("button", name="Hoàn lại 2 dòng").click()
    page.get_by_text("Đã hoàn lại 2 dòng").wait_for()
    looks_well(page)


def test_a_workbook_is_recorded_and_put_back_by_keyboard(visit, file):
    page = visit("planner", LIST)
    with page.expect_file_chooser() as chooser:  # from before the way there: the browser is told of it besides the keys
        reach(page, "#tep")
        page.keyboard.press("Space")
    chooser.value.set_files(file("Phím"))
    reach(page, "form[data-drop] button")
    page.keyboard.press("Enter")
    page.locator("#ghi-nhan").wait_for(timeout=LONG)
    reach(page, "#ghi-nhan")
    page.keyboard.press("Enter")
    page.get_by_text("Đã ghi nhận 2 thay đổi").wait_for()
    reach(page, "a[href*='/hoan-lai/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/hoan-lai/**")
    reach(page, "main form button")
    page.keyboard.press("Enter")
    page.get_by_text("Đã hoàn lại 2 dòng").wait_for()


def test_a_file_dropped_anywhere_on_the_page_is_taken(visit, file):
    page = visit("planner", LIST)
    page.evaluate(
        """(bytes) => {
            const data = new DataTransfer();
            data.items.add(new File([new Uint8Array(bytes)], "tha.xlsx"));
            document.body.dispatchEvent(new DragEvent("drop", {dataTransfer: data, bubbles: true, cancelable: true}));
        }""",
        list(file("Thả").read_bytes()),
    )
    page.wait_for_url("**/nhap/*/**")
    assert "tha.xlsx" in page.inner_text("h1")
    page.get_by_role("button", name="Ghi nhận 2 thay đổi").wait_for(timeout=LONG)


def test_findings_are_mended_by_keyboard(visit, file):
    page = visit("planner", LIST)
    with page.expect_file_chooser() as chooser:  # from before the way there: the browser is told of it besides the keys
        reach(page, "#tep")
        page.keyboard.press("Space")
    chooser.value.set_files(file("Lỗi", sex="Nuu"))
    reach(page, "form[data-drop] button")
    page.keyboard.press("Enter")
    page.locator("#loi").wait_for(timeout=LONG)
    looks_well(page)
    reach(page, "form[action$='/sua/'] button")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Ghi nhận 2 thay đổi").wait_for(timeout=LONG)


def looks_well(page):
    """Ask axe about the page as it stands."""
    assert not violations(page), page.url
