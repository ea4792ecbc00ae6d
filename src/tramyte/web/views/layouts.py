"""Layouts of papers: ours to take, one of the office in its place, each seen with the sample; the office itself."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from tramyte.domain.errors import BadData, NotAllowed
from tramyte.domain.finding import Finding
from tramyte.domain.messages import say
from tramyte.exchange import decision as printing
from tramyte.web.actions import layouts
from tramyte.web.dossier import NAMES, Words, layout_of, words_of
from tramyte.web.models import Layout, Province
from tramyte.web.permissions import paths
from tramyte.web.roles import Permission
from tramyte.web.views.decisions import file_answer
from tramyte.web.views.papers import account_of
from tramyte.web.views.scope import lang_of

PAGE = "/quan-tri/mau/"
HEADS = ("superior", "agency", "symbol", "place", "signer_post")  # what no paper can do without


def _provinces(request: HttpRequest) -> list[Province]:
    """Return the provinces whose layouts somebody may change. raises: NotAllowed, there is none."""
    own = paths(request.user, Permission.EDIT_RULES, on=timezone.localdate())
    found = [one for one in Province.objects.order_by("code") if any(f"{one.code}/".startswith(path) for path in own)]
    if not found:
        raise NotAllowed(Permission.EDIT_RULES.value, "")
    return found


def _province(request: HttpRequest) -> Province:
    """Return the province that is meant, the first of them unless another is asked for. raises: Http404; NotAllowed."""
    found = _provinces(request)
    asked = request.GET.get("pv", "")[:2]
    one = next((row for row in found if row.code == asked), found[0] if not asked else None)
    if one is None:
        raise Http404
    return one


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def page(request: HttpRequest) -> HttpResponse:
    """Show every kind of paper with its layout, and what papers say of the office; change them."""
    province, lang = _province(request), lang_of(request)
    words = words_of(province.code)
    wrong: list[str] = []
    if request.method == "POST":
        try:
            said = _changed(request, province.code, words)
        except BadData as error:
            wrong = [one.sentence(lang) for one in error.findings]
        else:
            messages.success(request, say(said, lang))
            return redirect(f"{PAGE}?pv={province.code}")
    rows = Layout.objects.filter(province=province.code).select_related("account").order_by("pk")
    newest = {one.kind: one for one in rows}
    typed: Any = request.POST if wrong and request.POST.get("viec") == "co-quan" else None
    context = {
        "section": "layouts", "province": province, "summary": [("", one) for one in wrong],
        "rows": [
            {"kind": kind, "title": say(f"UI_sg_kind_{kind}", lang), "own": _own(newest.get(kind))}
            for kind in layouts.kinds()
        ],
        "fields": [
            {"name": name, "label": say(f"UI_sg_of_{name}", lang), "value": (typed or words.to_json()).get(name) or ""}
            for name in NAMES if name != "bases"
        ],
        "bases": "\n".join(words.bases) if typed is None else typed.get("bases", ""),
    }  # fmt: skip
    return render(request, "layouts/page.html", context, status=422 if wrong else 200)


def _own(row: Layout | None) -> Layout | None:
    return row if row is not None and row.content is not None else None


def _changed(request: HttpRequest, province: str, words: Words) -> str:
    """Do what the form asks for; return the code of what to say. raises: BadData."""
    by, kind = account_of(request), request.POST.get("loai", "")
    if request.POST.get("viec") == "co-quan":
        layouts.say_of_office(by=by, province=province, words=_words(request))
        return "UI_sg_office_said"
    if kind not in layouts.kinds():
        raise Http404
    if request.POST.get("viec") == "ve":
        layouts.go_back(by=by, province=province, kind=kind, reason=request.POST.get("ly-do", ""))
        return "UI_sg_ours_again"
    file = request.FILES.get("tep")
    if file is None or not file.name or (file.size or 0) > layouts.LIMIT:
        raise BadData([Finding("X109", fields={"reason": getattr(file, "name", "") or "—"})])
    layouts.upload(by=by, province=province, kind=kind, filename=file.name, data=file.read(), words=words)
    return "UI_sg_layout_kept"


def _words(request: HttpRequest) -> Words:
    """Return what the form says of the office. raises: BadData, a head is missing, or no paper could say it."""
    typed = {name: request.POST.get(name, "").strip()[:200] for name in NAMES if name != "bases"}
    bases = tuple(line.strip()[:500] for line in request.POST.get("bases", "").splitlines() if line.strip())
    if not all(typed[name] for name in HEADS):
        raise BadData([Finding("X109", fields={"reason": ", ".join(name for name in HEADS if not typed[name])})])
    words = Words(**typed, bases=bases)
    printing.draft(
        "support", on=layouts.SAMPLE_ON, superior=words.superior, agency=words.agency, symbol=words.symbol,
        place=words.place, signer_post=words.signer_post, authority_form=words.authority_form, basis=words.bases,
    )  # fmt: skip
    return words


@require_safe
@login_required
def file(request: HttpRequest, kind: str, what: str) -> HttpResponse:
    """Give our Word file of a kind, the one that counts, or either filled with the sample."""
    province = _province(request)
    if kind not in layouts.kinds() or what not in ("cua-ta", "dang-dung", "xem-thu"):
        raise Http404
    own = layout_of(province.code, kind)
    if what == "cua-ta":
        return file_answer(layouts.ours(kind), f"mau-{kind}", "docx")
    if what == "dang-dung":
        return file_answer(own or layouts.ours(kind), f"mau-{kind}", "docx")
    form = "pdf" if request.GET.get("dang") == "pdf" else "docx"
    data: Any = layouts.sample(kind, words_of(province.code), template=own, form=form)
    return file_answer(data, f"xem-thu-{kind}", form)
