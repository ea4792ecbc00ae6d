"""Decisions: no path issues one with a hard breach, without its signature data, or by a role that may not."""

import io
import json
import zipfile
from contextlib import suppress
from datetime import date

import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.web.campaigns import CODE, ready, signed, small
from tests.web.conftest import client_of
from tramyte.domain.errors import AlreadyIssued, BadData, NotAllowed
from tramyte.domain.plan import Tour
from tramyte.web import bundle
from tramyte.web.actions import drafts, issuing
from tramyte.web.dossier import dossier_of
from tramyte.web.models import Decision, Deployment, Draft, Frozen, Issue, Opinion, Paper
from tramyte.web.planning import Sheet, rows_of, tours_of
from tramyte.web.views import decisions
from tramyte.web.views.issued import dossier_of_issue

pytestmark = pytest.mark.django_db
LIST, SIGNED_ON = "/quyet-dinh/?pv=08", date(2026, 1, 9)
FORM = {"so": "812", "nguoi-ky": "director", "ngay-ky": "09/01/2026", "viec": "ban-hanh"}
SIGNATURE = issuing.Signature("812", "director", SIGNED_ON)


@pytest.fixture
def draft(province, somebody):
    """Return a draft that is signed, with all on record that a decision asks for."""
    return signed(province, somebody("director", "08/"), ready(province, small(province)))


@pytest.fixture
def clerk(somebody):
    return somebody("clerk", "08/")


def page(draft):
    return f"/quyet-dinh/ban/{CODE}/{draft.number}/?pv=08"


def by_page(account, draft, **changes):
    """Issue as a clerk does on the page; return whether it was."""
    client_of(account).post(page(draft), {**FORM, **changes})
    return Issue.objects.exists()


def by_action(account, draft, **changes):
    """Issue by the action itself."""
    form = {**FORM, **changes}
    day = date(*map(int, reversed(form["ngay-ky"].split("/"))))
    signature = issuing.Signature(form["so"], form["nguoi-ky"], day)
    with suppress(BadData, NotAllowed, AlreadyIssued):
        issuing.issue(by=account, draft=draft, signature=signature, papers=issuing.Papers())
    return Issue.objects.exists()


def by_program(account, draft, **changes):
    """Issue as a program does."""
    form = {**FORM, **changes}
    body = {"province": "08", "number": form["so"], "signer": form["nguoi-ky"],
            "signed_on": "-".join(reversed(form["ngay-ky"].split("/")))}  # fmt: skip
    client_of(account).post(
        f"/api/v1/campaigns/{CODE}/drafts/{draft.number}/issue", json.dumps(body), content_type="application/json"
    )
    return Issue.objects.exists()


PATHS = (by_page, by_action, by_program)


def breach(draft):
    """Put a tour into the draft that breaks a rule, behind the back of every action."""
    first = tours_of(draft.tours)[0]
    Draft.objects.filter(pk=draft.pk).update(
        tours=[*draft.tours, Tour(first.staff, first.station, first.skill, first.start, first.weeks + 1).to_json()]
    )


AGAINST = {
    "a hard breach": breach,
    "a letter that is missing": lambda draft: Opinion.objects.filter(draft=draft, side="receiver").update(answer=None),
    "a change after the signature": lambda draft: Draft.objects.filter(pk=draft.pk).update(revision=5),
    "no signature in the tray": lambda draft: Draft.objects.filter(pk=draft.pk).update(stage="submitted"),
    "bases left open": lambda draft: draft.rulings.model.objects.none() or _without_bases(),
}


def _without_bases():
    from tramyte.web.models import Layout

    Layout.objects.all().delete()


@pytest.mark.parametrize("what", AGAINST)
def test_no_path_issues_with_something_against_it(draft, clerk, what):
    AGAINST[what](draft)
    draft.refresh_from_db()
    assert not any(path(clerk, draft) for path in PATHS)
    assert not Deployment.objects.filter(campaign=CODE).exists() and not Decision.objects.filter(number="812").exists()


@pytest.mark.parametrize("gap", [{"so": " "}, {"nguoi-ky": " "}, {"ngay-ky": "15/01/2026"}])
def test_no_path_issues_without_number_or_signer_or_after_somebody_has_begun(draft, clerk, gap):
    assert not any(path(clerk, draft, **gap) for path in PATHS)


@pytest.mark.parametrize("role", ["planner", "director", "commune", "head", "sender", "staff", "analyst", "admin"])
def test_no_path_issues_by_a_role_that_may_not(draft, somebody, role):
    account = somebody(role, "08/", staff="TQ-0001" if role == "staff" else None)
    assert not any(path(account, draft) for path in PATHS)


