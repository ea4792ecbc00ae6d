"""The call to sending units: counted from the plan, sent, answered; nobody is named against a rule without a reason."""

import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from python_calamine import CalamineWorkbook

from tests.web.campaigns import CODE, drafted
from tests.web.conftest import client_of
from tramyte.domain.errors import BadData, NotAllowed
from tramyte.exchange import grid
from tramyte.web.actions import calls, register
from tramyte.web.calling import asked, files, shared
from tramyte.web.models import Absence, Call, Campaign, Event, Nomination, Sender, Staff
from tramyte.web.planning import problem_of

pytestmark = pytest.mark.django_db
DUE = date(2199, 1, 5)
UNIT = "BV-08-01"
ADDRESS = f"/dot/{CODE}/de-xuat/{UNIT}/?pv=08"


@pytest.fixture
def campaign(province):
    return Campaign.objects.get(province="08", code=CODE)


@pytest.fixture
def sender(somebody, campaign):
    return somebody("sender", Sender.objects.get(facility=UNIT).path)


def called(province, campaign, **counts):
    """Ask the hospital for people."""
    asks = {(UNIT, skill): (count, None) for skill, count in (counts or {"NOI": 2}).items()}
    return calls.ask(by=province, campaign=campaign, counts=asks, due=DUE)


def able(campaign):
    """People of the hospital whom no rule stops, and those whom one does."""
    people = files("08", path=Sender.objects.get(facility=UNIT).path, on=campaign.as_of, campaign=campaign)
    go = [code for code, file in people.items() if not calls.stops(file, campaign)]
    return go, [code for code in people if code not in go]


def stays(province, code):
    """Let somebody be away for good."""
    values = {"staff": code, "outcome": "exempt", "start": date(2026, 1, 1), "end": None, "paper": None}
    register.add(by=province, noun="absences", province="08", values=values)


def codes(error):
    return {one.code for one in error.value.findings}


def test_the_call_counts_who_is_in_the_plan_or_spreads_what_is_required(province, campaign):
    draft = drafted(province)
    problem, _ = problem_of(campaign)
    from tramyte.web.planning import tours_of

    tours = tours_of(draft.tours)
    rows = asked(problem, tours)
    assert sum(one.weeks for one in rows) == sum(tour.weeks for tour in tours)
    homes = {(str(problem.unit_of(tour).id), str(tour.skill), str(tour.staff)) for tour in tours}
    assert sum(one.count for one in rows) == len(homes)
    spread = asked(problem, ())
    assert spread and all(0 < one.count <= one.people for one in spread)
    wanted = sum(need.count * (need.end - need.start) for one in problem.stations for need in one.needs)
    assert sum(one.weeks for one in spread) <= wanted


def test_shares_add_up_and_never_pass_the_room():
    assert shared(7, {"a": 10, "b": 10, "c": 1}) == {"a": 4, "b": 3}
    assert shared(0, {"a": 1}) == {} and shared(3, {}) == {}


def test_a_call_is_sent_by_the_planner_alone_and_again_with_other_counts(province, campaign, sender):
    with pytest.raises(NotAllowed):
        calls.ask(by=sender, campaign=campaign, counts={(UNIT, "NOI"): (1, None)}, due=DUE)
    with pytest.raises(BadData) as wrong:
        calls.ask(by=province, campaign=campaign, counts={("TYT-1", "NOI"): (1, None), (UNIT, "NOI"): (-1, None)},
                  due=date(2020, 1, 1))  # fmt: skip
    assert codes(wrong) == {"E760", "E761", "E763"} and not Call.objects.exists()
    called(province, campaign, NOI=2, NHI=1)
    called(province, campaign, NOI=3)
    assert dict(Call.objects.values_list("skill", "count")) == {"NOI": 3, "NHI": 1}
    assert Event.objects.filter(action="calls.ask").count() == 2


def test_a_unit_names_its_own_people_in_order_and_takes_one_back(province, campaign, sender):
    called(province, campaign)
    go, _ = able(campaign)
    calls.nominate(by=sender, campaign=campaign, unit=UNIT, staff=go[:3])
    assert dict(Nomination.objects.values_list("staff", "rank")) == dict(zip(go[:3], (1, 2, 3), strict=True))
    calls.rank(by=sender, campaign=campaign, unit=UNIT, ranks={go[0]: 3, go[2]: 1})
    assert Nomination.objects.get(staff=go[0]).rank == 3
    with pytest.raises(BadData):
        calls.rank(by=sender, campaign=campaign, unit=UNIT, ranks={go[0]: 1, go[2]: 1})
    calls.release(by=sender, campaign=campaign, unit=UNIT, staff=go[0])
    assert Nomination.objects.count() == 2
    other = Staff.objects.filter(province="08").exclude(path__startswith=Sender.objects.get(facility=UNIT).path).first()
    with pytest.raises(BadData) as stranger:
        calls.nominate(by=sender, campaign=campaign, unit=UNIT, staff=[other.code])
    assert codes(stranger) == {"E763"}
    with pytest.raises(NotAllowed):
        calls.nominate(by=sender, campaign=campaign, unit="BV-08-02", staff=[other.code])


