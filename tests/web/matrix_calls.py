"""What the small country of the matrix asks for: a call, an opinion of each side, a request, each marked."""

from datetime import timedelta

from django.utils import timezone

from tramyte.web.models import Call, Draft, Nomination, Opinion, Requirement, Wanted


def asked(place, day):
    """Ask the unit of a place for people, and both its sides for an opinion; the unit names, the station asks."""
    root = {"province": place.province, "path": place.path}
    now, code, words = timezone.now(), place.campaign, place.marks[1]
    Call.objects.create(**root, campaign=code, unit=place.facility, skill="BS", count=2, due=day, asked_at=now)
    Nomination.objects.create(
        **root, campaign=code, unit=place.facility, staff=place.person, is_going=False, reason=words, named_at=now
    )
    place.wanted = Wanted.objects.create(
        **root, facility=place.facility, skill="BS", count=1, start=day, end=day + timedelta(days=7), reason=words,
        asked_at=now,
    ).pk  # fmt: skip
    place.required = Requirement.objects.create(
        **root, campaign=code, facility=place.facility, skill="BS", first_week=1, last_week=4, count=1, source="surge"
    ).pk
    draft = Draft.objects.get(province=place.province, campaign=code, number=1)
    place.opinions = [
        Opinion.objects.create(
            province=place.province, path=path, draft=draft, side=side, party=party, party_name=f"{words} bên",
            asked_at=now, due=day,
        ).pk
        for side, party, path in (
            ("sender", place.facility, place.path), ("receiver", place.commune, f"{place.province}/{place.commune}/")
        )
    ]  # fmt: skip


def of_calls(route, place):
    """Return values for the arguments of addresses of needs, calls and opinions."""
    for part, numbers in (("nhu-cau/de-nghi/", [place.wanted]), ("/nhu-cau/", [place.required]),
                          ("y-kien/", place.opinions), ("v1/wanted/", [place.wanted])):  # fmt: skip
        if part in route:
            return {"number": numbers}
    return {"opinion": place.opinions, "row": [place.required]} if "v1/campaigns/" in route else {}
