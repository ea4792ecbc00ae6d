"""Long work: imports and solver runs, who asked, how far they are, and who holds them now."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from tramyte.web.models.base import Path, maybe_text, text_field

STATES = ("waiting", "running", "done", "failed", "cancelled")


class Run(models.Model):
    """
    One piece of long work.

    holder, held_until : the worker that has it, and until when it counts as alive; a lease that ran out is taken up
    again, so a killed worker loses nothing
    tries              : how often it was taken up; done, total: progress; cancel: somebody asked to stop
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = text_field(12)  # import, solve, chain, chore
    province = models.CharField(max_length=2, db_index=True)
    path = Path()
    state = models.CharField(max_length=9, default="waiting", db_index=True)
    asked_by = models.ForeignKey("web.Account", models.PROTECT, null=True, related_name="runs")
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    holder = maybe_text(80)
    held_until = models.DateTimeField(null=True, db_index=True)
    tries = models.IntegerField(default=0)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(null=True)
    words = maybe_text(300)
    cancel = models.BooleanField(default=False)
    given = models.JSONField(default=dict)  # what was asked: file, seed, limit
    facts = models.JSONField(null=True)  # what is known so far: best, least possible, gap
    result = models.JSONField(null=True)
    file = models.BinaryField(null=True)
    filename = maybe_text(255)
    file_sha256 = maybe_text(64)
    accepted_at = models.DateTimeField(null=True)
    undoes = models.ForeignKey("self", models.PROTECT, null=True, related_name="undone_by")

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(state__in=STATES), name="run_state"),
            models.CheckConstraint(
                condition=Q(holder__isnull=True, held_until__isnull=True)
                | Q(holder__isnull=False, held_until__isnull=False),
                name="run_lease_whole",
            ),
        )
