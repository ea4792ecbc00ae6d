"""Campaigns, what they ask for, what they may take, the tours of people, and the decision that binds them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from tramyte.web.models.base import (
    Record,
    all_or_none,
    code_field,
    ends_later,
    maybe_code,
    maybe_count,
    maybe_day,
    maybe_text,
    one_each,
    one_of,
    text_field,
)

INSTRUMENTS = ("support", "rotation", "secondment", "transfer")
STATES = ("proposed", "approved", "issued", "arrived", "ended", "confirmed", "cancelled")


class Campaign(Record):
    """One drive of deployments by turn."""

    code = code_field()
    name = text_field()
    first_monday = models.DateField()
    weeks = models.IntegerField()
    instrument = text_field(12)
    max_tours = models.IntegerField()
    rest_weeks = models.IntegerField()
    max_travel_min = models.IntegerField()
    as_of = maybe_day()

    class Meta(Record.Meta):
        constraints = (
            one_each("campaign", "code"),
            one_of("campaign", "instrument", "support", "rotation"),
            models.CheckConstraint(condition=Q(weeks__gte=1), name="campaign_weeks"),
        )


class OfCampaign(Record):
    """A record of one campaign; blank where the file it came from named none."""

    campaign = maybe_code()

    class Meta(Record.Meta):
        abstract = True


class Weight(OfCampaign):
    """One price of the objective."""

    code = code_field(20)
    value = models.BigIntegerField()

    class Meta(Record.Meta):
        constraints = (one_each("weight", "campaign", "code"),)


class Requirement(OfCampaign):
    """How many people of a skill a station wants in the weeks first..last (1-based, both in)."""

    facility = code_field(20)
    skill = code_field(20)
    first_week = models.IntegerField()
    last_week = models.IntegerField()
    count = models.IntegerField()
    critical = models.IntegerField(default=0)
    w_crit = models.BigIntegerField(null=True, blank=True)
    w_norm = models.BigIntegerField(null=True, blank=True)
    source = maybe_text(8)

    class Meta(Record.Meta):
        constraints = (
            one_each("requirement", "campaign", "facility", "skill", "first_week", "last_week", "source"),
            models.CheckConstraint(
                condition=Q(first_week__gte=1, last_week__gte=F("first_week")), name="requirement_span"
            ),
            models.CheckConstraint(condition=Q(critical__gte=0, count__gte=F("critical")), name="requirement_critical"),
        )


class Sender(Record):
    """A unit that sends people."""

    facility = code_field(20)
    tier = text_field(20)
    tour_weeks_min = models.IntegerField()
    tour_weeks_max = models.IntegerField()
    fair_target_weeks = models.IntegerField()

    class Meta(Record.Meta):
        constraints = (
            one_each("sender", "facility"),
            models.CheckConstraint(
                condition=Q(tour_weeks_min__gte=1, tour_weeks_max__gte=F("tour_weeks_min")), name="sender_weeks"
            ),
        )


class AwayLimit(Record):
    """How many staff of one primary skill may be away from a sending unit in any week."""

    facility = code_field(20)
    skill = code_field(20)
    max_away = models.IntegerField()

    class Meta(Record.Meta):
        constraints = (one_each("away_limit", "facility", "skill"),)


class Lock(OfCampaign):
    """A tour that must stand in the plan, word for word; week: 1-based."""

    staff = code_field()
    facility = code_field(20)
    skill = code_field(20)
    week = models.IntegerField()
    weeks = models.IntegerField()

    class Meta(Record.Meta):
        constraints = (one_each("lock", "campaign", "staff", "week"),)


class Travel(Record):
    """Minutes one way from a sending unit to a station; blank: it cannot be reached."""

    sender = code_field(20)
    facility = code_field(20)
    minutes = maybe_count()
    source = maybe_text(120)

    class Meta(Record.Meta):
        constraints = (one_each("travel", "sender", "facility"),)


class PastTour(Record):
    """A tour served or under way: the fairness ledger."""

    staff = code_field()
    facility = code_field(20)
    skill = code_field(20)
    start = models.DateField()
    end = models.DateField()
    instrument = text_field(12)
    decision = maybe_text(120)

    class Meta(Record.Meta):
        constraints = (
            one_each("past_tour", "staff", "start"),
            ends_later("past_tour"),
            one_of("past_tour", "instrument", *INSTRUMENTS),
        )


class Decision(Record):
    """The signed document that makes a plan binding; a draft until number, signer and date are there."""

    kind = text_field(40)
    subject = text_field(300)
    number = maybe_text(40)
    signer = maybe_text(120)
    signed_on = maybe_day()
    effective_on = maybe_day()
    legal_bases = models.JSONField(default=list)
    file_sha256 = maybe_text(64)

    class Meta(Record.Meta):
        constraints = (all_or_none("decision", "number", "signer", "signed_on"),)


class Deployment(Record):
    """One person, one facility, [start, end), under a decision; two of one person never overlap (walls.py)."""

    staff = code_field()
    facility = code_field(20)
    sending_facility = maybe_code(20)
    skill = code_field(20)
    start = models.DateField()
    end = models.DateField()
    instrument = text_field(12)
    state = models.CharField(max_length=10, default="proposed")
    campaign = maybe_code()
    decision = models.ForeignKey(Decision, models.PROTECT, null=True, blank=True, related_name="deployments")
    sending_path = models.CharField(max_length=200, default="", db_index=True)
    cancel_reason = maybe_text()

    class Meta(Record.Meta):
        constraints = (
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="deployment_span"),
            one_of("deployment", "instrument", *INSTRUMENTS),
            one_of("deployment", "state", *STATES),
        )
