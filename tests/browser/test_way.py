"""From a clean workbook to the issued decision on Điện Biên, in at most twelve interactions; by mouse."""

import re
import time

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from tests.browser.office import SECRET
from tests.browser.way import NAMES, PLACE

LONG = 180_000  # milliseconds: a minute of solving, on a machine busy with other tests
MOST = 12
STATE = f"pv={PLACE}"


class Hand:
    """What a person does: each click, filled field or dropped file is one interaction."""

    def __init__(self):
        self.done = []

    def click(self, page, target):
        """Click, when it is there."""
        target.first.wait_for(timeout=LONG)
        target.first.click()
        self.done.append(f"click on {page.url}")

    def fill(self, page, selector, words):
        """Fill one field."""
        page.fill(selector, words)
        self.done.append(f"{selector} on {page.url}")

    def drop(self, page, path):
        """Drop a file on the page."""
        page.evaluate(
            """(bytes) => {
                const data = new DataTransfer();
                data.items.add(new File([new Uint8Array(bytes)], "dien-bien.xlsx"));
                const drop = {dataTransfer: data, bubbles: true, cancelable: true};
                document.body.dispatchEvent(new DragEvent("drop", drop));
            }""",
            list(path.read_bytes()),
        )
        self.done.append("drop")


def next_code():
    """Return the code of the half minute to come: that of this one has signed in."""
    return format_hotp_value(hotp_value(SECRET, int(time.time()) // 30 + 1))  # noqa: TID251


def test_a_clean_workbook_becomes_an_issued_decision_in_twelve_interactions(visit, office):
    hand = Hand()
    page = visit(NAMES["planner"], f"/nhap/?{STATE}")
    hand.drop(page, office.home / "dien-bien.xlsx")
    hand.click(page, page.get_by_role("button", name=re.compile("Ghi nhận .* thay đổi")))
    hand.click(page, page.get_by_role("link", name=re.compile("^Mở đợt")))
    hand.click(page, page.locator("#xep"))
    hand.click(page, page.locator("#dung-phuong-an"))
    hand.click(page, page.get_by_role("link", name="Trình ký", exact=True))
    hand.click(page, page.get_by_role("button", name=re.compile("Xác nhận trình ký")))
    page.get_by_text("Chờ ký").first.wait_for()

    page = visit(NAMES["director"], f"/ky/?{STATE}")
    assert re.search(r"\b108\b", page.inner_text(".figures")), page.inner_text(".figures")
    hand.fill(page, "#code", next_code())
    hand.click(page, page.get_by_role("button", name="Duyệt và ký"))
    page.get_by_text("Đã ký").first.wait_for()

    page = visit(NAMES["clerk"], f"/quyet-dinh/?{STATE}")
    hand.click(page, page.get_by_role("link", name=re.compile("DB-2025-12")))
    hand.fill(page, "#so", "812")
    hand.click(page, page.get_by_role("button", name="Ban hành"))
    page.wait_for_url("**/812-qd-syt/**")
    assert "DỰ THẢO" not in page.inner_text(".sheet")
    assert len(hand.done) <= MOST, hand.done
