"""Two drafts side by side: who changes and how, counts that are the rows, and nobody sees beyond their own."""

import html
import re
from dataclasses import replace
from datetime import date

import pytest
from django.utils import timezone

from tests.web.campaigns import CODE, drafted, first_tours, issued
from tests.web.conftest import client_of
from tramyte.domain.plan import Tour
from tramyte.web import comparison
from tramyte.web.actions import drafts, stages
from tramyte.web.models import Campaign, Deployment, Draft, Facility, Receipt
from tramyte.web.models.base import FIRST_ON
from tramyte.web.planning import Sheet

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(province):
    """Return two drafts of one campaign: in the second two people go no longer."""
    old = drafted(province)
    sheet, gone = Sheet(old), first_tours(old, 2)
    new = drafts.make(
        by=province, campaign=Campaign.objects.get(code=CODE), problem=sheet.problem, origin="copy", parent=old,
        tours=[one for one in sheet.tours if one not in gone],
    )  # fmt: skip
    return old, new


def page(account, **asked):
    query = "&".join(f"{name}={value}" for name, value in {"pv": "08", **asked}.items())
    return client_of(account).get(f"/dot/{CODE}/so-sanh/?{query}")


def test_who_changes_and_who_does_not_are_everybody_who_goes(pair):
    old, new = (Sheet(one) for one in pair)
    lines = comparison.lines(new, old)
    everybody = {str(one.staff) for one in (*old.tours, *new.tours)}
    assert {one.staff for one in lines} == everybody
    gone = {str(one.staff) for one in set(old.tours) - set(new.tours)}
    assert {one.staff for one in lines if one.kind} == gone
    for line in lines:
        assert bool(line.kind) == (line.before != line.after)
        assert (line.first_week is not None) == bool(line.kind)


def test_a_tour_of_somebody_whom_the_newer_data_do_not_know_is_gone(pair):
    old, new = (Sheet(one) for one in pair)
    problem = new.problem
    stranger = next(one for one in new.tours if one.key not in problem.locked_keys)
    people = tuple(one for one in problem.staff if str(one.id) != stranger.staff)
    fewer = [one for one in new.tours if one.staff != stranger.staff]
    other = drafts.make(
        by=None, campaign=Campaign.objects.get(code=CODE), problem=replace(problem, staff=people),
        origin="solve", tours=fewer,
    )  # fmt: skip
    line = next(one for one in comparison.lines(Sheet(other), old) if one.staff == stranger.staff)
    assert line.is_gone and line.kind == "dropped" and not line.after and line.name
    assert line.why("vi") and line.why("en")


def test_the_page_counts_what_its_lists_hold(province, pair):
    text = page(province, ban=2, voi=1).content.decode()
    rows = comparison.lines(Sheet(pair[1]), Sheet(pair[0]))
    changed = sum(bool(one.kind) for one in rows)
    assert f"{changed} đổi" in text and f"{len(rows) - changed} giữ nguyên" in text
    assert f"({changed})" in text
    kept = page(province, ban=2, voi=1, loai="giu").content.decode()
    assert f"({len(rows) - changed})" in kept
    assert Sheet(pair[0]).unmet < Sheet(pair[1]).unmet
    client = client_of(province)
    for sheet in map(Sheet, pair):
        (link,) = re.findall(rf'<a href="([^"]*/vi-tri/[^"]*)">{sheet.unmet}</a>', text)
        assert client.get(html.unescape(link)).status_code == 200


def test_a_draft_is_compared_with_what_it_came_from_unless_asked(province, pair):
    asked, unasked = (
        re.findall(r"\d+ đổi|\d+ giữ nguyên", page(province, **more).content.decode())
        for more in ({"ban": 2, "voi": 1}, {"ban": 2})
    )
    assert len(asked) == 2 and asked == unasked
    assert page(province, ban=2, voi=9).status_code == 404
    alone = page(province, ban=1)
    assert alone.status_code == 200 and "Chưa có hai bản" in alone.content.decode()


