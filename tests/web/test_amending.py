"""After an issue: what amends the decision in force goes on, what was served stays, what cannot go comes back."""

from datetime import date, timedelta

import pytest

from tests.web.campaigns import CODE, ready, signed, small
from tests.web.conftest import client_of
from tests.web.test_tray import code_now
from tramyte.domain.errors import BadData
from tramyte.web.actions import campaigns, drafts, issuing, stages
from tramyte.web.models import Campaign, Conduct, Decision, Deployment, Draft, Issue
from tramyte.web.planning import Sheet, tour_of, tours_of

pytestmark = pytest.mark.django_db
SIGNED_ON, LATER = date(2026, 1, 9), date(2026, 2, 20)
LONG = "9" * 5000


@pytest.fixture
def people(province, somebody):
    return province, somebody("director", "08/"), somebody("clerk", "08/")


@pytest.fixture
def first(people):
    """Return the issued draft of a small plan."""
    planner, director, clerk = people
    draft = signed(planner, director, ready(planner, small(planner)))
    issuing.issue(
        by=clerk, draft=draft, signature=issuing.Signature("812", "director", SIGNED_ON), papers=issuing.Papers()
    )
    return draft


def numbered(clerk, draft, number, on=SIGNED_ON):
    signature = issuing.Signature(number, "director", on)
    return issuing.issue(by=clerk, draft=draft, signature=signature, papers=issuing.Papers())


def copied(planner, draft, tours=None):
    """Return a copy of a draft, some of its tours left out."""
    campaign = Campaign.objects.get(province="08", code=CODE)
    tours = Sheet(draft).tours if tours is None else tours
    return drafts.make(
        by=planner, campaign=campaign, problem=Sheet(draft).problem, tours=tours, origin="copy", parent=draft
    )  # fmt: skip


def codes(error):
    return [one.code for one in error.value.findings]


def amended(people, draft, number="813", on=LATER):
    planner, director, clerk = people
    signed(planner, director, ready(planner, draft))
    return numbered(clerk, draft, number, on)


def test_a_draft_made_before_the_last_decision_goes_no_further(people, province):
    planner, director, clerk = people
    one = small(planner)
    other = copied(planner, one, Sheet(one).tours[1:])
    signed(planner, director, ready(planner, one))
    issuing.issue(
        by=clerk, draft=one, signature=issuing.Signature("812", "director", SIGNED_ON), papers=issuing.Papers()
    )
    standing = list(Deployment.objects.filter(campaign=CODE).order_by("pk").values_list("pk", "state"))
    with pytest.raises(BadData) as error:
        stages.submit(by=planner, draft=other, seen=other.revision)
    assert codes(error) == ["E732"] and "812/QĐ-SYT" in error.value.findings[0].sentence("vi")
    Draft.objects.filter(pk=other.pk).update(stage="signed")
    other.refresh_from_db()
    with pytest.raises(BadData) as error:
        numbered(clerk, other, "813")
    assert codes(error) == ["E732"] and Issue.objects.count() == 1
    assert list(Deployment.objects.filter(campaign=CODE).order_by("pk").values_list("pk", "state")) == standing


def test_what_changes_nothing_is_not_submitted_and_an_ended_campaign_takes_no_more(people, first):
    planner = people[0]
    same = copied(planner, first)
    with pytest.raises(BadData) as error:
        stages.submit(by=planner, draft=same, seen=same.revision)
    assert codes(error) == ["E737"]
    Conduct.objects.filter(province="08", campaign=CODE).update(state="ended")
    less = copied(planner, first, Sheet(first).tours[1:])
    with pytest.raises(BadData) as error:
        stages.submit(by=planner, draft=less, seen=less.revision)
    assert codes(error) == ["E705"]


def test_tours_served_or_ended_early_stay_as_they_were(people, first):
    rows = list(Deployment.objects.filter(campaign=CODE).order_by("start", "pk"))
    served, last = rows[0], rows[-1]
    assert served.end <= LATER < last.start
    cut = next(one for one in rows[1:] if one.end <= LATER)
    early = cut.end - timedelta(5)
    Deployment.objects.filter(pk=cut.pk).update(state="ended", end=early)
    tours = Sheet(first).tours
    campaign = Campaign.objects.get(province="08", code=CODE)
    keep = [tour for tour in tours if tour.key != tour_of(last, campaign).key]
    with pytest.raises(BadData) as error:
        amended(people, copied(people[0], first, [tour for tour in keep if tour.staff != served.staff]))
    assert "E736" in codes(error) and served.staff in error.value.findings[-1].sentence("vi")
    Draft.objects.exclude(pk=first.pk).update(stage="dropped")
    issue = amended(people, copied(people[0], first, keep), number="814")
    for one in (served, cut, last):
        one.refresh_from_db()
    assert (served.state, served.decision.number) == ("issued", "812/QĐ-SYT")
    assert (cut.state, cut.decision.number, cut.end) == ("ended", "812/QĐ-SYT", early)
    assert last.state == "cancelled" and issue.decision.number == "814/QĐ-SYT"


