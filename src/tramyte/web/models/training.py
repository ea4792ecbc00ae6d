"""Dated future supply: courses, who is on them, and what those who were sent have promised."""

from __future__ import annotations

from tramyte.web.models.base import Dated, Record, code_field, ends_later, maybe_code, maybe_count, maybe_text, one_each

from tramyte.web.models.base import one_of, text_field  # isort: skip


class Course(Dated):
    """A course: training, specialisation or continuing education (cme)."""

    code = code_field()
    name = text_field()
    kind = text_field(16)
    place = maybe_text()
    seats = maybe_count()
    skill = maybe_code(20)

    class Meta(Dated.Meta):
        constraints = (
            one_each("course", "code"),
            ends_later("course"),
            one_of("course", "kind", "training", "specialisation", "cme"),
        )


class Enrolment(Dated):
    """One person on one course."""

    course = code_field()
    staff = code_field()
    result = maybe_text(12)

    class Meta(Dated.Meta):
        constraints = (
            one_each("enrolment", "course", "staff"),
            ends_later("enrolment"),
            one_of("enrolment", "result", "passed", "failed", "left"),
        )


class Commitment(Dated):
    """A promise to serve until a day, in return for a course or a reception."""

    staff = code_field()
    facility = maybe_code(20)
    paper = maybe_text(120)

    class Meta(Record.Meta):
        constraints = (one_each("commitment", "staff", "start"), ends_later("commitment"))
