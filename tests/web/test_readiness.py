"""The twelve checks before a decision: of each one case that passes and one that stops, or that is worth a look."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tramyte.domain.decision import Amendment
from tramyte.domain.finding import Finding
from tramyte.domain.people import Absence, Appointment, Licence, Post, Staff, StaffSkill
from tramyte.domain.place import Authority, Commune, Facility
from tramyte.domain.plan import Objective, Plan, Tour
from tramyte.domain.register import Register
from tramyte.domain.work import AwayLimit, PastTour, Requirement
from tramyte.exchange.decision import draft
from tramyte.rotation import explain
from tramyte.rotation.problem import WEIGHTS, Need, Person, Problem, Skill, Station, Unit
from tramyte.web.readiness import Answer, Case, Ruled
from tramyte.web.twelve import MAKERS, checks, stops

MONDAY, SIGNED = date(2026, 1, 12), date(2026, 1, 9)
BASES = ("Quyết định số 01/QĐ-UBND", "Kế hoạch số 12/KH-UBND")
NAMES = ["active", "exempt", "licence", "minimum", "gap", "overlap", "term", "agreement", "order", "pay", "start",
         "authority"]  # fmt: skip
TOURS = (Tour("P1", "TYT", "NOI", 0, 2),)
AGREED = (
    Answer("receiver", "00001", "Xã A", "agree", "1/UBND", SIGNED),
    Answer("sender", "BV", "Bệnh viện", "agree", "2/BV", SIGNED),
)


def problem(**changes):
    """Return a campaign of four weeks: two internists of one hospital, one station that asks for one."""
    people = (person("P1"), person("P2", **changes))
    return Problem(
        name="Đợt", weeks=4, skills=(Skill("NOI", "NOI", "doctor", "Nội khoa"),),
        units=(Unit("BV", "BV", "P", (1, 2), {"NOI": 1}, "Bệnh viện"),),
        stations=(Station("TYT", (Need("NOI", 0, 4, 1, 0, 100, 50),), "Trạm"),), staff=people, travel_min=((30,),),
        locked=(), weights=dict.fromkeys(WEIGHTS, 1), fair_target={"BV": 2}, week0=MONDAY,
    )  # fmt: skip


def person(code, **changes):
    return replace(Person(code, "BV", ("NOI",), 2, 0, 480, name=f"Lò Thị {code}"), **changes)


def register(**changes):
    """Return a register that lets P1 go: in office, licensed, appointed, asked for."""
    return replace(
        Register(
            communes=(Commune("00001", "Xã A", "xã", "08"),),
            facilities=(Facility("TYT", "Trạm", "station", "00001"), Facility("BV", "Bệnh viện", "hospital", "00002")),
            authorities=(Authority("BV", "Sở Y tế tỉnh A", "Sở Y tế tỉnh A"),),
            posts=(Post("V1", "BV", "V.08.01.03", funded_source="ngân sách"),),
            staff=tuple(Staff(code, "Lò Thị", code, 1990, "female", 1, "V.08.01.03") for code in ("P1", "P2")),
            skills=tuple(StaffSkill(code, "NOI", 1) for code in ("P1", "P2")),
            licences=(Licence("P1", "1", "gphn", "NOI", date(2024, 1, 1)),),
            appointments=(Appointment("P1", "BV", post="V1"),),
            requirements=(Requirement("TYT", "NOI", 1, 4, 1),),
            away_limits=(AwayLimit("BV", "NOI", 1),),
        ),
        **changes,
    )  # fmt: skip


def case(*, tours=TOURS, people=None, paper=None, **changes):
    """Return a decision about to be issued, with nothing against it."""
    made = people or problem()
    signature = {"number": "5", "signer": "Nguyễn Văn Mẫu", "signed_on": SIGNED, "basis": BASES}
    decision = draft(
        "support", on=SIGNED, superior="ỦY BAN NHÂN DÂN TỈNH A", agency="SỞ Y TẾ", symbol="QĐ-SYT", place="A",
        signer_post="GIÁM ĐỐC", **{**signature, **(paper or {})},
    )  # fmt: skip
    plan = Plan(tuple(tours), Objective(), 0, "feasible", 0.0, 0)
    given = {
        "decision": decision, "report": explain.report(made, plan), "problem": made, "tours": tuple(tours),
        "register": register(), "answers": AGREED, "is_issuing": True,
        "ruled": Ruled("Nguyễn Văn Mẫu", SIGNED, is_current=True, may_sign=True),
    }  # fmt: skip
    return Case(**{**given, **changes})


def looks(found):
    return {one.name: one.look for one in checks(found)}


def codes(found):
    return {one.code for one in stops(checks(found))}


def told(found):
    return {what.code for one in checks(found) for what in one.findings if isinstance(what, Finding)}


def test_there_are_twelve_in_their_order_and_a_plan_with_nothing_against_it_passes_them():
    found = checks(case())
    assert [one.name for one in found] == NAMES and len(MAKERS) == 12
    assert {one.look for one in found} == {"met"}, [(one.name, one.findings) for one in found if one.findings]
    for one in found:
        for lang in ("vi", "en"):
            assert one.title(lang) and one.told(lang) and len(one.article(lang)) > 3
    assert "09/01/2026" in next(one for one in found if one.name == "start").told("vi")


WEEK = timedelta(weeks=1)
STOPS = {
    "away": ("active", "E780", {"register": register(absences=(Absence("P1", "absent", MONDAY, MONDAY + WEEK),))}),
    "gone": ("active", "E781", {"register": register(staff=(
        replace(register().staff[0], contract_end=MONDAY + timedelta(days=10)), register().staff[1]))}),
    "old": ("active", "E782", {"register": register(staff=(
        replace(register().staff[0], birth_year=1969, birth_month=1), register().staff[1]))}),
    "exempt on the last day": ("exempt", "E783", {"register": register(absences=(
        Absence("P1", "exempt", MONDAY + timedelta(days=13), None, "12/TCCB"),))}),
    "no licence": ("licence", "E784", {"register": register(licences=())}),
    "a licence that ends a day early": ("licence", "E784", {"register": register(licences=(
        Licence("P1", "1", "gphn", "NOI", date(2024, 1, 1), MONDAY + timedelta(days=12)),))}),
    "another role": ("licence", "E785", {"register": register(skills=(StaffSkill("P1", "NHI", 1),))}),
    "one away elsewhere": ("minimum", "E786", {
        "others": (PastTour("P2", "X", "NOI", MONDAY, MONDAY + WEEK, "support"),),
        "register": register(appointments=(Appointment("P1", "BV", post="V1"), Appointment("P2", "BV")))}),
    "nobody asks": ("gap", "E787", {"register": register(requirements=())}),
    "elsewhere on a day": ("overlap", "E788", {
        "others": (PastTour("P1", "X", "NOI", MONDAY + timedelta(days=13), MONDAY + 3 * WEEK, "support"),)}),
    "no letter of the commune": ("agreement", "E790", {"answers": AGREED[1:]}),
    "the commune declines": ("agreement", "E790", {"answers": (
        *AGREED, replace(AGREED[0], answer="decline"))}),
    "a sender of a commune": ("agreement", "E790", {"answers": AGREED[:1], "register": register(authorities=(
        Authority("BV", "UBND xã B", "Sở Y tế tỉnh A"),))}),
    "no appointment": ("pay", "E793", {"register": register(appointments=())}),
    "before it is signed": ("start", "X101", {"paper": {"signed_on": MONDAY + timedelta(days=1)}}),
    "not approved": ("authority", "E794", {"ruled": None}),
    "approved before it changed": ("authority", "E794", {"ruled": Ruled(
        "Nguyễn Văn Mẫu", SIGNED, is_current=False, may_sign=True)}),
    "approved without the right": ("authority", "E794", {"ruled": Ruled(
        "Nguyễn Văn Mẫu", SIGNED, is_current=True, may_sign=False)}),
    "no number": ("authority", "E601", {"paper": {"number": None, "signer": None, "signed_on": None}}),
    "a basis left open": ("authority", "E798", {"paper": {"basis": BASES[:1]}}),
    "nobody is sent": ("gap", "X110", {"tours": ()}),
    "too long": ("term", "E795", {"tours": (Tour("P1", "TYT", "NOI", 0, 4),)}),
    "no rest": ("overlap", "E795", {"tours": (Tour("P1", "TYT", "NOI", 0, 2), Tour("P1", "TYT", "NOI", 1, 2))}),
    "exempt in the plan": ("exempt", "E795", {
        "people": problem(exempt=True), "tours": (Tour("P2", "TYT", "NOI", 0, 2),)}),
}  # fmt: skip


@pytest.mark.parametrize("name", STOPS)
def test_what_stops_a_decision_is_told_under_its_check(name):
    check, code, changes = STOPS[name]
    found = case(**changes)
    assert looks(found)[check] == "short"
    assert code in codes(found)


def test_a_licence_followed_by_the_next_one_holds():
    two = (
        Licence("P1", "1", "gphn", "NOI", date(2021, 1, 1), MONDAY + timedelta(days=3)),
        Licence("P1", "2", "gphn", "NOI", MONDAY + timedelta(days=4)),
    )
    assert looks(case(register=register(licences=two)))["licence"] == "met"
    gap = (two[0], replace(two[1], issued=MONDAY + timedelta(days=5)))
    assert looks(case(register=register(licences=gap)))["licence"] == "short"
    old = (Licence("P1", "3", "cchn", "NOI"),)
    assert looks(case(register=register(licences=old)))["licence"] == "met"


LOOKS = {
    "no limit on record": ("minimum", "E799", {"register": register(away_limits=())}),
    "more than asked in a week": ("gap", "E797", {"register": register(requirements=(
        Requirement("TYT", "NOI", 1, 1, 1),))}),
    "a unit of the Department is silent": ("agreement", "E791", {"answers": AGREED[:1]}),
    "somebody has been away less": ("order", "E792", {"people": replace(
        problem(), staff=(person("P1", prior_weeks=3), person("P2")))}),
    "another signer than who approved": ("authority", "E796", {"ruled": Ruled(
        "Trần Thị Khác", SIGNED, is_current=True, may_sign=True)}),
}  # fmt: skip


@pytest.mark.parametrize("name", LOOKS)
def test_what_is_worth_a_look_does_not_stop(name):
    check, code, changes = LOOKS[name]
    found = case(**changes)
    assert looks(found)[check] == "near"
    assert code in told(found) and not codes(found)


def test_before_it_is_issued_number_and_approval_are_a_look():
    found = case(is_issuing=False, ruled=None, paper={"number": None, "signer": None, "signed_on": None, "basis": ()})
    assert looks(found)["authority"] == "near" and not codes(found)


def test_a_rotation_counts_the_days_of_earlier_batches():
    days = (PastTour("P1", "X", "NOI", date(2024, 9, 2), date(2025, 12, 31), "rotation"),)
    paper = {"basis": ("Quyết định số 01/QĐ-UBND", "Kế hoạch số 12/KH-SYT")}
    made = case(others=days, paper=paper)
    decision = replace(made.decision, kind="rotation")
    assert "E789" in told(replace(made, decision=decision)) and "E789" not in told(made)


def test_an_amending_decision_is_checked_for_those_it_sends_alone():
    tour = Tour("P1", "TYT", "NOI", 0, 2)
    late = {"signed_on": MONDAY + timedelta(days=3)}
    amends = Amendment("Quyết định số 4/QĐ-SYT", changed={tour.key: "Trạm"}, begun=frozenset({tour.key}))
    assert "X101" in codes(case(paper=late))
    assert "X101" not in codes(case(paper={**late, "amends": amends}))
    assert looks(case(answers=(), ending=frozenset({tour.key})))["agreement"] == "met", "who only goes home earlier"
    gone = case(paper={"amends": Amendment("Quyết định số 4/QĐ-SYT", gone=frozenset({tour.key}))}, answers=())
    assert looks(gone)["agreement"] == "met", "who stays at home needs no agreement"


def test_a_check_is_kept_as_it_was_told():
    kept = checks(case(register=register(licences=())))[2].to_json()
    assert kept["look"] == "short" and "E784" in kept["findings"][0]["vi"] and kept["read"]["en"]
