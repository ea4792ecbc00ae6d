"""What a province sets for itself where the law leaves room: proposed by one person, decided by another."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from tramyte.web.models.base import Dated, all_or_none, ends_later, maybe_text, one_of, text_field

STATES = ("proposed", "approved", "rejected")


class LocalNorm(Dated):
    """
    Values of one norm that a province set, from a day on; never changed, a later one takes its place.

    name  : of the norm; values: part of it -> value, None: as the law has it again
    paper : what it rests on
    """

    name = models.CharField(max_length=60, db_index=True)
    values = models.JSONField(default=dict)
    start = models.DateField()
    paper = text_field(300)
    state = models.CharField(max_length=8, default="proposed", db_index=True)
    proposed_by = models.ForeignKey("web.Account", models.PROTECT, related_name="norms_proposed")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey("web.Account", models.PROTECT, null=True, related_name="norms_decided")
    decided_at = models.DateTimeField(null=True)
    reason = maybe_text(300)

    class Meta(Dated.Meta):
        constraints = (
            ends_later("local_norm"),
            one_of("local_norm", "state", *STATES),
            all_or_none("local_norm", "decided_by", "decided_at"),
            models.CheckConstraint(
                condition=Q(state="proposed", decided_by__isnull=True)
                | Q(state__in=STATES[1:], decided_by__isnull=False),
                name="local_norm_decided",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")), name="local_norm_two_persons"
            ),
        )
