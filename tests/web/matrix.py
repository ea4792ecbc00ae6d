"""A small country in which every protected word carries a mark: where a mark turns up, a row has leaked."""

import hashlib
import io
import re
import zipfile
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from urllib.parse import quote

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.db.models import CheckConstraint
from django.urls import URLPattern, get_resolver
from django.utils import timezone

from tests.web.matrix_calls import asked, of_calls
from tramyte.domain.plan import Tour
from tramyte.rotation.problem import WEIGHTS, Need, Person, Problem, Skill, Station, Unit
from tramyte.web import events
from tramyte.web.api.entry import api
from tramyte.web.models import Account, Conduct, Contact, Draft, Frozen, Grant, Issue, Paper, Province, Run
from tramyte.web.models.base import Record
from tramyte.web.models.campaign import Paperwork
from tramyte.web.nouns import MASKED, nouns, slug
from tramyte.web.permissions import PEOPLE
from tramyte.web.planning import frozen, key_of, rows_of
from tramyte.web.views import station

DAY = date(2026, 1, 8)
PASSWORD = make_password("một mật khẩu dài")
# words of a place, words about its people, codes of its people; long, so that no random sign of a form holds one
OWN, NEAR, FAR = ((f"QP{sign}{sign}QLACE", f"QM{sign}{sign}QNAME", f"QC{sign}{sign}QCODE") for sign in ("A", "B", "X"))
# tables that others keep: what a page may write without being asked to change anything
THEIRS = {
    "django_session": "when somebody was last there, and the secret of a second factor not set up yet",
    "web_cache": "how often a password was wrong",
    "mfa_authenticator": "django-allauth notes that recovery codes were looked at",
}
CHOSEN = {("Facility", "kind"): "station", ("Deployment", "state"): "issued"}  # where the first choice shows least
NOT_RECORDS = {"Report", "LocalNorm"}  # of no page yet; of the law, which holds no rows of a place


@dataclass
class Place:
    """One commune with one row of everything; its rows and what names them."""

    province: str
    commune: str
    marks: tuple[str, str, str]
    rows: dict = field(default_factory=dict)
    run: Run | None = None
    event: int = 0
    issue: int = 0
    paper: int = 0

    @property
    def facility(self):
        return f"{self.marks[0]}-T"

    @property
    def person(self):
        return f"{self.marks[2]}-P"

    @property
    def path(self):
        return f"{self.province}/{self.commune}/{self.facility}/"

    @property
    def campaign(self):
        return f"DOT-{self.commune}"

    @property
    def tour(self):
        return Tour(self.person, self.facility, "BS", 0, 2)


def country():
    """Record two communes of province 08 and one of province 11; return own, near and far."""
    places = Place("08", "00001", OWN), Place("08", "00002", NEAR), Place("11", "00003", FAR)
    for code in ("08", "11"):
        Province.objects.create(code=code, name=f"Tỉnh {code}", kind="tỉnh")
    for place in places:
        more(place)
        account = Account.objects.create_user(f"{place.marks[0].lower()}-acc", full_name=f"{place.marks[0]} tên")
        Grant.objects.create(account=account, role="clerk", path=place.path)
        place.run = Run.objects.create(
            kind="import", province=place.province, path=place.path, asked_by=account, asked_at=timezone.now(),
            filename=f"{place.marks[0]}.xlsx", file=place.marks[1].encode(), state="done",
            result={"findings": [], "sheets": {place.marks[0]: 1}, "errors": 0, "warnings": 0, "preview": None},
        )  # fmt: skip
        changed = {"staff": [[place.rows["Staff"].pk, {"given_name": ["x", place.marks[1]]}]]}
        place.event = events.append(
            "register.add", account=account, province=place.province, path=place.path, at=timezone.now(),
            about=f"staff {place.person}", details={"changed": changed},
        ).number  # fmt: skip
    for place in places:
        _drafted(place, [one for one in places if one.province == place.province])
        _issued(place)
        asked(place, DAY)
    return places


