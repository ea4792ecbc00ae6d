"""The signing tray: one screen, the second factor, each code once, returned with a comment; who may not is refused."""

import re
from datetime import date, timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.utils import timezone

from tests.web.campaigns import CODE, first_tours, ready, small
from tests.web.conftest import SECRET, client_of
from tramyte.web.actions import drafts, stages
from tramyte.web.dossier import as_it_stood, dossier_of
from tramyte.web.models import Draft, Event, Ruling, Wanted
from tramyte.web.planning import Sheet, rows_of, tours_of
from tramyte.web.views.submission import Facts

pytestmark = pytest.mark.django_db
TRAY, SUBMISSION = "/ky/?pv=08", f"/dot/{CODE}/ho-so-trinh/?pv=08"


def code_now(steps=0):
    return format_hotp_value(hotp_value(SECRET, int(timezone.now().timestamp()) // 30 + steps))


@pytest.fixture
def submitted(province):
    draft = small(province)
    stages.submit(by=province, draft=draft, seen=draft.revision)
    cache.clear()
    return draft


def sign(client, draft, code, **more):
    return client.post(TRAY, {"ban": draft.pk, "lan-sua": draft.revision, "viec": "ky", "code": code, **more})


def test_the_tray_says_who_moves_what_stays_open_and_what_it_costs(submitted, somebody):
    director = client_of(somebody("director", "08/"))
    assert director.get("/").headers["Location"] == "/ky/"
    page = director.get(TRAY).content.decode()
    facts = Facts(dossier_of(submitted), "vi")
    people = len({tour["staff"] for tour in submitted.tours})
    assert facts.people == people and f"{people} người" in page
    assert facts.unmet == Sheet(submitted).unmet and facts.wanted == Sheet(submitted).wanted
    moves = re.search(r'<details id="ai-di">.*?</details>', page, re.DOTALL)
    assert moves and len(set(re.findall(r'<th scope="row">(.*?)</th>', moves[0]))) <= people
    assert moves[0].count("<tr>") - 1 == people, "the figure opens to as many rows as there are people"
    opened = re.search(r'<details id="con-trong">.*?</details>', page, re.DOTALL)
    assert opened
    weeks = [int(one.replace(".", "")) for one in re.findall(r'<td class="num">([\d.]+)</td>', opened[0])]
    assert sum(weeks) == facts.unmet and len(weeks) == len(facts.short)
    assert page.count('class="chip') >= 12 and "đồng" in page


def test_a_director_opens_types_the_code_and_has_signed(submitted, somebody):
    account = somebody("director", "08/")
    client = client_of(account)
    client.get(TRAY)
    assert sign(client, submitted, code_now()).status_code == 302
    submitted.refresh_from_db()
    ruling = Ruling.objects.get(draft=submitted)
    assert submitted.stage == "signed" and ruling.is_signed and ruling.account == account
    assert Event.objects.filter(action="stages.sign", account=account).exists()
    assert "Không có phương án nào chờ ký" in client.get(TRAY).content.decode()


def test_a_wrong_code_a_code_used_before_and_no_code_sign_nothing(submitted, somebody):
    account = somebody("director", "08/")
    client = client_of(account)
    for code in ("000000", "", "abc"):
        answer = sign(client, submitted, code)
        assert answer.status_code == 422 and "Mã không đúng" in answer.content.decode()
    code = code_now()
    cache.set(f"code/{account.pk}/{code}", 1)
    assert sign(client, submitted, code).status_code == 422
    submitted.refresh_from_db()
    assert submitted.stage == "submitted" and not Ruling.objects.exists()


def test_a_director_without_a_second_factor_is_led_to_set_it_up(submitted, somebody):
    account = somebody("director", "08/")
    Authenticator.objects.filter(user=account).delete()
    answer = client_of(account).get(TRAY)
    assert answer.status_code == 302 and answer.headers["Location"].endswith("/tai-khoan/lop-hai/")


@pytest.mark.parametrize("role", ["planner", "clerk", "commune", "sender", "head", "admin"])
def test_nobody_else_signs(submitted, somebody, role):
    client = client_of(somebody(role, "08/"))
    assert client.get(TRAY).status_code in (403, 404)
    assert sign(client, submitted, code_now()).status_code in (403, 404)
    assert Draft.objects.get(pk=submitted.pk).stage == "submitted"


def test_what_changed_since_it_was_looked_at_is_not_signed(submitted, somebody):
    client = client_of(somebody("director", "08/"))
    answer = client.post(TRAY, {"ban": submitted.pk, "lan-sua": "7", "viec": "ky", "code": code_now()})
    assert answer.status_code == 422
    assert client.post(TRAY, {"ban": "999999", "viec": "ky", "code": "1"}).status_code == 404
    stages.reopen(by=submitted.made_by, draft=submitted, reason="thêm người")
    assert sign(client, submitted, code_now()).status_code == 404, "it waits no longer"


def test_it_is_returned_with_a_comment_and_comes_again_with_what_changed(submitted, somebody, province):
    client = client_of(somebody("director", "08/"))
    assert client.post(TRAY, {"ban": submitted.pk, "viec": "tra", "y-kien": " "}).status_code == 422
    assert client.post(TRAY, {"ban": submitted.pk, "viec": "tra", "y-kien": "Xem lại Nậm Kè"}).status_code == 302
    submitted.refresh_from_db()
    assert submitted.stage == "draft"
    gone = first_tours(submitted, 2)
    drafts.change(by=province, draft=submitted, seen=0, removed=gone, words="UI_step_pinned")
    stages.submit(by=province, draft=submitted, seen=submitted.revision)
    facts = Facts(dossier_of(submitted), "vi")
    people = {tour.staff for tour in gone}
    assert len(facts.changed) == len(people)
    assert {tour.key for tour in tours_of(as_it_stood(submitted))} == {one.tour.key for one in facts.report.tours} | {
        tour.key for tour in gone
    }
    page = client.get(TRAY).content.decode()
    assert "Xem lại Nậm Kè" in page and f"{len(people)} người" in page


def test_the_next_one_follows(submitted, somebody, province):
    Draft.objects.filter(pk=submitted.pk).update(campaign=CODE)
    client = client_of(somebody("director", "08/"))
    other = Draft.objects.get(pk=submitted.pk)
    other.pk, other.number = None, 9
    other.save()
    assert client.get(TRAY).context["draft"].pk == submitted.pk
    assert client.get(f"{TRAY}&ban={other.pk}").context["draft"].pk == other.pk
    sign(client, submitted, code_now())
    assert client.get(TRAY).context["draft"].pk == other.pk


def test_a_planner_submits_with_a_summary_and_takes_back_with_a_reason(province, somebody):
    draft = small(province)
    client = client_of(province)
    assert "Xác nhận trình ký" in client.get(SUBMISSION).content.decode()
    assert client.post(SUBMISSION, {"viec": "trinh", "lan-sua": "5"}).status_code == 422
    assert client.post(SUBMISSION, {"viec": "trinh", "lan-sua": "0"}).status_code == 302
    assert Draft.objects.get(pk=draft.pk).stage == "submitted"
    assert "Rút về" in client.get(SUBMISSION).content.decode()
    assert client.post(SUBMISSION, {"viec": "rut", "ly-do": ""}).status_code == 422
    assert client.post(SUBMISSION, {"viec": "rut", "ly-do": "thêm người"}).status_code == 302
    assert Draft.objects.get(pk=draft.pk).stage == "draft"
    director = client_of(somebody("director", "08/"))
    assert "Xác nhận trình ký" not in director.get(SUBMISSION).content.decode()
    assert director.post(SUBMISSION, {"viec": "trinh", "lan-sua": "0"}).status_code == 403
    assert client_of(somebody("sender", "08/00001/")).get(SUBMISSION).status_code == 404


def test_what_the_tray_shows_of_agreements_is_what_is_on_record(province):
    draft = ready(province, small(province))
    facts = Facts(dossier_of(draft), "vi")
    assert facts.agreed[0] == facts.agreed[1] > 5
    assert {one.name for one in facts.checks if one.look == "short"} <= {"start"}, "of today's law, weeks have begun"
    assert facts.last is None and facts.changed == [] and date(2026, 1, 1) < draft.made_at.date()


def test_a_letter_counts_for_the_tours_it_was_about_and_a_request_for_those_it_asked_for(province):
    draft = ready(province, small(province))
    asked = Facts(dossier_of(draft), "vi").agreed[1]
    stages.reopen(by=province, draft=draft, reason="đổi tuần")
    sheet = Sheet(draft)
    gone = first_tours(draft)
    rest = [tour for tour in sheet.tours if tour.key != gone[0].key]
    unit, commune = _parties(draft, gone[0])
    drafts.change(by=province, draft=draft, seen=draft.revision, removed=gone, words="UI_step_pinned")
    dossier = dossier_of(draft)
    parties = dossier.asked(rows_of(rest))
    silent = {("sender", unit), ("receiver", commune)} & set(parties)
    agreed, now = Facts(dossier, "vi").agreed
    assert now - agreed == len(silent) >= 1 and now <= asked
    drafts.undo(by=province, draft=draft, seen=draft.revision)
    assert Facts(dossier_of(draft), "vi").agreed == (asked, asked), "as it was when they were asked"


def test_a_commune_that_asked_for_these_people_in_writing_has_agreed(province):
    draft = small(province)
    dossier = dossier_of(draft)
    commune, keys = next(
        (party[1], keys) for party, keys in dossier.asked(draft.tours).items() if party[0] == "receiver"
    )
    lines = [one for one in dossier.report.tours if one.tour.key in keys]
    for one in lines:
        assert one.start_date and one.end_date
        Wanted.objects.create(
            province="08", path="08/", facility=str(one.tour.station), skill=str(one.tour.skill), count=1,
            start=one.start_date, end=one.end_date + timedelta(days=1), reason="thiếu người", letter="7/UBND",
            letter_on=date(2026, 1, 5), asked_at=draft.made_at,
        )  # fmt: skip
    given = [one for one in dossier_of(draft).case.answers if one.answer == "agree"]
    assert [(one.side, one.party, one.letter) for one in given] == [("receiver", commune, "7/UBND")]
    first = Wanted.objects.order_by("start", "pk")[0]
    Wanted.objects.filter(pk=first.pk).update(end=first.end - timedelta(days=1))
    assert not dossier_of(draft).case.answers, "a day short is not these people"


def _parties(draft, tour):
    found = dossier_of(draft).asked(rows_of([tour]))
    return (next(party for side, party in found if side == wanted) for wanted in ("sender", "receiver"))
