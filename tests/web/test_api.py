"""Programs ask as people do: the same rows, the same figures, the same refusals; pages that stay in place."""

import json
from dataclasses import fields, replace

import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.web.conftest import DAY
from tests.web.test_pages import page
from tramyte.cli.group import main
from tramyte.domain.register import Register
from tramyte.exchange.workbook import write
from tramyte.web.actions import runs, tokens
from tramyte.web.api.lists import EVER
from tramyte.web.models import Facility, Run, Staff
from tramyte.web.nouns import MASKED, nouns
from tramyte.web.quality import CHECKS
from tramyte.web.work import reading

pytestmark = pytest.mark.django_db
PUBLIC = {"1": 24, "2": 72, "3": 22, "4": 6}


def asked(account, address, *, status=200, **more):
    """Return the answer to an account's question, as JSON."""
    client = Client(**more)
    if account:
        client.force_login(account)
    answer = client.get(f"/api/v1{address}")
    assert answer.status_code == status, (address, answer.content[:500])
    assert answer.headers["Content-Type"].startswith("application/json")
    return answer.json()


def pages(account, address, limit):
    """Return every row of a list, page after page."""
    found, after = [], ""
    while after is not None:
        told = asked(account, f"{address}&limit={limit}" + (f"&after={after}" if after else ""))
        assert len(told["rows"]) <= limit
        found += told["rows"]
        after = told["next"]
    return found


def test_the_figures_are_those_of_the_command_and_of_the_papers(province, tuyen_quang, tmp_path):
    told = asked(province, f"/need/doctors?province=08&on={DAY}")
    book = tmp_path / "tq.xlsx"
    book.write_bytes(write(tuyen_quang, lang="vi"))
    printed = CliRunner().invoke(main, ["need", str(book), "--on", str(DAY), "--json"])
    assert printed.exit_code == 0, printed.output
    command = json.loads(printed.stdout)
    assert json.dumps(told["doctors"]) == json.dumps(command["doctors"])
    assert json.dumps(told["doctors_by_station"]) == json.dumps(command["doctors_by_station"])
    assert told["doctors"]["distribution"] == PUBLIC and told["doctors"]["short"]["4"] == 238
    whole = asked(province, f"/need?province=08&on={DAY}")
    assert json.dumps(whole["stations"]) == json.dumps(command["stations"])
    assert json.dumps(whole["targets"]) == json.dumps(command["targets"])


def test_every_noun_is_a_list_and_nothing_masked_is_in_one(province, tuyen_quang):
    seen = {}
    for name, noun in nouns().items():
        if name == "contacts":
            asked(province, "/contacts?province=08", status=404)
            continue
        day = "" if name in EVER else f"&on={DAY}"
        told = asked(province, f"/{name.replace('_', '-')}?province=08{day}&limit=1")
        shown = {column.field for column in noun.columns} - MASKED.get(name, frozenset())
        for row in told["rows"]:
            assert set(row) == shown | {"id", "province"}, name
        seen[name] = told["count"]
    there = tuyen_quang.as_of(DAY)
    for field in fields(Register):
        if field.name in seen:
            assert seen[field.name] == len(getattr(there, field.name)), field.name


def test_pages_hold_every_row_once_also_while_rows_come_in(province, tuyen_quang):
    first = asked(province, "/staff?province=08&limit=300")
    assert first["count"] == len(tuyen_quang.staff) and len(first["rows"]) == 300
    person = Staff.objects.order_by("pk").first()
    person.pk, person.code = None, "NEW-1"
    person.save(force_insert=True)
    rest: list[dict] = []
    after = first["next"]
    while after:
        told = asked(province, f"/staff?province=08&limit=300&after={after}")
        assert told["count"] is None
        rest, after = rest + told["rows"], told["next"]
    codes = [row["code"] for row in first["rows"] + rest]
    assert codes[:-1] == [one.code for one in tuyen_quang.staff] and codes[-1] == "NEW-1"
    assert asked(province, "/staff?limit=1000")["next"] is not None


