"""What is kept in memory: told of every write, never another account's, never more than it may be, read once."""

import ast
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from threading import Event

import pytest
from django.db import connection
from django.utils import timezone

from tramyte.web import events, memory
from tramyte.web.memory import LEAST, MEMORY, Memory, stamps
from tramyte.web.models import Appointment, Facility, Staff
from tramyte.web.models.base import Dated, Record
from tramyte.web.roles import Permission
from tramyte.web.views.scope import scope_for
from tramyte.web.views.stations import lines

pytestmark = pytest.mark.django_db
DAY = date(2026, 1, 8)


@pytest.fixture(autouse=True)
def kept(monkeypatch):
    monkeypatch.setattr(MEMORY, "is_on", True)
    MEMORY.forget()
    yield
    MEMORY.forget()


def scope_of(account):
    return scope_for(account, "08", on=DAY, by="tram", lang="vi")


def people(account):
    """Code of a station -> its people, as the list of stations counts them."""
    return {row["code"]: row["people"] for row in lines(scope_of(account))}


def withdraw(rows):
    one = rows.first()
    one.is_withdrawn = True
    one.save()


@pytest.mark.parametrize(
    "write",
    [
        withdraw,
        lambda rows: rows.filter(pk=rows.first().pk).update(is_withdrawn=True),
        lambda rows: Appointment.every.filter(pk=rows.first().pk).update(is_withdrawn=True),
        lambda rows: rows.first().delete(),
        lambda rows: rows.filter(pk=rows.first().pk).delete(),
    ],
    ids=["a row", "a query", "a query of every row", "a row goes", "a query goes"],
)
def test_whatever_writes_is_seen_by_who_asks_next(province, write):
    before = people(province)
    assert lines(scope_of(province)) is lines(scope_of(province)), "kept"
    write(Appointment.objects.filter(facility="TYT-01234").order_by("pk"))
    assert people(province) == before | {"TYT-01234": before["TYT-01234"] - 1}


def test_a_query_that_changes_many_rows_keeps_the_history_of_each(province):
    some = Staff.objects.filter(path__startswith="08/01234/")
    codes = set(some.values_list("code", flat=True))
    assert some.update(qualification="master") == len(codes) > 1
    newest = Staff.history.filter(qualification="master", history_type="~")
    assert set(newest.values_list("code", flat=True)) == codes


def test_a_table_that_nobody_wrote_into_is_not_read_again(province):
    scope = scope_of(province)
    before = scope.records("staff", "facilities", may=Permission.SEE_FIGURES)
    Facility.objects.filter(code="TYT-01234").update(catchment_population=1)
    after = scope.records("staff", "facilities", may=Permission.SEE_FIGURES)
    assert after.staff is before.staff
    assert after.facilities != before.facilities


def test_nobody_is_told_what_another_account_may_see(province, somebody):
    assert len(people(province)) == 127
    officer = somebody("commune", "08/01234/")
    assert set(people(officer)) == {"TYT-01234"}
    assert len(people(province)) == 127


def test_what_was_longest_unused_goes_first_and_no_more_stays_than_may(province, monkeypatch):
    monkeypatch.setattr(memory, "MOST", 5 * LEAST)
    own = Memory()
    own.is_on = True
    for key in range(4):
        own.recall(key, ("staff",), lambda: [0] * LEAST)
    first = own.recall(0, ("staff",), list)
    own.recall("large", ("staff",), lambda: [0] * 3 * LEAST)
    assert own.rows <= 5 * LEAST
    assert own.recall(0, ("staff",), list) is first, "the one used last stays"
    own.recall("too large", ("staff",), lambda: [0] * 9 * LEAST)
    assert own.rows == 9 * LEAST, "one alone may be larger: it is needed now"


def test_actions_said_to_write_no_record_write_none():
    told = {path.stem: path.read_text("utf-8") for path in (Path(events.__file__).parent / "actions").glob("*.py")}
    assert set(memory.BESIDE) <= set(told)
    records = {model.__name__ for model in Record.__subclasses__() if not model._meta.abstract}
    records |= {model.__name__ for model in Dated.__subclasses__()} | {"imports", "corrections"}
    for name in memory.BESIDE:
        names = {one.id for one in ast.walk(ast.parse(told[name])) if isinstance(one, ast.Name)}
        assert not names & records, name


def test_of_many_who_ask_at_once_one_reads_and_a_failure_is_nobody_elses(monkeypatch):
    monkeypatch.setattr(memory, "stamps", lambda names: dict.fromkeys(names, 1))
    own, begun, reads = Memory(), Event(), []
    own.is_on = True

    def read():
        reads.append(1)
        assert begun.wait(10)
        return ["read"]

    with ThreadPoolExecutor(8) as pool:
        answers = [pool.submit(own.recall, "key", ("staff",), read) for _ in range(8)]
        begun.set()
        assert [one.result() for one in answers] == [["read"]] * 8
    assert len(reads) == 1
    with pytest.raises(ZeroDivisionError):
        own.recall("other", ("staff",), lambda: 1 / 0)
    assert own.recall("other", ("staff",), lambda: ["whole"]) == ["whole"]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="one writer at a time on SQLite")
def test_a_lower_number_that_comes_later_than_a_higher_one_is_seen_by_its_event(province):
    (before,) = stamps(["staff"]).values()
    events.append("accounts.sign_in", account=province, at=timezone.now())
    assert list(stamps(["staff"]).values()) == [before], "who signs in writes no record"
    events.append("corrections.correct", account=province, at=timezone.now())
    (after,) = stamps(["staff"]).values()
    assert after[:2] == before[:2] and after != before  # type: ignore[index]
