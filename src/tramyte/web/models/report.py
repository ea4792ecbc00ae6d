"""What is counted and told: services, stated totals, criteria, projects, reports and difficulties."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from tramyte.web.models.base import (
    Dated,
    Record,
    code_field,
    ends_later,
    maybe_code,
    maybe_count,
    maybe_number,
    maybe_text,
    one_each,
    one_of,
    text_field,
)


class ServiceCount(Record):
    """How many services a facility gave in a month; blank is unknown, which is not zero."""

    facility = code_field(20)
    month = models.DateField()
    service = text_field(80)
    count = maybe_count()
    source = maybe_text(80)
    state = maybe_text(8)

    class Meta(Record.Meta):
        constraints = (
            one_each("service_count", "facility", "month", "service"),
            one_of("service_count", "state", "draft", "reviewed", "verified"),
        )


class StatedTotal(Record):
    """A total that a paper states, kept beside what the rows count to."""

    measure = code_field(40)
    on = models.DateField()
    value = models.BigIntegerField()
    source = maybe_text()

    class Meta(Record.Meta):
        constraints = (one_each("stated_total", "measure", "on", "source"),)


class Assessment(Record):
    """One facility against one set of national criteria in one year."""

    facility = code_field(20)
    criteria_set = text_field(80)
    year = models.IntegerField()
    is_met = models.BooleanField()
    score = maybe_number()

    class Meta(Record.Meta):
        constraints = (one_each("assessment", "facility", "criteria_set", "year"),)


class Project(Dated):
    """Something the province does to a facility or to all: a building, an upgrade, a pilot, a plan."""

    code = code_field()
    kind = text_field(20)
    name = text_field(300)
    facility = maybe_code(20)
    note = maybe_text(500)

    class Meta(Dated.Meta):
        constraints = (one_each("project", "code"), ends_later("project"))


class Report(Record):
    """
    A weekly or ad hoc report of a station, or of one deployment.

    key : made by the device that wrote it, so that sending twice is one report
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True)
    facility = code_field(20)
    staff = maybe_code()
    monday = models.DateField()
    is_urgent = models.BooleanField(default=False)
    figures = models.JSONField(default=dict)
    presence = models.JSONField(default=list)
    note = maybe_text(2000)
    written_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True, blank=True)

    class Meta(Record.Meta):
        constraints = (models.CheckConstraint(condition=Q(monday__week_day=2), name="report_monday"),)


class Case(Record):
    """A difficulty with an owner, a deadline and an answer; it closes when the station confirms."""

    number = code_field()
    facility = code_field(20)
    title = text_field()
    words = maybe_text(2000)
    owner = maybe_text(120)
    due = models.DateField(null=True, blank=True)
    answer = maybe_text(2000)
    state = models.CharField(max_length=9, default="open")
    report = models.ForeignKey(Report, models.PROTECT, null=True, blank=True, related_name="cases")

    class Meta(Record.Meta):
        constraints = (
            one_each("case", "number"),
            one_of("case", "state", "open", "assigned", "escalated", "answered", "closed"),
        )