def test_days_of_notice_run_to_the_first_week_that_is_otherwise(pair):
    problem = Sheet(pair[1]).problem
    assert problem.day(0) == date(2026, 1, 12) and comparison.notice(problem, 0, date(2026, 1, 1)) == 11
    assert comparison.notice(problem, 0, date(2026, 11, 22)) == 0, "it has begun"
    assert comparison.notice(problem, None, date(2026, 1, 1)) is None
    assert comparison.notice(problem, 0, None) is None


def test_it_says_who_was_told_and_what_the_unit_answered(province, pair):
    assert "Chưa báo" in page(province, ban=2, voi=1).content.decode()
    stages.consult(by=province, draft=pair[1], seen=0, due=date(2199, 1, 5))
    line = next(one for one in comparison.lines(Sheet(pair[1]), Sheet(pair[0])) if one.kind)
    asked = {one.party: one for one in stages.opinions(pair[1]) if one.side == "sender"}
    if line.unit in asked:
        stages.answer(
            by=province, opinion=asked[line.unit], answer="agree", letter="1", letter_on=date(2026, 1, 9), words=""
        )
        assert "Đơn vị đồng ý" in page(province, ban=2, voi=1).content.decode()


def test_a_unit_sees_its_own_people_alone_and_no_draft_before_it_is_asked(province, pair, somebody):
    sheet = Sheet(pair[1])
    unit = str(sheet.problem.unit_of(sheet.tours[0]).id)
    place = Facility.objects.filter(province="08", code=unit).order_by(*FIRST_ON).first()
    own = somebody("sender", place.path)
    assert page(own, ban=2, voi=1).status_code == 404
    for one in pair:
        stages.consult(by=province, draft=one, seen=0, due=date(2199, 1, 5))
    text = page(own, ban=2, voi=1, loai="giu").content.decode()
    mine = {str(one.staff) for one in sheet.tours if str(sheet.problem.unit_of(one).id) == unit}
    others = {str(one.staff) for one in sheet.tours} - mine
    names = sheet.problem.person_by_id
    assert any(names[one].name in text for one in mine)
    assert not [one for one in others if f"/nguoi/{one}/" in text]
    assert "Điểm phạt" not in text


def test_the_list_goes_to_excel_and_onto_paper(province, pair):
    for form in ("xlsx", "txt", "in"):
        assert page(province, ban=2, voi=1, xuat=form).status_code == 200


def test_a_tour_reads_with_its_station_role_and_days(pair):
    sheet = Sheet(pair[0])
    tour = sheet.tours[0]
    words = comparison.stay([sheet.problem], tour)
    station = sheet.problem.station_by_id[str(tour.station)]
    assert station.name in words and f"{sheet.problem.day(tour.start):%d/%m}" in words
    undated = replace(sheet.problem, week0=None)
    assert comparison.span(undated, Tour("a", "b", "c", 2, 2)) == "3–4"


def test_a_draft_after_the_issue_is_compared_with_the_issued_plan(province):
    campaign = issued(province)
    old = Draft.objects.get()
    sheet, gone = Sheet(old), first_tours(old, 1)
    drafts.make(
        by=province, campaign=campaign, problem=sheet.problem, origin="amend",
        tours=[one for one in sheet.tours if one not in gone],
    )  # fmt: skip
    text = page(province).content.decode()
    assert "812/QĐ-SYT" in text and "1 đổi" in text and "Chưa báo" in text
    assert "Đã ban hành, chưa xác nhận" in page(province, ban=1, voi=2).content.decode()
    own = Deployment.objects.filter(staff=gone[0].staff).first()
    assert own is not None
    Receipt.objects.create(province="08", path="08/", deployment=own, at=timezone.now())
    assert "Đã nhận quyết định" in page(province, ban=1, voi=2).content.decode()
