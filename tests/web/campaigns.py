"""A campaign of the sample province with a solved draft, for tests: solved once in a session."""

from datetime import date

from django.utils import timezone

from tramyte.domain.plan import Tour
from tramyte.rotation.solve import solve
from tramyte.web.actions import campaigns, drafts, issuing, layouts, stages
from tramyte.web.dossier import said, words_of
from tramyte.web.models import Campaign, Decision, Draft, Issue, Opinion
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
    draft = drafted(planner)
    decision = Decision.objects.create(
        province="08", path="08/", kind="support", subject="Tăng cường", number="812/QĐ-SYT", signer="Nguyễn Văn Mẫu",
        signed_on=date(2026, 1, 9), effective_on=date(2026, 1, 9),
    )  # fmt: skip
    issuing._deploy(draft, decision, planner)
    Issue.objects.create(
        province="08", path="08/", draft=draft, decision=decision, campaign=CODE, tours=draft.tours,
        issued_at=timezone.now(), account=planner,
    )  # fmt: skip
    Draft.objects.filter(pk=draft.pk).update(stage="issued")
    return Campaign.objects.get(province="08", code=CODE)
