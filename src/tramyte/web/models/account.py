"""Who signs in, and what they may do where and until when."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from tramyte.web.models.base import Path, ends_later, in_force, maybe_code, maybe_text, text_field
from tramyte.web.roles import ROLES


class Account(AbstractUser):
    """
    One person's way in; never shared, never deleted: it is closed.

    last_seen            : when it was opened again; days without a sign-in count from then
    closed_reason        : words, or a code of messages.csv where the program closed it
    must_change_password : the password is one that an administrator knows
    """

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    full_name = text_field(120)
    unit = maybe_text()
    language = models.CharField(max_length=2, default="vi")
    last_seen = models.DateTimeField(null=True, blank=True)
    closed_reason = maybe_text()
    must_change_password = models.BooleanField(default=False)

    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]

    def get_full_name(self) -> str:
        """Return the name as it is shown."""
        return self.full_name or self.username


class Grant(models.Model):
    """
    One role of one account at one place, for some time.

    path  : place it holds at and below; "" is the country
    staff : code of the person, for the role of rotated staff, who sees only what is about them
    waits : counts only once a second administrator has confirmed it
    reviewed_at : when somebody last said that it is still needed
    """

    account = models.ForeignKey(Account, models.CASCADE, related_name="grants")
    role = text_field(12)
    path = Path()
    staff = maybe_code()
    start = models.DateField(null=True, blank=True)
    end = models.DateField(null=True, blank=True)
    given_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="given")
    waits = models.BooleanField(default=False)
    confirmed_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="confirmed")
    reviewed_at = models.DateTimeField(null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        constraints = (
            ends_later("grant"),
            models.CheckConstraint(condition=Q(role__in=tuple(ROLES)), name="grant_role"),
            models.CheckConstraint(condition=~Q(role="staff") | Q(staff__isnull=False), name="grant_staff"),
        )

    objects = models.Manager()
    in_force = staticmethod(in_force)


class SavedFilter(models.Model):
    """A way to look at one list that an account keeps. page: address of the list; query: what its address holds."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="saved_filters")
    page = text_field()
    name = text_field(80)
    query = text_field(2000)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("account", "page", "name"), name="saved_filter_key"),)

    objects = models.Manager()


class Token(models.Model):
    """A program's way in, as one account, until a day; the text is shown once, and only its hash is kept."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="tokens")
    name = text_field(80)  # what it is for
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    objects = models.Manager()
