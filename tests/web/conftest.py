"""A province in a database, on the engine that DATABASE_URL names: SQLite, or the PostgreSQL of tests/postgresql.py."""

from datetime import UTC, datetime

import pytest

from tramyte.web.models import Account, Grant

MOMENT = datetime(2026, 1, 8, 2, 0, tzinfo=UTC)


@pytest.fixture
def somebody(db):
    """Return a maker of accounts: of a role at a place."""

    def make(role, path, *, username=None, staff=None, start=None, end=None):
        account = Account.objects.create_user(username or f"{role}-{Account.objects.count()}", full_name=role)
        Grant.objects.create(account=account, role=role, path=path, staff=staff, start=start, end=end)
        return account

    return make
