"""Rows of every kind in the first schema, written through the models as they stood then."""

from datetime import UTC, datetime

from django.db import connection
from django.db.migrations.loader import MigrationLoader

from tramyte.sample import sample
from tramyte.web import models, records

FIRST = ("web", "0001_register")
MOMENT = datetime(2026, 1, 8, 2, 0, tzinfo=UTC)


def fill():
    """Write a commune's register with its history, an account with a grant, two events and a run with its file."""
    apps = MigrationLoader(connection).project_state(FIRST).apps
    found = sample("15724", seed=1)
    places = records.Places("38", found, on=MOMENT.date())
    kept = {field: type(rows[0]) for field in vars(found) if (rows := getattr(found, field))}
    for field, record in kept.items():
        old, past = (apps.get_model("web", f"{kind}{record.__name__}") for kind in ("", "Historical"))
        for one in getattr(found, field):
            new = records.row(one, province="38", places=places)
            names = {column.attname for column in old._meta.concrete_fields} - {"id"}
            values = {name: getattr(new, name) for name in names if hasattr(new, name)}
            saved = old._base_manager.create(**values)
            past._base_manager.create(id=saved.pk, history_date=MOMENT, history_type="+", **values)
    lan = apps.get_model("web", "Account").objects.create(username="lan", full_name="Lan", password="!")  # noqa: S106
    apps.get_model("web", "Grant")._base_manager.create(account=lan, role="planner", path="38/")
    apps.get_model("web", "Province").objects.create(code="38", name="Thanh Hóa", kind="tỉnh", is_sample=True)
    run = apps.get_model("web", "Run").objects.create(
        kind="import", province="38", path="38/", asked_by=lan, asked_at=MOMENT, accepted_at=MOMENT, state="done",
        file=bytes(range(256)), filename="số liệu.xlsx", given={"on": "2026-01-08"}, result={"added": 3},
    )  # fmt: skip
    last = "0" * 64
    for action, about in (("imports.ask", str(run.pk)), ("imports.accept", str(run.pk))):
        event = models.Event(at=MOMENT, account_id=lan.pk, action=action, province="38", path="38/", about=about)
        event.details, event.before_hash = {"sha256": "ab", "bảng": [1, 2.5, None]}, last
        last = event.hash = digest(event)
        values = {column.attname: getattr(event, column.attname) for column in event._meta.concrete_fields}
        old = apps.get_model("web", "Event")
        names = {column.attname for column in old._meta.concrete_fields} - {"number"}
        old._base_manager.create(**{name: values[name] for name in names if name in values})


def digest(event):
    """Return the hash of an event as today's program counts it."""
    from tramyte.web import events

    return events.digest(event)
