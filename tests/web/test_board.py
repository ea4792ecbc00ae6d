"""The rotation board: its figures are those of the rows, each change is judged, refused in words, and taken back."""

import gzip
import re
from dataclasses import replace
from datetime import date

import pytest

from tests.web.campaigns import CODE, drafted, first_tours, solved
from tests.web.conftest import client_of
from tramyte.domain.plan import Tour
from tramyte.exchange.plan_workbook import abbreviated
from tramyte.rotation.check import unmet
from tramyte.rotation.ledger import Ledger
from tramyte.rotation.problem import Preference
from tramyte.web.actions import drafts, stages
from tramyte.web.models import Campaign, Draft, Facility
from tramyte.web.planning import Sheet, key_of, rows_of, with_incumbent

pytestmark = pytest.mark.django_db
BOARD = f"/dot/{CODE}/bang/"
EDIT = f"{BOARD}sua/"
LIVE = {"X-Board": "1"}


@pytest.fixture
def draft(province):
    return drafted(province)


@pytest.fixture
def sheet(draft):
    return Sheet(draft)


@pytest.fixture
def client(province):
    return client_of(province)


def page(client, address=BOARD, **asked):
    asked = asked if "pv=" in address else {"pv": "08", **asked}
    answer = client.get(address, query_params=asked) if asked else client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def change(client, draft, what, tour=None, *, live=True, **fields):
    """Send one form of the board."""
    draft.refresh_from_db()
    body = {"viec": what, "seen": draft.revision, **({"luot": key_of(tour)} if tour else {}), **fields}
    return client.post(f"{EDIT}?pv=08&ban={draft.number}", body, headers=LIVE if live else {})


def tours_now(draft):
    draft.refresh_from_db()
    return set(Sheet(draft).tours)


def movable(sheet):
    """Return a tour that can begin a week later or earlier, and where it would be then."""
    ledger = Ledger(sheet.problem, sheet.tours)
    for tour in first_tours(sheet.draft, 400):
        for more in (1, -1):
            moved = replace(tour, start=tour.start + more)
            if moved.start >= 0 and not ledger.broken(moved, [tour]):
                return tour, moved
    raise AssertionError("no tour can move")


def hidden(form):
    """Return the hidden fields of a form."""
    found = dict(re.findall(r'type="hidden" name="([\w-]+)" value="([^"]*)"', form))
    found.pop("csrfmiddlewaretoken", None)
    return found


def empty(sheet):
    return unmet(sheet.problem, sheet.tours)[0]


def figures(text):
    found = re.findall(r"Đã xếp ([\d.]+)/([\d.]+) tuần-vị trí.*?trống ([\d.]+)", text, re.DOTALL)[0]
    return [int(one.replace(".", "")) for one in found]


def short_weeks(text):
    """Return the person-weeks of the red cells of a page."""
    cells = re.findall(r'<td(?: colspan="(\d+)")? class="short', text)
    return sum(int(one or 1) for one in cells)


def chips(text):
    return re.findall(r'<td[^>]*class="(?:tour|locked)[^"]*"><a href="([^"]+)"', text)


def test_figures_of_the_board_are_those_of_its_rows_and_of_the_list_behind_them(client, sheet):
    whole = page(client, xuat="in")
    served, wanted, open_weeks = figures(whole)
    assert (wanted, open_weeks) == (sheet.wanted, sheet.unmet) and served == wanted - open_weeks
    assert "0 vi phạm bắt buộc" in whole
    assert short_weeks(whole) == short_weeks(page(client, xuat="in", chi="trong")) == open_weeks
    assert len(set(chips(whole))) == len(sheet.tours)
    rows = page(client, f"/dot/{CODE}/vi-tri/", xuat="in")
    total = re.findall(r'class="total">(.*?)</tr>', rows, re.DOTALL)[0]
    numbers = [int(one.replace(".", "")) for one in re.findall(r'class="num">([\d.]+)<', total)]
    assert numbers[:3] == [wanted, served, open_weeks]