@pytest.mark.parametrize("path", PATHS)
def test_each_path_issues_what_nothing_stands_against(draft, clerk, path):
    assert path(clerk, draft)
    issue = Issue.objects.get()
    assert issue.decision.number == "812/QĐ-SYT" and issue.decision.signed_on == SIGNED_ON
    assert Deployment.objects.filter(decision=issue.decision).count() == len(draft.tours)
    assert len(issue.checks) == 12 and not any(one["look"] == "short" for one in issue.checks)


def test_a_clerk_types_a_number_and_issues_with_signer_and_day_from_the_tray(draft, clerk):
    client = client_of(clerk)
    assert client.get("/").headers["Location"] == "/quyet-dinh/"
    assert page(draft) in client.get(LIST).content.decode()
    form = client.get(page(draft)).context["form"]
    assert form["nguoi-ky"] == "director" and form["open"] == []
    answer = client.post(page(draft), {"so": "812", "ngay-ky": "09/01/2026"})
    assert answer.status_code == 302 and answer.headers["Location"].startswith("/quyet-dinh/2026/812-qd-syt/")
    assert client.get(page(draft)).headers["Location"] == answer.headers["Location"]


def test_what_was_typed_stays_and_every_missing_part_leads_to_its_field(draft, clerk):
    answer = client_of(clerk).post(page(draft), {"so": "", "nguoi-ky": " ", "ngay-ky": "mai", "noi-ky": "Hà Giang"})
    text = answer.content.decode()
    assert answer.status_code == 422 and 'value="Hà Giang"' in text and 'value="mai"' in text
    assert all(f'href="#{name}"' in text for name in ("so", "nguoi-ky", "ngay-ky"))


def test_a_day_without_law_and_a_form_that_no_paper_has_are_told(draft, clerk):
    client = client_of(clerk)
    for typed in (
        {"ngay-ky": "01/01/1950"},
        {"hinh-thuc": "XX."},
        {"so": "8", "can-cu-1": "x", "them": "Kế hoạch [số]"},
    ):
        answer = client.post(page(draft), {**FORM, **typed})
        assert answer.status_code == 422 and 'id="wrong"' in answer.content.decode(), typed
    assert not Issue.objects.exists()


def test_pages_of_signing_ask_the_database_as_often_however_many_people_go(
    draft, clerk, somebody, django_assert_max_num_queries
):
    client = client_of(clerk)
    with django_assert_max_num_queries(60):
        client.get(page(draft))
    with django_assert_max_num_queries(40):
        client.get(LIST)


def test_the_text_the_files_and_the_preview_say_the_same(draft, clerk):
    client = client_of(clerk)
    text = client.get(page(draft)).content.decode()
    assert "BẢN DỰ THẢO" in text and "Căn cứ Kế hoạch số 12/KH-UBND;" in text
    answer = client.get(f"{page(draft)}&xuat=pdf&so=812&nguoi-ky=director&ngay-ky=09/01/2026")
    paper = pypdfium2.PdfDocument(answer.content)
    first = paper[0].get_textpage().get_text_bounded()
    paper.close()
    assert "812/QĐ-SYT" in first and "09 tháng 01 năm 2026" in first and "DỰ THẢO" not in first
    word = client.get(f"{page(draft)}&xuat=docx").content
    assert zipfile.is_zipfile(io.BytesIO(word)) and word == client.get(f"{page(draft)}&xuat=docx").content


def test_an_issued_decision_shows_its_files_with_their_sum_and_takes_the_signed_copy(draft, clerk, somebody):
    issue = issuing.issue(by=clerk, draft=draft, signature=SIGNATURE, papers=issuing.Papers())
    client, there = client_of(clerk), decisions.address(issue)
    text = client.get(there).content.decode()
    papers = list(Paper.objects.filter(issue=issue))
    assert {one.filename for one in papers} == {"quyet-dinh.docx", "quyet-dinh.pdf"}
    assert all(one.sha256 in text for one in papers) and "DỰ THẢO" not in text
    assert client.get("/quyet-dinh/2026/812/?pv=08").status_code == 200, "the bare number is enough"
    row = client.get(LIST).context["list"].page.object_list[0]
    assert row["tours"] == len(draft.tours) == len(client.get(there).context["tours"]), "the figure opens to its rows"
    got = client.get(f"/quyet-dinh/2026/812-qd-syt/tep/{papers[1].pk}/?pv=08")
    assert got.content == bytes(papers[1].content) and got["Content-Type"] == "application/pdf"
    wrong = client.post(there, {"ban-ky": SimpleUploadedFile("a.pdf", b"no")})
    assert wrong.status_code == 422
    assert client.post(there, {"ban-ky": SimpleUploadedFile("a.pdf", b"%PDF-1.7 x")}).status_code == 302
    assert Paper.objects.filter(issue=issue, kind="signed").count() == 1
    planner = client_of(somebody("planner", "08/"))
    assert planner.post(there, {"ban-ky": SimpleUploadedFile("b.pdf", b"%PDF-1.7 y")}).status_code == 403


