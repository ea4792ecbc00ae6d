"""What stands on the screen, where a whole province would be too much to look through."""

from datetime import date
from types import SimpleNamespace

import pytest

from tests.worlds import tiny_problem
from tramyte.cli import screen, table
from tramyte.cli.inputs import Stated
from tramyte.cli.words import Settings
from tramyte.domain.finding import Finding
from tramyte.domain.plan import Unmet
from tramyte.need.doctors import Spread
from tramyte.rotation import explain


def test_many_warnings_are_cut_and_counted(capsys):
    screen.warnings([Finding("W510", severity="warning")] * 25, "vi")
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == screen.SHOWN + 1 and "5 chỗ khác" in lines[-1]


def test_warnings_beside_errors_are_counted_apart(capsys):
    findings = [Finding("E101"), Finding("W510", severity="warning"), Finding("E101")]
    screen.failure("BadData", 10, findings, Settings())
    assert "Lỗi phải sửa: 2. Cần xem lại: 1." in capsys.readouterr().err


def test_unmet_needs_come_worst_first_with_their_weeks(capsys):
    problem = tiny_problem()
    report = explain.report(problem, Stated((), {}).plan(problem))
    screen.reasons(report, "vi")
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].startswith("  ▲ A, NOI: trống 4 tuần-người (thiết yếu 4), tuần thứ 1–4")
    assert "vì sao, số người tính ở tuần thứ 1: đi được nhưng tổng điểm phạt sẽ cao hơn 2" in lines[2]
    assert lines[3].startswith("  ▲ B, TCMR: trống 3 tuần-người (thiết yếu 0), tuần thứ 2–4")


def test_an_unmet_need_without_reasons_stands_alone(capsys):
    plan = SimpleNamespace(unmet=(Unmet("X", "Y", 0, 0, 0, 1), Unmet("X", "Y", 0, 2, 0, 1)))
    screen.reasons(SimpleNamespace(plan=plan, needs=()), "en")  # type: ignore[arg-type]
    assert capsys.readouterr().out.splitlines()[1:] == ["  ▲ X, Y: 2 person-weeks (critical 0), weeks 1, 3"]


def test_no_place_has_no_mean(capsys):
    table.spread(Spread({}), "commune", [], "vi")
    assert "Trung bình" not in capsys.readouterr().out


def test_without_a_target_nothing_is_short(capsys):
    table.spread(Spread({"a": ("x",), "b": ()}), "station", [], "en")
    out = capsys.readouterr().out
    assert "1 doctors ■ 1" in out and "short" not in out and "Mean 0.5 (1/2)." in out


@pytest.mark.parametrize(("low", "high", "words"), [(None, 3, "—"), (2, 2, "2"), (1.04, 2.5, "1–2,5")])
def test_a_range_that_is_not_known_is_a_dash(low, high, words):
    assert table._range(low, high, "vi") == words


def test_a_province_with_no_one_short_has_no_list_of_the_worst(capsys):
    table.worst(SimpleNamespace(stations=(), rows={}, on=date(2026, 1, 8)), "vi")  # type: ignore[arg-type]
    assert capsys.readouterr().out == ""


def test_a_table_has_figures_on_the_right_and_cuts_long_names(capsys):
    table.print_table(["Trạm", "Người"], [["x" * 60, "1"], ["Phố Bảng", "1.234"]])
    lines = capsys.readouterr().out.splitlines()
    assert len({len(line) for line in lines}) == 1 and lines[1].split()[0].endswith("…")
