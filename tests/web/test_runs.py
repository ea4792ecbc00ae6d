"""Long work: one worker has it, a dead one's is taken up again, and what is over stays over."""

import threading
import time
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tramyte.domain.errors import AlreadyIssued, NotAllowed
from tramyte.web import worker
from tramyte.web.actions import runs
from tramyte.web.models import Account, Event, Run
from tramyte.web.work import upkeep

pytestmark = pytest.mark.django_db


@pytest.fixture
def planner(somebody):
    return somebody("planner", "11/")


@pytest.fixture
def run(planner):
    return runs.ask(by=planner, kind="solve", path="11/", given={"seed": 1})


def take(holder="a/1"):
    return runs.take(holder=holder, kinds=["solve"])


def lapse(run):
    Run.objects.filter(pk=run.pk).update(held_until=timezone.now() - timedelta(seconds=1))


def test_asking_and_stopping_are_told_in_the_log_and_need_the_right_to_plan(run, planner, somebody):
    runs.cancel(by=planner, run=run)
    assert [event.action for event in Event.objects.order_by("number")] == ["solves.ask", "solves.cancel"]
    for stranger in (somebody("head", "11/"), somebody("planner", "08/")):
        with pytest.raises(NotAllowed):
            runs.ask(by=stranger, kind="solve", path="11/")
        with pytest.raises(NotAllowed):
            runs.cancel(by=stranger, run=run)


def test_of_two_workers_one_has_it(run):
    assert take("a/1") == run
    assert take("b/1") is None
    run.refresh_from_db()
    assert (run.state, run.holder, run.tries) == ("running", "a/1", 1)


def test_a_lost_lease_is_taken_up_once_and_the_first_worker_writes_nothing_any_more(run):
    first = take("a/1")
    lapse(run)
    assert take("b/1") == run and take("c/1") is None
    assert not runs.renew(run=first, holder="a/1")
    assert not runs.end(run=first, holder="a/1", state="done", result={"by": "a"})
    runs.tell(run=first, holder="a/1", done=9, total=9, words=None)
    assert runs.end(run=run, holder="b/1", state="done", result={"by": "b"})
    run.refresh_from_db()
    assert (run.result, run.done, run.tries, run.holder) == ({"by": "b"}, 0, 2, None)


def test_what_is_over_is_never_taken_again(run):
    take()
    runs.end(run=run, holder="a/1", state="done", result={})
    assert take("b/1") is None
    runs.cancel(by=None, run=run)
    run.refresh_from_db()
    assert (run.state, run.cancel) == ("done", False)


def test_a_run_of_which_three_workers_died_is_given_up(run):
    for number in range(runs.TRIES):
        assert take(f"a/{number}") == run
        lapse(run)
    assert take("a/9") is None
    run.refresh_from_db()
    assert (run.state, run.words, run.holder) == ("failed", "UI_run_lost", None)


def test_a_waiting_run_stops_at_once_and_one_whose_worker_died_stops_when_it_is_found(run, planner):
    runs.cancel(by=planner, run=run)
    run.refresh_from_db()
    assert run.state == "cancelled"
    other = runs.ask(by=planner, kind="solve", path="11/")
    take()
    runs.cancel(by=planner, run=other)
    other.refresh_from_db()
    assert runs.progress(other).is_stopping
    lapse(other)
    assert take("b/1") is None
    other.refresh_from_db()
    assert other.state == "cancelled"


def test_the_leases_of_a_worker_known_to_be_dead_end_and_no_others(run, planner):
    other = runs.ask(by=planner, kind="solve", path="11/")
    take("dead/1")
    take("alive/1")
    assert runs.lost(worker="dead") == 1
    assert take("next/1") == run and take("next/2") is None
    other.refresh_from_db()
    assert other.holder == "alive/1"


def test_asking_anew_keeps_what_was_given_and_only_when_the_work_is_over(run, planner):
    with pytest.raises(AlreadyIssued):
        runs.again(by=planner, run=run, given={}, action="solves.again")
    take()
    runs.end(run=run, holder="a/1", state="done", result={"old": 1})
    runs.again(by=planner, run=run, given={"limit": 5}, action="solves.again")
    run.refresh_from_db()
    assert (run.state, run.given, run.result, run.tries) == ("waiting", {"seed": 1, "limit": 5}, None, 0)


