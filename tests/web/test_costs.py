"""The estimate adds up: rule × days × rate, cut where a rate changes, open where nobody verified it."""

from datetime import date, timedelta

import pytest

from tests.web.campaigns import CODE, drafted
from tests.web.conftest import client_of
from tramyte.domain.errors import BadData, NormMissing, NotAllowed
from tramyte.domain.plan import Tour, TourLine
from tramyte.norms import norm
from tramyte.norms.days import working_days
from tramyte.norms.local import LAW, Change, Law
from tramyte.web import costs
from tramyte.web.actions import budgets
from tramyte.web.models import Budget, Campaign
from tramyte.web.planning import Sheet
from tramyte.web.views.costs import amount_of

MONDAY = date(2026, 1, 12)


def line(start=MONDAY, weeks=2, minutes=90):
    return TourLine(
        Tour("a", "s", "BS", 0, weeks), "Lò Thị Hoa", "u", "BV", "Trạm", "bác sĩ", minutes, is_locked=False,
        start_date=start, end_date=start + timedelta(weeks=weeks) - timedelta(days=1),
    )  # fmt: skip


def by_rule(found):
    return {one.rule: one for one in found}


def test_each_line_is_days_times_rate():
    found = by_rule(costs.costs([line()], law=LAW))
    assert set(found) == {"per_diem", "lodging", "travel", "allowance"}
    days = working_days(MONDAY, MONDAY + timedelta(days=14))
    assert found["per_diem"].count == (days, 14) and found["per_diem"].rate == (200_000, 300_000)
    assert found["per_diem"].amount == (days * 200_000, 14 * 300_000)
    assert found["travel"].count == (180, 180), "there and back"
    base = norm("base_salary", on=MONDAY).value
    assert found["allowance"].rate == (0, round(base / 2 / 22)) and found["allowance"].count == (days, days)


def test_a_tour_over_the_day_of_a_new_base_salary_is_cut_there():
    start = date(2026, 6, 22)
    found = costs.costs([line(start)], law=LAW)
    parts = [one for one in found if one.rule == "allowance"]
    assert [(one.start, one.end) for one in parts] == [(start, date(2026, 7, 1)), (date(2026, 7, 1), date(2026, 7, 6))]
    assert [one.rate[1] for one in parts] == [round(2_340_000 / 44), round(2_530_000 / 44)]
    days = [one.count[1] for one in found if one.rule == "per_diem"]
    assert sum(days) == 14
    assert sum(one.rule == "travel" for one in found) == 1, "the way is paid once"


def test_rates_of_the_province_close_the_range():
    law = Law((
        Change(costs.RATES, "lines.0.low", 250_000, date(2026, 1, 1)),
        Change(costs.RATES, "lines.0.high", 250_000, date(2026, 1, 1)),
    ))  # fmt: skip
    assert by_rule(costs.costs([line()], law=law))["per_diem"].rate == (250_000, 250_000)


def test_before_any_rate_there_is_no_estimate():
    with pytest.raises(NormMissing):
        costs.costs([line(date(2015, 1, 5))], law=LAW)


def test_rules_add_up_to_their_lines_and_to_the_whole():
    found = costs.costs([line(), line(MONDAY + timedelta(weeks=2), 1, 0)], law=LAW)
    rules = costs.rules(found, law=LAW, on=MONDAY, lang="vi")
    assert costs.total(one.amount for one in rules) == costs.total(one.amount for one in found)
    assert {one.code: one.count for one in rules}["per_diem"][1] == 21
    assert all(one.source and one.title and one.confidence == "L" for one in rules)


@pytest.mark.parametrize(
    ("text", "amount"),
    [("2.000,5", 2_000_500_000), ("2000", 2_000_000_000), ("1 842,6", 1_842_600_000), ("", 0), ("hai", 0),
     ("-5", 0), ("1,2345678", 0), ("1,234", 0), ("1,2340", 1_234_000), ("99999999999", 0)],
)  # fmt: skip
def test_an_amount_is_read_as_people_write_it(text, amount):
    assert amount_of(text) == amount


def test_money_reads_in_millions_to_a_tenth():
    assert costs.millions((1_842_600_000, 1_842_640_000), "vi") == "1.842,6"
    assert costs.millions((0, 2_000_000_000), "vi") == "0,0–2.000,0"
    assert costs.dong((1_000, 2_000), "vi") == "1.000–2.000"


@pytest.mark.django_db
def test_the_budget_is_recorded_with_its_paper_or_not_at_all(province, somebody):
    campaign = Campaign.objects.get(code=CODE)
    with pytest.raises(BadData) as wrong:
        budgets.grant(by=province, campaign=campaign, amount=0, paper=" ", paper_on=None)
    assert [one.cell for one in wrong.value.findings] == ["so-tien", "so", "ngay-ky"]
    with pytest.raises(NotAllowed):
        budgets.grant(by=somebody("director", "08/"), campaign=campaign, amount=1, paper="1", paper_on=MONDAY)
    assert not Budget.objects.exists()
    budgets.grant(by=province, campaign=campaign, amount=5, paper="12/QĐ-SYT", paper_on=MONDAY)
    assert Budget.objects.get().paper == "12/QĐ-SYT"


@pytest.mark.django_db
def test_the_page_adds_up_and_tells_how_it_stands_against_the_budget(province):
    draft = drafted(province)
    sheet, client = Sheet(draft), client_of(province)
    found = costs.costs(costs.lines(sheet.problem, sheet.tours), law=LAW)
    whole = costs.total(one.amount for one in found)
    address = f"/dot/{CODE}/kinh-phi/?pv=08"
    text = client.get(address).content.decode()
    assert f"{costs.millions(whole, 'vi')} triệu đồng" in text and "Chưa ghi dự toán" in text
    assert f"{len(found):,}".replace(",", ".") + " dòng theo lượt" in text
    for rule in {one.rule for one in found}:
        own = [one for one in found if one.rule == rule]
        rows = client.get(f"{address}&muc={rule}").content.decode()
        assert f"{len(own)} dòng theo lượt" in rows
        assert costs.dong(costs.total(one.amount for one in own), "vi") in rows
    half = client.post(address, {"so-tien": "abc", "so": "12/QĐ", "ngay-ky": ""})
    assert half.status_code == 422 and "abc" in half.content.decode() and "12/QĐ" in half.content.decode()
    for amount, word in ((whole[0] - 1, "Vượt dự toán"), (whole[0], "Có thể vượt"), (whole[1], "Trong dự toán")):
        budgets.grant(
            by=province, campaign=Campaign.objects.get(code=CODE), amount=amount, paper="12/QĐ", paper_on=MONDAY
        )
        assert word in client.get(address).content.decode()
    answer = client.post(address, {"so-tien": "2.000,5", "so": "13/QĐ-SYT", "ngay-ky": "5/1/2026"})
    assert answer.status_code == 302 and Budget.objects.latest("pk").amount == 2_000_500_000
