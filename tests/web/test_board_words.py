"""Words of the board: how people are called in its sentences, and what the plan costs."""

import re
from dataclasses import replace
from datetime import date

import pytest

from tests.web.campaigns import CODE, drafted
from tests.web.conftest import client_of
from tramyte.web.actions import budgets
from tramyte.web.planning import campaign_of, problem_of
from tramyte.web.views.board_words import called

pytestmark = pytest.mark.django_db


def test_people_are_called_by_their_given_names_and_those_alike_as_on_their_chips(province):
    problem, _ = problem_of(campaign_of("08", CODE))
    names = ("Lò Thị Hoa", "Giàng A Hoa", "Vừ A Sùng")
    people = tuple(replace(one, name=name) for one, name in zip(problem.staff, names, strict=False))
    told = [called(replace(problem, staff=people), str(one.id)) for one in people]
    assert told == ["Hoa (Lò T.)", "Hoa (Giàng A.)", "Sùng"]


def test_the_third_line_tells_money_beside_what_was_granted(province):
    drafted(province)

    def page():
        return client_of(province).get(f"/dot/{CODE}/bang/?pv=08").content.decode()

    assert re.search(r'href="[^"]*/kinh-phi/[^"]*">[\d.,–]+ triệu đồng</a>', page())
    when, granted = campaign_of("08", CODE), date(2025, 12, 1)
    budgets.grant(by=province, campaign=when, amount=2_000_000_000, paper="15/QĐ", paper_on=granted)
    assert re.search(r"[\d.,–]+/2\.000,0 triệu đồng", page())