def _issued(place):
    """Record a plan of the campaign as issued under the decision of a place, with one file."""
    first = Draft.objects.get(province=place.province, campaign=place.campaign)
    root = {"province": place.province, "path": f"{place.province}/"}
    draft = Draft.objects.create(
        **root, campaign=place.campaign, number=2, stage="issued", origin="copy", frozen_id=first.frozen_id,
        made_at=first.made_at, changed_at=first.made_at, tours=first.tours,
    )  # fmt: skip
    issue = Issue.objects.create(
        **root, draft=draft, decision=place.rows["Decision"], campaign=place.campaign, tours=first.tours,
        issued_at=first.made_at,
    )  # fmt: skip
    place.paper = Paper.objects.create(
        **root, issue=issue, kind="decision", filename="quyet-dinh.pdf", content=b"%PDF-" + place.marks[1].encode(),
        sha256="0", at=first.made_at,
    ).pk  # fmt: skip
    place.issue = issue.pk
    type(place.rows["Deployment"]).objects.filter(pk=place.rows["Deployment"].pk).update(decision=issue.decision)


def _drafted(place, places):
    """Record a draft of the campaign of a place, out for opinions: each place sends its person to its own station."""
    problem = Problem(
        name="Đợt", weeks=4, skills=(Skill("BS", "BS", "doctor", "bác sĩ"),), staff=tuple(map(_sent, places)),
        units=tuple(Unit(one.facility, one.facility, "province", (1, 2), {"BS": 1}, one.marks[0]) for one in places),
        stations=tuple(
            Station(one.facility, (Need("BS", 0, 4, 1, 0, 100, 50),), f"{one.marks[0]} trạm") for one in places
        ),
        travel_min=((30,) * len(places),) * len(places), locked=(), weights=dict.fromkeys(WEIGHTS, 1),
        fair_target={one.facility: 2 for one in places}, week0=date(2026, 1, 12),
    )  # fmt: skip
    digest, content = frozen(problem)
    Frozen.objects.get_or_create(sha256=digest, defaults={"problem": content})
    root = {"province": place.province, "path": f"{place.province}/", "campaign": place.campaign}
    Conduct.objects.create(**root)
    Draft.objects.create(
        **root, number=1, stage="opinions", origin="hand", frozen_id=digest, made_at=timezone.now(),
        changed_at=timezone.now(), tours=rows_of(one.tour for one in places),
    )  # fmt: skip


def _sent(place):
    return Person(place.person, place.facility, ("BS",), 2, 0, 480, name=f"{place.marks[1]} tên")


def more(place):
    """Record one row of everything at a place."""
    for model in apps.get_app_config("web").get_models():
        if issubclass(model, Record) and model.__name__ not in NOT_RECORDS and model._meta.managed:
            place.rows[model.__name__] = _row(model, place)


def _row(model, place):
    """Record one row of a model at a place, marked wherever there is room for words."""
    name = model.__name__
    mark = place.marks[name in PEOPLE] if name != "Campaign" else place.campaign  # which the whole province sees
    given = {"province": place.province, "path": place.path}
    choices = {
        child[0].removesuffix("__in"): child[1][0]
        for one in model._meta.constraints if isinstance(one, CheckConstraint)
        for child in _children(one.condition) if child[0].endswith("__in")
    }  # fmt: skip
    fixed = {
        "commune": place.commune, "facility": place.facility, "staff": place.person, "sending_facility": place.facility,
        "sending_path": place.path, "sender": place.facility, "title_code": "V.08.01.03", "share": 1.0,
        "birth_year": 1990, "birth_month": 1, "search_key": mark.lower(), "sort_key": b"1", "zone": 3, "end": None,
        "start": None, "terrain": None, "path": place.path, "is_withdrawn": False, "campaign": None, "successor": None,
        "parent": None,
    }  # fmt: skip
    codes = {
        "Commune": place.commune, "Facility": place.facility, "Staff": place.person, "Campaign": place.campaign,
    }  # fmt: skip
    fixed["weeks"] = 4 if name == "Campaign" else 1
    for one in model._meta.concrete_fields:
        if one.primary_key or one.name in given:
            continue
        if one.name in choices:
            given[one.name] = CHOSEN.get((name, one.name), choices[one.name])
        elif one.name == "code" and name in codes:
            given["code"] = codes[name]
        elif one.name in fixed and (fixed[one.name] is not None or one.null):
            given[one.name] = fixed[one.name]
        else:
            given[one.name] = _value(one, mark)
    return model.objects.create(**given)


