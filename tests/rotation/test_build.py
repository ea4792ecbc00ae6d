"""The register becomes a problem: weeks from days, prices from the workbook or the default, nothing lost in silence."""

import time
from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.rotation.province import DOCTOR, MONDAY, SHEETS, licence, person, place, province
from tramyte.domain.errors import BadData, NormMissing
from tramyte.domain.people import Absence, Appointment, StaffSkill
from tramyte.domain.plan import Tour
from tramyte.domain.work import AwayLimit, Lock, PastTour, Requirement, Sender
from tramyte.norms import norm
from tramyte.rotation import read
from tramyte.rotation.build import build
from tramyte.rotation.problem import Need, Skill, Unit
from tramyte.sample import sample


def _problem(**sheets):
    return build(province(**sheets))[0]


def _warnings(**sheets):
    warnings = build(province(**sheets))[1]
    for finding in warnings:
        assert finding.severity == "warning" and finding.sentence("vi") and finding.sentence("en")
    return [(finding.code, finding.sheet) for finding in warnings]


def _errors(**sheets):
    with pytest.raises(BadData) as caught:
        build(province(**sheets))
    for finding in caught.value.findings:
        assert finding.sentence("vi") and finding.sentence("en")
    return [(row.code, row.sheet) for row in caught.value.findings if row.severity == "error"]


def test_the_campaign_gives_name_and_weeks():
    problem = _problem()
    assert (problem.name, problem.weeks, problem.week0) == ("Đợt 1", 4, MONDAY)
    assert problem.synthetic is False and build(province(), synthetic=True)[0].synthetic is True


def test_roles_are_those_in_use_in_the_order_of_the_list():
    assert _problem().skills == (
        Skill("NOI", "NOI", "doctor", "Nội khoa"), Skill("NHI", "NHI", "doctor", "Nhi khoa"),
        Skill("TCMR", "TCMR", "preventive", "Tiêm chủng mở rộng"),
        Skill("DANSO", "DANSO", "preventive", "Dân số - kế hoạch hóa gia đình"),
    )  # fmt: skip


def test_sending_units_have_lengths_limits_and_a_fair_share():
    problem = _problem()
    assert problem.units == (
        Unit("H", "H", "P", (1, 2), {"NOI": 1}, "Cơ sở H"),
        Unit("T", "T", "M", (4,), {"TCMR": 1, "DANSO": 1}, "Cơ sở T"),
    )
    assert problem.fair_target == {"H": 2, "T": 4}


def test_stations_are_those_that_ask_or_are_promised_somebody():
    problem = _problem(locks=(Lock("lan", "C", "NOI", 1, 1),))
    assert [(station.id, station.name) for station in problem.stations] == [
        ("A", "Cơ sở A"), ("B", "Cơ sở B"), ("C", "Cơ sở C"),
    ]  # fmt: skip
    assert problem.stations[2].needs == ()


def test_needs_take_their_price_from_the_row_the_workbook_or_the_default():
    default = norm("rotation_weights", on=MONDAY).value
    a, b = _problem().stations
    assert a.needs == (
        Need("NOI", 0, 4, 1, 1, 9000, default["w_norm"]),
        Need("NOI", 1, 2, 1, 0, 500, 3),
    )
    assert b.needs == (Need("TCMR", 1, 3, 2, 0, 500, default["w_norm"]),)


def test_weights_are_those_of_the_workbook_and_else_the_default():
    default = norm("rotation_weights", on=MONDAY).value
    names = ("fair1", "fair2", "travel_per_hour", "start_fee", "return_bonus", "disruption")
    assert _problem().weights == {**{name: default[name] for name in names}, "fair1": 7}
    assert _problem(weights=()).weights == {name: default[name] for name in names}


def test_people_go_with_skills_by_rank_and_the_limits_of_the_campaign():
    lan, minh, hoa, dung = _problem().staff
    assert (lan.id, lan.name, lan.unit, lan.skills) == ("lan", "Lò Thị Lan", "H", ("NOI", "NHI"))
    assert (lan.max_deployments, lan.rest_weeks, lan.max_travel_min) == (2, 1, 300)
    assert (lan.unavailable, lan.exempt, lan.prior_weeks, lan.prior_stations) == ((), False, 0, ())
    assert [row.unit for row in (minh, hoa, dung)] == ["H", "T", "T"]


def test_a_skill_written_twice_is_one():
    skills = (*SHEETS["skills"], StaffSkill("lan", "NOI", 3))
    assert _problem(skills=skills).staff[0].skills == ("NOI", "NHI")


def test_the_larger_share_at_a_sending_unit_counts():
    rest = SHEETS["appointments"][1:]
    mine = (Appointment("lan", "T", 0.3), Appointment("lan", "H", 0.4), Appointment("lan", "A", 0.9))
    assert _problem(appointments=(*mine, *rest)).staff[0].unit == "H"


