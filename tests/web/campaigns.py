"""A campaign of the sample province with a solved draft, for tests: solved once in a session."""

from dataclasses import replace
from datetime import date, timedelta

from django.utils import timezone

from tramyte.domain.plan import Tour
from tramyte.rotation.problem import Problem
from tramyte.rotation.solve import solve
from tramyte.web.actions import campaigns, drafts, issuing, layouts, stages
from tramyte.web.dossier import said, words_of
from tramyte.web.models import Campaign, Decision, Draft, Issue, Opinion, Requirement
from tramyte.web.planning import Sheet, frozen, problem_of

CODE = "TQ-2026-01"


_SOLVED: dict[str, tuple[Tour, ...]] = {}


def solved(problem):
    """Return a plan of the problem, the same one for every test."""
    digest = frozen(problem)[0]
    if digest not in _SOLVED:
        _SOLVED[digest] = solve(problem, work=60, seed=1).assignments
    return _SOLVED[digest]


def drafted(planner):
    """Return a draft of the campaign, made and edited by the planner."""
    campaign = Campaign.objects.get(province="08", code=CODE)
    problem, _ = problem_of(campaign)
    conduct = campaigns.opened(by=planner, campaign=campaign)
    campaigns.edit(by=planner, conduct=conduct)
    return drafts.make(by=planner, campaign=campaign, problem=problem, tours=solved(problem), origin="solve")


_SMALL: list[tuple[Problem, tuple[Tour, ...]]] = []
FEW = 8  # people of a small plan


def small(planner):
    """Return a draft of eight people of the plan, whose problem knows nobody else: it is read and checked at once."""
    campaign = Campaign.objects.get(province="08", code=CODE)
    if not _SMALL:
        _SMALL.append(_few(problem_of(campaign)[0]))
    problem, tours = _SMALL[0]
    conduct = campaigns.opened(by=planner, campaign=campaign)
    campaigns.edit(by=planner, conduct=conduct)
    return drafts.make(by=planner, campaign=campaign, problem=problem, tours=tours, origin="solve")


def _few(problem):
    """Return a problem of those eight, none of them locked, and their tours: those of four units begin at once."""
    every = solved(problem)
    by_unit = {str(problem.unit_of(tour).id): tour.staff for tour in every if (tour.start, tour.weeks) == (0, 2)}
    first = [*by_unit.values()][: FEW // 2]
    later = [tour.staff for tour in every if tour.weeks == 2 and tour.start > 3 and tour.staff not in first]
    chosen = set(first) | set(list(dict.fromkeys(later))[: FEW // 2])
    tours = tuple(tour for tour in every if tour.staff in chosen)
    staff = tuple(replace(one, prior_stations=()) for one in problem.staff if one.id in chosen)
    units, stations = {str(one.unit) for one in staff}, {str(tour.station) for tour in tours}
    rows = [(at, one) for at, one in enumerate(problem.units) if str(one.id) in units]
    columns = [(at, one) for at, one in enumerate(problem.stations) if str(one.id) in stations]
    return replace(
        problem, staff=staff, units=tuple(one for _, one in rows), stations=tuple(one for _, one in columns), locked=(),
        travel_min=tuple(tuple(problem.travel_min[row][column] for column, _ in columns) for row, _ in rows),
        fair_target={str(one.id): problem.fair_target[str(one.id)] for _, one in rows}, raw={},
    ), tours  # fmt: skip


def first_tours(draft, count=1):
    """Return the first tours of a draft that may be moved."""
    sheet = Sheet(draft)
    return [tour for tour in sheet.tours if tour.key not in sheet.problem.locked_keys][:count]


def ready(planner, draft):
    """Put on record what a decision asks for: every party agrees in writing, the office fills in its bases."""
    stages.consult(by=planner, draft=draft, seen=draft.revision, due=date(2199, 1, 5))
    agreed = {"answer": "agree", "letter": "15/UBND", "letter_on": date(2026, 1, 8), "answered_at": timezone.now()}
    Opinion.objects.filter(draft=draft).update(**agreed)
    words = said(words_of("08"), {"bases": ("Quyết định số 01/2025/QĐ-UBND", "Kế hoạch số 12/KH-UBND")})
    layouts.say_of_office(by=planner, province="08", words=words)
    return draft


def signed(planner, director, draft):
    """Bring a draft to the signature of the director."""
    stages.submit(by=planner, draft=draft, seen=draft.revision)
    stages.sign(by=director, draft=draft, seen=draft.revision)
    return draft


def issued(planner):
    """Return the campaign with its plan issued, every tour a deployment; what is checked before, others test."""
    return deployed(planner, drafted(planner), number="812/QĐ-SYT")


def deployed(planner, draft, *, number):
    """Return the campaign of a draft, every tour of it a deployment, as an issue leaves it."""
    campaign = Campaign.objects.get(province=draft.province, code=draft.campaign)
    day = campaign.first_monday - timedelta(days=3)
    decision = Decision.objects.create(
        province="08", path="08/", kind="support", subject="Tăng cường", number=number, signer="Nguyễn Văn Mẫu",
        signed_on=day, effective_on=day,
    )  # fmt: skip
    issuing._deploy(draft, decision, planner)
    Issue.objects.create(
        province="08", path="08/", draft=draft, decision=decision, campaign=campaign.code, tours=draft.tours,
        issued_at=timezone.now(), account=planner,
    )  # fmt: skip
    Draft.objects.filter(pk=draft.pk).update(stage="issued")
    return campaign


def later(planner, code, *, monday, stations=6):
    """Return a small issued campaign of six weeks from a Monday on, at the first stations that ask for people."""
    return deployed(planner, upcoming(planner, code, monday=monday, stations=stations), number=f"{code[-1]}/QĐ-SYT")


def upcoming(planner, code, *, monday, stations=6):
    """Return a draft of such a campaign."""
    known = Campaign.objects.get(province="08", code=CODE)
    campaign = Campaign.objects.create(
        province="08", path="08/", code=code, name=f"Tăng cường {code}", first_monday=monday, weeks=6,
        instrument="support", max_tours=1, rest_weeks=0, max_travel_min=known.max_travel_min,
    )  # fmt: skip
    rows = Requirement.objects.filter(province="08", campaign=CODE, first_week__lte=2).order_by("facility", "pk")
    places = list(dict.fromkeys(row.facility for row in rows))[:stations]
    wanted = {(row.facility, row.skill): row for row in rows if row.facility in places}
    for row in wanted.values():
        row.pk, row.campaign, row.first_week, row.last_week = None, code, 1, 6
        row.save()
    problem, _ = problem_of(campaign)
    tours = solve(problem, work=20, seed=1).assignments
    return drafts.make(by=planner, campaign=campaign, problem=problem, tours=tours, origin="solve")
