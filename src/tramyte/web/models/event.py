"""The audit log: one row an action, chained by hashes; the database refuses to change or delete one (walls.py)."""

from __future__ import annotations

from django.db import models

from tramyte.web.models.base import Path, maybe_text, text_field


class Event(models.Model):
    """
    One thing somebody did.

    action : module and function of the action, "imports.accept"; about: what it was done to; details: before, after
    hash   : sha256 over the row and the hash before it, so that a row taken out or changed later shows
    """

    number = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(db_index=True)
    account = models.ForeignKey("web.Account", models.PROTECT, null=True, related_name="events")
    address = maybe_text(45)
    action = text_field(60)
    province = models.CharField(max_length=2, default="", db_index=True)
    path = Path()
    about = maybe_text(200)
    reason = maybe_text(500)
    details = models.JSONField(default=dict)
    before_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("before_hash",), name="event_chain"),)
        indexes = (models.Index(fields=("action", "number"), name="event_action"),)
