"""Communes and facilities are joined and split: who came before whom, and what figures of earlier days add up to."""

import csv
import os
from collections import Counter
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from tests.web.conftest import DAY
from tramyte.domain.errors import BadData, NotAllowed
from tramyte.domain.names import search_key
from tramyte.domain.place import Commune
from tramyte.domain.place import Facility as FacilityRecord
from tramyte.domain.register import Register
from tramyte.need import doctors, needs
from tramyte.sample.places import REFORM, former, place, places
from tramyte.sample.quang_ninh_march import UNNAMED
from tramyte.web import records
from tramyte.web.actions import imports, papers
from tramyte.web.actions.papers import Paper
from tramyte.web.actions.rearranging import New
from tramyte.web.actions.succession import PLANS, rearrange, undo
from tramyte.web.models import Equipment, Event, Facility, Province, Staff
from tramyte.web.models.base import in_force
from tramyte.web.permissions import visible_to
from tramyte.web.succession import COMMUNE, Link, added, former_names, joined, links
from tramyte.web.succession import before as before_of

JOINED = date(2025, 7, 1)
SPLIT = date(2026, 3, 1)
LINKS = (
    Link(COMMUNE, "90001", "00100", "full", JOINED),
    Link(COMMUNE, "90002", "00100", "full", JOINED),
    Link(COMMUNE, "00100", "00100", "part", SPLIT),
    Link(COMMUNE, "00100", "00200", "part", SPLIT),
)


@pytest.mark.parametrize(
    ("code", "at", "units"),
    [
        ("00100", date(2026, 3, 1), {"00100": "full"}),
        ("00100", date(2026, 2, 28), {"00100": "part"}),
        ("00200", date(2025, 8, 1), {"00200": "full", "00100": "part"}),
        ("00200", date(2025, 6, 30), {"00200": "full", "00100": "part", "90001": "part", "90002": "part"}),
    ],
)
def test_a_unit_leads_back_to_those_it_came_from(code, at, units):
    assert before_of(code, kind=COMMUNE, at=at, on=date(2026, 4, 1), known=LINKS) == units


def test_a_code_that_goes_on_as_another_unit_is_not_its_own_predecessor():
    links = (Link(COMMUNE, "1", "2", "full", JOINED), Link(COMMUNE, "3", "1", "full", JOINED))
    assert before_of("1", kind=COMMUNE, at=date(2025, 1, 1), on=SPLIT, known=links) == {"3": "full"}
    taken_in = (Link(COMMUNE, "3", "1", "full", JOINED),)
    assert before_of("1", kind=COMMUNE, at=date(2025, 1, 1), on=SPLIT, known=taken_in) == {"1": "full", "3": "full"}


def test_two_predecessors_that_reported_are_summed_and_both_are_visible():
    units = {"90001": "full", "90002": "full", "90003": "part", "90004": "full"}
    found = added(units, {"90001": 40, "90002": 2, "90003": 7, "90004": None}, {"90001": "Xã Bản Rịa"})
    assert found.total == 42
    assert (found.parts[0].name, found.parts[0].value) == ("Xã Bản Rịa", 40)
    assert [part.code for part in found.missing] == ["90003", "90004"]
    assert added(units, {"90004": None}, {}).total is None


def paper():
    return Paper("12/NQ-HĐND", "Chủ tịch Hội đồng nhân dân tỉnh", date(2026, 1, 20))


ON = date(2026, 3, 2)
DAY_BEFORE = date(2026, 3, 1)


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    """Let it be the day after for the program: what is joined or split here holds already."""
    monkeypatch.setattr(timezone, "localdate", lambda *_: date(2026, 3, 3))


def done(what, by, province="08", on=ON, **given):
    seen = PLANS[what](province=province, on=on, paper=paper(), **given)
    assert not seen.refused, [one.sentence("vi") for one in seen.refused]
    event = rearrange(what, by=by, province=province, on=on, paper=paper(), seen=papers.mark(seen), **given)
    return seen, event


def everything(province="08"):
    found = records.register(province)
    return {one.name: set(getattr(found, one.name)) for one in fields(Register)}


def stations_of(register, commune):
    return [one for one in register.facilities if one.commune == commune and one.kind in ("station", "polyclinic")]


