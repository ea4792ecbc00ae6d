"""Campaigns that papers told of, run through the product: import, solve, opinions, signature, issue; then counted."""

import threading
from dataclasses import replace

import pytest
from django.utils import timezone

from tests.stories.rows import at_stations, primary_skills, titled, told
from tramyte.rotation.solve import solve
from tramyte.web import worker
from tramyte.web.actions import campaigns, drafts, imports, issuing, replans, stages
from tramyte.web.models import Absence, Appointment, Campaign, Deployment, Facility, Opinion, Province, Staff
from tramyte.web.models.base import in_force
from tramyte.web.planning import problem_of

pytestmark = pytest.mark.django_db
BASES = (  # what the law leaves to the office: its own tasks, and the plan of the province
    "Quyết định số 1/QĐ-UBND ngày 02 tháng 01 năm 2025 của Ủy ban nhân dân tỉnh quy định chức năng của Sở Y tế",
    "Kế hoạch số 2/KH-UBND ngày 03 tháng 02 năm 2025 của Ủy ban nhân dân tỉnh về đưa bác sĩ về trạm y tế",
)
NAMES = {"22": "Quảng Ninh", "11": "Điện Biên"}


def slim(register):
    """Return a province with those alone whom a campaign can move, and the doctors of stations."""
    doctors = titled(register, "V.08.01.")
    here = set().union(*at_stations(register, register.campaign[0].as_of).values()) & doctors
    kept = {row.staff for row in register.skills} | here
    about = ("skills", "licences", "appointments", "absences", "past_tours")
    return replace(
        register, staff=tuple(one for one in register.staff if one.code in kept), posts=(), collaborators=(),
        service_counts=(), totals=(),
        **{name: tuple(row for row in getattr(register, name) if row.staff in kept) for name in about},
    )  # fmt: skip


def issued(code, register, *, work, somebody, monkeypatch):
    """Bring the campaign of a province from its workbook to the issued decision, by the actions alone."""
    drive = register.campaign[0]
    day = drive.as_of
    monkeypatch.setattr(timezone, "localdate", lambda *_: day)
    root = f"{code}/"
    Province.objects.create(code=code, name=NAMES[code], kind="tỉnh", is_sample=True)
    planner, director, clerk = (somebody(role, root) for role in ("planner", "director", "clerk"))
    run = imports.ask(by=planner, path=root, filename="so.xlsx", data=b"so")
    imports.accept(by=planner, run=run, register=register, on=day)
    campaign = Campaign.objects.get(province=code, code=drive.code)
    problem, _ = problem_of(campaign)
    plan = solve(problem, work=work, seed=1)
    campaigns.edit(by=planner, conduct=campaigns.opened(by=planner, campaign=campaign))
    draft = drafts.make(by=planner, campaign=campaign, problem=problem, tours=plan.assignments, origin="solve")
    decide(draft, planner, director, clerk, number="812/QĐ-SYT", day=day)
    return campaign, (planner, director, clerk)


def decide(draft, planner, director, clerk, *, number, day):
    """Bring a draft from its opinions to the issued decision."""
    stages.consult(by=planner, draft=draft, seen=0, due=day)
    for one in stages.opinions(draft):
        stages.answer(by=planner, opinion=one, answer="agree", letter="15/CV", letter_on=day, words="")
    assert not Opinion.objects.filter(draft=draft, answer=None).exists()
    stages.submit(by=planner, draft=draft, seen=0)
    stages.sign(by=director, draft=draft, seen=0)
    signature = issuing.Signature(number, "Nguyễn Văn Mẫu", day)
    issuing.issue(by=clerk, draft=draft, signature=signature, papers=issuing.Papers(bases=BASES))


