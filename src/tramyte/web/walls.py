"""
What no column constraint can say, said to the database itself: triggers on both engines.

- a person's appointments never add up to more than 1.0 on any day;
- two deployments of a person never share a day, unless one is cancelled;
- an event is never changed or deleted.
"""

from __future__ import annotations

import re
from typing import Any

from django.db import connections

FULL = 1.000001  # of working time; shares are floating point
FAR = "9999-12-31"

# Days on which the sum can be largest: the first day of the new row, and of every other that begins within it.
_SHARES = """
SELECT 1 FROM web_appointment AS first
WHERE first.staff = NEW.staff AND first.province = NEW.province AND {first_counts}
  AND COALESCE(first.start, {begin}) < COALESCE(NEW."end", {far})
  AND COALESCE(first."end", {far}) > COALESCE(NEW.start, {begin})
  AND (SELECT SUM(other.share) FROM web_appointment AS other
       WHERE other.staff = NEW.staff AND other.province = NEW.province AND {other_counts}
         AND COALESCE(other.start, {begin}) <= {later}(COALESCE(first.start, {begin}), COALESCE(NEW.start, {begin}))
         AND COALESCE(other."end", {far}) > {later}(COALESCE(first.start, {begin}), COALESCE(NEW.start, {begin}))
      ) > {full}
"""
_TOURS = """
SELECT 1 FROM web_deployment AS other
WHERE other.staff = NEW.staff AND other.province = NEW.province AND other.id <> NEW.id
  AND {other_counts} AND other.state <> 'cancelled' AND other.start < NEW."end" AND NEW.start < other."end"
"""
_MESSAGES = {
    "appointment": "appointments of one person above 1.0",
    "deployment": "deployments of one person overlap",
    "event": "events are never changed",
}


def put_up(using: str = "default", **_: Any) -> None:
    """Put every wall up, whatever stood before; called after each migration."""
    connection = connections[using]
    if "web_event" not in connection.introspection.table_names():
        return
    write = _sqlite if connection.vendor == "sqlite" else _postgresql
    with connection.cursor() as cursor:
        for statement in write():
            cursor.execute(statement)


def missing(using: str = "default") -> list[str]:
    """Return the names of the walls that do not stand, sorted."""
    connection = connections[using]
    if connection.vendor == "sqlite":
        wanted, query = _sqlite(), "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    else:
        wanted = _postgresql()
        query = "SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D' AND pg_table_is_visible(tgrelid)"
    with connection.cursor() as cursor:
        cursor.execute(query)
        standing = {row[0] for row in cursor.fetchall()}
    return sorted(set(re.findall(r"CREATE TRIGGER (\w+)", "\n".join(wanted))) - standing)


def _sqlite() -> list[str]:
    words = {
        "begin": "'0001-01-01'", "far": f"'{FAR}'", "later": "MAX", "full": FULL,
        "first_counts": "NOT first.is_withdrawn", "other_counts": "NOT other.is_withdrawn",
    }  # fmt: skip
    checks = {
        "appointment": ("NOT NEW.is_withdrawn", _SHARES.format(**words)),
        "deployment": ("NOT NEW.is_withdrawn AND NEW.state <> 'cancelled'", _TOURS.format(**words)),
    }
    found = []
    for table, (counts, query) in checks.items():
        for event in ("INSERT", "UPDATE"):
            name = f"wall_{table}_{event.lower()}"
            found += [
                f"DROP TRIGGER IF EXISTS {name}",
                f"CREATE TRIGGER {name} AFTER {event} ON web_{table} WHEN {counts} AND EXISTS ({query}) "
                f"BEGIN SELECT RAISE(ABORT, '{_MESSAGES[table]}'); END",
            ]
    for event in ("UPDATE", "DELETE"):
        name = f"wall_event_{event.lower()}"
        found += [
            f"DROP TRIGGER IF EXISTS {name}",
            f"CREATE TRIGGER {name} BEFORE {event} ON web_event BEGIN SELECT RAISE(ABORT, '{_MESSAGES['event']}'); END",
        ]
    return found


def _postgresql() -> list[str]:
    words = {
        "begin": "'0001-01-01'::date", "far": f"'{FAR}'::date", "later": "GREATEST", "full": FULL,
        "first_counts": "NOT first.is_withdrawn", "other_counts": "NOT other.is_withdrawn",
    }  # fmt: skip
    checks = {
        "appointment": ("NOT NEW.is_withdrawn", _SHARES.format(**words)),
        "deployment": ("NOT NEW.is_withdrawn AND NEW.state <> 'cancelled'", _TOURS.format(**words)),
    }
    found = []
    for table, (counts, query) in checks.items():
        # the lock lets two writers of one person wait for each other: neither sees the other's row before
        found += [
            f"""CREATE OR REPLACE FUNCTION wall_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                PERFORM pg_advisory_xact_lock(hashtext('{table}/' || NEW.province || '/' || NEW.staff));
                IF {counts} AND EXISTS ({query}) THEN
                    RAISE EXCEPTION '{_MESSAGES[table]}' USING ERRCODE = 'exclusion_violation';
                END IF;
                RETURN NULL; END $$""",
            f"DROP TRIGGER IF EXISTS wall_{table} ON web_{table}",
            f"CREATE TRIGGER wall_{table} AFTER INSERT OR UPDATE ON web_{table} "
            f"FOR EACH ROW EXECUTE FUNCTION wall_{table}()",
        ]
    found += [
        f"""CREATE OR REPLACE FUNCTION wall_event() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            RAISE EXCEPTION '{_MESSAGES["event"]}' USING ERRCODE = 'integrity_constraint_violation'; END $$""",
        "DROP TRIGGER IF EXISTS wall_event ON web_event",
        "CREATE TRIGGER wall_event BEFORE UPDATE OR DELETE ON web_event FOR EACH ROW EXECUTE FUNCTION wall_event()",
    ]
    return found