def test_filters_narrow_names_are_found_without_marks_and_places_hold_what_is_below(province, tuyen_quang):
    points = asked(province, f"/facilities?province=08&kind=point&on={DAY}&limit=1000")["rows"]
    assert {row["code"] for row in points} == {one.code for one in tuyen_quang.facilities if one.kind == "point"}
    found = asked(province, f"/communes?find=yen thanh&on={DAY}")["rows"]
    assert {row["name"] for row in found} >= {"Xã Yên Thành"}
    commune = tuyen_quang.facilities[0].commune
    below = asked(province, f"/facilities?place=08/{commune}/&on={DAY}")["rows"]
    assert {row["code"] for row in below} == {one.code for one in tuyen_quang.facilities if one.commune == commune}


def test_a_day_and_what_was_known_hold_for_programs_too(province):
    assert asked(province, "/facilities?province=08&on=1999-01-01&limit=1")["on"] == "1999-01-01"
    assert asked(province, "/facilities?province=08&known=2001-01-01")["count"] == 0
    before = asked(province, "/need/doctors?province=08&on=2026-01-08&known=2001-01-01")["doctors"]
    assert before["communes"] == 0 and before["distribution"] == {}
    now = asked(province, "/staff?province=08&known=2190-01-01&limit=1")
    assert now["count"] == Staff.objects.count() and now["known"] == "2190-01-01"


@pytest.mark.parametrize(
    ("address", "code", "where"),
    [
        ("/staff?provnce=08", "A102", "query!provnce"),
        ("/staff?on=8/1/2026", "A101", "query!on"),
        ("/staff?on=2026-02-30", "A101", "query!on"),
        ("/staff?known=9999-12-31", "A101", "query!known"),
        ("/staff?limit=1001", "A101", "query!limit"),
        ("/staff?limit=", "A101", "query!limit"),
        ("/staff?after=nonsense", "A103", "after"),
        ("/staff?after=WzFlOTk5XQ", "A103", "after"),
        ("/staff?code=%00", "A101", "query!code"),
        ("/staff?place=../08", "A101", "query!place"),
        ("/need/doctors?province=Tuyen", "A101", "query!province"),
        ("/need/doctors?muc=4", "A102", "query!muc"),
        ("/events?since=yesterday", "A101", "query!since"),
    ],
)
def test_what_is_not_understood_is_refused_at_its_place_with_the_cure(province, address, code, where):
    told = asked(province, address, status=422)
    assert set(told) == {"code", "sentence", "cure", "findings"} and told["code"] == "API_422"
    assert [(one["code"], one["where"]) for one in told["findings"]] == [(code, where)]
    english = asked(province, address, status=422, headers={"Accept-Language": "en-GB,en;q=0.8"})
    assert english["sentence"] != told["sentence"] and "1" in english["sentence"]


def test_refusals_have_one_shape_whoever_asks_and_whatever_for(province, somebody):
    shape = {"code", "sentence", "cure", "findings"}
    assert set(asked(None, "/staff", status=401)) == shape
    assert asked(somebody("analyst", ""), "/staff", status=403)["code"] == "API_403"
    assert asked(province, "/staff?province=11", status=404)["code"] == "API_404"
    assert asked(province, "/nothing-here", status=404)["code"] == "API_404"
    assert asked(province, "/staff/999999999", status=404)["code"] == "API_404"
    wrong = Client().delete("/api/v1/staff")
    assert wrong.status_code == 405 and set(wrong.json()) == shape and "GET" in wrong.headers["Allow"]
    assert Client().get("/api/v1/staff").headers["WWW-Authenticate"].startswith("Bearer")


def test_a_token_opens_what_its_account_may_and_only_while_it_holds(province, somebody):
    token, text = tokens.make(by=province, account=province, name="thử")
    headers = {"Authorization": f"Bearer {text}"}
    told = asked(None, "/staff?limit=1", headers=headers)
    assert told["count"] == Staff.objects.count()
    answer = Client(headers=headers).get("/api/v1/staff")
    assert "no-store" in answer.headers["Cache-Control"] and "Authorization" in answer.headers["Vary"]
    assert asked(None, "/staff?province=11", status=404, headers=headers)
    assert asked(province, "/staff", status=401, headers={"Authorization": "Bearer wrong"})  # also beside a session
    tokens.revoke(by=province, token=token)
    assert asked(None, "/staff", status=401, headers=headers)