def replaced(campaign, row, people, *, work):
    """Let the person of a tour fall ill, solve with the fewest changes, and issue the amending decision."""
    home = Staff.objects.get(province=row.province, code=row.staff)
    Absence.objects.create(
        province=row.province, path=home.path, staff=row.staff, outcome="absent", start=row.start, end=row.end,
        paper="9/BV",
    )  # fmt: skip
    run = replans.ask(by=people[0], campaign=campaign, work=work)
    assert worker.one("solve", worker.KINDS["solve"], worker="test", ending=threading.Event())
    run.refresh_from_db()
    draft = drafts.take(by=people[0], run=run)
    decide(draft, *people, number="820/QĐ-SYT", day=campaign.as_of)
    return draft


def with_a_doctor(province, on):
    """Return the communes of which a doctor works at the station on a day, at home or deployed there."""
    here = {model: model.objects.filter(province=province) for model in (Facility, Staff, Appointment, Deployment)}
    communes = dict(here[Facility].filter(in_force(on), kind="station").values_list("code", "commune"))
    doctors = set(here[Staff].filter(title_code__startswith="V.08.01.").values_list("code", flat=True))
    at_home = here[Appointment].filter(in_force(on)).values_list("staff", "facility")
    away = here[Deployment].filter(in_force(on)).exclude(state="cancelled").values_list("staff", "facility")
    return {communes[place] for who, place in (*at_home, *away) if who in doctors and place in communes}


def test_f14_one_campaign_puts_a_doctor_in_each_of_the_23_communes_without(somebody, monkeypatch):
    register = told("22")
    campaign, people = issued("22", slim(register), work=60, somebody=somebody, monkeypatch=monkeypatch)
    assert len(with_a_doctor("22", campaign.first_monday)) == 171
    ill = Deployment.objects.filter(province="22", campaign=campaign.code).first()
    draft = replaced(campaign, ill, people, work=60)
    ill.refresh_from_db()
    assert (ill.state, draft.amends.number) == ("cancelled", "812/QĐ-SYT")
    assert len(with_a_doctor("22", campaign.first_monday)) == 171, "somebody else went, under the amending decision"
    rows = Deployment.objects.filter(province="22", campaign=campaign.code).exclude(state="cancelled")
    home = {row.facility for row in rows}
    assert len(home) == 23 and home == {row.facility for row in register.requirements}
    Deployment.objects.filter(pk__in=[row.pk for row in rows]).update(state="cancelled")
    assert len(with_a_doctor("22", campaign.first_monday)) == 148


def test_f11_f12_a_plan_of_dien_bien_is_issued_with_tours_as_long_as_each_unit_sends(somebody, monkeypatch):
    register = told("11")
    campaign, _ = issued("11", slim(register), work=60, somebody=somebody, monkeypatch=monkeypatch)
    rows = list(Deployment.objects.filter(province="11", campaign=campaign.code))
    tier = {row.facility: row.tier for row in register.senders}
    weeks = {"P": {1, 2}, "M": {4}}
    assert {(tier[row.sending_facility], (row.end - row.start).days // 7) for row in rows} == {
        (name, length) for name, lengths in weeks.items() for length in lengths
    }
    assert {row.staff for row in rows} <= {row.staff for row in register.skills}
    assert all(row.decision.number == "812/QĐ-SYT" for row in Deployment.objects.filter(province="11"))


@pytest.mark.long
def test_f11_108_people_go_to_45_stations_under_one_decision(somebody, monkeypatch):
    register = told("11")
    campaign, _ = issued("11", register, work=4000, somebody=somebody, monkeypatch=monkeypatch)
    rows = Deployment.objects.filter(province="11", campaign=campaign.code)
    people = {row.staff for row in rows}
    heads = primary_skills(register)
    doctors = {row.staff for row in register.skills if row.staff in titled(register, "V.08.01.")}
    assert (len(people), len(people & doctors), heads.total()) == (108, 55, 108)
    assert len({row.facility for row in rows}) == 45


@pytest.mark.long
def test_f14_of_the_whole_province(somebody, monkeypatch):
    campaign, _ = issued("22", told("22"), work=60, somebody=somebody, monkeypatch=monkeypatch)
    assert len(with_a_doctor("22", campaign.first_monday)) == 171