def _children(condition):
    for child in getattr(condition, "children", ()):
        if isinstance(child, tuple):
            yield child
        else:
            yield from _children(child)


def _value(one, mark):
    kind = one.get_internal_type()
    if kind == "CharField":
        return mark[: one.max_length] if one.max_length < 8 else f"{mark} {one.name}"[: one.max_length]
    if kind == "DateTimeField":
        return timezone.now()
    if kind == "DateField":
        return DAY + timedelta(days=900) if one.name == "end" else DAY
    known = {"IntegerField": 1, "BigIntegerField": 1, "FloatField": 1.0, "BooleanField": True, "JSONField": []}
    return known.get(kind)


def viewers(own, *names):
    """Return name -> account of every role at its place, of strangers, and of somebody without any grant."""
    wide, commune = "08/", f"08/{own.commune}/"
    grants = {
        "planner": wide, "director": wide, "clerk": wide, "commune": commune, "head": own.path, "sender": own.path,
        "staff": own.path, "analyst": "", "admin": wide,
    }  # fmt: skip
    wanted = names or (*grants, "stranger", "closed")
    found = {role: _account(role, role, path, own) for role, path in grants.items() if role in wanted}
    if "stranger" in wanted:
        found["stranger"] = Account.objects.create(username="stranger", full_name="stranger", password=PASSWORD)
    if "closed" in wanted:
        found["closed"] = _account("closed", "planner", wide, own, end=timezone.localdate())
    return found


def _account(name, role, path, own, **more):
    account = Account.objects.create(username=name, full_name=name, password=PASSWORD)
    Grant.objects.create(account=account, role=role, path=path, staff=own.person if role == "staff" else None, **more)
    Authenticator.objects.create(user=account, type="totp", data={"secret": "x"})
    return account


FORBIDDEN = {
    "planner": FAR, "director": FAR, "clerk": FAR, "commune": NEAR + FAR, "head": NEAR + FAR, "sender": NEAR + FAR,
    "staff": NEAR + FAR, "analyst": OWN[1:] + NEAR[1:] + FAR[1:], "admin": (OWN[1], NEAR[1], *FAR),
    "stranger": OWN + NEAR + FAR, "closed": OWN + NEAR + FAR, "anonymous": OWN + NEAR + FAR,
}  # fmt: skip


def addresses(places):
    """Return (name, address) of every page and operation, once for each place it can be about."""
    found = []
    for name, route in _routes(get_resolver().url_patterns, ""):
        arguments = re.findall(r"<(?:(\w+):)?(\w+)>", route)
        for values in _filled(route, arguments, places):
            parts = iter(values)
            address = "".join(
                quote(str(next(parts)), safe="@") if part.startswith("<") else part
                for part in re.split(r"(<[^>]+>)", route)
            )
            found.append((_operation(route) or name, f"/{address}"))
    return list(dict.fromkeys(found))