@pytest.mark.parametrize(
    ("signature", "code"),
    [
        (("812/qđ-syt", "director", SIGNED_ON), "E730"), (("0812", "director", SIGNED_ON), "E730"),
        (("—/QĐ-SYT", "director", SIGNED_ON), "E733"), ((LONG, "director", SIGNED_ON), "E733"),
        (("900\0", "director", SIGNED_ON), "E733"), (("900", "d" * 419, SIGNED_ON), "E734"),
        (("900", "a\0b", SIGNED_ON), "E734"), (("900", "director", date(2190, 1, 1)), "E735"),
    ],
)  # fmt: skip
def test_a_number_a_signer_or_a_day_that_can_never_be_issues_nothing(people, province, signature, code):
    planner, director, clerk = people
    draft = signed(planner, director, ready(planner, small(planner)))
    Decision.objects.create(
        province="08", path="08/", kind="support", subject="Khác", number="812/QĐ-SYT", signer="A", signed_on=SIGNED_ON
    )
    with pytest.raises(BadData) as error:
        issuing.issue(by=clerk, draft=draft, signature=issuing.Signature(*signature), papers=issuing.Papers())
    assert code in codes(error) and not Issue.objects.exists()


def test_a_director_returns_what_is_signed_and_cannot_be_issued(people, province):
    planner, director, _ = people
    draft = signed(planner, director, ready(planner, small(planner)))
    client = client_of(director)
    page = client.get("/ky/?pv=08").content.decode()
    assert "Đã ký, chờ cấp số" in page and "Không có phương án nào chờ ký" in page
    page = client.get(f"/ky/?pv=08&ban={draft.pk}").content.decode()
    assert 'value="tra"' in page and 'value="ky"' not in page
    client.post("/ky/?pv=08", {"ban": draft.pk, "viec": "tra", "y-kien": "có người ốm"})
    draft.refresh_from_db()
    assert draft.stage == "draft" and tours_of(draft.tours)


UNFIT = ("a/b", "%2F", "x?y", "x#y", "mo", "..", "<b>", "a\0b", "x" * 40)


@pytest.mark.parametrize(("code", "finding"), [*((code, "E709") for code in UNFIT), ("tq-2026-01", "E700")])
def test_a_campaign_has_a_code_that_an_address_can_have(province, code, finding):
    values = {
        "code": code, "name": "Thử", "first_monday": date(2026, 3, 2), "weeks": 12, "instrument": "support",
        "max_tours": 2, "rest_weeks": 1, "max_travel_min": 600,
    }  # fmt: skip
    with pytest.raises(BadData) as error:
        campaigns.begin(by=province, province="08", values=values)
    assert codes(error) == [finding]
    assert Campaign.objects.filter(province="08").count() == 1


def test_endless_digits_are_answered(people, first):
    planner, director = client_of(people[0]), client_of(people[1])
    less = copied(people[0], first, Sheet(first).tours[1:])
    for address, body in (
        (f"/dot/{CODE}/xep/?pv=08", {"giay": LONG}), (f"/dot/{CODE}/ho-so-trinh/?pv=08", {"lan-sua": LONG}),
        (f"/dot/{CODE}/bang/sua/?pv=08", {"viec": "hoan-lai", "seen": LONG}),
    ):  # fmt: skip
        assert planner.post(address, body).status_code == 422, address
    stages.submit(by=people[0], draft=less, seen=less.revision)
    assert director.post("/ky/?pv=08", {"ban": less.pk, "lan-sua": LONG, "code": code_now()}).status_code == 422
    assert planner.get(f"/quyet-dinh/{LONG[:20]}/x/?pv=08").status_code == 404
    assert planner.get(f"/nhat-ky/?truoc={LONG}").status_code == 200


def test_the_timeline_is_read_as_it_was_known_and_in_english(people, first):
    planner = client_of(people[0])
    for address in ("/lich/?pv=08&biet-den=2026-11-22", "/api/v1/timeline?province=08&known=2026-11-22"):
        assert planner.get(address).status_code == 200, address
    at = "/lich/?pv=08&ngay=2026-01-20"
    assert "tuần 04/2026" in planner.get(at).content.decode()
    planner.cookies["lang"] = "en"
    english = planner.get(at).content.decode()
    assert "week 04/2026" in english and "tuần 0" not in english
