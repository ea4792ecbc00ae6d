"""A campaign solved from its page: asked for, told as it goes, stopped, taken; nothing else changes."""

import threading
import time
from datetime import date, timedelta

import pytest

from tests.web.campaigns import CODE, drafted, first_tours, issued
from tests.web.conftest import client_of
from tramyte.domain.errors import BadData, NotAllowed
from tramyte.domain.finding import Finding
from tramyte.domain.plan import Tour
from tramyte.web import planning, worker
from tramyte.web.actions import drafts, runs, solves, stages
from tramyte.web.models import Campaign, Draft, Event, Facility, Frozen, Run
from tramyte.web.models.base import FIRST_ON
from tramyte.web.planning import Sheet, tours_of
from tramyte.web.work import solving

pytestmark = pytest.mark.django_db
WORK = 20  # units: a plan of the sample in a second or two


@pytest.fixture
def campaign(province):
    return Campaign.objects.get(province="08", code=CODE)


@pytest.fixture
def draft(province):
    return drafted(province)


def codes(error):
    return [one.code for one in error.value.findings]


def done(run):
    """Have a run done as a worker does it."""
    assert worker.one("solve", worker.KINDS["solve"], worker="test", ending=threading.Event())
    run.refresh_from_db()
    return run


def page(account, path="xep", **asked):
    query = "&".join(f"{name}={value}" for name, value in {"pv": "08", **asked}.items())
    return client_of(account).get(f"/dot/{CODE}/{path}/?{query}")


def test_a_first_plan_is_made_from_the_register_and_taken_once(province, campaign):
    run = solves.ask(by=province, campaign=campaign, seconds=None, work=WORK)
    assert run.state == "waiting" and run.given["mode"] == solves.FREE and run.given["draft"] is None
    found = done(run)
    assert found.state == "done" and found.result["tours"] and found.result["unmet"] >= found.result["least_unmet"]
    draft = drafts.take(by=province, run=found)
    assert draft == drafts.take(by=province, run=found)
    assert (draft.number, draft.origin, draft.parent, len(draft.tours)) == (
        1,
        "solve",
        None,
        len(found.result["tours"]),
    )


def test_one_solve_of_a_campaign_at_a_time(province, campaign, draft):
    run = solves.ask(by=province, campaign=campaign, draft=draft)
    with pytest.raises(BadData) as busy:
        solves.ask(by=province, campaign=campaign, draft=draft, seconds=5)
    assert codes(busy) == ["E750", "E751"]
    runs.cancel(by=province, run=run)
    assert solves.ask(by=province, campaign=campaign, draft=draft).pk != run.pk
    assert Event.objects.filter(action="solves.ask").count() == 2


@pytest.mark.parametrize("role", ["director", "clerk", "commune", "sender", "analyst"])
def test_nobody_but_a_planner_asks_for_a_plan(province, somebody, campaign, draft, role):
    with pytest.raises(NotAllowed):
        solves.ask(by=somebody(role, "08/"), campaign=campaign, draft=draft)
    assert not solves.running(campaign)


def test_pins_stay_and_few_tours_change(province, campaign, draft):
    pins = first_tours(draft, 3)
    drafts.pin(by=province, draft=draft, seen=0, tours=pins, is_pinned=True)
    gone = [tour for tour in first_tours(draft, 6) if tour not in pins][:2]
    drafts.change(by=province, draft=draft, seen=1, removed=gone, words="UI_step_pinned")
    run = done(solves.ask(by=province, campaign=campaign, draft=draft, mode=solves.FEW, seconds=None, work=WORK))
    new = drafts.take(by=province, run=run)
    assert new.parent == draft and new.pins == draft.pins
    after = {tour.key for tour in Sheet(new).tours}
    assert {tour.key for tour in pins} <= after
    kept = {tour.key for tour in Sheet(draft).tours} & after
    assert len(kept) >= len(draft.tours) - 5, "few tours in hand are given up"
    draft.refresh_from_db()
    assert draft.stage == "draft" and draft.revision == 2