def test_who_is_not_appointed_at_a_sending_unit_on_the_day_is_named_and_left_out():
    gone = Appointment("lan", "H", end=MONDAY)
    rest = SHEETS["appointments"][1:]
    problem, warnings = build(province(appointments=(gone, *rest), locks=()))
    assert [row.id for row in problem.staff] == ["minh", "hoa", "dung"]
    (finding,) = warnings
    assert (finding.code, finding.fields["count"], finding.fields["who"]) == ("P323", 1, "Lò Thị Lan (lan)")


def test_of_many_names_ten_are_told_and_the_others_counted():
    crowd = tuple(person(f"p{number}") for number in range(12))
    skills = tuple(StaffSkill(row.code, "NOI", 1) for row in crowd)
    _, warnings = build(province(staff=(*SHEETS["staff"], *crowd), skills=(*SHEETS["skills"], *skills)))
    assert warnings[0].fields["who"].endswith("(p9), … (+2)")


def test_who_has_left_before_the_day_is_no_longer_staff():
    staff = (person("lan", end=MONDAY), *SHEETS["staff"][1:])
    assert _warnings(staff=staff, locks=()) == []
    assert "lan" not in _problem(staff=staff, locks=()).person_by_id


def test_leave_takes_its_weeks_and_a_whole_exemption_is_an_exemption():
    away = (
        Absence("lan", "absent", date(2026, 1, 18), date(2026, 1, 20)),
        Absence("minh", "exempt", date(2025, 12, 1)),
        Absence("hoa", "exempt", date(2026, 1, 7), date(2026, 1, 12)),
    )
    lan, minh, hoa, _ = _problem(absences=away, locks=()).staff
    assert (lan.unavailable, lan.exempt) == (((1, 3),), False)
    assert (minh.unavailable, minh.exempt) == (((0, 4),), True)
    assert (hoa.unavailable, hoa.exempt) == (((0, 1),), False)


def test_a_title_that_needs_a_licence_without_one_stays_at_home():
    problem, warnings = build(province(licences=(licence("lan"), licence("hoa"))))
    assert problem.person_by_id["minh"].unavailable == ((0, 4),)
    assert [(row.code, row.sheet, row.fields["staff"]) for row in warnings] == [("P321", "licences", "minh")]
    # population work and prevention need none
    assert problem.person_by_id["dung"].unavailable == ()


@pytest.mark.parametrize("title", [None, "V.99.99.99"])
def test_without_a_known_title_nobody_can_tell_and_that_is_said(title):
    staff = (person("lan", title), *SHEETS["staff"][1:])
    problem, warnings = build(province(staff=staff, licences=(licence("minh"), licence("hoa"))))
    assert problem.person_by_id["lan"].unavailable == ()
    assert [(row.code, row.fields["who"]) for row in warnings] == [("P324", "Lò Thị Lan (lan)")]


def _tour(start: date, days: int, where: str = "A", instrument: str = "support") -> PastTour:
    return PastTour("lan", where, "NOI", start, start + timedelta(days=days), instrument)


def test_past_tours_fill_the_ledger_in_begun_weeks():
    past = (
        _tour(date(2025, 10, 6), 14), _tour(date(2025, 11, 3), 8, "C"), _tour(date(2025, 12, 1), 7),
        _tour(date(2025, 6, 2), 100, "B", "transfer"),
    )  # fmt: skip
    lan = _problem(past_tours=past).staff[0]
    assert (lan.prior_weeks, lan.prior_stations, lan.unavailable) == (2 + 2 + 1, ("A",), ())


def test_a_tour_still_running_counts_and_takes_its_weeks():
    lan = _problem(past_tours=(_tour(date(2025, 12, 22), 20),), locks=()).staff[0]
    assert (lan.prior_weeks, lan.prior_stations, lan.unavailable) == (3, ("A",), ((0, 1),))


def test_a_tour_already_promised_elsewhere_takes_its_weeks_and_is_no_past():
    lan = _problem(past_tours=(_tour(date(2026, 1, 12), 7),), locks=()).staff[0]
    assert (lan.prior_weeks, lan.prior_stations, lan.unavailable) == (0, (), ((1, 2),))


def test_locks_start_from_week_one():
    assert _problem().locked == (Tour("lan", "A", "NOI", 1, 2),)


def test_a_lock_that_breaks_a_rule_by_itself_is_told():
    assert _warnings(locks=(Lock("lan", "A", "NOI", 4, 2),)) == [("P201", "locked[0]")]


def test_the_problem_is_what_its_file_gives_back():
    problem = _problem()
    assert read.problem(read.to_json(problem)) == problem
    assert _warnings() == []


def test_the_register_is_read_on_the_day_asked():
    staff = (person("lan", start=date(2026, 1, 12)), *SHEETS["staff"][1:])
    assert build(province(staff=staff), on=date(2026, 1, 12))[0].staff[0].id == "lan"
    assert _errors(staff=staff) == [("P308", "locks")]
    with pytest.raises(NormMissing):
        build(province(), on=date(2010, 1, 4))


@pytest.mark.parametrize("campaigns", [(), SHEETS["campaign"] * 2])
def test_without_exactly_one_campaign_there_is_nothing_to_plan(campaigns):
    assert _errors(campaign=campaigns) == [("P301", "campaign")]