def test_the_plan_takes_only_those_who_were_named(province, campaign, sender):
    go, _ = able(campaign)
    calls.nominate(by=sender, campaign=campaign, unit=UNIT, staff=go[:2])
    problem, _ = problem_of(campaign)
    assert {str(one.id) for one in problem.staff if str(one.unit) == UNIT} == set(go[:2])


def test_against_a_rule_only_the_planner_names_and_says_why(province, campaign, sender):
    stays(province, able(campaign)[0][0])
    go, stopped = able(campaign)
    with pytest.raises(BadData) as refused:
        calls.nominate(by=sender, campaign=campaign, unit=UNIT, staff=[go[0], stopped[0]], reason="cần gấp")
    assert codes(refused) == {"E762"} and not Nomination.objects.exists()
    with pytest.raises(BadData):
        calls.nominate(by=province, campaign=campaign, unit=UNIT, staff=[stopped[0]])
    calls.nominate(by=province, campaign=campaign, unit=UNIT, staff=[stopped[0], go[0]], reason="cần gấp")
    assert dict(Nomination.objects.values_list("staff", "reason")) == {stopped[0]: "cần gấp", go[0]: None}
    event = Event.objects.filter(action="calls.nominate").latest("number")
    assert list(event.details["in_spite_of"]) == [stopped[0]]


def test_below_the_minimum_it_is_said(province, campaign, somebody):
    unit = Sender.objects.filter(facility__startswith="TTYT").order_by("facility").first()
    Sender.objects.filter(pk=unit.pk).update(tour_weeks_min=campaign.weeks, tour_weeks_max=campaign.weeks)
    people = files("08", path=unit.path, on=campaign.as_of, campaign=campaign)
    skill, mine = next(iter(people.values())).skills[0], list(people)
    for code in mine[1:2]:
        row = people[code]
        assert row.max_away == 1
    colleague = Staff.objects.get(code=mine[1])
    from tramyte.web.models import StaffSkill

    StaffSkill.objects.filter(staff=colleague.code, rank=1).update(skill=skill)
    Absence.objects.filter(staff__in=mine[:2]).delete()
    with pytest.raises(BadData) as refused:
        calls.nominate(by=somebody("sender", unit.path), campaign=campaign, unit=unit.facility, staff=mine[:2])
    assert "E765" in codes(refused)


def test_who_stays_and_who_names_fewer_say_why(province, campaign, sender):
    (call,) = called(province, campaign)
    go, _ = able(campaign)
    for act in (
        lambda reason: calls.excuse(by=sender, campaign=campaign, unit=UNIT, staff=go[0], reason=reason),
        lambda reason: calls.decline(by=sender, call=call, reason=reason),
    ):
        with pytest.raises(BadData) as bare:
            act(" ")
        assert codes(bare) == {"E716"}
        act("đang học")
    assert not Nomination.objects.get(staff=go[0]).is_going
    call.refresh_from_db()
    assert call.declined == "đang học" and call.answered_at


def test_the_page_of_the_planner_sends_the_call_and_shows_what_is_missing(province, campaign):
    drafted(province)
    client = client_of(province)
    page = client.get(f"/dot/{CODE}/de-xuat/?pv=08")
    assert page.status_code == 200
    groups = page.context["groups"]
    typed = {row.name: row.typed for group in groups for row in group["rows"]} | {"han": "5/1/2199"}
    answer = client.post(f"/dot/{CODE}/de-xuat/?pv=08", typed)
    assert answer.status_code == 302, answer.context["summary"]
    page = client.get(f"/dot/{CODE}/de-xuat/?pv=08")
    assert page.context["asked"] == sum(Call.objects.values_list("count", flat=True)) == page.context["missing"] > 0
    wrong = client.post(f"/dot/{CODE}/de-xuat/?pv=08", typed | {"han": "32/1", groups[0]["rows"][0].name: "x"})
    assert {name for name, _ in wrong.context["summary"]} == {"han", groups[0]["rows"][0].name}


