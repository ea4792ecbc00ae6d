"""Reminders to who has not answered: by e-mail where an address is known, and as words for a group of messages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.mail import EmailMessage, get_connection
from django.utils import timezone

from tramyte.domain.messages import Lang, say
from tramyte.web.models import Grant, Opinion
from tramyte.web.models.base import in_force

ROLES = {"sender": "sender", "receiver": "commune"}


@dataclass(frozen=True)
class Sent:
    """How many parties were reminded, by how many messages, and how many could not be sent."""

    parties: int
    mails: int
    failed: int = 0


def text(draft: Any, campaign: Any, waiting: Sequence[Opinion], lang: Lang) -> str:
    """Return the reminder of all who have not answered, as plain words: no names of people, nothing private."""
    if not waiting:
        return ""
    lines = [say("UI_ca_reminder_head", lang, campaign=campaign.name, number=draft.number)]
    lines += [f"- {one.party_name}: {_left(one, lang)}" for one in waiting]
    return "\n".join([*lines, say("UI_ca_reminder_foot", lang)])


def send(waiting: Sequence[Opinion], draft: Any, campaign: Any, lang: Lang) -> Sent:
    """Send each party that has not answered a message of its own; one without an address is told by the page alone."""
    mails = [
        EmailMessage(
            subject=say("UI_ca_reminder_subject", lang, campaign=campaign.name),
            body=text(draft, campaign, [one], lang), to=to,
        )
        for one in waiting if (to := addresses(one))
    ]  # fmt: skip
    try:
        sent = get_connection().send_messages(mails) if mails else 0
    except OSError:  # no server of mail there: the page still tells who is silent, and the text can be copied
        return Sent(len(waiting), 0, len(mails))
    return Sent(len(waiting), sent or 0)


def addresses(one: Opinion) -> list[str]:
    """Return the e-mail addresses of those who answer for a party today."""
    today = timezone.localdate()
    mine = Grant.objects.filter(in_force(today), waits=False, role=ROLES[one.side], account__is_active=True)
    found = mine.exclude(account__email="").values_list("path", "account__email")
    return sorted({email for path, email in found if one.path.startswith(path) and path.startswith(one.province)})


def _left(one: Opinion, lang: Lang) -> str:
    days = (one.due - timezone.localdate()).days
    due = f"{one.due:%d/%m/%Y}" if lang == "vi" else one.due.isoformat()
    late = say("UI_ca_overdue", lang, days=-days) if days < 0 else say("UI_ca_left", lang, days=days)
    return f"{say('UI_ca_due', lang)} {due} ({late})"