@pytest.mark.django_db
def test_two_communes_are_joined_and_every_sum_is_kept(province, tuyen_quang):
    first, second = (one for one in tuyen_quang.communes if one.code in ("01234", "01090"))
    before = everything()
    doctors_before = doctors(records.register("08", on=DAY_BEFORE), on=DAY_BEFORE).communes
    into = New("01234", "Xã Yên Thành Mới", "xã")
    seen, event = done("join_communes", province, predecessors=["01234", "01090"], into=into)
    assert all(a == b for a, b in seen.totals.values()), seen.totals
    now, then = records.register("08", on=ON), records.register("08", on=DAY_BEFORE)
    assert len(now.communes) == 123 and len(then.communes) == 124
    new = next(one for one in now.communes if one.code == "01234")
    assert (new.name, new.population) == ("Xã Yên Thành Mới", first.population + second.population)
    assert {one.name for one in then.communes} >= {first.name, second.name}
    after = doctors(now, on=ON).communes
    assert after.counts["01234"] == doctors_before.counts["01234"] + doctors_before.counts["01090"]
    assert after.total == doctors_before.total == 258
    assert doctors(then, on=DAY_BEFORE).communes.counts == doctors_before.counts
    lines = {one.managing for one in now.authorities if one.facility in {row.code for row in stations_of(now, "01234")}}
    assert lines == {"Ủy ban nhân dân xã Yên Thành Mới"}
    assert set(former_names("08", ON)["01234"]) >= {first.name, second.name}
    assert former_names("08", DAY_BEFORE).get("01234", ()) != former_names("08", ON)["01234"]
    home = before_of("01234", kind=COMMUNE, at=DAY_BEFORE, on=ON, known=links("08"))
    assert home == {"01234": "full", "01090": "full"}
    undo(by=province, event=event, reason="Nghị quyết chưa có hiệu lực")
    assert everything() == before and not links("08")


@pytest.mark.django_db
def test_a_commune_officer_sees_what_was_joined_to_the_commune(province, somebody):
    done("join_communes", province, predecessors=["01234", "01090"], into=New("01234", "Xã Yên Thành", "xã"))
    officer = somebody("commune", "08/01234/")
    seen = visible_to(Facility.objects.filter(in_force(ON)), officer, on=date(2026, 3, 3))
    assert {one.commune for one in seen} == {"01234"} and {one.path[:9] for one in seen} == {"08/01234/"}
    people = visible_to(Staff.objects.all(), officer, on=date(2026, 3, 3)).count()
    assert people == Staff.objects.filter(path__startswith="08/01234/").count() > 11


@pytest.mark.django_db
def test_a_commune_is_split_and_its_facilities_are_shared_out(province, tuyen_quang):
    tops = [one for one in tuyen_quang.facilities if one.kind in ("station", "polyclinic") and one.parent is None]
    double = next(code for code, count in Counter(one.commune for one in tops).items() if count > 1)
    commune = next(one for one in tuyen_quang.communes if one.code == double)
    here = [one for one in tuyen_quang.facilities if one.commune == double]
    mains = [one for one in tops if one.commune == double]
    sides = [tuple(one.code for one in here if main.code in (one.code, one.parent)) for main in mains]
    half = commune.population // 2
    parts = [
        New(commune.code, f"{commune.name} 1", "xã", population=half, members=sides[0]),
        New("99999", f"{commune.name} 2", "xã", population=commune.population - half, members=sides[1]),
    ]
    before = everything()
    seen, event = done("split_commune", province, predecessor=commune.code, parts=parts)
    assert all(a == b for a, b in seen.totals.values()), seen.totals
    now = records.register("08", on=ON)
    assert len(now.communes) == 125
    assert {one.code for one in now.facilities if one.commune == "99999"} == set(sides[1])
    assert doctors(now, on=ON).communes.total == 258
    assert set(before_of("99999", kind=COMMUNE, at=DAY_BEFORE, on=ON, known=links("08")).items()) >= {
        (commune.code, "part")
    }
    undo(by=province, event=event, reason="Tách nhầm")
    assert everything() == before