def test_unpinned_tours_are_free_again_when_a_solved_draft_is_solved_again(province, campaign, draft):
    drafts.pin(by=province, draft=draft, seen=0, tours=first_tours(draft, 1), is_pinned=True)
    run = solves.ask(by=province, campaign=campaign, draft=draft, mode=solves.FEW)
    result = {"tours": draft.tours, "bound": 0, "least_unmet": 0, "status": "feasible"}
    Run.objects.filter(pk=run.pk).update(state="done", result=result)
    run.refresh_from_db()
    new = drafts.take(by=province, run=run)
    assert Sheet(new).problem.incumbent and Sheet(new).pins
    assert solves.base_of(new) == Sheet(draft).problem
    drafts.pin(by=province, draft=new, seen=0, tours=tours_of(new.pins), is_pinned=False)
    again = solves.ask(by=province, campaign=campaign, draft=new)
    problem = planning.problem_file(Frozen.objects.get(pk=again.given["problem"]))
    assert problem.locked == Sheet(draft).problem.locked and not problem.incumbent


def test_a_pin_that_the_data_no_longer_know_is_told(province, campaign, draft):
    stranger = Tour("KHÔNG-CÓ", first_tours(draft)[0].station, first_tours(draft)[0].skill, 0, 1)
    with pytest.raises(BadData) as wrong:
        solves.ask(by=province, campaign=campaign, draft=draft, pins=[stranger])
    assert codes(wrong) == ["E752"]


def test_pins_that_clash_are_told_as_few_as_there_are(province, campaign, draft):
    tour = first_tours(draft)[0]
    other = next(one for one in Sheet(draft).tours if one.station != tour.station and one.skill == tour.skill)
    twice = Tour(tour.staff, other.station, tour.skill, tour.start, tour.weeks)
    run = done(solves.ask(by=province, campaign=campaign, draft=draft, pins=[tour, twice, *first_tours(draft, 5)[2:]]))
    assert run.state == "done" and "tours" not in run.result
    (clash,) = run.result["clashes"]["each"]
    assert len(clash["tours"]) == 2 and {one["staff"] for one in clash["tours"]} == {tour.staff}
    text = page(province, viec=run.pk).content.decode()
    assert clash["vi"] in text.replace("&#x27;", "'").replace("&quot;", '"') and "Dùng phương án" not in text
    with pytest.raises(BadData):
        drafts.take(by=province, run=run)
    assert client_of(province).post(f"/dot/{CODE}/xep/nhan/?pv=08&viec={run.pk}").status_code == 302
    assert Draft.objects.filter(campaign=CODE).count() == 1


def test_the_page_tells_unmet_weeks_first_and_asks_again_by_itself(province, campaign, draft):
    run = solves.ask(by=province, campaign=campaign, draft=draft)
    facts = {"unmet": 65, "critical": 2, "total": 7000, "least_unmet": 61, "gap": 0.008, "seconds": 14.0}
    Run.objects.filter(pk=run.pk).update(state="running", holder="w/1", held_until=run.asked_at, facts=facts, done=14)
    text = page(province).content.decode()
    assert "Trống 65" in text and "không thể dưới 61" in text and "0,8%" in text and "00:14" in text
    assert text.index("Trống 65") < text.index("7.000") < text.index("00:14")
    piece = client_of(province).get(f"/dot/{CODE}/xep/?pv=08&viec={run.pk}", headers={"HX-Request": "true"})
    assert b"<html" not in piece.content and b"hx-get" in piece.content and "HX-Refresh" not in piece.headers
    runs.cancel(by=province, run=run)
    assert "giữ phương án tốt nhất" in page(province).content.decode()


