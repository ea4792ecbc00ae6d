"""An absence, a lost licence, a wish taken: which tours break, what changes the fewest, and the draft that amends."""

import threading
from datetime import date, timedelta

import pytest
from django.utils import timezone

from tests.web.campaigns import CODE, issued
from tests.web.conftest import client_of
from tramyte.domain.errors import BadData
from tramyte.rotation.solve import solve
from tramyte.web import worker
from tramyte.web.actions import drafts, issuing, replans, tours
from tramyte.web.models import Absence, AwayLimit, Decision, Deployment, Draft, Licence, Lock, Run, Staff
from tramyte.web.planning import rows_of, tour_of
from tramyte.web.replan import running_campaigns, situation

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 1, 12)
BEFORE = date(2026, 1, 9)


@pytest.fixture
def today(monkeypatch):
    """Let somebody say which day it is."""

    def set_to(day):
        monkeypatch.setattr(timezone, "localdate", lambda *_: day)

    set_to(BEFORE)
    return set_to


@pytest.fixture
def campaign(today, province):
    return issued(province)


@pytest.fixture
def tour(campaign):
    """A tour of four weeks that begins in the third week."""
    rows = Deployment.objects.filter(campaign=CODE, start=MONDAY + timedelta(weeks=2))
    return max(rows.order_by("pk"), key=lambda one: one.end)


def absent(row, start, end=None):
    """Note that the person of a tour is away."""
    home = Staff.objects.get(code=row.staff)
    return Absence.objects.create(
        province="08", path=home.path, staff=row.staff, outcome="absent", start=start, end=end, paper="9/BV"
    )


def stands(campaign, on=BEFORE, **more):
    """How the issued plan stands on a day."""
    found = situation(campaign, on=on, **more)
    assert found is not None
    return found


def broken(campaign, on=BEFORE):
    return {one.deployment.pk: one for one in stands(campaign, on=on).broken}


def amended(planner, campaign, on=BEFORE):
    """Ask for the fewest changes, let a worker find them, and make the draft."""
    run = replans.ask(by=planner, campaign=campaign, on=on, work=40)
    problem = stands(campaign, on=on, is_whole=True).problem
    plan = solve(problem, work=40, seed=1)
    result = {"tours": rows_of(plan.assignments), "bound": plan.bound, "least_unmet": 0, "status": plan.status}
    Run.objects.filter(pk=run.pk).update(state="done", result=result)
    run.refresh_from_db()
    return drafts.take(by=planner, run=run)


def test_a_plan_that_the_register_bears_out_has_no_mark(campaign):
    found = stands(campaign)
    assert not found.broken and not found.clashing and found.count == 0
    assert running_campaigns("08", on=BEFORE) == [campaign]
    assert situation(campaign, on=date(2027, 1, 1)) is None and running_campaigns("08", on=date(2027, 1, 1)) == []


def test_the_quick_look_and_the_whole_problem_mark_the_same(campaign, tour):
    absent(tour, tour.start + timedelta(8))
    quick, whole = (stands(campaign, is_whole=one) for one in (False, True))
    assert len(quick.problem.staff) < len(whole.problem.staff)
    assert [one.tour.key for one in quick.broken] == [one.tour.key for one in whole.broken]


@pytest.mark.parametrize("loss", ["absence", "licence", "service", "exempt"])
def test_whoever_cannot_go_breaks_their_tour_and_no_other(campaign, tour, loss):
    if loss == "absence":
        absent(tour, tour.start, tour.end)
    elif loss == "licence":
        Licence.objects.filter(staff=tour.staff).update(expires=tour.start, kind="gphn")
    elif loss == "service":
        Staff.objects.filter(code=tour.staff).update(end=tour.start)
    else:
        row = absent(tour, MONDAY)
        Absence.objects.filter(pk=row.pk).update(outcome="exempt")
    found = broken(campaign)
    assert tour.pk in found
    assert {one.deployment.staff for one in found.values()} == {tour.staff}
    assert found[tour.pk].change.reasons[0].sentence("vi")


def test_a_tour_that_the_register_locks_is_lost_too_when_its_person_cannot_go(campaign):
    lock = Lock.objects.filter(province="08", campaign=CODE).first()
    start = campaign.first_monday + timedelta(weeks=lock.week - 1)
    row = Deployment.objects.get(campaign=CODE, staff=lock.staff, start=start)
    absent(row, row.start, row.end)
    assert row.pk in broken(campaign)


def test_who_is_gone_from_the_register_is_still_known_to_the_plan(campaign, tour, province):
    Staff.objects.filter(code=tour.staff).update(is_withdrawn=True)
    assert tour.pk in broken(campaign)
    draft = amended(province, campaign)
    assert not [row for row in draft.tours if row["staff"] == tour.staff]


def test_a_limit_that_was_lowered_is_told_though_no_single_tour_breaks_it(campaign):
    AwayLimit.objects.filter(province="08").update(max_away=1)
    found = stands(campaign)
    assert found.clashing and {one.rule for one in found.clashing} == {"R9"}
    assert {one.change.reasons[0].code for one in found.broken} <= {"R9"}, "beside those that are locked"
    assert found.count == len(found.clashing) + len(found.broken)


