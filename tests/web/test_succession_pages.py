"""Communes are joined and split on pages: both sides are shown first, and who came before stays visible in the sum."""

from datetime import date

import pytest

from tests.web.conftest import client_of
from tramyte.web import records

ON = date(2026, 3, 2)
STATE = "?pv=08&ngay=2026-02-01"
FORM = {
    "so": "12/NQ-HĐND", "nguoi-ky": "Chủ tịch", "ngay-ky": "20/01/2026", "tu-ngay": "02/03/2026", "loai": "xã",
}  # fmt: skip
JOIN = {**FORM, "don-vi": ["01234", "01090"], "ma": "01234", "ten": "Xã Yên Thành Mới", "dan-so": ""}


@pytest.mark.django_db
def test_communes_are_joined_on_the_page_and_both_are_visible_in_the_sum(province):
    client = client_of(province)
    address = f"/quan-tri/sap-xep/gop-xa/{STATE}"
    shown = client.post(address, {**JOIN, "viec": "xem"})
    assert all(one == other for one, other in shown.context["totals"]) and len(shown.context["before"]) == 2
    done = client.post(address, {**JOIN, "viec": "ghi", "dau": shown.context["mark"]})
    assert done.status_code == 302
    listed = client.get("/quan-tri/sap-xep/?pv=08&ngay=2026-03-02").context["list"]
    assert {(row["old_code"], row["new_code"]) for row in listed.rows} == {("01234", "01234"), ("01090", "01234")}
    assert client.get("/quan-tri/sap-xep/?pv=08&ngay=2026-03-01").context["list"].count == 0
    sums = client.get("/quan-tri/sap-xep/commune/01234/?pv=08&ngay=2026-03-02").context
    population = sums["rows"][0]
    assert len(population["parts"]) == 2 and population["total"] == sum(population["parts"])
    now = next(one for one in records.register("08", on=ON).communes if one.code == "01234")
    assert population["total"] == now.population
    services = sums["rows"][1:-1]
    assert services and all(row["total"] == sum(one for one in row["parts"] if one is not None) for row in services)
    old = client.get("/tram/?pv=08&ngay=2026-03-01").context["list"]
    new = client.get("/tram/?pv=08&ngay=2026-03-02").context["list"]
    assert (old.count, new.count) == (124, 123)
    assert client.get("/tram/?pv=08&ngay=2026-03-02&tim=thong nguyen").context["list"].count == 1


@pytest.mark.django_db
def test_a_commune_is_split_on_the_page(province, tuyen_quang):
    client = client_of(province)
    address = f"/quan-tri/sap-xep/tach-xa/{STATE}"
    asked = client.get(f"{address}&don-vi=01234")
    members = [code for code, _, _ in asked.context["members"]]
    assert members == [one.code for one in tuyen_quang.facilities if one.commune == "01234"]
    people = next(one.population for one in tuyen_quang.communes if one.code == "01234")
    form = {
        **FORM, "don-vi": "01234", "ma-1": "01234", "ten-1": "Xã Yên Thành", "dan-so-1": str(people - 500),
        "ma-2": "99999", "ten-2": "Xã Bản Rịa", "dan-so-2": "500", "viec": "xem",
        **{f"phan-{code}": "2" if code.startswith("DT") else "1" for code in members},
    }  # fmt: skip
    wrong = client.post(address, {**form, "dan-so-2": "400"})
    assert "E623" in wrong.content.decode() and not wrong.context["mark"]
    shown = client.post(address, form)
    assert all(one == other for one, other in shown.context["totals"]), shown.context["summary"]
    assert client.post(address, {**form, "viec": "ghi", "dau": shown.context["mark"]}).status_code == 302
    assert {one.code for one in records.register("08", on=ON).communes} >= {"01234", "99999"}


@pytest.mark.django_db
def test_joining_is_for_who_may_and_every_form_opens(province, somebody):
    client = client_of(province)
    for slug in ("gop-xa", "tach-xa", "gop-tram", "tach-tram"):
        assert client.get(f"/quan-tri/sap-xep/{slug}/{STATE}").status_code == 200
        empty = client.post(f"/quan-tri/sap-xep/{slug}/{STATE}", {"viec": "xem"})
        assert 'href="#so"' in empty.content.decode()
    assert client.get(f"/quan-tri/sap-xep/khac/{STATE}").status_code == 404
    officer = client_of(somebody("commune", "08/01234/"))
    assert officer.get(f"/quan-tri/sap-xep/gop-xa/{STATE}").status_code == 403
    assert officer.get(f"/quan-tri/sap-xep/commune/01090/{STATE}").status_code == 404
    assert officer.get(f"/quan-tri/sap-xep/commune/01234/{STATE}").status_code == 200
    assert client_of(somebody("planner", "11/")).get(f"/quan-tri/sap-xep/{STATE}").status_code == 404
