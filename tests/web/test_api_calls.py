"""Programs ask for people, name them and answer as the pages do: the same rules, the same events, the same refusals."""

import json
from datetime import date

import pytest

from tests.web.campaigns import CODE, drafted
from tests.web.conftest import client_of
from tramyte.web.models import Call, Nomination, Opinion, Requirement, Sender, Wanted

pytestmark = pytest.mark.django_db
UNIT = "BV-08-01"
AT = f"/api/v1/campaigns/{CODE}"


def told(client, method, address, body=None, *, status=200):
    """Return what a program is answered."""
    given = {"data": json.dumps(body), "content_type": "application/json"} if body is not None else {}
    answer = getattr(client, method)(f"{AT if address.startswith('/') else '/api/v1/'}{address}?province=08", **given)
    assert answer.status_code == status, (address, answer.content[:500])
    return answer.json()


def test_a_program_calls_units_and_a_unit_names_people(province, somebody):
    planner, unit = client_of(province), client_of(somebody("sender", Sender.objects.get(facility=UNIT).path))
    rows = [{"unit": UNIT, "skill": "NOI", "count": 2}, {"unit": "BV-08-02", "skill": "NOI", "count": 1}]
    made = told(planner, "post", "/calls", {"due": "2199-01-05", "rows": rows})
    assert sum(row["missing"] for row in made["rows"]) == 3 and Call.objects.count() == 2
    told(unit, "post", "/calls", {"due": "2199-01-05", "rows": rows}, status=403)
    assert {row["unit"] for row in told(unit, "get", "/calls")["rows"]} == {UNIT}
    people = told(unit, "get", f"/eligibility/{UNIT}")["rows"]
    assert all(len(row["rules"]) == 11 for row in people)
    told(unit, "get", "/eligibility/BV-08-02", status=404)
    chosen = [row["staff"] for row in people if row["can"]][:2]
    body = {"staff": chosen, "staying": [{"staff": people[-1]["staff"], "reason": "đi học"}]}
    found = told(unit, "post", f"/nominations/{UNIT}", body)
    assert [(row["staff"], row["rank"]) for row in found["rows"] if row["is_going"]] == [
        (chosen[0], 1), (chosen[1], 2)
    ]  # fmt: skip
    told(unit, "post", f"/nominations/{UNIT}/release", {"staff": chosen[0]})
    assert Nomination.objects.filter(is_going=True).count() == 1
    told(unit, "post", f"/calls/{UNIT}/decline", {"skill": "NOI", "reason": "thiếu người"})
    told(unit, "post", f"/calls/{UNIT}/decline", {"skill": "NHI", "reason": "thiếu người"}, status=404)
    wrong = told(unit, "post", f"/nominations/{UNIT}", {"staff": []}, status=422)
    assert wrong["findings"][0]["code"] == "E764"
    days = planner.get(f"{AT}/eligibility/{UNIT}?province=08&start=2090-01-02&end=2090-01-09&staff={chosen[0]}").json()
    assert [row["can"] for row in days["rows"]] == [False]


def test_a_program_asks_for_people_by_source_and_by_request(province, station, somebody):
    planner, commune = client_of(province), client_of(somebody("commune", f"08/{station.commune}/"))
    row = {"facility": station.code, "skill": "CDHA", "first_week": 1, "last_week": 4, "count": 2}
    (number,) = told(planner, "post", "/requirements", {"rows": [row]})["rows"]
    told(commune, "post", "/requirements", {"rows": [row]}, status=403)
    told(planner, "patch", f"/requirements/{number}", {"first_week": 1, "last_week": 2, "count": 3, "critical": 1})
    assert Requirement.objects.get(pk=number).critical == 1
    told(planner, "post", f"/requirements/{number}/withdraw", {"reason": "thừa"})
    told(planner, "post", f"/requirements/{number}/withdraw", {"reason": "thừa"}, status=404)
    surge = {"communes": [station.commune], "skills": ["GSD"], "first_week": 1, "last_week": 2, "count": 1}
    assert told(planner, "post", "/requirements/surge", surge | {"reason": "dịch"})["rows"]
    want = {"facility": station.code, "skill": "NOI", "count": 1, "start": "2026-01-19", "end": "2026-02-02",
            "reason": "bác sĩ đi học", "letter": "15/UBND", "letter_on": "2026-01-05"}  # fmt: skip
    first = told(commune, "post", "wanted", want)["rows"][0]["id"]
    second = told(commune, "post", "wanted", want)["rows"][0]["id"]
    taken = {"campaign": CODE, "first_week": 2, "last_week": 3, "count": 1}
    told(commune, "post", f"wanted/{first}/take", taken, status=403)
    assert told(planner, "post", f"wanted/{first}/take", taken | {"count": 1})["rows"][0]["state"] == "taken"
    told(planner, "post", f"wanted/{second}/decline", {"reason": "hết người"})
    assert {row["state"] for row in told(commune, "get", "wanted")["rows"]} == {"taken", "declined"}
    assert Wanted.objects.count() == 2 and not told(client_of(somebody("head", "08/00000/")), "get", "wanted")["rows"]


def test_a_program_sends_a_draft_out_and_a_party_answers(province, somebody):
    draft, planner = drafted(province), client_of(province)
    at = f"/drafts/{draft.number}/opinions"
    made = told(planner, "post", at, {"due": "2199-01-05", "seen": 0})
    assert made["rows"] and {row["answer"] for row in made["rows"]} == {None}
    told(planner, "post", at, {"due": "2199-01-05", "seen": 0}, status=409)
    one = Opinion.objects.filter(side="receiver").order_by("pk")[0]
    commune = client_of(somebody("commune", one.path))
    body = {"answer": "agree", "letter": "15/UBND", "letter_on": "2026-01-09"}
    other = Opinion.objects.filter(side="sender").order_by("pk")[0]
    told(commune, "post", f"{at}/{other.pk}", body, status=404)
    found = told(commune, "post", f"{at}/{one.pk}", body)
    assert [(row["id"], row["answer"], row["letter_on"]) for row in found["rows"]] == [(one.pk, "agree", "2026-01-09")]
    assert Opinion.objects.get(pk=one.pk).letter_on == date(2026, 1, 9)
