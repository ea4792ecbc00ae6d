"""Users and grants: within one's places, never for oneself, an administrator only by two, all of it in the log."""

import re
from datetime import date, timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tramyte.domain.errors import AlreadyIssued, BadData, NotAllowed
from tramyte.web.actions import accounts, tokens
from tramyte.web.models import Account, Commune, Event, Facility, Grant, Province
from tramyte.web.permissions import grants
from tramyte.web.roles import ROLES

pytestmark = pytest.mark.django_db
LIST, OPEN = "/quan-tri/nguoi-dung/", "/quan-tri/mo-tai-khoan/"


@pytest.fixture(autouse=True)
def places(db):
    for code, name in (("08", "Tuyên Quang"), ("11", "Điện Biên")):
        Province.objects.create(code=code, name=name, kind="tỉnh", is_sample=True)
        Commune.objects.create(
            province=code, code=f"{code}001", name=f"Xã {name} Một", kind="xã", path=f"{code}/{code}001/"
        )
    Facility.objects.create(
        province="08", code="08-TYT-1", name="Trạm y tế xã Một", kind="station", commune="08001",
        path="08/08001/08-TYT-1/",
    )  # fmt: skip


@pytest.fixture
def chief(somebody):
    return somebody("admin", "08/", username="chief")


@pytest.fixture
def other(somebody):
    return somebody("admin", "08/", username="other")


@pytest.fixture
def lan(somebody):
    return somebody("planner", "08/", username="lan")


def at(account):
    client = Client()
    client.force_login(account)
    return client


def asked(**more):
    return {
        "ho-ten": "Lò Thị Hoa", "tai-khoan": "hoa", "don-vi": "TYT xã Một", "vai-tro": "head",
        "noi": "08/08001/08-TYT-1/", "nhan-luc": "", "tu": "", "den": "", **more,
    }  # fmt: skip


