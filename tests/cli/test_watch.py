"""A long computation is shown, and Ctrl-C is heard."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from types import SimpleNamespace

import pytest
from benchmarks.instances import province

from tests.cli.slow import slow_problem
from tramyte.cli import watch
from tramyte.rotation import read
from tramyte.rotation.check import check
from tramyte.rotation.solve import Progress, solve

SEEN = SimpleNamespace(total=28430, bound=26000, gap=0.0855, critical=3, unmet=65, least_unmet=0)
POSIX = pytest.mark.skipif(os.name != "posix", reason="sends a signal the POSIX way")


def test_progress_is_a_sentence_in_both_languages():
    assert watch.sentence(None, "vi") == "đang tìm phương án đầu tiên"
    told = watch.sentence(SEEN, "vi")
    assert told == "trống 65 tuần-người (thiết yếu 3); điểm phạt 28.430, không thể dưới 26.000; còn cách tối đa 8,55%"
    unknown = SimpleNamespace(total=1, bound=None, gap=None, critical=None, unmet=0, least_unmet=0)
    assert "cannot go below —" in watch.sentence(unknown, "en")


def test_the_least_possible_unmet_stands_beside_the_unmet_once_it_is_known():
    known = SimpleNamespace(**{**vars(SEEN), "least_unmet": 1061, "unmet": 1065})
    assert watch.sentence(known, "vi").startswith("trống 1.065 tuần-người, không thể dưới 1.061 (thiết yếu 3); điểm")
    assert watch.sentence(known, "en").startswith("unmet 1,065 person-weeks, cannot go below 1,061 (critical 3);")


def test_the_solver_itself_tells_the_least_possible_unmet():
    seen: list[Progress] = []
    solve(province(3, staff=60, stations=14, weeks=10), work=500, progress=seen.append)
    assert 0 < seen[-1].least_unmet <= seen[-1].unmet
    assert f"không thể dưới {seen[-1].least_unmet} (" in watch.sentence(seen[-1], "vi")


def test_plain_lines_come_at_most_every_two_seconds(capsys):
    show = watch._lines("vi")
    for tenth in range(41):
        show(tenth / 10, SimpleNamespace(**{**vars(SEEN), "total": tenth, "least_unmet": 61}))
    lines = capsys.readouterr().err.splitlines()
    assert [line.split(" giây")[0] for line in lines] == ["0", "2", "4"]
    assert all("trống 65 tuần-người, không thể dưới 61" in line for line in lines)


def test_the_same_words_are_not_said_again(capsys):
    show = watch._lines("en")
    show(0, None)
    show(5, None)
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_terminal_gets_a_bar(monkeypatch, capsys):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)

    def work(stop, progress):
        progress(SimpleNamespace(**{**vars(SEEN), "least_unmet": 61}))
        time.sleep(0.3)
        return "done"

    for seconds in (0.5, None):
        assert watch.watched(work, seconds=seconds, lang="vi") == "done"
    shown = " ".join(capsys.readouterr().err.split())
    assert "65" in shown and "61" in shown


def test_a_failure_in_the_worker_is_raised_here():
    def work(stop, progress):
        raise ValueError("from inside")

    with pytest.raises(ValueError, match="from inside"):
        watch.watched(work, seconds=None, lang="vi")


def test_another_thread_than_the_main_one_hears_no_signals():
    answers = []
    thread = threading.Thread(
        target=lambda: answers.append(watch.watched(lambda stop, progress: 7, seconds=1, lang="vi"))
    )
    thread.start()
    thread.join()
    assert answers == [7]


def test_the_first_ctrl_c_stops_and_the_second_gives_up(capsys):
    def patient(stop, progress):
        signal.raise_signal(signal.SIGINT)  # runs the handler of the main thread, as a terminal does
        stop.wait(5)
        return "kept"

    assert watch.watched(patient, seconds=None, lang="vi") == "kept"
    assert "Đang dừng" in capsys.readouterr().err

    def deaf(stop, progress):
        for _ in range(2):
            signal.raise_signal(signal.SIGINT)
            time.sleep(0.3)
        time.sleep(0.5)

    with pytest.raises(KeyboardInterrupt):
        watch.watched(deaf, seconds=None, lang="vi")
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def _start(*args, cwd):
    return subprocess.Popen(
        [sys.executable, "-m", "tramyte.cli", *args], cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def _heard(process, words):
    """Wait for a line on stderr that holds the words."""
    for line in process.stderr:
        if words in line:
            return


@POSIX
def test_ctrl_c_keeps_the_best_plan(tmp_path):
    (tmp_path / "problem.json").write_text(json.dumps(slow_problem()), "utf-8")
    with _start("rotate", "problem.json", "--seconds", "60", "--out", "plan.json", cwd=tmp_path) as process:
        _heard(process, "trống")
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
        assert process.returncode == 0, err
        assert time.monotonic() - began < 4
    world = read.problem((tmp_path / "problem.json").read_bytes())
    data = (tmp_path / "plan.json").read_bytes()
    assert not check(world, read.tours(data, world))
    assert json.loads(data)["status"] == "stopped" and "Đang dừng" in err and "Đã ghi: plan.json" in out


@POSIX
@pytest.mark.long
def test_ctrl_c_keeps_the_best_plan_of_a_workbook(tmp_path, province):
    (tmp_path / "book.xlsx").write_bytes(province)
    outs = ("--out", "plan.xlsx", "--out", "plan.json")
    with _start("rotate", "book.xlsx", "--seconds", "60", *outs, cwd=tmp_path) as process:
        _heard(process, "trống")  # seconds before the best plan is proved
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)
        assert process.returncode == 0 and time.monotonic() - began < 4
    assert subprocess.run(
        [sys.executable, "-m", "tramyte.cli", "check", "book.xlsx", "plan.json"], cwd=tmp_path, check=False
    ).returncode == 0  # fmt: skip
