"""
A province in a database, on the engine that DATABASE_URL names: SQLite, or the PostgreSQL of tests/postgresql.py.

Tests that ask for `province` share one import of Tuyên Quang: they run last, after every test that wants an empty
database; each works in a transaction that is rolled back. A test with transaction=True empties the database when it
is over; the next one that asks gets the province again.
"""

import sqlite3
from datetime import UTC, date, datetime

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.db import connection
from django.test import Client, TransactionTestCase

from tramyte.need import needs
from tramyte.sample import sample
from tramyte.web.memory import MEMORY
from tramyte.web.models import Account, Facility, Grant, Province, Staff
from tramyte.web.roles import ROLES

MOMENT = datetime(2026, 1, 8, 2, 0, tzinfo=UTC)
DAY = date(2026, 1, 8)
SECRET = "JBSWY3DPEHPK3PXP"  # noqa: S105  of every second factor in tests


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Let tests that share the province run after others, and those of the browser last: it leaves a loop behind."""
    items.sort(
        key=lambda item: (
            "tests/browser/" in item.path.as_posix(),
            "recorded" in getattr(item, "fixturenames", ()),
        )
    )


@pytest.fixture(autouse=True, scope="session")
def remembering():
    """Let pages remember what they counted, as they do where they are served: a write is seen by its history."""
    MEMORY.is_on = True


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup):
    """Let a test with transaction=True empty a database on SQLite, where a wall keeps events from being deleted."""
    empty = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]

    def without_wall(self):
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("DROP TRIGGER IF EXISTS wall_event_delete")
        empty(self)  # puts the walls up again, as every migration does

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", without_wall)
        yield


def client_of(account):
    """Return a browser in which somebody has signed in."""
    client = Client()
    client.force_login(account)
    return client


@pytest.fixture
def somebody(db):
    """Return a maker of accounts: of a role at a place."""

    def make(role, path, *, username=None, staff=None, start=None, end=None):
        account = Account.objects.create_user(username or f"{role}-{Account.objects.count()}", full_name=role)
        Grant.objects.create(account=account, role=role, path=path, staff=staff, start=start, end=end)
        if ROLES[role].needs_second_factor:
            TOTP.activate(account, SECRET)
        return account

    return make


@pytest.fixture(scope="session")
def tuyen_quang():
    """Return the sample province 08 as a register."""
    return sample("08", seed=1)


@pytest.fixture(scope="session")
def report(tuyen_quang):
    """Return what `tramyte need` answers for the sample province."""
    return needs(tuyen_quang, on=DAY, synthetic=True)


@pytest.fixture(scope="session")
def recorded(django_db_setup, django_db_blocker, tuyen_quang):
    """Record the province once in a session, in the database itself; return what puts it back when it is gone."""
    with django_db_blocker.unblock():
        _record(tuyen_quang)
        copy = None
        if connection.vendor == "sqlite":
            copy = sqlite3.connect(":memory:", check_same_thread=False)
            connection.connection.backup(copy)

    def again():
        if copy is None or connection.in_atomic_block:
            _record(tuyen_quang)
        else:
            copy.backup(connection.connection)

    yield again
    if copy is not None:
        copy.close()


@pytest.fixture
def province(recorded, db):
    """Return a planner of Tuyên Quang (08/), which is in the database."""
    if not Province.objects.filter(code="08").exists():
        recorded()
    return Account.objects.get(username="planner-08")


@pytest.fixture
def station(province):
    """Return a station of the province."""
    return Facility.objects.filter(province="08", kind="station").order_by("code").first()


@pytest.fixture
def person(station):
    """Return somebody who works at the station."""
    return Staff.objects.filter(path=station.path).order_by("pk").first()


def _record(register):
    """Record a province as a planner does: by an import."""
    from tramyte.web.actions import imports

    Province.objects.create(code="08", name="Tuyên Quang", kind="tỉnh", is_sample=True)
    planner = Account.objects.create_user("planner-08", full_name="planner")
    Grant.objects.create(account=planner, role="planner", path="08/")
    run = imports.ask(by=planner, path="08/", filename="so.xlsx", data=b"so")
    imports.accept(by=planner, run=run, register=register, on=DAY)
    if connection.vendor == "postgresql":  # as its own upkeep does after so many rows
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
