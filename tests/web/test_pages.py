"""Pages: a figure says what its link shows, nobody sees beyond their place, and all of it reads without scripts."""

import re
from datetime import date
from html.parser import HTMLParser

import pytest
from django.test import Client

from tramyte.domain.messages import messages
from tramyte.domain.names import sort_key
from tramyte.web.models import Account

pytestmark = pytest.mark.django_db
DAY = "2026-01-08"


class Rows(HTMLParser):
    """Rows of the body of the first table, and every link with its words."""

    def __init__(self, page):
        super().__init__()
        self.rows, self.links, self.words, self._in_body, self._address = [], {}, [], False, None
        self._bodies = 0
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        if tag == "tbody":
            self._bodies += 1
            self._in_body = self._bodies == 1
        if tag == "tr" and self._in_body:
            self.rows.append([])
        if tag == "a":
            self._address = dict(attrs).get("href")

    def handle_endtag(self, tag):
        if tag == "tbody":
            self._in_body = False
        if tag == "a":
            self._address = None

    def handle_data(self, data):
        if data.strip():
            self.words.append(data.strip())
            if self._in_body:
                self.rows[-1].append(data.strip())
            if self._address:
                self.links[self._address] = data.strip()


def seen(account, address, **more):
    client = Client(**more)
    client.force_login(account)
    return client.get(address)


def page(account, address):
    answer = seen(account, address)
    assert answer.status_code == 200, address
    return Rows(answer.content.decode())


def test_the_first_page_says_the_published_figures(province):
    found = page(province, f"/tong-quan/?pv=08&ngay={DAY}")
    assert [row[:2] for row in found.rows] == [
        ["0", "0"],
        ["1", "24"],
        ["2", "72"],
        ["3", "22"],
        ["4", "6"],
        ["5+", "0"],
    ]
    text = " ".join(found.words)
    assert "Còn thiếu 238 bác sĩ" in text and "6/124" in text and "362" in text and "(258/124)" in text


@pytest.mark.parametrize("by", ["xa", "tram"])
@pytest.mark.parametrize("level", [4, 5])
def test_every_figure_is_a_link_whose_rows_count_to_it(province, by, level):
    found = page(province, f"/tong-quan/?pv=08&ngay={DAY}&dem={by}&muc={level}")
    figures = {address: int(words) for address, words in found.links.items() if "so-bs=" in address}
    assert len(figures) == 6
    for address, figure in figures.items():
        assert f"ngay={DAY}" in address
        rows = [row for row in page(province, f"{address}&xuat=in").rows if row]  # all of them, on paper
        assert len(rows) == figure, address
    listed = page(province, f"/tram/?pv=08&ngay={DAY}&dem={by}&muc={level}")
    assert any(str(sum(figures.values())) in words for words in listed.words)


def test_a_list_is_found_by_name_without_marks_and_empty_ones_say_what_to_do(province):
    found = page(province, f"/tram/?pv=08&ngay={DAY}&tim=yen thanh")
    assert any("Yên Thành" in row[0] for row in found.rows)
    none = page(province, f"/tram/?pv=08&ngay={DAY}&tim=khong co dau")
    assert not none.rows and messages()["UI_nothing"]["vi"] in none.words


def test_a_day_may_be_typed_as_people_write_it_and_places_sort_without_their_type(province):
    found = page(province, "/tram/?pv=08&ngay=8/1/2026")
    assert any("08/01/2026" in words for words in found.words) and "tỉnh Tuyên Quang" in found.words
    names = [row[0].removeprefix("Xã ").removeprefix("Phường ") for row in found.rows if "thiếu 3" in row]
    assert len(names) == 24 and names == sorted(names, key=sort_key)


def test_another_day_shows_what_was_true_then(province):
    found = page(province, "/tong-quan/?pv=08&ngay=1999-01-01")
    assert "Tính đến 01/01/1999 · Nguồn: sổ đăng ký" in found.words


def test_a_stranger_is_led_to_the_sign_in_and_another_province_does_not_exist(province, somebody):
    assert Client().get("/tong-quan/").headers["Location"].startswith("/tai-khoan/dang-nhap/")
    for account in (somebody("planner", "11/"), somebody("admin", "")):
        assert seen(account, f"/tong-quan/?pv=08&ngay={DAY}").status_code == 404
    assert seen(province, "/tong-quan/?pv=11").status_code == 404


def test_nobody_opens_an_account_for_themselves():
    form = {"username": "eve", "password1": "kjh3jkh-3jh4", "password2": "kjh3jkh-3jh4"}
    Client().post("/tai-khoan/signup/", form)
    assert not Account.objects.filter(username="eve").exists()


def test_a_commune_sees_its_own_station_only_and_the_analyst_every_figure(province, somebody, tuyen_quang):
    commune = next(one.commune for one in tuyen_quang.facilities if one.kind == "station")
    own = page(somebody("commune", f"08/{commune}/"), f"/tram/?pv=08&ngay={DAY}")
    assert len(own.rows) == 1
    found = page(somebody("analyst", ""), f"/tong-quan/?pv=08&ngay={DAY}")
    assert [row[1] for row in found.rows] == ["0", "24", "72", "22", "6", "0"]


def test_the_language_is_kept_on_the_device_and_leads_nowhere_else(province):
    client = Client()
    client.force_login(province)
    answer = client.post("/ngon-ngu/", {"lang": "en", "next": f"/tong-quan/?pv=08&ngay={DAY}"})
    assert answer.headers["Location"] == f"/tong-quan/?pv=08&ngay={DAY}"
    assert "238 doctors are missing" in client.get(answer.headers["Location"]).content.decode()
    assert client.post("/ngon-ngu/", {"lang": "xx", "next": "https://example.org/"}).headers["Location"] == "/"


@pytest.mark.parametrize("address", ["/tong-quan/", "/tram/", "/tai-khoan/dang-nhap/"])
def test_a_page_is_whole_without_scripts_and_has_none_inline(province, address):
    client = Client()
    if "dang-nhap" not in address:
        client.force_login(province)
    answer = client.get(address)
    assert "script-src 'self'; style-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "no-store" in answer.headers["Cache-Control"]
    text = answer.content.decode()
    assert not re.search(r"<script(?! src=)", text) and " style=" not in text and not re.search(r"\son\w+=", text)
    assert text.count("<h1") == 1 and 'lang="vi"' in text


def test_the_day_of_a_page_without_a_day_is_today(province):
    found = page(province, "/tong-quan/?pv=08&ngay=yesterday")
    assert re.search(r"Tính đến \d\d/\d\d/20\d\d", " ".join(found.words))
    assert date.fromisoformat(DAY)