def test_a_solve_is_asked_for_stopped_and_taken_from_the_pages(province, campaign, draft):
    client = client_of(province)
    asked = client.post(f"/dot/{CODE}/xep/?pv=08", {"cach": "few", "giay": "10"})
    assert asked.status_code == 302 and "viec=" in asked["Location"]
    run = solves.running(campaign)
    assert run is not None and (run.given["seconds"], run.given["mode"]) == (10, solves.FEW)
    again = client.post(f"/dot/{CODE}/xep/?pv=08", {"cach": "free", "giay": "10"})
    assert again.status_code == 422 and "E750" in again.content.decode()
    result = {"tours": draft.tours, "bound": 0, "total": 1, "gap": 0.0, "status": "stopped", "seconds": 3.0,
              "least_unmet": 1, "unmet": 2, "critical": 0}  # fmt: skip
    Run.objects.filter(pk=run.pk).update(state="done", cancel=True, result=result)
    shown = client.get(asked["Location"]).content.decode()
    assert "Đã dừng theo yêu cầu" in shown and "Trống 2" in shown and "0 người đổi so với bản 1" in shown
    assert "phương án" in client.get("/viec-cua-toi/?pv=08").content.decode()
    taken = client.post(f"/dot/{CODE}/xep/nhan/?pv=08&viec={run.pk}")
    assert "/so-sanh/" in taken["Location"] and "ban=2" in taken["Location"] and "voi=1" in taken["Location"]
    assert client.get(taken["Location"]).status_code == 200
    assert [one.tours for one in Draft.objects.filter(campaign=CODE).order_by("number")] == [draft.tours] * 2


def test_what_keeps_the_register_from_being_planned_is_told_at_once_with_where_to_mend(province, campaign, monkeypatch):
    wrong = [Finding("E706", "staff", "", {"staff": "TQ-0001"}), Finding("E706", "facilities")]
    monkeypatch.setattr(planning, "problem_of", lambda campaign, **_: (_ for _ in ()).throw(BadData(wrong)))
    answer = client_of(province).post(f"/dot/{CODE}/xep/?pv=08", {"giay": "60"})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert text.count("E706") == 2 and "/nguoi/TQ-0001/" in text and "/nhap/" in text
    assert not solves.running(campaign)


def test_a_run_of_another_campaign_is_not_shown_here(province, campaign, draft):
    run = runs.ask(by=province, kind="solve", path="08/", given={"campaign": "KHAC"})
    assert page(province, viec=run.pk).status_code == 404
    assert page(province, viec="x").status_code == 404


def test_weeks_served_stay_whether_solved_freely_or_with_few_changes(province):
    campaign = issued(province)
    draft, day = Draft.objects.get(), campaign.first_monday + timedelta(days=8)
    for mode in (solves.FREE, solves.FEW):
        run = solves.ask(by=province, campaign=campaign, draft=draft, mode=mode, on=day)
        problem = planning.problem_file(Frozen.objects.get(pk=run.given["problem"]))
        assert (run.given["served"], problem.frozen_before) == (2, 2)
        begun = {tour.key for tour in Sheet(draft).tours if tour.start < 2}
        assert begun and begun <= problem.locked_keys
        assert {tour.key for tour in problem.incumbent} >= begun
        assert (len(problem.incumbent) == len(draft.tours)) == (mode == solves.FEW)
        runs.cancel(by=province, run=run)


def test_a_solve_that_killed_three_workers_is_reported_and_touches_no_draft(province, campaign, draft):
    run = solves.ask(by=province, campaign=campaign, draft=draft)
    before = list(Draft.objects.values_list("number", "revision", "tours"))
    gone = run.asked_at - timedelta(minutes=1)
    Run.objects.filter(pk=run.pk).update(state="running", holder="w/1", held_until=gone, tries=runs.TRIES)
    assert not worker.one("solve", worker.KINDS["solve"], worker="test", ending=threading.Event())
    run.refresh_from_db()
    assert run.state == "failed" and list(Draft.objects.values_list("number", "revision", "tours")) == before
    text = page(province, viec=run.pk).content.decode()
    assert "bị ngắt nhiều lần" in text and "Dùng phương án" not in text
    assert f"{CODE}: chưa xếp xong" in client_of(province).get("/viec-cua-toi/?pv=08").content.decode()
    assert solves.ask(by=province, campaign=campaign, draft=draft).pk != run.pk, "it can be asked for again"