def test_a_unit_sees_its_own_call_alone_with_every_rule(province, campaign, sender):
    called(province, campaign)
    client = client_of(sender)
    page = client.get(f"/dot/{CODE}/de-xuat/?pv=08", follow=True)
    assert page.redirect_chain[0][0].startswith(f"/dot/{CODE}/de-xuat/{UNIT}/")
    assert client.get(f"/dot/{CODE}/de-xuat/BV-08-02/?pv=08").status_code == 404
    rows = page.context["rows"]
    assert rows and all(len(row.lines) == len(page.context["heads"]) for row in rows)
    assert [(row.can, row.is_wanted) for row in rows] == sorted(
        ((row.can, row.is_wanted) for row in rows), reverse=True
    )
    chosen = [row.code for row in rows if row.can][:7]
    assert client.post(ADDRESS, {"cu": "1", "nguoi": chosen}).status_code == 302
    page = client.get(ADDRESS)
    assert [row.code for row in page.context["going"]] == chosen
    named = {one["call"].skill: one for one in page.context["quota"]}
    assert named["NOI"]["missing"] == 0


def test_an_absence_is_recorded_and_a_birthday_is_not(province, campaign, sender):
    client, (code, *_) = client_of(sender), able(campaign)[0]
    typed = {"vang": "1", "ai": code, "vang-tu": "1/1/2026", "sinh-con": "20/1/2025", "van-ban": "3/TB"}
    assert client.post(ADDRESS, typed).status_code == 302
    row = Absence.objects.filter(staff=code).latest("pk")
    assert (row.outcome, row.end, row.paper) == ("exempt", date(2028, 1, 20), "3/TB")
    assert "20/01/2025" not in str(Event.objects.latest("number").details)
    found = next(one for one in client.get(ADDRESS).context["rows"] if one.code == code)
    assert not found.can and any("20/01/2028" in one.clears for one in found.wrong)
    wrong = client.post(ADDRESS, typed | {"ai": "X", "vang-tu": "x"})
    assert {name for name, _ in wrong.context["summary"]} == {"ai", "vang-tu"}


def test_chosen_days_change_what_the_rules_say(province, campaign, sender):
    client, (code, *_) = client_of(sender), able(campaign)[0]
    register.add(by=province, noun="absences", province="08", values={
        "staff": code, "outcome": "absent", "start": date(2026, 3, 2), "end": date(2026, 3, 9), "paper": None,
    })  # fmt: skip

    def state(start, end):
        page = client.get(f"{ADDRESS}&tu={start}&den={end}")
        return next(one for one in page.context["rows"] if one.code == code).can

    assert state("2/3/2026", "8/3/2026") is False and state("9/3/2026", "15/3/2026") is True


def workbook(rows):
    book = grid.Book(source="", mark="", footer="")
    heads = ["Mã nhân lực", "Họ và tên", "", "", "", "Đi", "Thứ tự", "Lý do"]
    book.table(book.sheet("Đề xuất", "x"), [grid.Column(one, 12) for one in heads], rows=rows)
    return SimpleUploadedFile("de-xuat.xlsx", book.close())


def test_a_workbook_goes_out_and_comes_back_filled(province, campaign, sender):
    client, (go, stopped) = client_of(sender), able(campaign)
    out = client.get(f"{ADDRESS}&xuat=xlsx")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(out.content)).get_sheet_by_index(0).to_python()
    assert {row[0] for row in sheet} >= {*go, *stopped}
    rows = [[go[0], "", "", "", "", "đi", 2, ""], [go[1], "", "", "", "", "Đi", 1, ""],
            [go[2], "", "", "", "", "không đi", None, "đi học"]]  # fmt: skip
    assert client.post(ADDRESS, {"tep": workbook(rows)}).status_code == 302
    assert dict(Nomination.objects.values_list("staff", "rank")) == {go[0]: 2, go[1]: 1, go[2]: None}


def test_every_wrong_cell_of_a_workbook_is_told_at_once_and_nothing_is_taken(province, campaign, sender):
    stays(province, able(campaign)[0][0])
    client, (go, stopped) = client_of(sender), able(campaign)
    rows = [["X-1", "", "", "", "", "đi", 1, ""], [go[0], "", "", "", "", "có lẽ", None, ""],
            [go[1], "", "", "", "", "không", None, ""], [go[2], "", "", "", "", "đi", "a", ""]]  # fmt: skip
    page = client.post(ADDRESS, {"tep": workbook(rows)})
    told = " ".join(words for _, words in page.context["summary"])
    assert all(cell in told for cell in ("A6", "F7", "H8", "G9")), told
    page = client.post(ADDRESS, {"tep": workbook([[stopped[0], "", "", "", "", "đi", 1, ""]])})
    assert "A6" in str(page.context["summary"]) and not Nomination.objects.exists()
    assert "E778" not in str(page.context["summary"])


def test_days_left_are_counted(province, campaign, sender):
    calls.ask(by=province, campaign=campaign, counts={(UNIT, "NOI"): (1, 4)}, due=date.fromisoformat("2199-01-05"))
    Call.objects.update(due=date(2020, 1, 1))
    page = client_of(sender).get(ADDRESS)
    assert page.context["quota"][0]["left"] < 0 and "Quá hạn" in page.content.decode()
