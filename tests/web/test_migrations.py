"""A database of the first program: nothing of it is lost on the way to this one, and every step goes both ways."""

import pytest

from tests.web.offices import ENGINES, office_at

TO_FIRST = "from django.core.management import call_command as c; c('migrate', 'web', '0001_register', verbosity=0)"
TO_NOTHING = "from django.core.management import call_command as c; c('migrate', 'web', 'zero', verbosity=0)"
FILL = "from tests.web.first import fill; fill()"
LOG = "from tramyte.web import events, walls; print(events.first_broken(), walls.missing())"


@pytest.fixture(params=ENGINES)
def old(request, tmp_path):
    """An installation at the first schema, with rows in it."""
    with office_at(tmp_path / "so-y-te", request.param) as office:
        office.home.mkdir()
        (office.home / "secret.key").write_text("k" * 50)
        ran(office, f"{TO_FIRST}\n{FILL}")
        yield office


def ran(office, code):
    process = office.python(code)
    said = process.communicate()[0]
    assert process.returncode == 0, said
    return said


def lost(before, after):
    """Return every value that is not where it was: table, key, column, before, now."""
    found = []
    for table, rows in before.items():
        now = after.get(table, {})
        for key, row in rows.items():
            new = now.get(key, {})
            found += [(table, key, name, value) for name, value in row.items() if new.get(name, "gone") != value]
    return found


def test_nothing_of_the_first_schema_is_lost_forwards_and_backwards(old):
    before = old.content()
    assert {"web_staff", "web_historicalstaff", "web_event", "web_run", "web_grant"} <= {
        table for table, rows in before.items() if rows
    }
    done = old.tramyte("init")
    assert done.returncode == 0, done.stderr
    assert not lost(before, old.content())
    assert ran(old, LOG).strip() == "None []", "the log does not hold, or walls are down"
    ran(old, TO_FIRST)
    assert not lost(before, old.content())


@pytest.mark.long
def test_a_backup_of_the_first_schema_is_restored_and_every_step_goes_down_to_nothing(old, tmp_path):
    before = old.content()
    done = old.tramyte("backup", tmp_path / "first.backup")
    assert done.returncode == 0, done.stderr
    made = {"web_event": dict(before["web_event"])}
    assert old.tramyte("init").returncode == 0
    ran(old, TO_NOTHING)
    assert not [table for table in old.content() if table.startswith("web_")]
    assert old.tramyte("init").returncode == 0
    done = old.tramyte("restore", tmp_path / "first.backup")
    assert done.returncode == 0, done.stderr
    assert not lost(before | made, old.content())
    assert ran(old, LOG).strip() == "None []"


@pytest.mark.django_db
def test_models_and_migrations_say_the_same():
    from django.core.management import call_command

    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