def test_an_unknown_role_is_told_with_its_sheet():
    limits = (*SHEETS["away_limits"], AwayLimit("H", "XYZ", 1))
    assert _errors(away_limits=limits) == [("P302", "away_limits")]
    assert _errors(skills=(*SHEETS["skills"], StaffSkill("lan", "XYZ", 3))) == [("P302", "skills")]


def test_a_station_that_is_closed_on_the_day_cannot_ask():
    closed = tuple(
        replace(row, end=MONDAY) if row.code in ("B", "C") else row for row in SHEETS["facilities"]
    )  # fmt: skip
    locks = (Lock("lan", "C", "NOI", 1, 1),)
    assert _errors(facilities=closed, locks=locks) == [("P303", "requirements"), ("P303", "locks")]


@pytest.mark.parametrize(("first", "last"), [(0, 2), (3, 2), (2, 5)])
def test_weeks_of_a_requirement_lie_inside_the_campaign(first, last):
    assert _errors(requirements=(Requirement("A", "NOI", first, last, 1),)) == [("P304", "requirements")]


def test_no_more_people_are_critical_than_asked_for():
    assert _errors(requirements=(Requirement("A", "NOI", 1, 2, 1, 2),)) == [("P305", "requirements")]


@pytest.mark.parametrize(("least", "most"), [(0, 2), (3, 2)])
def test_tours_have_a_length(least, most):
    assert _errors(senders=(Sender("H", "P", least, most, 2), SHEETS["senders"][1])) == [("P306", "senders")]


def test_a_sending_unit_stands_once():
    assert _errors(senders=(*SHEETS["senders"], SHEETS["senders"][0])) == [("P307", "senders")]


def test_a_lock_of_who_cannot_be_planned_is_an_error():
    assert _errors(locks=(Lock("home", "A", "NOI", 1, 1),)) == [("P308", "locks")]


def test_empty_sheets_are_told_together():
    assert _errors(senders=(), requirements=(), skills=(), locks=(), away_limits=()) == [
        ("P309", "senders"), ("P309", "requirements"), ("P309", "skills"),
    ]  # fmt: skip


def test_all_errors_are_told_at_once():
    found = _errors(
        requirements=(Requirement("X", "XYZ", 0, 9, 1, 2),),
        senders=(Sender("H", "P", 2, 1, 2), Sender("H", "P", 1, 2, 2)),
    )
    assert {code for code, _ in found} == {"P302", "P303", "P304", "P305", "P306", "P307"}


def test_a_negative_number_is_caught_by_the_rules_of_the_file():
    assert _errors(away_limits=(AwayLimit("H", "NOI", -1), *SHEETS["away_limits"][1:])) == [
        ("P104", "units[0].max_away.NOI")
    ]


def test_a_role_without_a_limit_and_a_limit_without_a_unit_are_told():
    problem, warnings = build(province(away_limits=(AwayLimit("T", "TCMR", 1), AwayLimit("A", "NOI", 1))))
    assert [(row.code, row.fields["facility"]) for row in warnings] == [("P326", "A"), ("P325", "H"), ("P325", "T")]
    assert warnings[1].fields["skills"] == "NOI" and warnings[2].fields["skills"] == "DANSO"
    assert problem.units[0].max_away == {}


def test_a_unit_that_is_no_facility_goes_by_its_code_and_has_no_place():
    facilities = SHEETS["facilities"][1:]
    problem, warnings = build(province(facilities=facilities))
    assert problem.units[0].name == "H" and problem.travel_min[0] == (45, None)
    assert [(row.code, row.fields["facility"]) for row in warnings] == [("P320", "H")]


@pytest.mark.parametrize("code", ["08", "11", "22"])
def test_every_sample_becomes_a_problem_that_its_file_gives_back(code):
    problem, findings = build(sample(code), synthetic=True)
    assert problem.staff and problem.stations and not findings
    assert read.problem(read.to_json(problem)) == problem


def test_dien_bien_sends_108_people_to_45_stations():
    problem, _ = build(sample("11"))
    assert (len(problem.staff), len(problem.stations), problem.weeks) == (108, 45, 12)
    assert problem.travel_note.startswith("đường chim bay × 1,8, 22 km/h (")
    assert "; bảng đi lại của tỉnh (" in problem.travel_note


def test_nine_thousand_people_are_a_matter_of_a_second():
    staff = tuple(person(f"p{number}", DOCTOR) for number in range(9000))
    register = province(
        staff=staff,
        skills=tuple(StaffSkill(row.code, "NOI", 1) for row in staff),
        licences=tuple(licence(row.code) for row in staff),
        appointments=tuple(Appointment(row.code, "H") for row in staff),
        absences=tuple(Absence(row.code, "absent", MONDAY, date(2026, 1, 9)) for row in staff),
        facilities=(*SHEETS["facilities"], *(place(f"S{number}") for number in range(120))),
        requirements=tuple(Requirement(f"S{number}", "NOI", 1, 4, 1) for number in range(120)),
        locks=(),
    )
    begun = time.process_time()
    problem, _ = build(register)
    assert time.process_time() - begun < 3  # about 0.5 s; a run that counts branches takes several times as long
    assert len(problem.staff) == 9000
