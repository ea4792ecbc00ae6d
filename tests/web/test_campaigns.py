"""The life of a campaign by its actions: every step by who may, back with a reason, nothing issued that may not be."""

from datetime import date

import pytest

from tests.web.campaigns import CODE, drafted, first_tours, ready
from tests.web.conftest import client_of
from tramyte.domain.errors import AlreadyIssued, BadData, Infeasible, NotAllowed
from tramyte.domain.plan import Tour
from tramyte.web.actions import campaigns, drafts, issuing, stages
from tramyte.web.models import Campaign, Conduct, Deployment, Draft, Event, Issue, Opinion
from tramyte.web.planning import Sheet, rows_of, tours_of

pytestmark = pytest.mark.django_db
DUE = date(2199, 1, 5)
SIGNED = issuing.Signature("812/QĐ-SYT", "Nguyễn Văn Mẫu", date(2026, 1, 9))


@pytest.fixture
def draft(province):
    return drafted(province)


def codes(error):
    return {one.code for one in error.value.findings}


def removed(planner, draft, count=1):
    """Take tours out, as a planner does who sends somebody back to the pool."""
    return drafts.change(
        by=planner, draft=draft, seen=draft.revision, removed=first_tours(draft, count), words="UI_step_pinned"
    )


def signed(province, somebody, draft):
    """Bring a draft to its signature, with all on record that a decision asks for."""
    ready(province, draft)
    stages.submit(by=province, draft=draft, seen=draft.revision)
    stages.sign(by=somebody("director", "08/"), draft=draft, seen=draft.revision)
    return draft


def test_every_step_is_taken_back_and_made_again_in_order(province, draft):
    begun = list(draft.tours)
    states = [begun]
    for _ in range(3):
        removed(province, draft)
        states.append(list(draft.tours))
    assert [len(one) for one in states] == [len(begun) - n for n in range(4)]
    for state in reversed(states[:-1]):
        drafts.undo(by=province, draft=draft, seen=draft.revision)
        assert draft.tours == state
    with pytest.raises(BadData) as nothing:
        drafts.undo(by=province, draft=draft, seen=draft.revision)
    assert codes(nothing) == {"E713"}
    drafts.redo(by=province, draft=draft, seen=draft.revision)
    assert draft.tours == states[1]
    removed(province, draft)
    with pytest.raises(BadData) as gone:
        drafts.redo(by=province, draft=draft, seen=draft.revision)
    assert codes(gone) == {"E714"}
    assert draft.revision == draft.steps.count()


def test_a_hard_breach_is_refused_with_its_rule_and_nothing_is_written(province, draft):
    tour = first_tours(draft)[0]
    twice = Tour(tour.staff, tour.station, tour.skill, tour.start, tour.weeks + 30)
    with pytest.raises(Infeasible) as refused:
        drafts.change(
            by=province, draft=draft, seen=0, removed=[tour], added=[twice], words="UI_step_pinned", reason="vì sao"
        )
    assert refused.value.breaches
    draft.refresh_from_db()
    assert draft.revision == 0 and tour.to_json() in draft.tours and not draft.steps.exists()


def test_who_is_slower_sees_what_the_faster_one_did(province, draft):
    removed(province, draft)
    with pytest.raises(drafts.Stale) as late:
        drafts.change(by=province, draft=draft, seen=0, removed=first_tours(draft), words="UI_step_pinned")
    assert late.value.draft.revision == 1 and [step.number for step in late.value.steps] == [1]


def test_one_edits_at_a_time_until_another_takes_over(province, draft, somebody):
    other = somebody("planner", "08/")
    with pytest.raises(BadData) as held:
        removed(other, draft)
    assert codes(held) == {"E715"}
    conduct = Conduct.objects.get(campaign=CODE)
    with pytest.raises(AlreadyIssued):
        campaigns.edit(by=other, conduct=conduct)
    campaigns.edit(by=other, conduct=conduct, takes_over=True)
    removed(other, draft)
    with pytest.raises(BadData):
        removed(province, draft)


def test_pins_stay_with_their_tours(province, draft):
    tours = first_tours(draft, 2)
    drafts.pin(by=province, draft=draft, seen=0, tours=tours, is_pinned=True)
    assert tours_of(draft.pins) == tuple(sorted(tours, key=lambda tour: tour.key))
    removed(province, draft)
    assert draft.pins == rows_of(tours[1:])
    drafts.undo(by=province, draft=draft, seen=draft.revision)
    assert len(draft.pins) == 2


def test_a_draft_goes_out_for_opinions_and_comes_back(province, draft, somebody):
    asked = stages.consult(by=province, draft=draft, seen=0, due=DUE)
    sheet = Sheet(draft)
    units = {str(sheet.problem.unit_of(tour).id) for tour in sheet.tours}
    assert {one.party for one in asked if one.side == "sender"} == units
    one = next(row for row in asked if row.side == "sender")
    own = somebody("sender", one.path)
    with pytest.raises(BadData) as bare:
        stages.answer(by=own, opinion=one, answer="decline", letter="", letter_on=None, words="")
    assert codes(bare) == {"E722", "E723"}
    stages.answer(by=own, opinion=one, answer="agree", letter="15/BV", letter_on=date(2026, 1, 9), words="")
    other = next(row for row in asked if row.side == "receiver")
    with pytest.raises(NotAllowed):
        stages.answer(by=own, opinion=other, answer="agree", letter="1", letter_on=date(2026, 1, 9), words="")
    assert len(stages.remind(by=province, draft=draft)) == len(asked) - 1
    stages.reopen(by=province, draft=draft, reason="thêm người")
    stages.consult(by=province, draft=draft, seen=0, due=DUE)
    assert Opinion.objects.filter(draft=draft, answer="agree").count() == 1
    assert not [row for row in stages.opinions(draft) if row.answer]