def test_who_sees_one_place_sees_its_own_people_and_letter_alone(draft, clerk, somebody):
    issue = issuing.issue(by=clerk, draft=draft, signature=SIGNATURE, papers=issuing.Papers())
    found = dossier_of_issue(issue)
    senders = [one for one in bundle.parties(found) if one.kind == "letter_sender"]
    own, other = senders[0], senders[1]
    path = Deployment.objects.filter(sending_facility=own.code).first().sending_path
    client = client_of(somebody("sender", path))
    text = client.get(decisions.address(issue)).content.decode()
    paper = Paper.objects.get(filename="quyet-dinh.pdf")
    assert own.lines[0].staff_name in text and paper.sha256 not in text
    names = {one.staff_name for one in other.lines} - {one.staff_name for one in own.lines}
    assert not any(f">{name}<" in text for name in names)
    base = "/quyet-dinh/2026/812-qd-syt/van-ban"
    assert client.get(f"{base}/letter_sender/{own.code}/?pv=08").status_code == 200
    assert client.get(f"{base}/unit_list/{own.code}/?pv=08&dang=pdf")["Content-Type"] == "application/pdf"
    assert client.get(f"{base}/letter_sender/{other.code}/?pv=08").status_code == 404
    assert client.get(f"{base}/thu/{own.code}/?pv=08").status_code == 404
    assert (
        client.get(
            f"/quyet-dinh/2026/812-qd-syt/tep/{Paper.objects.get(filename='quyet-dinh.pdf').pk}/?pv=08"
        ).status_code
        == 404
    )


def test_gaps_in_the_numbering_are_shown(province, clerk):
    for number in ("812/QĐ-SYT", "815/QĐ-SYT"):
        draft = Draft.objects.create(
            province="08", path="08/", campaign=CODE, number=int(number[:3]), stage="issued", origin="hand",
            frozen=Frozen.objects.get_or_create(sha256="0", defaults={"problem": {}})[0],
            made_at=province.date_joined, changed_at=province.date_joined,
        )  # fmt: skip
        decision = Decision.objects.create(
            province="08", path="08/", kind="support", subject="x", number=number, signer="A", signed_on=SIGNED_ON
        )
        Issue.objects.create(
            province="08", path="08/", draft=draft, decision=decision, campaign=CODE, issued_at=draft.made_at
        )
    text = client_of(clerk).get(LIST).content.decode()
    assert "813–814" in text and text.index("815/QĐ-SYT") < text.index("813–814") < text.index("812/QĐ-SYT")
    assert "813" not in client_of(clerk).get(f"{LIST}&nam=2025").content.decode()


def amended(planner, draft, change):
    """Return a signed draft that amends the issued one: its tours as `change` makes them."""
    tours = change(list(tours_of(draft.tours)))
    made = drafts.make(
        by=planner, campaign=dossier_of(draft).campaign, problem=Sheet(draft).problem, tours=tours, origin="amend",
        parent=draft,
    )  # fmt: skip
    Draft.objects.filter(pk=made.pk).update(stage="signed")
    made.refresh_from_db()
    made.rulings.create(province="08", path="08/", revision=0, is_signed=True, at=draft.made_at,
                        account=draft.rulings.get().account)  # fmt: skip
    return made


def test_an_amending_decision_lists_what_changes_and_shortens_what_has_begun(draft, clerk, province):
    issuing.issue(by=clerk, draft=draft, signature=SIGNATURE, papers=issuing.Papers())
    long = next(tour for tour in Sheet(draft).tours if tour.weeks == 2 and tour.start == 0)
    row = Deployment.objects.get(staff=long.staff, start=date(2026, 1, 12))
    made = amended(province, draft, lambda tours: [tour for tour in tours if tour.key != long.key])
    second = issuing.Signature("820", "director", date(2026, 1, 19))
    found = dossier_of(made, signature=second)
    assert [one.tour.key for one in found.report.tours] == [long.key]
    assert found.decision.amends and found.decision.amends.gone == {long.key}
    assert "Quyết định số 812/QĐ-SYT ngày 09 tháng 01 năm 2026" in found.decision.legal_bases
    assert "bãi bỏ 01 lượt, bổ sung 00 lượt" in decisions.reading(found)["articles"][0]["first"]
    issue = issuing.issue(by=clerk, draft=made, signature=second, papers=issuing.Papers())
    row.refresh_from_db()
    assert (row.end, row.state) == (date(2026, 1, 19), "issued"), "half served: it ends, it is not cancelled"
    assert row.history.count() == 2 and row.decision == issue.decision
    text = client_of(clerk).get("/quyet-dinh/2026/812/?pv=08").content.decode()
    assert "820/QĐ-SYT" in text