@pytest.mark.django_db
def test_stations_are_joined_one_closes_and_its_months_are_not_lost(province, tuyen_quang):
    main, goes_on, shut = [one for one in tuyen_quang.facilities if one.kind == "station" and one.parent is None][:3]
    path = Facility.objects.get(code=shut.code).path
    Equipment.objects.create(province="08", path=path, code="M-1", facility=shut.code, kind="ecg", name="Máy điện tim")
    before = everything()
    then = needs(records.register("08", on=DAY_BEFORE), on=DAY_BEFORE)
    into = New(main.code, "Trạm Y tế liên xã", "station")
    codes = [main.code, goes_on.code, shut.code]
    seen, event = done("join_facilities", province, predecessors=codes, into=into, closed=[shut.code])
    assert seen.totals["population"][0] == seen.totals["population"][1]
    assert seen.totals["equipment"] == (1, 1) and seen.totals["people"][0] == seen.totals["people"][1]
    now = records.register("08", on=ON)
    by_code = {one.code: one for one in now.facilities}
    assert shut.code not in by_code and by_code[goes_on.code].parent == main.code
    assert Equipment.objects.get(code="M-1", end=None).facility == main.code
    after = needs(joined(now, "08", ON), on=ON)
    lost = needs(now, on=ON)

    def visits(report, code):
        return report.rows[code]["doctor"].workload.services["outpatient_visit"]

    whole = sum(visits(then, code) for code in codes)
    assert visits(after, main.code) == pytest.approx(whole)
    assert visits(lost, main.code) < whole
    assert after.doctors.stations.total == then.doctors.stations.total == 258
    undo(by=province, event=event, reason="Chưa bàn giao")
    assert everything() == before
    assert Equipment.objects.get(code="M-1").facility == shut.code


@pytest.mark.django_db
def test_a_station_is_split_into_two_of_its_buildings(province, tuyen_quang):
    point = next(one for one in tuyen_quang.facilities if one.kind == "point")
    main = next(one for one in tuyen_quang.facilities if one.code == point.parent)
    others = tuple(one.code for one in tuyen_quang.facilities if one.parent == main.code and one.code != point.code)
    people = main.catchment_population
    parts = [
        New(main.code, main.name, "station", population=people - 1000, members=others),
        New(point.code, "Trạm Y tế mới", "station", population=1000),
    ]
    before = everything()
    seen, event = done("split_facility", province, predecessor=main.code, parts=parts)
    assert all(a == b for a, b in seen.totals.values()), seen.totals
    now = records.register("08", on=ON)
    assert len(doctors(now, on=ON).stations.places) == 128
    line = {one.facility: one.managing for one in now.authorities}
    assert line[point.code] == line[main.code]
    undo(by=province, event=event, reason="Chưa bàn giao")
    assert everything() == before


@pytest.mark.django_db
def test_what_does_not_add_up_is_refused_and_nothing_is_written(province, tuyen_quang):
    count = Event.objects.count()
    commune = next(one for one in tuyen_quang.communes if one.code == "01234")
    here = tuple(one.code for one in tuyen_quang.facilities if one.commune == "01234")
    given = {
        "predecessor": "01234",
        "parts": [New("01234", "A", "xã", population=1, members=here), New("9", "B", "xã")],
    }
    cases: list[Any] = [
        ("split_commune", given, {"E623"}),
        (
            "split_commune",
            {**given, "parts": [New("01234", "A", "xã", population=commune.population)]},
            {"E622", "E627"},
        ),
        ("join_communes", {"predecessors": ["01234"], "into": New("01234", "A", "xã")}, {"E622"}),
        ("join_communes", {"predecessors": ["01234", "77777"], "into": New("00745", "A", "xã")}, {"E620", "E621"}),
        (
            "join_communes",
            {"predecessors": ["01234", "01090"], "into": New("01234", "A", "xã", population=5)},
            {"E623"},
        ),
        ("join_communes", {"predecessors": ["01234", "01090"], "into": New("", "A", "xã")}, {"E626"}),
    ]
    for what, more, codes in cases:
        seen = PLANS[what](province="08", on=ON, paper=paper(), **more)
        assert {one.code for one in seen.refused} == codes, (what, seen.refused)
        with pytest.raises(BadData):
            rearrange(what, by=province, province="08", on=ON, paper=paper(), **more)
    assert Event.objects.count() == count


@pytest.mark.django_db
def test_only_whoever_may_hand_over_joins(province, somebody):
    given: Any = {"predecessors": ["01234", "01090"], "into": New("01234", "A", "xã")}
    for role, path in (("planner", "11/"), ("commune", "08/01234/"), ("director", "08/"), ("admin", "")):
        with pytest.raises(NotAllowed):
            rearrange("join_communes", by=somebody(role, path), province="08", on=ON, paper=paper(), **given)