def test_the_work_of_a_day_is_asked_for_once_and_done(run, somebody):
    unused = somebody("planner", "11/", username="unused")
    Account.objects.filter(pk=unused.pk).update(date_joined=timezone.now() - timedelta(days=46))
    asked = runs.ask_due()
    assert asked and runs.ask_due() is None
    assert worker.one("chore", upkeep.chores, worker="w", ending=threading.Event())
    asked.refresh_from_db()
    assert asked.result is not None
    assert (asked.state, asked.result["closed"], asked.result["log"]["broken"]) == ("done", 1, None)
    unused.refresh_from_db()
    assert (unused.is_active, unused.closed_reason) == (False, "UI_closed_idle")
    assert upkeep.chores(asked, lambda *_: None, lambda: False)["closed"] == 0, "done twice, it does nothing more"
    Run.objects.filter(pk=asked.pk).update(asked_at=timezone.now() - timedelta(days=1))
    assert runs.ask_due()


def test_a_check_of_the_log_that_is_stopped_says_nothing(run, planner):
    count = Event.objects.count()
    check = runs.ask(by=planner, kind="chain", path="11/", given={"is_whole": True})
    assert upkeep.chain(check, lambda *_: None, lambda: True) is None
    assert Event.objects.count() == count + 1, "only that it was asked for"
    told: list[tuple[Any, ...]] = []
    found = upkeep.chain(check, lambda *said: told.append(said), lambda: False)
    assert found is not None and found["broken"] is None
    assert told == [(0, count + 1, "UI_run_chain")]


def test_progress_is_a_share_only_where_the_whole_is_known(run):
    run.done, run.total = 3120, 8739
    assert runs.progress(run).share == 35
    run.total = None
    assert runs.progress(run).share is None and not runs.progress(run).is_over


class TestWorker:
    """The worker's hands, with threads that see each other's rows."""

    pytestmark = pytest.mark.django_db(transaction=True)

    def done(self, run, work, *, during=None, ending=None, monkeypatch=None):
        ending = ending or threading.Event()
        thread = threading.Timer(0.3, during) if during else None
        if thread:
            thread.start()
        assert worker.one("solve", work, worker="w", ending=ending)
        if thread:
            thread.join()
        run.refresh_from_db()
        return run

    @pytest.mark.parametrize(("result", "state"), [({"best": 1}, "done"), (None, "cancelled")])
    def test_who_is_stopped_may_still_hand_in_the_best_so_far(self, run, result, state):
        def work(_, progress, stopped):
            until = time.monotonic() + 20
            while not stopped() and time.monotonic() < until:
                time.sleep(0.02)
            return result

        def during():
            from django.db import connection

            runs.cancel(by=None, run=run)
            connection.close()

        began = time.monotonic()
        done = self.done(run, work, during=during)
        assert (done.state, done.result) == (state, result)
        assert time.monotonic() - began < 3

    def test_a_worker_that_ends_gives_its_run_back_and_that_is_no_try(self, run):
        ending = threading.Event()

        def work(_, progress, stopped):
            ending.set()
            return {"half": 1} if stopped() else None

        done = self.done(run, work, ending=ending)
        assert (done.state, done.tries, done.result, done.holder) == ("waiting", 0, None, None)

    def test_a_fault_of_the_program_ends_the_run_with_words(self, run, caplog):
        def work(*_):
            raise ZeroDivisionError

        done = self.done(run, work)
        assert (done.state, done.words) == ("failed", "UI_run_failed")
        assert "ZeroDivisionError" in caplog.text

    def test_the_lease_is_kept_alive_while_the_work_lasts(self, run, monkeypatch):
        monkeypatch.setattr(runs, "LEASE", timedelta(seconds=1.5))
        seen = []

        def work(_, progress, stopped):
            for number in range(8):
                time.sleep(0.4)
                seen.append(take(f"thief/{number}"))
            return {"whole": 1}

        assert self.done(run, work).result == {"whole": 1}
        assert seen == [None] * 8


def test_a_page_says_how_far_and_asks_again_without_scripts_too(run, planner, somebody):
    from tramyte.web.models import Province

    Province.objects.create(code="11", name="Điện Biên", kind="tỉnh")
    client = Client()
    client.force_login(planner)
    take()
    runs.tell(run=run, holder="a/1", done=3120, total=8739, words="UI_run_reading")
    page = client.get(f"/viec-chay/{run.pk}/").content.decode()
    assert "Đã đọc 3.120/8.739 dòng" in page and 'http-equiv="refresh" content="2"' in page
    piece = client.get(f"/viec-chay/{run.pk}/", headers={"HX-Request": "true"})
    assert "<html" not in piece.content.decode() and "HX-Refresh" not in piece.headers
    assert client.post(f"/viec-chay/{run.pk}/dung/").status_code == 302
    runs.end(run=run, holder="a/1", state="cancelled")
    assert client.get(f"/viec-chay/{run.pk}/", headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    client.force_login(somebody("planner", "08/"))
    assert client.get(f"/viec-chay/{run.pk}/").status_code == 404
    assert client.post(f"/viec-chay/{run.pk}/dung/").status_code == 404