def test_the_least_that_can_be_empty_is_told_where_solving_proved_it(client, province, sheet, draft):
    Draft.objects.filter(pk=draft.pk).update(least_unmet=61)
    campaign = Campaign.objects.get(code=CODE)
    own = {"by": province, "campaign": campaign, "tours": sheet.tours, "origin": "copy", "parent": draft}
    same = drafts.make(problem=sheet.problem, **own)
    other = drafts.make(problem=replace(sheet.problem, name="khác"), **own)
    assert "ít nhất 61" in page(client, ban=1) and "ít nhất 61" in page(client, ban=same.number)
    assert "ít nhất" not in page(client, ban=other.number), "of another problem nothing is proved"


def test_a_page_is_light_has_25_stations_and_all_are_reached_by_links(client, sheet):
    first = page(client)
    assert len(gzip.compress(first.encode())) <= 30_000 and len(re.findall(r"<[a-z]", first)) <= 5_000
    assert first.count("<tbody") == 25
    count = len({str(one.station) for one in sheet.report.needs} | {str(one.station) for one in sheet.tours})
    links = set(re.findall(r'href="([^"]*trang=\d+[^"]*)"', first))
    assert len(links) == -(-count // 25) - 1
    assert sum(page(client, one.replace("&amp;", "&")).count("<tbody") for one in links) == count - 25


def test_a_campaign_of_26_weeks_is_shown_12_weeks_at_a_time(client, province, draft):
    problem = replace(Sheet(draft).problem, weeks=26)
    Draft.objects.filter(pk=draft.pk).delete()
    long = drafts.make(
        by=province, campaign=Campaign.objects.get(code=CODE), problem=problem, tours=solved(problem), origin="solve"
    )
    heads = [
        re.findall(r'<th scope="col"><b>(\d\d)</b>', page(client, tuan=first, ban=long.number)) for first in (1, 13, 25)
    ]
    assert [len(one) for one in heads] == [12, 12, 2] and len({week for one in heads for week in one}) == 26


@pytest.mark.parametrize("by", ["nguoi", "don-vi"])
def test_the_board_is_read_by_person_and_by_unit(client, sheet, by):
    text = page(client, xem=by)
    if by == "nguoi":
        assert text.count("<tbody") == 50
    else:
        units = {str(one.unit) for one in sheet.problem.staff}
        assert text.count("<tbody") == len(units)
        assert 'class="short"' not in text, "no unit falls below what it keeps"


def test_filters_leave_rows_that_fit(client, sheet):
    line = sheet.report.tours[0]
    text = page(client, tim=line.station_name.split()[-1].upper())
    assert abbreviated(line.station_name) in text and text.count("<tbody") < 25
    only = page(client, **{"don-vi": line.unit, "xem": "nguoi"})
    staff = {one.staff for one in sheet.report.loads if one.unit == line.unit}
    assert set(re.findall(r'<tbody id="s-([^"]+)"', only)) <= staff
    assert "Không có hàng nào" in page(client, chi="doi"), "nothing to compare with"


def test_a_move_is_saved_checked_and_told(client, sheet, draft):
    tour, moved = movable(sheet)
    what = "phai" if moved.start > tour.start else "trai"
    text = change(client, draft, what, tour).content.decode()
    assert moved in tours_now(draft) and tour not in tours_now(draft)
    person = sheet.problem.person_by_id[str(tour.staff)]
    sentence = re.findall(r'id="sentence">([^<]+)', text)[0]
    assert re.match(rf"Đã chuyển {person.name.split()[-1]}( \(.+\))? sang ", sentence), sentence
    assert figures(text)[2] == Sheet(Draft.objects.get(pk=draft.pk)).unmet
    assert f'data-key="{key_of(moved)}"' in text and 'data-seen="1"' in text
    assert text.count("<tbody") == 1, "the station that changed, and no other"


def test_a_move_without_scripts_leads_back_to_the_board_and_says_what_was_done(client, sheet, draft):
    tour, moved = movable(sheet)
    answer = change(client, draft, "chuyen", tour, live=False, tuan=moved.start + 1)
    assert answer.status_code == 302 and answer["Location"].startswith(BOARD)
    assert "Đã chuyển" in page(client, answer["Location"])
    assert moved in tours_now(draft)


def test_dropping_leaves_the_cell_empty_and_candidates_fill_it_again(client, sheet, draft):
    before = sheet.unmet
    tour = next(
        one for one in first_tours(draft, 400) if len(unmet(sheet.problem, [*set(sheet.tours) - {one}])) > before
    )
    text = change(client, draft, "bo", tour).content.decode()
    assert "trống tuần" in re.findall(r'id="sentence">([^<]+)', text)[0] and figures(text)[2] > before
    gap = f"/dot/{CODE}/vi-tri/{tour.station}/{tour.skill}/{tour.start + 1}/"
    forms = page(client, gap).split("<form")
    fields = hidden(next(one for one in forms if f'name="nguoi" value="{tour.staff}"' in one).partition("</form>")[0])
    answer = client.post(f"{EDIT}?pv=08", {**fields, "viec": "them"})
    assert answer.status_code == 302
    draft.refresh_from_db()
    assert Sheet(draft).unmet <= figures(text)[2] - 1


def test_a_hard_breach_is_refused_in_words_and_nothing_is_written(client, sheet, draft):
    tour = next(one for one in first_tours(draft, 400) if len(sheet.problem.person_by_id[str(one.staff)].skills) == 1)
    other = next(str(one.id) for one in sheet.problem.skills if str(one.id) != str(tour.skill))
    answer = change(client, draft, "chuyen", tour, **{"vi-tri": other})
    assert answer.status_code == 422 and "giấy phép không có phạm vi" in answer.content.decode()
    whole = change(client, draft, "chuyen", tour, live=False, **{"vi-tri": other})
    assert "<h1>" in whole.content.decode() and "(R2)" in whole.content.decode()
    draft.refresh_from_db()
    assert draft.revision == 0 and draft.tours == rows_of(sheet.tours)


@pytest.mark.parametrize(
    ("what", "fields", "words"),
    [
        ("chuyen", {"tuan": "99"}, "E741"), ("chuyen", {"tuan": "abc"}, "E740"), ("chuyen", {"tram": "x"}, "E740"),
        ("chuyen", {}, "E743"), ("khac", {"cach": "99"}, "E740"), ("gi-do", {}, "E740"),
        ("them", {"nguoi": "x"}, "E740"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_what_was_read(client, draft, what, fields, words):
    answer = change(client, draft, what, first_tours(draft)[0], **fields)
    assert answer.status_code == 422 and words in answer.content.decode()
    draft.refresh_from_db()
    assert draft.revision == 0


def test_lengths_are_those_of_the_unit(client, sheet, draft):
    tour = next(one for one in first_tours(draft, 400) if one.weeks == max(sheet.problem.unit_of(one).durations))
    assert "E744" in change(client, draft, "dai", tour).content.decode()
    shorter = next(one for one in first_tours(draft, 400) if one.weeks > min(sheet.problem.unit_of(one).durations))
    assert change(client, draft, "ngan", shorter).status_code == 200
    assert replace(shorter, weeks=shorter.weeks - 1) in tours_now(draft)


def test_a_soft_rule_asks_for_a_reason_which_is_kept_and_marked(client, province, draft):
    sheet = Sheet(draft)
    tour, moved = movable(sheet)
    wish = Preference(None, moved.start, moved.end, 5) if moved.start > tour.start else Preference(None, 0, 12, 5)
    people = tuple(
        replace(one, preferences=(wish,)) if str(one.id) == str(tour.staff) else one for one in sheet.problem.staff
    )
    problem = replace(sheet.problem, staff=people)
    soft = drafts.make(
        by=province, campaign=Campaign.objects.get(code=CODE), problem=problem, tours=sheet.tours, origin="hand"
    )
    asked = change(client, soft, "chuyen", tour, tuan=moved.start + 1)
    assert asked.status_code == 422 and "trái nguyện vọng" in asked.content.decode()
    assert 'name="ly-do"' in asked.content.decode()
    assert change(client, soft, "chuyen", tour, tuan=moved.start + 1, **{"ly-do": "Trạm cần"}).status_code == 200
    soft.refresh_from_db()
    assert soft.reasons == {key_of(moved): "Trạm cần"}
    assert "Trạm cần" in page(client, f"/dot/{CODE}/luot/{key_of(moved)}/", ban=soft.number)


def test_who_is_slower_sees_both_versions_and_can_do_it_on_the_new_one(client, sheet, draft):
    first, second = first_tours(draft, 2)
    change(client, draft, "ghim", first)
    late = client.post(f"{EDIT}?pv=08", {"viec": "ghim", "luot": key_of(second), "seen": 0}, headers=LIVE)
    text = late.content.decode()
    assert late.status_code == 422 and "Ghim 1 lượt" in text and "Làm trên bản mới" in text
    assert client.post(f"{EDIT}?pv=08", hidden(text), headers=LIVE).status_code == 200
    draft.refresh_from_db()
    assert len(draft.pins) == 2
    gone = Tour(first.staff, first.station, first.skill, first.start + 50, 1)
    lost = client.post(f"{EDIT}?pv=08", {"viec": "bo", "luot": key_of(gone), "seen": 0}, headers=LIVE)
    assert "không còn nữa" in lost.content.decode(), "a tour that went in between cannot be done again"


def test_steps_are_taken_back_and_made_again_one_after_the_other(client, sheet, draft):
    before = tours_now(draft)
    for tour in first_tours(draft, 2):
        assert change(client, draft, "bo", tour).status_code == 200
    after = tours_now(draft)
    for _ in range(2):
        text = change(client, draft, "hoan-lai").content.decode()
    assert tours_now(draft) == before and "Hoàn tác (0)" in text and "Làm lại (2)" in text
    for _ in range(2):
        change(client, draft, "lam-lai")
    assert tours_now(draft) == after
    assert "E714" in change(client, draft, "lam-lai").content.decode()


def test_marks_tell_what_is_locked_pinned_or_changed(client, province, sheet, draft):
    tour, moved = movable(sheet)
    child = drafts.make(
        by=province, campaign=Campaign.objects.get(code=CODE), problem=sheet.problem, tours=sheet.tours,
        origin="copy", parent=draft,
    )  # fmt: skip
    change(client, child, "chuyen", tour, tuan=moved.start + 1)
    change(client, child, "ghim", first_tours(draft, 400)[-1])
    text = page(client, ban=child.number, xuat="in")
    assert text.count("<b>±<span") == 1 and text.count("<b>#<span") == 1
    assert text.count("<b>=<span") == len(sheet.problem.locked_keys)
    changed = page(client, ban=child.number, chi="doi")
    assert changed.count("<tbody") == 1 and "±" in changed


def test_weeks_that_are_served_stand_locked_and_those_that_nobody_served_say_so(client, province, sheet, draft):
    problem = with_incumbent(sheet.problem, kept=sheet.tours, pins=(), before=4)
    later = drafts.make(
        by=province, campaign=Campaign.objects.get(code=CODE), problem=problem, tours=sheet.tours, origin="amend",
        parent=draft,
    )  # fmt: skip
    text = page(client, ban=later.number, xuat="in")
    begun = [one for one in sheet.tours if one.start < 4]
    assert text.count("<b>=<span") == len({one.key for one in begun} | sheet.problem.locked_keys)
    assert "đã trống" in text
    refused = change(client, later, "bo", begun[0])
    assert refused.status_code == 422 and "(R10)" in refused.content.decode()


def test_why_a_cell_is_empty_counts_everybody_once(client, sheet, draft):
    gap = empty(sheet)
    text = page(client, f"/dot/{CODE}/vi-tri/{gap.station}/{gap.skill}/{gap.week + 1}/")
    cadre = sheet.problem.skill_by_id[str(gap.skill)].cadre
    people = [one for one in sheet.problem.staff if sheet.problem.skill_by_id[one.primary].cadre == cadre]
    counted = [int(one) for one in re.findall(r"<summary><b>(\d+)</b>", text)]
    assert sum(counted) == len(people) and f"{len(people)} người cùng chức danh" in text
    named = re.findall(r"</summary><p>([^<]*)</p>", text)
    assert [len(one.split(", ")) for one in named] == counted


def test_a_way_to_fill_a_cell_is_tried_in_a_draft_of_its_own(client, sheet, draft):
    gap = next(one for one in unmet(sheet.problem, sheet.tours))
    address = f"/dot/{CODE}/vi-tri/{gap.station}/{gap.skill}/{gap.week + 1}/"
    text = page(client, address, cach="1")
    assert "Cần đồng ý" in text and 'name="cach" value="1"' in text
    answer = client.post(f"{address}?pv=08", {"cach": "1"})
    trial = Draft.objects.get(origin="trial")
    assert answer["Location"].startswith(BOARD) and f"ban={trial.number}" in answer["Location"]
    assert trial.parent_id == draft.pk
    assert Sheet(trial).unmet < sheet.unmet or trial.allowed
    assert page(client, ban=trial.number)
    assert client.post(f"{address}?pv=08", {"cach": "99"}).status_code == 422


def test_why_this_person_names_others_and_one_of_them_is_taken(client, sheet, draft):
    tour = first_tours(draft)[0]
    text = page(client, f"/dot/{CODE}/luot/{key_of(tour)}/")
    assert "Vì sao là người này" in text and "Ai đi thay được" in text
    assert change(client, draft, "khac", tour, cach="1").status_code == 200, "the first way: stays at home"
    assert tour not in tours_now(draft)


def test_an_empty_board_is_begun_by_hand(client, province):
    text = page(client)
    assert "Chưa có bản nào" in text
    answer = client.post(f"{EDIT}?pv=08", {"viec": "tay"})
    draft = Draft.objects.get()
    assert answer.status_code == 302 and draft.origin == "hand"
    assert set(Sheet(draft).tours) == set(Sheet(draft).problem.locked_set)
    assert client.post(f"{EDIT}?pv=08", {"viec": "hoan-lai", "seen": 0}, headers=LIVE).status_code == 422


def test_the_plan_goes_out_as_a_workbook_and_on_paper(client, draft):
    answer = client.get(BOARD, {"pv": "08", "xuat": "xlsx"})
    assert answer.content.startswith(b"PK") and "ban-1.xlsx" in answer["Content-Disposition"]
    paper = page(client, xuat="in")
    assert paper.count("<tbody") > 25 and 'class="sign"' in paper and "Giám đốc" in paper


def test_only_one_edits_at_a_time(client, somebody, draft):
    other = client_of(somebody("planner", "08/"))
    assert "data-edit" in page(client) and "data-edit" not in page(other)
    refused = change(other, draft, "bo", first_tours(draft)[0])
    assert refused.status_code == 422 and "E715" in refused.content.decode()


def test_a_draft_on_its_way_to_the_signature_is_not_changed(client, province, draft):
    stages.consult(by=province, draft=draft, seen=0, due=date(2199, 1, 5))
    assert "data-edit" not in page(client)
    assert "E745" in change(client, draft, "bo", first_tours(draft)[0]).content.decode()


@pytest.mark.parametrize("role", ["director", "clerk", "commune", "head", "sender"])
def test_who_may_not_plan_changes_nothing(somebody, draft, role):
    answer = change(client_of(somebody(role, "08/")), draft, "bo", first_tours(draft)[0])
    assert answer.status_code == 403
    draft.refresh_from_db()
    assert draft.revision == 0


def test_a_unit_sees_its_own_people_once_it_is_asked_and_nobody_else(province, somebody, sheet, draft):
    unit = sheet.problem.unit_of(sheet.tours[0])
    path = Facility.objects.filter(code=str(unit.id)).first().path
    client = client_of(somebody("sender", path))
    assert "Chưa có bản nào được gửi" in page(client)
    tour = next(one for one in sheet.report.tours if one.unit != str(unit.id))
    assert client.get(f"/dot/{CODE}/luot/{key_of(tour.tour)}/?pv=08").status_code == 404
    stages.consult(by=province, draft=draft, seen=0, due=date(2199, 1, 5))
    for by in ("tram", "nguoi", "don-vi"):
        text = page(client, xem=by, xuat="in")
        others = {one.staff_name for one in sheet.report.loads if one.unit != str(unit.id)}
        own = {one.staff_name for one in sheet.report.loads if one.unit == str(unit.id)}
        assert not [one for one in others - own if one in text]
    assert client.get(f"/dot/{CODE}/luot/{key_of(tour.tour)}/?pv=08").status_code == 404
    gap = empty(sheet)
    assert client.get(f"/dot/{CODE}/vi-tri/{gap.station}/{gap.skill}/{gap.week + 1}/?pv=08").status_code == 403
    assert client.get(f"{BOARD}?pv=08&xuat=xlsx").status_code == 403
    assert "ít nhất" not in page(client), "what the whole province cannot go below is not theirs to read"
