"""Posts and people: a post is not a person, and what is private about a person stands apart."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tramyte.web.models.base import (
    Dated,
    Record,
    code_field,
    ends_later,
    maybe_code,
    maybe_count,
    maybe_day,
    maybe_number,
    maybe_text,
    one_each,
    one_of,
    text_field,
)


class Post(Dated):
    """One seat granted to a facility; it may be empty, and it may be frozen."""

    code = code_field()
    facility = code_field(20)
    title_code = code_field(20)
    specialty = maybe_code(20)
    funded_source = maybe_text(80)
    is_frozen = models.BooleanField(null=True, blank=True)

    class Meta(Dated.Meta):
        constraints = (one_each("post", "code", "start"), ends_later("post"))


class Staff(Dated):
    """One employed person. Home is where the largest share of the appointment is; `path` follows it."""

    code = code_field()
    family_names = text_field(80)
    given_name = text_field(40)
    birth_year = models.IntegerField()
    sex = text_field(8)
    birth_month = maybe_count()
    title_code = maybe_code(20)
    qualification = maybe_text(30)
    specialty = maybe_code(20)
    contract = maybe_text(20)
    contract_end = maybe_day()
    leave_reason = maybe_text(80)
    search_key = text_field()
    sort_key = models.BinaryField()

    class Meta(Dated.Meta):
        constraints = (
            one_each("staff", "code"),
            ends_later("staff"),
            one_of("staff", "sex", "male", "female"),
            models.CheckConstraint(
                condition=Q(birth_month__isnull=True) | Q(birth_month__range=(1, 12)), name="staff_birth_month"
            ),
        )


class Contact(Record):
    """What is private about a person: shown masked, opened with a reason, every opening an event."""

    staff = code_field()
    identity_number = maybe_text(12)
    phone = maybe_text(20)
    email = maybe_text(120)

    class Meta(Record.Meta):
        constraints = (one_each("contact", "staff"),)


class StaffSkill(Record):
    """What one person can do; rank 1 is the primary skill."""

    staff = code_field()
    skill = code_field(20)
    rank = models.IntegerField()
    level = maybe_count()
    verified_by = maybe_text(120)

    class Meta(Record.Meta):
        constraints = (one_each("staff_skill", "staff", "skill"),)


class Licence(Record):
    """A licence to practise; `expires` is its last day, blank with an old certificate."""

    staff = code_field()
    number = code_field(40)
    kind = text_field(8)
    scope = maybe_text(300)
    issued = maybe_day()
    expires = maybe_day()
    cme_hours = maybe_number()

    class Meta(Record.Meta):
        constraints = (one_each("licence", "staff", "number"), one_of("licence", "kind", "gphn", "cchn"))


class Appointment(Dated):
    """One person at one facility for a share of working time; never more than 1.0 in all (walls.py)."""

    staff = code_field()
    facility = code_field(20)
    share = models.FloatField(default=1.0)
    post = maybe_code()
    decision = maybe_text(120)

    class Meta(Dated.Meta):
        constraints = (
            one_each("appointment", "staff", "facility", "post", "start"),
            ends_later("appointment"),
            models.CheckConstraint(condition=Q(share__gt=0, share__lte=1), name="appointment_share"),
        )


class Absence(Dated):
    """Days on which a person cannot be deployed: outcome, dates and paper, never a diagnosis."""

    staff = code_field()
    outcome = text_field(8)
    start = models.DateField()
    paper = maybe_text(60)

    class Meta(Dated.Meta):
        constraints = (
            one_each("absence", "staff", "outcome", "start"),
            ends_later("absence"),
            one_of("absence", "outcome", "absent", "exempt"),
        )


class Collaborator(Dated):
    """A village health worker or population collaborator: beside staff, never counted as staff."""

    code = code_field()
    facility = code_field(20)
    kind = text_field(40)
    family_names = text_field(80)
    given_name = text_field(40)

    class Meta(Dated.Meta):
        constraints = (one_each("collaborator", "code"), ends_later("collaborator"))