def test_an_account_is_opened_with_its_role_and_the_password_is_shown_once_and_changed_first(chief):
    page = at(chief).post(OPEN, asked()).content.decode()
    password = re.findall(r'<code id="password">([^<]+)</code>', page)[0]
    made = Account.objects.get(username="hoa")
    assert made.check_password(password) and made.must_change_password
    assert [(one.role, one.path) for one in grants(made, on=timezone.localdate())] == [("head", "08/08001/08-TYT-1/")]
    assert password not in str(list(Event.objects.values_list("details", flat=True)))
    client = at(made)
    assert client.get("/tong-quan/").headers["Location"] == "/tai-khoan/mat-khau/"
    refused = client.get("/api/v1/need/doctors?province=08")
    assert refused.status_code == 403
    new = "một-mật-khẩu-riêng-5"
    done = client.post("/tai-khoan/mat-khau/", {"oldpassword": password, "password1": new, "password2": new})
    assert done.status_code == 302
    assert client.get("/tai-khoan/").status_code == 200


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"tai-khoan": "Lò Hoa"}, "Tên tài khoản chưa đúng"), ({"tai-khoan": "chief"}, "đã có người dùng"),
        ({"ho-ten": " "}, "Họ và tên đang trống"), ({"vai-tro": "king"}, "Chưa chọn vai trò"),
        ({"noi": ""}, "Chưa chọn nơi"), ({"tu": "hôm nay"}, "không phải một ngày"),
        ({"tu": "2/1/2027", "den": "1/1/2027"}, "không sau ngày bắt đầu"),
        ({"vai-tro": "staff"}, "mã trong sổ đăng ký"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_at_its_field_and_what_was_typed_stays(chief, typed, words):
    answer = at(chief).post(OPEN, asked(**typed))
    page = answer.content.decode()
    assert answer.status_code == 422 and words in page and 'role="alert"' in page
    field = re.findall(r'<a href="#([\w-]+)">', page)[0]
    assert f'id="{field}"' in page
    assert 'value="TYT xã Một"' in page
    assert not Account.objects.filter(username="hoa").exists()


def test_an_administrator_gives_nothing_beyond_their_places(chief):
    for place in ("11/", "vn", "11/11001/"):
        assert at(chief).post(OPEN, asked(noi=place)).status_code == 403, place
    assert not Account.objects.filter(username="hoa").exists(), "nor is the account opened"
    page = at(chief).get(OPEN).content.decode()
    assert "Xã Tuyên Quang Một" in page and "Điện Biên" not in page and "cả nước" not in page


def test_the_places_of_a_form_stand_as_a_tree(somebody):
    page = at(somebody("admin", "")).get(OPEN).content.decode()
    words = re.findall(r'<option value="([^"]+)">([^<]+)</option>', page.split('id="noi"')[1])
    assert [value for value, _ in words] == ["vn", "08/", "08/08001/", "08/08001/08-TYT-1/", "11/", "11/11001/"]
    assert words[3][1] == "– – Trạm y tế xã Một"


def test_every_role_is_explained_in_prose(chief):
    page = at(chief).get(OPEN).content.decode()
    for role in ROLES.values():
        assert role.name("vi") in page and role.prose("vi") in page


def test_nobody_gives_a_role_to_themselves_or_acts_on_their_own_account(chief):
    with pytest.raises(NotAllowed):
        accounts.grant(by=chief, account=chief, role="planner", path="08/")
    with pytest.raises(NotAllowed):
        accounts.reset_password(by=chief, account=chief)
    page = at(chief).get(f"{LIST}chief/").content.decode()
    assert "Không ai tự đổi quyền" in page and 'value="grant"' not in page and 'value="close"' not in page
    assert at(chief).post(f"{LIST}chief/", {"viec": "close", "ly-do": "x"}).status_code == 403


def test_the_role_of_an_administrator_counts_once_a_second_one_confirms_it(chief, other, lan):
    given = accounts.grant(by=chief, account=lan, role="admin", path="08/")
    today = timezone.localdate()
    assert given.waits and "admin" not in {one.role for one in grants(lan, on=today)}
    for nobody in (chief, lan):
        with pytest.raises(NotAllowed):
            accounts.confirm(by=nobody, given=given)
    assert 'value="confirm"' not in at(chief).get(f"{LIST}lan/").content.decode()
    at(other).post(f"{LIST}lan/", {"viec": "confirm", "quyen": given.pk})
    assert "admin" in {one.role for one in grants(lan, on=today)}
    assert Event.objects.get(action="accounts.confirm").account == other


def test_a_role_that_waits_can_be_refused_and_leaves_its_history(chief, other, lan):
    given = accounts.grant(by=chief, account=lan, role="admin", path="08/")
    at(other).post(f"{LIST}lan/", {"viec": "end", "quyen": given.pk, "ly-do": "không cần"})
    assert not Grant.objects.filter(pk=given.pk).exists()
    assert Grant.history.filter(id=given.pk, history_type="-").exists()


def test_a_role_ends_today_with_a_reason_and_the_sessions_with_it(chief, lan):
    given = lan.grants.get()
    client = at(lan)
    assert at(chief).post(f"{LIST}lan/", {"viec": "end", "quyen": given.pk, "ly-do": ""}).status_code == 422
    at(chief).post(f"{LIST}lan/", {"viec": "end", "quyen": given.pk, "ly-do": "chuyển công tác"})
    assert not grants(lan, on=timezone.localdate())
    assert client.get("/tong-quan/?pv=08").status_code == 404
    assert Event.objects.get(action="accounts.end_grant").reason == "chuyển công tác"


def test_the_same_role_is_not_given_twice(chief, lan):
    with pytest.raises(AlreadyIssued):
        accounts.grant(by=chief, account=lan, role="planner", path="08/")
    answer = at(chief).post(f"{LIST}lan/", asked(viec="grant", **{"vai-tro": "planner"}, noi="08/"))
    assert answer.status_code == 422 and "đã có quyền này" in answer.content.decode()


def test_rotated_staff_are_one_person_each(chief, lan):
    with pytest.raises(BadData):
        accounts.grant(by=chief, account=lan, role="staff", path="08/")


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"admin"}))
def test_only_administrators_see_the_accounts(role, somebody):
    client = at(somebody(role, "08/", staff="08-NV-1" if role == "staff" else None))
    for address in (LIST, OPEN, f"{LIST}chief/", "/quan-tri/suc-khoe/"):
        assert client.get(address).status_code == 403, address
    assert client.post(OPEN, asked()).status_code == 403


def test_accounts_of_another_province_do_not_exist_here(chief, somebody):
    somebody("planner", "11/", username="xa")
    somebody("analyst", "", username="bo")
    page = at(chief).get(LIST).content.decode()
    assert "chief" in page and "/xa/" not in page and "/bo/" not in page
    for name in ("xa", "bo", "nobody"):
        assert at(chief).get(f"{LIST}{name}/").status_code == 404
        assert at(chief).post(f"{LIST}{name}/", {"viec": "password"}).status_code == 404
    everything = at(somebody("admin", "", username="above")).get(LIST).content.decode()
    assert "/xa/" in everything and "/bo/" in everything