@pytest.mark.django_db
def test_171_communes_of_quang_ninh_become_54_and_every_old_name_leads_to_its_new_one(somebody):
    olds = former("22", unnamed=UNNAMED)
    assert len(olds) == 171
    by_new: dict[str, list] = {}
    for number, old in enumerate(olds, 1):
        by_new.setdefault(old.successor, []).append((f"9{number:04}", old))
    Province.objects.create(code="22", name="Quảng Ninh", kind="tỉnh", is_sample=True)
    planner = somebody("planner", "22/")
    communes = [
        Commune(code, old.full_name, "22", old.kind, 1, 1000 + int(code[1:]))
        for rows in by_new.values()
        for code, old in rows
    ]
    stations = [
        FacilityRecord(
            f"T-{one.code}", f"Trạm Y tế {one.name}", "station", one.code, catchment_population=one.population
        )
        for one in communes
    ]
    run = imports.ask(by=planner, path="22/", filename="so.xlsx", data=b"22")
    imports.accept(by=planner, run=run, register=Register(communes=tuple(communes), facilities=tuple(stations)), on=DAY)
    for code, rows in by_new.items():
        if len(rows) > 1:
            into = New(code, place(code).name, place(code).kind)
            done("join_communes", planner, "22", REFORM, predecessors=[old for old, _ in rows], into=into)
    then, now = (records.register("22", on=day) for day in (date(2025, 6, 30), REFORM))
    alone = sum(len(rows) == 1 for rows in by_new.values())
    assert len(then.communes) == 171 and len(now.communes) == 54 and len(by_new) == 54 and alone < 5
    assert sum(one.population or 0 for one in then.communes) == sum(one.population or 0 for one in now.communes)
    assert {one.commune for one in now.facilities} == {one.code for one in now.communes}
    names = former_names("22", REFORM)
    for code, rows in by_new.items():
        if len(rows) > 1:
            assert {old.full_name for _, old in rows} - {place(code).name} <= set(names[code])
            units = before_of(code, kind=COMMUNE, at=date(2025, 6, 30), on=REFORM, known=links("22"))
            population = {one.code: one.population for one in then.communes}
            whole = added(units, population, {}).total
            assert whole == next(one.population for one in now.communes if one.code == code)


LINEAGE = Path(os.environ.get("TRAMYTE_LINEAGE", "commune_lineage.csv"))


@pytest.mark.skipif(not LINEAGE.is_file(), reason="the official lineage is not here; name its file in TRAMYTE_LINEAGE")
@pytest.mark.django_db
def test_the_official_lineage_of_dien_bien_is_found_again_by_joining(somebody):
    """129 old communes under their own codes; a new one keeps the code of one of them."""
    new = {one.code for one in places("11")}
    rows = [row for row in csv.DictReader(LINEAGE.read_text("utf-8").splitlines()) if row["commune_code"] in new]
    whole = {row["old_code"]: row for row in rows if row["extent"] == "full"}
    Province.objects.create(code="11", name="Điện Biên", kind="tỉnh", is_sample=True)
    planner = somebody("planner", "11/")
    olds = tuple(Commune(code, row["old_name"], "11", "xã", 3, 1000) for code, row in whole.items())
    run = imports.ask(by=planner, path="11/", filename="so.xlsx", data=b"11")
    imports.accept(by=planner, run=run, register=Register(communes=olds), on=DAY)
    joined_to: dict[str, list] = {}
    for code, row in whole.items():
        joined_to.setdefault(row["commune_code"], []).append(code)
    for code, codes in joined_to.items():
        if len(codes) > 1:
            into = New(code, place(code).name, place(code).kind)
            done("join_communes", planner, "11", REFORM, predecessors=codes, into=into)
    now = records.register("11", on=REFORM).communes
    assert (len(olds), len(now), sum(one.population or 0 for one in now)) == (129, 45, 129_000)
    names = former_names("11", REFORM)
    for row in whole.values():
        own = next(one.name for one in now if one.code == row["commune_code"])
        assert row["old_name"] in {own, *names.get(row["commune_code"], ())}


@pytest.mark.skipif(not LINEAGE.is_file(), reason="the official lineage is not here; name its file in TRAMYTE_LINEAGE")
@pytest.mark.django_db
@pytest.mark.parametrize("code", ["08", "11"])
def test_old_names_are_known_without_any_record(code):
    new = {one.code for one in places(code)}
    rows = [row for row in csv.DictReader(LINEAGE.read_text("utf-8").splitlines()) if row["commune_code"] in new]
    whole = [row for row in rows if row["extent"] == "full"]
    found = {one: {search_key(name) for name in names} for one, names in former_names(code, REFORM).items()}
    known = sum(search_key(row["old_name"]) in found.get(row["commune_code"], ()) for row in whole)
    assert known / len(whole) > 0.99
