"""The lanes of the board."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.exchange.reports import line, need, report
from tramyte.exchange.board import lanes, name_key, short_names, split_name, week_label


def shape(lane):
    """Return station, position and cells of a lane."""
    cells = [(cell.start, cell.weeks, cell.kind, cell.tour and cell.tour.staff_name) for cell in lane.cells]
    return lane.station, lane.position, cells


def test_each_position_has_a_lane_and_gaps_run_together():
    assert [shape(lane) for lane in lanes(report())] == [
        ("MN", 1, [(0, 2, "tour", "Lò Thị Hoa"), (2, 2, "short_critical", None)]),
        ("MN", 1, [(0, 1, "locked", "Giàng A An"), (1, 1, "tour", "Đặng Ánh")]),
        ("NK", 1, [(0, 2, "tour", "Lò Thanh Hoa")]),
        ("NK", 2, [(0, 2, "short", None)]),
    ]


def test_the_first_missing_people_are_the_critical_ones():
    alone = report(tours=(), needs=(need("NK", "IM", 0, 0, 3, 1, 0, 0), need("NK", "IM", 0, 1, 2, 2, 0, 0)))
    assert [shape(lane)[2] for lane in lanes(alone)] == [
        [(0, 2, "short_critical", None)],
        [(0, 1, "short", None), (1, 1, "short_critical", None)],
        [(0, 1, "short", None), (1, 1, "free", None)],
    ]


def test_overlapping_needs_of_one_role_share_their_lanes():
    both = report(
        tours=(line("S1", "NK", "IM", 0, 1),),
        needs=(need("NK", "IM", 0, 0, 2, 0, 1, 0), need("NK", "IM", 1, 0, 1, 1, 1, 0)),
    )
    assert [shape(lane)[2] for lane in lanes(both)] == [
        [(0, 1, "tour", "Lò Thị Hoa")],
        [(0, 1, "short", None)],
    ]


def test_a_tour_in_a_role_nobody_wants_is_shown():
    extra = report(tours=(line("S1", "NK", "US", 1, 1), line("S2", "NK", "US", 1, 2)), needs=())
    assert [shape(lane)[2] for lane in lanes(extra)] == [
        [(1, 2, "tour", "Lò Thanh Hoa")],
        [(1, 1, "tour", "Lò Thị Hoa")],
    ]


def test_more_people_than_wanted_leave_no_gap():
    full = report(
        tours=(line("S1", "NK", "IM", 0, 1), line("S2", "NK", "IM", 0, 1)),
        needs=(need("NK", "IM", 0, 0, 1, 1, 2, 0),),
    )
    assert [len(lane.cells) for lane in lanes(full)] == [1, 1]


def test_names_put_the_given_name_first_and_grow_until_no_two_are_alike():
    people = [
        ("1", "Lò Thị Hoa"),
        ("2", "Lò Thanh Hoa"),
        ("3", "Mùa Hoa"),
        ("4", "Mùa Hoa"),
        ("5", "Sùng"),
        ("6", "Tú A Vân"),
    ]
    assert short_names(people) == {
        "1": "Hoa (Lò Thị)",
        "2": "Hoa (Lò Thanh)",
        "3": "Hoa (Mùa) [3]",
        "4": "Hoa (Mùa) [4]",
        "5": "Sùng",
        "6": "Vân (Tú A.)",
    }
    assert split_name("") == ("", "")


def test_people_sort_by_given_name_in_vietnamese_order():
    names = ["Vũ Đông", "Lò Dung", "Bùi Ánh", "Lò An", "An Ăn"]
    assert sorted(names, key=name_key) == ["Lò An", "Bùi Ánh", "An Ăn", "Lò Dung", "Vũ Đông"]


def test_a_week_is_never_written_like_a_weekday():
    assert week_label(report().first_monday, 1, "en") == "week 52/2025 (22–28/12)"
    assert week_label(None, 3, "vi") == "tuần 4"


WEEKS = 6
tour_lists = st.lists(st.tuples(st.integers(0, WEEKS - 1), st.integers(1, 3)), max_size=6)
need_lists = st.lists(st.tuples(st.integers(0, WEEKS - 1), st.integers(0, 3), st.integers(0, 3)), max_size=8)


@given(tours=tour_lists, wants=need_lists)
def test_on_any_plan_lanes_hold_every_tour_once_and_show_every_missing_person_once(tours, wants):
    lines = tuple(
        replace(row, tour=replace(row.tour, staff=str(index)))
        for index, row in enumerate(
            line("S1", "MN", "IM", start, min(length, WEEKS - start)) for start, length in tours
        )
    )
    there = [sum(row.tour.start <= week < row.tour.end for row in lines) for week in range(WEEKS)]
    needs = tuple(
        need("MN", "IM", index, week, count, min(count, critical), there[week], 0)
        for index, (week, count, critical) in enumerate(wants)
    )
    found = lanes(report(tours=lines, needs=needs))
    shown = [cell.tour for lane in found for cell in lane.cells if cell.tour]
    assert sorted(row.tour.key for row in shown) == sorted(row.tour.key for row in lines)
    for lane in found:
        assert all(left.end <= right.start for left, right in zip(lane.cells, lane.cells[1:], strict=False))
    for week in range(WEEKS):
        kinds = [cell.kind for lane in found for cell in lane.cells if cell.start <= week < cell.end]
        here = [row for row in needs if row.week == week]
        missing = max((row.count - row.served for row in here), default=0)
        critical = max((row.critical - row.served for row in here), default=0)
        assert kinds.count("short") + kinds.count("short_critical") == max(0, missing)
        assert kinds.count("short_critical") == max(0, critical)