def _operation(route):
    """Return what an operation of the API is called; of a page, None."""
    methods = api.get_openapi_schema()["paths"].get("/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route), {})
    one = methods.get("get") or next(iter(methods.values()), None)
    return one and f"api:{one['operationId']}"


def _routes(patterns, above):
    for pattern in patterns:
        route = getattr(pattern.pattern, "_route", None)
        if route is None:  # the last one, which refuses what is none
            route = "api/nothing" if isinstance(pattern, URLPattern) else ""
        if isinstance(pattern, URLPattern):
            yield pattern.name or above + route, above + route
        else:
            yield from _routes(pattern.url_patterns, above + route)


def _of_papers(route, place):
    """Return values for the arguments of addresses of decisions and of layouts."""
    if route.startswith("quyet-dinh/"):
        return {
            "campaign": [place.campaign], "year": [DAY.year], "file": [place.paper], "party": [place.facility],
            "number": [1 if "/ban/" in route else f"{place.marks[0].lower()}-number"], "kind": ["letter_sender"],
            "deployment": [place.rows["Deployment"].pk],
        }  # fmt: skip
    if route.startswith("quan-tri/mau/"):
        return {"kind": ["decision"], "what": ["cua-ta"]}
    return {"number": [place.issue], "paper": [place.paper]} if route.startswith("api/v1/decisions/") else {}


def _filled(route, arguments, places):
    """Return values for the arguments of an address, for each place."""
    names = [name for _, name in arguments]
    if not names:
        return [()]
    found: list[tuple] = []
    for place in places:
        codes = [place.person] if route.startswith("nguoi/") else [place.facility]
        known = {
            "code": codes, "name": [place.facility.lower()], "tab": station.TABS[1:],
            "place": [f"{place.commune}-x", place.commune], "username": [f"{place.marks[0].lower()}-acc"],
            "what": ["ghi-nhan"], "slug": ["gop-xa"],
        }  # fmt: skip
        if route.startswith("api/v1/campaigns/<str:code>"):
            known |= {"code": [place.campaign], "number": [1]}
        if route.startswith("dot/"):
            known |= {
                "code": [place.campaign], "key": [key_of(place.tour)], "station": [place.facility], "skill": ["BS"],
                "week": [4],
            }  # fmt: skip
        known |= of_calls(route, place)
        if "quy-dinh" in route:
            known["name"] = ["doctors_per_station"]
        if "sap-xep" in route:
            known |= {"kind": ["commune", "facility"], "code": [place.commune, place.facility]}
        elif "kind" in names:
            known["kind"] = ["co-so-chua-co-co-quan", "nguoi-chua-phan-cong"]
        known |= _of_papers(route, place)
        if "noun" in names:
            rows = [(noun, place.rows[noun.model.__name__]) for noun in nouns().values()]
            wanted = ("contacts", "absences") if "field" in names else ("staff", "facilities", "licences")
            for noun, row in (pair for pair in rows if pair[0].name in wanted):
                masked = [slug(one.title["vi"]) for one in noun.columns if one.field in MASKED.get(noun.name, ())]
                more = {"noun": [noun.slug], "number": [row.pk], "field": masked}
                found += product(*({**known, **more}.get(name, ["x"]) for name in names))
            continue
        own = set() if route.startswith("sua/hoan-lai/") else {row.pk for row in place.rows.values()}
        numbers = [place.event, *own]  # the number of a row may be that of an event, or not: engines differ
        kinds = {"int": numbers, "uuid": [place.run.pk], "uuidstr": [place.run.pk]}
        found += product(*(known.get(name) or kinds.get(kind, [place.facility]) for kind, name in arguments))
    return found


def said(answer, address):
    """Return everything an answer says: headers, text, the parts of a workbook; not the address that was asked for."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            body = b"\n".join(book.read(name) for name in book.namelist())
    text = body.decode("utf-8", "replace") + " ".join(f"{name}: {value}" for name, value in answer.headers.items())
    path, _, query = address.partition("?")
    parts = [one for one in path.split("/") if one]
    for part in (path, quote(path), quote(path, safe=""), *parts, *map(quote, parts), query):
        text = text.replace(part, "") if part else text
    return text


def tables():
    """Return table -> hash of its rows, of every table that the program keeps."""
    found = {}
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            table = model._meta.db_table
            if table not in THEIRS and model._meta.managed:
                cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)} ORDER BY 1")  # noqa: S608
                found[table] = hashlib.sha256(repr(cursor.fetchall()).encode()).hexdigest()
    return found


def expected():
    """Return name of a page or an operation -> name of a viewer -> what it answers about the viewer's own place."""
    lines = (Path(__file__).parent / "expected.txt").read_text("utf-8").splitlines()
    viewers: list[str] = []
    told: dict[str, str] = {}
    found: dict[str, dict[str, str]] = {}
    for line in lines:
        answers, _, names = line.partition("|")
        if line.startswith("#") or not line:
            continue
        if not viewers:
            viewers = answers.split()
            continue
        told = dict(zip(viewers, answers.split(), strict=True)) if answers.strip() else told
        found |= dict.fromkeys(names.split(), told)
    return found


def state(places):
    """Return every row of some places, to see that nobody changed one."""
    models = [one for one in apps.get_app_config("web").get_models() if issubclass(one, Record | Paperwork)]
    rows = [
        tuple(model._base_manager.filter(path__in=[one.path for one in places]).order_by("pk").values_list())
        for model in models
    ]
    runs = tuple(
        Run.objects.filter(pk__in=[one.run.pk for one in places])
        .order_by("pk")
        .values_list("state", "cancel", "accepted_at")
    )
    return rows, runs, Contact.history.count()