def test_weeks_served_stay_and_what_breaks_midway_keeps_the_weeks_that_were_served(campaign, tour):
    on = tour.start + timedelta(8)
    absent(tour, tour.start + timedelta(14), tour.end)
    found = stands(campaign, on=on)
    whole = tour_of(tour, campaign)
    assert [one.tour for one in found.broken] == [whole]
    assert [(one.start, one.weeks) for one in found.problem.locked if one.staff == tour.staff] == [(whole.start, 2)]
    begun = [one for one in found.deployments if one.start < on and one.end > on and one.pk != tour.pk]
    keys = found.problem.locked_keys
    assert begun and all(tour_of(one, campaign).key in keys for one in begun)


def test_the_fewest_changes_replace_who_is_away_and_leave_the_others(campaign, tour, province):
    absent(tour, tour.start, tour.end)
    draft = amended(province, campaign)
    decision = Decision.objects.get(number="812/QĐ-SYT")
    assert (draft.origin, draft.amends, draft.parent.stage) == ("amend", decision, "issued")
    old = {(row["staff"], row["station"], row["start"]) for row in draft.parent.tours}
    new = {(row["staff"], row["station"], row["start"]) for row in draft.tours}
    lost = {(tour.staff, tour.facility, tour_of(tour, campaign).start)}
    assert lost <= old - new
    assert len(old - new) == 1, "nobody else is moved"


def test_an_amending_draft_issued_keeps_shortens_and_cancels(campaign, tour, province, today):
    on = tour.start + timedelta(8)
    today(on)
    tours.arrive(by=province, deployments=[tour])
    absent(tour, tour.start + timedelta(14))
    later = Deployment.objects.filter(campaign=CODE, start__gt=on).order_by("pk").first()
    absent(later, later.start, later.end)
    draft = amended(province, campaign, on=on)
    decision = Decision.objects.create(
        province="08", path="08/", kind="support", subject="Sửa đổi", number="9/QĐ-SYT", signer="A",
        signed_on=on, effective_on=on,
    )  # fmt: skip
    counts = issuing._deploy(draft, decision, province)
    tour.refresh_from_db()
    later.refresh_from_db()
    assert (tour.state, tour.end, tour.decision) == ("arrived", tour.start + timedelta(14), decision)
    assert later.state == "cancelled"
    assert counts["turned"] == 1 and counts["cancelled"] >= 1


def test_the_page_marks_asks_drafts_and_submits(campaign, tour, province):
    client, address = client_of(province), f"/dot/{CODE}/thay-doi/?pv=08"
    assert "vẫn thực hiện được" in client.get(address).content.decode()
    typed = {"viec": "vang", "giay": "21/GXN", "tu": f"{tour.start:%d/%m/%Y}", "den": f"{tour.end:%d/%m/%Y}"}
    answer = client.post(f"/luot/{tour.pk}/?pv=08", typed)
    assert answer.headers["Location"].startswith(f"/dot/{CODE}/thay-doi/")
    assert Absence.objects.get(paper="21/GXN").end == tour.end + timedelta(1)
    run = Run.objects.get(kind="solve")
    assert (run.given["origin"], run.state) == ("amend", "waiting")
    page = client.get(address).content.decode()
    assert "1 lượt không còn thực hiện được" in page and "hx-get" in page
    assert "không còn thực hiện được" in client.get("/viec-cua-toi/?pv=08").content.decode()
    Run.objects.filter(pk=run.pk).update(given=run.given | {"seconds": None, "work": 40})
    assert worker.one("solve", worker.KINDS["solve"], worker="test", ending=threading.Event())
    page = client.get(address).content.decode()
    assert "Lập dự thảo sửa đổi và trình ký" in page and "Số ngày báo trước" in page
    client.post(address, {"viec": "trinh"})
    told = Draft.objects.values_list("stage", "origin", "amends__number").get(run=run)
    assert told == ("submitted", "amend", "812/QĐ-SYT")
    assert "Lập dự thảo" not in client.get(address).content.decode()


def test_an_absence_without_number_or_days_records_nothing(campaign, tour, province):
    answer = client_of(province).post(f"/luot/{tour.pk}/?pv=08", {"viec": "vang", "tu": "", "den": "", "giay": " "})
    assert answer.status_code == 422 and not Absence.objects.filter(staff=tour.staff, paper="").exists()
    assert not Run.objects.filter(kind="solve").exists()


def test_nothing_issued_is_not_solved_again_and_two_never_run_at_once(campaign, province, tour):
    replans.ask(by=province, campaign=campaign, on=BEFORE)
    with pytest.raises(BadData) as twice:
        replans.ask(by=province, campaign=campaign, on=BEFORE)
    assert {one.code for one in twice.value.findings} == {"E750"}
    Run.objects.all().update(state="cancelled")
    with pytest.raises(BadData) as over:
        replans.ask(by=province, campaign=campaign, on=date(2027, 1, 1))
    assert {one.code for one in over.value.findings} == {"E812"}


@pytest.mark.parametrize("role", ["director", "clerk", "head", "sender", "commune"])
def test_nobody_but_the_planner_makes_the_plan_anew(campaign, tour, somebody, role):
    client = client_of(somebody(role, "08/" if role in ("director", "clerk") else tour.path))
    assert client.get(f"/dot/{CODE}/thay-doi/?pv=08").status_code == 403
    assert client.post(f"/dot/{CODE}/thay-doi/?pv=08", {"viec": "xep"}).status_code == 403
    assert not Run.objects.filter(kind="solve").exists()
