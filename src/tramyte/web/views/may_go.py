"""Of one person on their page: may they go, from this day to that, rule by rule."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest

from tramyte.domain.errors import NormMissing
from tramyte.web import records
from tramyte.web.calling import files
from tramyte.web.eligibility import Terms, eligibility, first_terms
from tramyte.web.models import Campaign
from tramyte.web.views.eligible import lines
from tramyte.web.views.scope import Scope, day_of

DAY = timedelta(days=1)


def may_go(request: HttpRequest, scope: Scope, row: Any) -> dict[str, Any] | None:
    """
    Return what every rule says of a person: for the days and the campaign of the address, else for the newest campaign.

    None : it is looked at as it was known earlier, or there is no law on the day
    """
    if scope.known is not None:
        return None
    campaigns = list(records.rows(Campaign).filter(province=scope.province.code).order_by("-first_monday", "code"))
    asked = request.GET.get("dot", "")
    campaign = next((one for one in campaigns if one.code == asked), campaigns[0] if campaigns else None)
    on = (campaign.as_of or campaign.first_monday) if campaign else scope.on
    file = files(scope.province.code, path=row.path, on=on, staff=row.code, campaign=campaign).get(row.code)
    if file is None:
        return None
    start, last = day_of(request.GET.get("tu")), day_of(request.GET.get("den"))
    try:
        if start and last and start <= last:
            instrument, rest = (campaign.instrument, campaign.rest_weeks) if campaign else ("support", 0)
            terms = Terms(start, last + DAY, on, instrument, None, rest)
        elif campaign:
            terms = first_terms(file, campaign, on=on)
        else:
            terms = Terms(scope.on, scope.on + timedelta(weeks=2), on)
        found = lines(eligibility(file, terms), scope.lang, on=on)
    except NormMissing:
        return None
    return {
        "lines": found, "start": terms.start, "last": terms.end - DAY, "campaign": campaign, "campaigns": campaigns,
        "can": not any(one.look == "short" for one in found), "typed_start": _typed(terms.start),
        "typed_last": _typed(terms.end - DAY),
    }  # fmt: skip


def _typed(day: date) -> str:
    return f"{day:%d/%m/%Y}"
