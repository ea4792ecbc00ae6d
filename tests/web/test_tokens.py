"""Tokens of the API: what opens, for how long, and what is kept of them."""

from datetime import timedelta

import pytest
from django.core import serializers
from django.utils import timezone

from tramyte.domain.errors import NotAllowed
from tramyte.web.actions import tokens
from tramyte.web.models import Event, Token

pytestmark = pytest.mark.django_db


def test_a_token_opens_its_account_and_only_its_hash_is_kept(somebody):
    lan = somebody("planner", "08/")
    token, text = tokens.make(by=lan, account=lan, name="excel")
    assert tokens.account_of(text) == lan
    assert tokens.account_of(text + "x") is None and tokens.account_of("") is None
    assert tokens.account_of(token.digest) is None
    kept = serializers.serialize("json", [*Token.objects.all(), *Event.objects.all()])
    assert text not in kept and text.removeprefix(tokens.PREFIX) not in kept


def test_a_token_ends_on_its_day_when_revoked_and_with_its_account(somebody):
    lan = somebody("planner", "08/")
    over, text = tokens.make(by=lan, account=lan, name="old", days=1)
    Token.objects.filter(pk=over.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert tokens.account_of(text) is None
    token, text = tokens.make(by=lan, account=lan, name="excel")
    tokens.revoke(by=lan, token=token)
    assert tokens.account_of(text) is None
    moment = Token.objects.get(pk=token.pk).revoked_at
    tokens.revoke(by=None, token=token)
    assert Token.objects.get(pk=token.pk).revoked_at == moment
    _, text = tokens.make(by=None, account=lan, name="r")
    lan.is_active = False
    lan.save()
    assert tokens.account_of(text) is None


def test_nobody_makes_a_token_for_another_and_only_an_administrator_ends_it(somebody):
    lan, admin, clerk = somebody("planner", "08/"), somebody("admin", ""), somebody("clerk", "08/")
    for other in (admin, clerk):
        with pytest.raises(NotAllowed):
            tokens.make(by=other, account=lan, name="excel")
    token, text = tokens.make(by=lan, account=lan, name="excel")
    with pytest.raises(NotAllowed):
        tokens.revoke(by=clerk, token=token)
    assert tokens.account_of(text) == lan
    tokens.revoke(by=admin, token=token)
    assert tokens.account_of(text) is None


def test_a_closed_account_gets_no_token(somebody):
    lan = somebody("planner", "08/")
    lan.is_active = False
    lan.save()
    with pytest.raises(NotAllowed):
        tokens.make(by=None, account=lan, name="excel")


def test_tokens_stand_in_the_log(somebody):
    lan = somebody("planner", "08/")
    token, _ = tokens.make(by=lan, account=lan, name="excel")
    tokens.revoke(by=lan, token=token)
    told = Event.objects.order_by("number").values_list("action", "about", "account")
    assert list(told) == [("tokens.make", lan.username, lan.pk), ("tokens.revoke", lan.username, lan.pk)]
