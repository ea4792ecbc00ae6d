"""Programs ask as people do: the same rows, the same figures, the same refusals; pages that stay in place."""

import json
from dataclasses import fields, replace

import pytest
from click.testing import CliRunner
from django.test import Client

from tests.web.conftest import DAY
from tramyte.cli.group import main
from tramyte.domain.register import Register
from tramyte.exchange.workbook import write
from tramyte.web.actions import imports, tokens
from tramyte.web.models import Account, Facility, Staff
from tramyte.web.nouns import MASKED, nouns

pytestmark = pytest.mark.django_db
PUBLIC = {"1": 24, "2": 72, "3": 22, "4": 6}


def asked(account, address, *, status=200, **more):
    """Return the answer to an account's question, as JSON."""
    client = Client(**more)
    if account:
        client.force_login(account)
    answer = client.get(f"/api/v1{address}")
    assert answer.status_code == status, (address, answer.content[:500])
    assert answer.headers["Content-Type"].startswith("application/json")
    return answer.json()


def pages(account, address, limit):
    """Return every row of a list, page after page."""
    found, after = [], ""
    while after is not None:
        told = asked(account, f"{address}&limit={limit}" + (f"&after={after}" if after else ""))
        assert len(told["rows"]) <= limit
        found += told["rows"]
        after = told["next"]
    return found


def test_the_figures_are_those_of_the_command_and_of_the_papers(province, tuyen_quang, tmp_path):
    told = asked(province, f"/need/doctors?province=08&on={DAY}")
    book = tmp_path / "tq.xlsx"
    book.write_bytes(write(tuyen_quang, lang="vi"))
    printed = CliRunner().invoke(main, ["need", str(book), "--on", str(DAY), "--json"])
    assert printed.exit_code == 0, printed.output
    command = json.loads(printed.stdout)
    assert json.dumps(told["doctors"]) == json.dumps(command["doctors"])
    assert json.dumps(told["doctors_by_station"]) == json.dumps(command["doctors_by_station"])
    assert told["doctors"]["distribution"] == PUBLIC and told["doctors"]["short"]["4"] == 238
    whole = asked(province, f"/need?province=08&on={DAY}")
    assert json.dumps(whole["stations"]) == json.dumps(command["stations"])
    assert json.dumps(whole["targets"]) == json.dumps(command["targets"])