@pytest.mark.parametrize("wanted", ["password", "second_factor"])
def test_what_an_account_must_do_first_is_asked_of_its_token_as_of_its_session(province, somebody, wanted):
    account = somebody("director", "08/")
    headers = {"Authorization": f"Bearer {tokens.make(by=account, account=account, name='thử')[1]}"}
    assert asked(None, "/staff?limit=1", headers=headers)["count"]
    if wanted == "password":
        account.must_change_password = True
        account.save()
    else:
        account.authenticator_set.all().delete()
    for told in (asked(None, "/staff", status=403, headers=headers), asked(account, "/staff", status=403)):
        assert set(told) == {"code", "sentence", "cure", "findings"} and told["code"] == f"API_403_{wanted}"
        assert told["sentence"] and told["cure"]


def test_what_does_not_add_up_is_counted_as_on_the_page_and_opens_to_its_rows(province, somebody):
    told = asked(province, f"/quality?province=08&on={DAY}")["rows"]
    counts = {row["kind"]: row["count"] for row in told}
    assert counts["co-so-chua-co-co-quan"] > 0 and set(counts) == set(CHECKS)
    shown = page(province, f"/chat-luong/?pv=08&ngay={DAY}").links
    for kind, count in counts.items():
        address = next(link for link in shown if f"/{kind}/" in link)
        assert int(shown[address].replace(".", "")) == count, kind
        rows: list[dict] = []
        after = 0
        while after is not None:
            part = asked(province, f"/quality/{kind}?province=08&on={DAY}&limit=1000&after={after}")
            rows, after = rows + part["rows"], part["next"]
            assert part["count"] == count
        assert len(rows) == count
    assert asked(province, "/quality/nothing", status=404)
    seen = {row["sheet"] for row in asked(somebody("analyst", ""), f"/quality?on={DAY}")["rows"]}
    assert "staff" not in seen and "totals" in seen
    assert asked(somebody("analyst", ""), "/quality/nguoi-trung", status=404)
    assert asked(somebody("admin", "08/"), "/quality", status=403)


def test_a_session_writes_only_with_the_sign_of_a_page_and_a_token_without(province):
    person = Staff.objects.order_by("pk").first()
    address, body = f"/api/v1/staff/{person.pk}", {"seen": 0, "values": {"given_name": "Ánh"}}
    session = Client(enforce_csrf_checks=True)
    session.force_login(province)
    told = session.patch(address, json.dumps(body), content_type="application/json")
    assert told.status_code == 403 and told.json()["code"] == "API_403_csrf"
    headers = {"Authorization": f"Bearer {tokens.make(by=province, account=province, name='thử')[1]}"}
    seen = asked(None, f"/staff/{person.pk}", headers=headers)["seen"]
    told = Client(headers=headers).patch(address, json.dumps({**body, "seen": seen}), content_type="application/json")
    assert told.status_code == 200, told.content
    person.refresh_from_db()
    assert person.given_name == "Ánh" and person.history.first().history_user == province
    again = Client(headers=headers).patch(
        address, json.dumps({"seen": seen, "values": {"given_name": "Bình"}}), content_type="application/json"
    )
    assert again.status_code == 422 and again.json()["findings"][0]["code"] == "E140"


def test_a_program_adds_ends_and_withdraws_and_is_told_what_is_wrong_at_its_field(province, somebody):
    headers = {"Authorization": f"Bearer {tokens.make(by=province, account=province, name='thử')[1]}"}

    def sent(address, body):
        return Client(headers=headers).post(f"/api/v1{address}", json.dumps(body), content_type="application/json")

    facility = Facility.objects.filter(kind="station").order_by("pk").first()
    machine = {"code": "M-1", "facility": facility.code, "kind": "siêu âm", "name": "Máy siêu âm", "state": "working"}
    wrong = sent("/equipment", {"province": "08", "values": {**machine, "state": "lost", "colour": "red"}})
    assert wrong.status_code == 422
    assert {one["where"] for one in wrong.json()["findings"]} == {"equipment!state", "equipment!colour"}
    added = sent("/equipment", {"province": "08", "values": machine})
    assert added.status_code == 200, added.content
    number = added.json()["rows"][0]
    row = asked(province, f"/equipment/{number}")
    assert row["name"] == "Máy siêu âm" and row["state"] == "working"
    over = sent(f"/equipment/{number}/end", {"seen": row["seen"], "on": "2026-03-01", "reason": "hỏng"})
    assert over.status_code == 200, over.content
    seen = asked(province, f"/equipment/{number}")["seen"]
    assert sent(f"/equipment/{number}/withdraw", {"seen": seen, "reason": ""}).status_code == 422
    assert sent(f"/equipment/{number}/withdraw", {"seen": seen, "reason": "nhầm"}).status_code == 200
    assert asked(province, f"/equipment/{number}", status=404)
    refused = sent("/equipment", {"province": "11", "values": machine})
    assert refused.status_code in (403, 422)


