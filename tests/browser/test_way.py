"""From a clean workbook to the issued decision on Điện Biên, in twelve interactions: by mouse, and by keys alone."""

import re
import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from tests.browser.conftest import serving, signed_in
from tests.browser.office import SECRET
from tests.browser.way import NAMES, PLACE

LONG = 180_000  # milliseconds: a minute of solving, on a machine busy with other tests
MOST = 12
STATE = f"pv={PLACE}"


class Hand:
    """What a person does by mouse: each click, filled field or dropped file is one interaction."""

    brings = "new DragEvent('drop', {dataTransfer: data, bubbles: true, cancelable: true})"

    def __init__(self):
        self.done = []

    def press(self, page, target):
        """Press a link or a button, when it is there."""
        target.first.wait_for(timeout=LONG)
        self.done.append(f"press on {page.url}")
        self.go(page, target.first)

    def go(self, page, target):
        """Go to something and press it."""
        target.click()

    def fill(self, page, selector, words):
        """Fill one field."""
        page.fill(selector, words)
        self.done.append(f"{selector} on {page.url}")

    def bring(self, page, path):
        """Bring a file to the page."""
        page.evaluate(
            f"""(bytes) => {{
                const data = new DataTransfer();
                data.items.add(new File([new Uint8Array(bytes)], "dien-bien.xlsx"));
                document.body.dispatchEvent({self.brings});
            }}""",
            list(path.read_bytes()),
        )
        self.done.append("file")


class Keys(Hand):
    """The same by keyboard alone: Tab to the place, then Enter or words; a file is pasted."""

    brings = "new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true})"

    def go(self, page, target):
        """Go to something and press it."""
        self.reach(page, target)
        page.keyboard.press("Enter")

    def fill(self, page, selector, words):
        """Fill one field."""
        self.reach(page, page.locator(selector))
        page.keyboard.press("Control+A")
        page.keyboard.type(words)
        self.done.append(f"{selector} on {page.url}")

    @staticmethod
    def reach(page, target, most=250):
        """Press Tab until something has the focus."""
        for _ in range(most):
            if target.evaluate("one => one === document.activeElement"):
                return
            page.keyboard.press("Tab")
        raise AssertionError(f"the keyboard never comes to {target} on {page.url}")


@pytest.fixture
def office(prepared, tmp_path):
    """Return an office of this test alone: what is issued is issued once."""
    with serving(prepared, tmp_path / "home") as running:
        yield running


@pytest.fixture
def states(office, browser):
    """Return a giver of cookies of that office."""
    return signed_in(office, browser)


def next_code():
    """Return the code of the half minute to come: that of this one has signed in."""
    return format_hotp_value(hotp_value(SECRET, int(time.time()) // 30 + 1))  # noqa: TID251


@pytest.mark.parametrize("hands", [pytest.param(Hand, marks=pytest.mark.long), Keys])
def test_a_clean_workbook_becomes_an_issued_decision_in_twelve_interactions(visit, office, hands):
    hand = hands()
    page = visit(NAMES["planner"], f"/nhap/?{STATE}")
    hand.bring(page, office.home / "dien-bien.xlsx")
    hand.press(page, page.get_by_role("button", name=re.compile("Ghi nhận .* thay đổi")))
    hand.press(page, page.get_by_role("link", name=re.compile("^Mở đợt")))
    hand.press(page, page.locator("#xep"))
    hand.press(page, page.locator("#dung-phuong-an"))
    hand.press(page, page.get_by_role("link", name="Trình ký", exact=True))
    hand.press(page, page.get_by_role("button", name=re.compile("Xác nhận trình ký")))
    page.get_by_text("Chờ ký").first.wait_for()

    page = visit(NAMES["director"], f"/ky/?{STATE}")
    assert re.search(r"\b108\b", page.inner_text(".figures")), page.inner_text(".figures")
    hand.fill(page, "#code", next_code())
    hand.press(page, page.get_by_role("button", name="Duyệt và ký"))
    page.get_by_text("Đã ký").first.wait_for()

    page = visit(NAMES["clerk"], f"/quyet-dinh/?{STATE}")
    hand.press(page, page.get_by_role("link", name=re.compile("DB-2025-12")))
    hand.fill(page, "#so", "812")
    hand.press(page, page.get_by_role("button", name="Ban hành"))
    page.wait_for_url("**/812-qd-syt/**")
    assert "DỰ THẢO" not in page.inner_text(".sheet")
    assert len(hand.done) <= MOST, hand.done
