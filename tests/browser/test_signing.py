"""Signing in with a second factor and setting one up, by mouse and by keyboard alone."""

import re

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.utils import timezone

from tests.browser.axe import violations
from tests.browser.office import PASSWORD, SECRET


def _code(secret, steps=0):
    return format_hotp_value(hotp_value(secret, int(timezone.now().timestamp()) // 30 + steps))


def _by_mouse(page, label, text):
    page.get_by_label(label, exact=True).click()
    page.keyboard.type(text)


def test_an_administrator_signs_in_with_a_second_factor_by_mouse(visit, office):
    visit("admin", "/quan-tri/suc-khoe/")  # signs in once a session, by a code of then: no later test asks for one
    page = visit(None, "/tai-khoan/dang-nhap/")
    _by_mouse(page, "Tài khoản", office.accounts["admin"])
    _by_mouse(page, "Mật khẩu", PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    assert page.inner_text("h1") == "Xác thực hai lớp: nhập mã"
    _by_mouse(page, "Mã", "000000")
    page.get_by_role("button", name="Đăng nhập").click()
    assert "Mã không đúng" in page.inner_text("[role=alert]")
    _by_mouse(page, "Mã", _code(SECRET, 1))  # taken until the half minute after next, and nobody has given it yet
    page.get_by_role("button", name="Đăng nhập").click()
    page.wait_for_url("**/quan-tri/suc-khoe/")


def test_an_account_is_opened_signs_in_by_keyboard_changes_its_password_and_sets_up_a_second_factor(visit, office):
    page = visit("admin", "/quan-tri/mo-tai-khoan/")
    page.fill("#ho-ten", "Lò Thị Hoa")
    page.fill("#tai-khoan", "hoa")
    page.check("[name=vai-tro][value=director]")
    page.select_option("#noi", "08/")
    page.get_by_role("button", name="Mở tài khoản").click()
    password = page.inner_text("#password")

    page = visit(None, "/tai-khoan/dang-nhap/")
    _type(page, "#id_login", "hoa", "Tab", password, "Enter")
    page.wait_for_url("**/tai-khoan/mat-khau/")
    _type(page, "#id_oldpassword", password, "Tab", "rung-vang-bien-7", "Tab", "rung-vang-bien-7", "Enter")
    page.wait_for_url("**/tai-khoan/lop-hai/")
    box = page.locator("img.qr").bounding_box()
    assert box["width"] == 200
    assert page.evaluate("document.querySelector('img.qr').naturalWidth") > 0, "the policy of the page lets it be drawn"
    _type(page, "#id_code", _code(page.inner_text("#key")), "Enter")
    page.wait_for_url("**/tai-khoan/ma-du-phong/")
    assert len(re.findall(r"\d{8}", page.inner_text(".codes"))) == 10
    assert not violations(page)
    page.goto("/tong-quan/")
    assert page.url.endswith("/tong-quan/")


@pytest.mark.parametrize("address", ["/quan-tri/nguoi-dung/", "/quan-tri/suc-khoe/", "/nhat-ky/", "/tai-khoan/phien/"])
def test_pages_of_the_administrator_do_not_scroll_sideways_on_a_telephone(visit, address):
    page = visit("admin", address, size={"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def _type(page, first, *keys):
    """Reach a field by Tab from the top of the page, then type; names of keys are pressed."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", first):
            break
    else:
        raise AssertionError(f"{first} is not reached by keyboard")
    for key in keys:
        if key in ("Tab", "Enter"):
            page.keyboard.press(key)
        else:
            page.keyboard.type(key)