def test_a_signed_draft_is_issued_with_number_signer_and_day_or_not_at_all(province, draft, somebody):
    clerk = somebody("clerk", "08/")
    with pytest.raises(AlreadyIssued):
        issuing.issue(by=clerk, draft=draft, signature=SIGNED, papers=issuing.Papers())
    signed(province, somebody, draft)
    with pytest.raises(BadData) as half:
        issuing.issue(
            by=clerk, draft=draft, signature=issuing.Signature(" ", "Ai", SIGNED.signed_on), papers=issuing.Papers()
        )
    assert codes(half) == {"E601"}
    assert not Deployment.objects.filter(campaign=CODE).exists() and draft.stage == "signed"
    issuing.issue(by=clerk, draft=draft, signature=SIGNED, papers=issuing.Papers())
    rows = Deployment.objects.filter(campaign=CODE)
    assert rows.count() == len(draft.tours) and {one.state for one in rows} == {"issued"}
    assert {one.decision.number for one in rows.select_related("decision")} == {SIGNED.number}
    assert Issue.objects.get(draft=draft).tours == draft.tours
    with pytest.raises(AlreadyIssued):
        removed(province, draft)


@pytest.mark.parametrize("role", ["planner", "director", "commune", "head", "sender", "staff", "analyst", "admin"])
def test_nobody_but_the_clerk_issues(province, draft, somebody, role):
    signed(province, somebody, draft)
    account = somebody(role, "08/", staff="TQ-0001" if role == "staff" else None)
    with pytest.raises(NotAllowed):
        issuing.issue(by=account, draft=draft, signature=SIGNED, papers=issuing.Papers())
    assert not Deployment.objects.filter(campaign=CODE).exists()


def test_a_draft_that_changed_since_it_was_looked_at_is_not_signed(province, draft, somebody):
    director = somebody("director", "08/")
    removed(province, draft)
    stages.submit(by=province, draft=draft, seen=1)
    with pytest.raises(drafts.Stale):
        stages.sign(by=director, draft=draft, seen=0)
    stages.send_back(by=director, draft=draft, words="xem lại")
    assert Draft.objects.get(pk=draft.pk).stage == "draft"
    assert not Draft.objects.get(pk=draft.pk).rulings.get().is_signed


def test_an_issued_campaign_runs_and_ends_and_goes_back_with_a_reason(province, draft, somebody):
    conduct = Conduct.objects.get(campaign=CODE)
    with pytest.raises(BadData):
        campaigns.run(by=province, conduct=conduct, on=date(2026, 1, 12))
    signed(province, somebody, draft)
    issuing.issue(by=somebody("clerk", "08/"), draft=draft, signature=SIGNED, papers=issuing.Papers())
    campaigns.run(by=province, conduct=conduct, on=date(2026, 1, 12))
    campaigns.end(by=province, conduct=conduct, reason="đã xong")
    campaigns.back(by=province, conduct=conduct, reason="còn một người")
    assert Conduct.objects.get(campaign=CODE).state == "running"
    assert Event.objects.filter(action="campaigns.back").count() == 1


def test_a_campaign_is_opened_with_every_mistake_told_at_once(province):
    wrong = {
        "code": CODE, "name": "Đợt", "first_monday": date(2026, 3, 3), "weeks": 99, "instrument": "support",
        "max_tours": 2, "rest_weeks": 2, "max_travel_min": 480,
    }  # fmt: skip
    with pytest.raises(BadData) as refused:
        campaigns.begin(by=province, province="08", values=wrong)
    assert codes(refused) == {"E700", "E701", "E702"}
    right = wrong | {"code": "TQ-2026-02", "first_monday": date(2026, 3, 2), "weeks": 8}
    campaigns.begin(by=province, province="08", values=right)
    assert Campaign.objects.filter(code="TQ-2026-02").exists()


def test_pages_of_campaigns_are_shown(province, draft):
    client = client_of(province)
    for address in ("/dot/", "/dot/mo/", f"/dot/{CODE}/"):
        answer = client.get(f"{address}?pv=08")
        assert answer.status_code == 200, address
    assert "Bản 1" in client.get(f"/dot/{CODE}/?pv=08").content.decode()
    typed = {"code": "TQ-2026-02", "name": "Đợt hai", "first_monday": "2/3/2026", "weeks": "8", "max_tours": "1",
             "rest_weeks": "2", "max_travel_min": "abc", "instrument": "support"}  # fmt: skip
    assert "abc" in client.post("/dot/mo/?pv=08", typed).content.decode()
    answer = client.post("/dot/mo/?pv=08", typed | {"max_travel_min": "300"})
    assert answer.status_code == 302 and "/dot/TQ-2026-02/" in answer["Location"]