def test_a_workbook_comes_in_by_a_program_and_goes_out_again(province, tuyen_quang):
    new = replace(tuyen_quang.staff[0], code="NEW-1")
    work = replace(tuyen_quang.appointments[0], staff="NEW-1", post=None)
    data = write(
        replace(
            Register(),
            communes=tuyen_quang.communes,
            facilities=tuyen_quang.facilities,
            staff=(new,),
            appointments=(work,),
        )
    )
    client = Client(headers={"Authorization": f"Bearer {tokens.make(by=province, account=province, name='thử')[1]}"})
    told = client.post("/api/v1/imports", {"place": "08/", "file": SimpleUploadedFile("so.xlsx", data)})
    assert told.status_code == 201, told.content
    number = told.json()["id"]
    _worked(number)
    run = client.get(f"/api/v1/runs/{number}").json()
    assert run["state"] == "done" and run["errors"] == 0 and run["counts"]["added"]["staff"] == 1
    assert client.get(f"/api/v1/runs/{number}/findings").json()["count"] == run["warnings"]
    early = client.post(f"/api/v1/imports/{number}/accept", json.dumps({"seen": "x"}), content_type="application/json")
    assert early.status_code == 422 and not Staff.objects.filter(code="NEW-1")
    agreed = json.dumps({"seen": run["seen"]})
    assert client.post(f"/api/v1/imports/{number}/accept", agreed, content_type="application/json").status_code == 200
    assert Staff.objects.filter(code="NEW-1")
    twice = client.post(f"/api/v1/imports/{number}/accept", agreed, content_type="application/json")
    assert twice.status_code == 409
    assert client.post(f"/api/v1/imports/{number}/undo", content_type="application/json").status_code == 200
    assert not Staff.objects.filter(code="NEW-1")
    assert client.get("/api/v1/runs?place=08/").json()["count"] == 3
    bad = client.post("/api/v1/imports", {"place": "08/", "file": SimpleUploadedFile("so.xlsx", b"%PDF-1.7")})
    assert bad.status_code == 422 and bad.json()["findings"][0]["code"] == "E102"
    assert (
        client.post("/api/v1/imports", {"place": "11/", "file": SimpleUploadedFile("so.xlsx", data)}).status_code == 403
    )


def _worked(number):
    """Do the work of an import as the worker does it."""
    run = runs.take(holder="test/1", kinds=["import"])
    assert run is not None and str(run.pk) == number
    result = reading.read(Run.objects.get(pk=run.pk), lambda *said: None, lambda: False)
    assert runs.end(run=run, holder="test/1", state="done", result=result)


def test_the_log_and_the_accounts_are_for_those_who_may(province, somebody):
    told = asked(province, "/events?limit=1")
    assert told["rows"][0]["action"] == "imports.accept" and "details" not in told["rows"][0]
    assert asked(somebody("clerk", "08/"), "/events", status=403)
    assert asked(province, "/accounts", status=403) and asked(province, "/grants", status=403)
    admin = somebody("admin", "08/")
    somebody("clerk", "11/", username="far")
    assert {row["path"][:2] for row in asked(admin, "/grants")["rows"]} == {"08"}
    names = {row["username"] for row in asked(admin, "/accounts")["rows"]}
    assert "planner-08" in names and "far" not in names
    assert "far" in {row["username"] for row in asked(somebody("admin", ""), "/accounts")["rows"]}
    assert asked(admin, "/staff", status=403)


def test_the_description_is_a_page_of_the_house_and_a_file_for_programs(province):
    told = Client().get("/api/v1/openapi.json")
    assert told.json()["openapi"].startswith("3.1") and told.status_code == 200
    page = Client().get("/api/v1/docs")
    text = page.content.decode()
    assert page.status_code == 200 and "<script>" not in text and " style=" not in text
    for address in told.json()["paths"]:
        assert f" {address}</code>" in text, address
    assert asked(province, "/provinces")["rows"] == [
        {"code": "08", "name": "Tuyên Quang", "kind": "tỉnh", "is_sample": True}
    ]
    assert len(asked(province, f"/norms?on={DAY}&name=doctors_per_station")["rows"]) == 1