def test_who_takes_the_place_of_somebody_is_told_with_what_was(draft, clerk, province):
    issuing.issue(by=clerk, draft=draft, signature=SIGNATURE, papers=issuing.Papers())
    one = next(tour for tour in Sheet(draft).tours if tour.weeks == 2 and tour.start > 3)
    shorter = Tour(one.staff, one.station, one.skill, one.start, 1)
    made = amended(province, draft, lambda tours: [tour if tour.key != one.key else shorter for tour in tours])
    found = dossier_of(made, signature=issuing.Signature("820", "director", date(2026, 1, 12)))
    amends = found.decision.amends
    assert amends and list(amends.changed) == [shorter.key] and not amends.gone
    assert rows_of(line.tour for line in found.report.tours) == [shorter.to_json()]
    assert found.case.ending == {shorter.key}
    assert next(one for one in found.checks if one.name == "agreement").look == "met", (
        "who goes home earlier asks nobody"
    )


def test_a_certificate_is_given_of_a_tour_that_was_served(draft, clerk, somebody):
    issuing.issue(by=clerk, draft=draft, signature=SIGNATURE, papers=issuing.Papers())
    row = Deployment.objects.filter(campaign=CODE).order_by("start").first()
    there = f"/quyet-dinh/xac-nhan/{row.pk}/"
    assert client_of(somebody("staff", "08/", staff=row.staff)).get(there).status_code == 200
    assert client_of(somebody("staff", "08/", staff="TQ-9999")).get(there).status_code == 404
    planner = client_of(somebody("planner", "08/"))
    assert zipfile.is_zipfile(io.BytesIO(planner.get(f"{there}?dang=docx").content))
    paper = pypdfium2.PdfDocument(planner.get(there).content)
    text = " ".join(paper[0].get_textpage().get_text_bounded().split())
    paper.close()
    assert "GIẤY XÁC NHẬN" in text and "812/QĐ-SYT" in text
    Deployment.objects.filter(pk=row.pk).update(state="cancelled")
    assert planner.get(there).status_code == 404, "a tour that was withdrawn has none"


def test_the_submission_dossier_is_the_same_to_the_letter_and_holds_every_paper(province, monkeypatch):
    draft = ready(province, small(province))
    monkeypatch.setattr(bundle, "parties", lambda dossier: _few(dossier))
    client = client_of(province)
    address = f"/dot/{CODE}/ho-so-trinh/?pv=08&xuat=zip"
    answer = client.get(address)
    names = zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
    assert {name.split("/")[0].split(".")[0] for name in names} >= {
        "1-to-trinh", "2-du-thao-quyet-dinh", "3-danh-sach", "thu", "thu-xa", "danh-sach", "4-y-kien",
    }  # fmt: skip
    assert answer.content == client.get(address).content and Draft.objects.get(pk=draft.pk).stage == "opinions"


def _few(dossier, every=bundle.parties):
    found = every(dossier)
    return [next(one for one in found if one.kind == kind) for kind in ("letter_sender", "letter_receiver")]


def test_programs_read_decisions_as_pages_do(draft, clerk, somebody):
    issue = issuing.issue(by=clerk, draft=draft, signature=SIGNATURE, papers=issuing.Papers())
    client = client_of(clerk)
    rows = client.get("/api/v1/decisions?province=08").json()["rows"]
    assert [(one["number"], one["signed_on"]) for one in rows] == [("812/QĐ-SYT", "2026-01-09")]
    one = client.get(f"/api/v1/decisions/{issue.pk}?province=08").json()
    assert len(one["tours"]) == len(draft.tours) and len(one["checks"]) == 12
    file = client.get(f"/api/v1/decisions/{issue.pk}/papers/{one['papers'][1]['id']}?province=08")
    assert file.content.startswith(b"%PDF-")
    path = Deployment.objects.filter(campaign=CODE).first().sending_path
    sender = client_of(somebody("sender", path))
    seen = sender.get(f"/api/v1/decisions/{issue.pk}?province=08").json()
    assert 0 < len(seen["tours"]) < len(draft.tours) and seen["checks"] == [] and seen["papers"] == []