def test_who_has_roles_beyond_is_seen_and_not_touched(chief, somebody):
    both = somebody("planner", "08/", username="hai")
    Grant.objects.create(account=both, role="planner", path="11/")
    page = at(chief).get(f"{LIST}hai/").content.decode()
    assert "ngoài phạm vi" in page and "Điện Biên" not in page
    for verb in ("password", "close", "second", "sessions"):
        assert at(chief).post(f"{LIST}hai/", {"viec": verb, "ly-do": "x"}).status_code == 403, verb


def test_a_reset_gives_one_password_ends_sessions_and_a_lost_second_factor_is_reset_by_itself(chief, other):
    there = at(other)
    page = at(chief).post(f"{LIST}other/", {"viec": "password"}).content.decode()
    password = re.findall(r'<code id="password">([^<]+)</code>', page)[0]
    other.refresh_from_db()
    assert other.check_password(password) and other.must_change_password
    assert there.get("/tai-khoan/").status_code == 302
    assert Authenticator.objects.filter(user=other).exists(), "the second factor stays"
    at(chief).post(f"{LIST}other/", {"viec": "second", "ly-do": "mất điện thoại"})
    assert not Authenticator.objects.filter(user=other).exists()
    assert set(Event.objects.values_list("action", flat=True)) >= {
        "accounts.reset_password", "accounts.reset_second_factor",
    }  # fmt: skip


def test_closing_and_opening_again_ask_why(chief, lan):
    client = at(chief)
    assert client.post(f"{LIST}lan/", {"viec": "close", "ly-do": " "}).status_code == 422
    client.post(f"{LIST}lan/", {"viec": "close", "ly-do": "nghỉ hưu"})
    lan.refresh_from_db()
    assert not lan.is_active and "nghỉ hưu" in client.get(f"{LIST}lan/").content.decode()
    assert not grants(lan, on=timezone.localdate())
    client.post(f"{LIST}lan/", {"viec": "reopen", "ly-do": "ký lại hợp đồng"})
    lan.refresh_from_db()
    assert lan.is_active and lan.closed_reason is None and grants(lan, on=timezone.localdate())


def test_what_nobody_used_for_45_days_is_shown_and_closed_at_once(chief, lan):
    long_ago = timezone.now() - timedelta(days=46)
    Account.objects.filter(pk=lan.pk).update(date_joined=long_ago)
    assert "/lan/" in at(chief).get(f"{LIST}?trang-thai=idle").content.decode()
    tokens.make(by=None, account=lan, name="máy", days=30)
    assert accounts.close_idle(by=None) == 0, "a program uses it"
    lan.tokens.update(expires_at=timezone.now())
    assert accounts.close_idle(by=None) == 1
    lan.refresh_from_db()
    assert not lan.is_active
    assert "Không sử dụng trong 45 ngày" in at(chief).get(f"{LIST}lan/").content.decode()


def test_places_of_roles_are_named_and_no_path_is_shown(chief, lan, django_assert_num_queries):
    Grant.objects.create(account=lan, role="head", path="08/08001/08-TYT-1/")
    client = at(chief)
    words = client.get(LIST).content.decode().split("<main")[1]
    assert "(tỉnh Tuyên Quang)" in words and "(Trạm y tế xã Một)" in words and "08/" not in words
    with CaptureQueriesContext(connection) as few:
        client.get(LIST)
    for number in range(5):
        Grant.objects.create(account=lan, role="clerk", path=f"08/0800{number}/")
    with django_assert_num_queries(len(few)):
        client.get(LIST)


def test_roles_are_looked_at_again_each_half_year(chief, lan):
    given = lan.grants.get()
    Grant.objects.filter(pk=given.pk).update(reviewed_at=timezone.now() - timedelta(days=190))
    assert "/lan/" in at(chief).get(f"{LIST}?trang-thai=due").content.decode()
    at(chief).post(f"{LIST}lan/", {"viec": "review", "quyen": given.pk})
    assert "/lan/" not in at(chief).get(f"{LIST}?trang-thai=due").content.decode()


def test_a_role_for_days_to_come_counts_from_then_and_its_second_factor_is_asked_now(chief, lan):
    accounts.grant(by=chief, account=lan, role="director", path="08/", start=date(2099, 1, 1))
    assert {one.role for one in grants(lan, on=timezone.localdate())} == {"planner"}
    assert accounts.wanted(lan) == ["second_factor"]


def test_the_list_is_whole_without_scripts_and_goes_out_as_a_workbook(chief, lan):
    page = at(chief).get(LIST).content.decode()
    assert page.count("<h1") == 1 and "lan" in page and not re.search(r"\son\w+=| style=", page)
    assert at(chief).get(f"{LIST}?xuat=xlsx").content[:2] == b"PK"
    assert at(chief).get(f"{LIST}?vai-tro=admin").content.decode().count("/lan/") == 0