def test_programs_read_drafts_as_the_pages_show_them(province, somebody, campaign, draft):
    client = client_of(province)
    (row,) = client.get(f"/api/v1/campaigns/{CODE}/drafts?province=08").json()["rows"]
    assert (row["number"], row["stage"], row["tours"], row["parent"]) == (1, "draft", len(draft.tours), None)
    one = client.get(f"/api/v1/campaigns/{CODE}/drafts/1?province=08").json()
    sheet = Sheet(draft)
    assert len(one["each"]) == len(draft.tours) and sum(row["count"] for row in one["unmet"]) == sheet.unmet
    assert sum(one["points"].values()) == sheet.plan.objective.total and one["problem"] == draft.frozen_id
    assert one["each"][0]["start"] == (campaign.first_monday + timedelta(weeks=one["each"][0]["week"] - 1)).isoformat()
    assert client.get(f"/api/v1/campaigns/{CODE}/drafts/9?province=08").status_code == 404
    unit = sheet.problem.unit_of(sheet.tours[0])
    place = Facility.objects.filter(province="08", code=unit.id).order_by(*FIRST_ON).first()
    assert place is not None
    own = client_of(somebody("sender", place.path))
    assert own.get(f"/api/v1/campaigns/{CODE}/drafts?province=08").json()["rows"] == []
    assert own.get(f"/api/v1/campaigns/{CODE}/drafts/1?province=08").status_code == 404
    stages.consult(by=province, draft=draft, seen=0, due=date(2199, 1, 5))
    seen = own.get(f"/api/v1/campaigns/{CODE}/drafts/1?province=08").json()
    mine = [tour for tour in sheet.tours if sheet.problem.unit_of(tour) == unit]
    assert len(seen["each"]) == len(mine) == seen["tours"] and seen["points"] is None


def test_the_first_sign_comes_within_a_second_and_a_stop_is_obeyed_within_two(province, campaign, draft):
    run = solves.ask(by=province, campaign=campaign, draft=draft, seconds=60)
    began = time.monotonic()
    signs: list[tuple[float, object]] = []
    stopped: list[float] = []

    def tell(*_, facts=None, **__):
        signs.append((time.monotonic() - began, facts))

    def enough():
        if signs and not stopped:
            stopped.append(time.monotonic())
        return bool(stopped)

    result = solving.solved(run, tell, enough)
    over = time.monotonic()
    print(f"first sign {signs[0][0]:.2f} s, stop obeyed {over - stopped[0]:.2f} s")
    assert signs[0][0] <= 10 and over - stopped[0] <= 2
    assert result is not None and result["tours"] and result["unmet"] >= result["least_unmet"]
    assert draft.tours == Draft.objects.get(pk=draft.pk).tours


def test_the_same_work_gives_the_same_plan_again(province, campaign, draft):
    run = solves.ask(by=province, campaign=campaign, draft=draft, seconds=None, work=5)
    first, second = (solving.solved(run, lambda *_, **__: None, lambda: False) for _ in range(2))
    assert first is not None and second is not None
    assert first["tours"] == second["tours"] and first["total"] == second["total"]


def test_drafts_are_named_copied_put_away_and_brought_back(province, campaign, draft):
    client = client_of(province)
    act = f"/dot/{CODE}/ban/1/?pv=08"
    client.post(act, {"viec": "ten", "ten": "Phương án đầu"})
    client.post(act, {"viec": "sao"})
    client.post(act, {"viec": "cat", "ly-do": ""})
    assert set(Draft.objects.values_list("number", "name", "stage")) == {
        (1, "Phương án đầu", "draft"),
        (2, None, "draft"),
    }
    assert Draft.objects.get(number=2).origin == "copy" and Draft.objects.get(number=2).tours == draft.tours
    client.post(act, {"viec": "cat", "ly-do": "không dùng"})
    text = client.get(f"/dot/{CODE}/?pv=08").content.decode()
    assert "Lấy lại bản 1" in text and "Phương án đầu" in text
    client.post(act, {"viec": "lay-lai"})
    assert Draft.objects.get(number=1).stage == "draft"
    assert client.post(act, {"viec": "gì"}).status_code == 404


def test_the_list_of_drafts_tells_what_each_leaves_empty(province, campaign, draft):
    unmet = Sheet(draft).unmet
    text = client_of(province).get(f"/dot/{CODE}/?pv=08").content.decode()
    assert f">{unmet}</a></td>" in text and "chi=trong" in text and "/kinh-phi/" in text and "/so-sanh/" in text
