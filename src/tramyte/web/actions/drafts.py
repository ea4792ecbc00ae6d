"""Plans under way: made, changed step by step, pinned, taken back; a step that breaks a rule is refused with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Max

from tramyte.domain.errors import AlreadyIssued, BadData, Infeasible
from tramyte.domain.finding import Breach, Finding
from tramyte.domain.plan import Tour
from tramyte.rotation import read as problem_files
from tramyte.rotation.check import check, misses
from tramyte.rotation.problem import Problem
from tramyte.web.actions.campaigns import is_idle
from tramyte.web.actions.writing import Note, writing
from tramyte.web.models import Account, Campaign, Conduct, Decision, Draft, Frozen, Issue, Run, Step
from tramyte.web.planning import Sheet, frozen, key_of, rows_of, tours_of
from tramyte.web.roles import Permission

KEPT = ("tours", "pins", "reasons")  # columns of a draft that a step changes


@dataclass(frozen=True)
class Proof:
    """What solving says of a plan: no plan is cheaper than bound, none leaves fewer person-weeks open than least."""

    bound: int | None = None
    least_unmet: int | None = None
    status: str | None = None


class Bent(BadData):
    """A soft rule would be bent, and nobody has said why. `breaches` names the rules."""

    def __init__(self, breaches: Sequence[Breach]) -> None:
        self.breaches = tuple(breaches)
        super().__init__([Finding("E711", "", "", {"count": len(breaches)})])


class Stale(BadData):
    """Somebody has changed the draft since it was looked at. `draft` is it now; `steps` what was done since."""

    def __init__(self, draft: Draft, seen: int) -> None:
        self.draft, self.steps = draft, list(draft.steps.filter(number__gt=seen).select_related("account"))
        who = self.steps[-1].account if self.steps else None
        super().__init__([Finding("E710", "", "", {"who": who.get_full_name() if who else "–"})])


def make(
    *,
    by: Account | None,
    campaign: Campaign,
    problem: Problem,
    tours: Iterable[Tour],
    origin: str,
    parent: Draft | None = None,
    pins: Iterable[Tour] = (),
    proof: Proof | None = None,
    run: Run | None = None,
    amends: Decision | None = None,
    name: str | None = None,
    allowed: Sequence[str] = (),
) -> Draft:
    """
    Make a draft beside those there are.

    origin : solve, hand, copy, trial, amend, file; allowed: what a trial allows beyond the rules, in words
    amends : the decision that it would change; None: the one in force, once the campaign has one
    raises : Infeasible, a rule that must hold is broken and nothing was allowed for it
    """
    chosen = tuple(tours)
    if not allowed and (broken := check(problem, chosen)):
        raise Infeasible(broken)
    with writing("drafts.make", by=by, may=Permission.PLAN, path=f"{campaign.province}/") as note:
        draft = _made(
            note, by, campaign, problem, chosen, origin=origin, parent=parent, pins=rows_of(pins), run=run,
            amends=amends or _in_force(campaign), name=name, allowed=list(allowed),
            reasons=dict(parent.reasons) if parent else {}, **vars(proof or Proof()),
        )  # fmt: skip
        note.details = {"origin": origin, "tours": len(chosen), "problem": draft.frozen_id, "run": run and str(run.pk)}
    return draft


def _in_force(campaign: Campaign) -> Decision | None:
    """Return the decision of a campaign that was issued last: whatever is drafted after it amends it."""
    issues = Issue.objects.filter(province=campaign.province, campaign=campaign.code).select_related("decision")
    last = issues.order_by("-pk").first()
    return last.decision if last else None


def outdated(draft: Draft) -> list[Finding]:
    """Return why a draft can go no further: another was issued since it was made, or the campaign has ended."""
    over = Conduct.objects.filter(province=draft.province, campaign=draft.campaign, state="ended").first()
    if over is not None:
        return [Finding("E705", "", "", {"campaign": draft.campaign, "state": over.state})]
    last = _in_force(Campaign.objects.get(province=draft.province, code=draft.campaign))
    if last is None or last.pk == draft.amends_id:
        return []
    return [Finding("E732", "", "", {"number": draft.number, "decision": last.number})]


def _made(
    note: Note, by: Account | None, campaign: Campaign, problem: Problem, tours: Sequence[Tour], **more: Any
) -> Draft:
    """Record a draft under the next number; two at once wait for each other at the row of the campaign."""
    conduct = Conduct.objects.get_or_create(
        province=campaign.province, campaign=campaign.code, defaults={"path": f"{campaign.province}/"}
    )[0]
    Conduct.objects.select_for_update().get(pk=conduct.pk)
    digest, content = frozen(problem)
    Frozen.objects.get_or_create(sha256=digest, defaults={"problem": content})
    known = Draft.objects.filter(province=campaign.province, campaign=campaign.code)
    number = (known.aggregate(last=Max("number"))["last"] or 0) + 1
    note.about = f"{campaign.code}/{number}"
    return Draft.objects.create(
        province=campaign.province, path=f"{campaign.province}/", campaign=campaign.code, number=number,
        frozen_id=digest, tours=rows_of(tours), made_by=by, made_at=note.at, changed_at=note.at, **more,
    )  # fmt: skip


def change(
    *,
    by: Account,
    draft: Draft,
    seen: int,
    removed: Iterable[Tour] = (),
    added: Iterable[Tour] = (),
    words: str,
    fields: Mapping[str, Any] | None = None,
    reason: str = "",
) -> Step:
    """
    Change tours of a draft, one step that can be taken back.

    seen   : the revision that whoever changes has looked at
    words  : message code that tells the step, with fields
    reason : why a soft rule is bent, where one is
    raises : Infeasible, a rule that must hold would be broken; Bent, a soft one without a reason; Stale; AlreadyIssued,
             the draft is out of the planner's hands; BadData, somebody else edits, or a tour is no longer there
    """
    gone, come = {tour.key for tour in removed}, tuple(added)

    def work(held: Draft) -> dict[str, Any]:
        sheet = Sheet(held)
        if missing := gone - {tour.key for tour in sheet.tours}:
            raise BadData([Finding("E712", "", "", {"count": len(missing)})])
        after = [tour for tour in sheet.tours if tour.key not in gone] + list(come)
        bent = judge(sheet.problem, sheet.tours, after)
        if bent and not reason.strip():
            raise Bent(bent)
        reasons = {key: text for key, text in held.reasons.items() if key in {key_of(tour) for tour in after}}
        if bent:
            reasons |= {key_of(tour): reason.strip()[:500] for tour in come}
        pins = [row for row in held.pins if tours_of([row])[0].key not in gone]
        return {"tours": rows_of(after), "pins": pins, "reasons": reasons}

    return _step("drafts.change", by, draft, seen, work, words=words, fields=dict(fields or {}), reason=reason)


def judge(problem: Problem, before: Sequence[Tour], after: Sequence[Tour]) -> list[Breach]:
    """
    Return the soft rules that a change bends.

    raises : Infeasible, with every breach of a rule that must hold and that was not broken before
    """
    known = set(map(_mark, check(problem, before)))
    if broken := [one for one in check(problem, after) if _mark(one) not in known]:
        raise Infeasible(broken)
    missed = set(map(_mark, misses(problem, before)))
    return [one for one in misses(problem, after) if one.fields.get("points", 1) > 0 and _mark(one) not in missed]


def _mark(breach: Breach) -> tuple[Any, ...]:
    return breach.rule, str(breach.staff), breach.week, tuple(sorted((k, str(v)) for k, v in breach.fields.items()))


def pin(*, by: Account, draft: Draft, seen: int, tours: Iterable[Tour], is_pinned: bool) -> Step:
    """
    Pin tours, so that solving again keeps them, or let them go.

    raises : Stale; AlreadyIssued; BadData, somebody else edits, or a tour is no longer there
    """
    keys = {tour.key for tour in tours}

    def work(held: Draft) -> dict[str, Any]:
        there = {tour.key: tour for tour in tours_of(held.tours)}
        if keys - set(there):
            raise BadData([Finding("E712", "", "", {"count": len(keys - set(there))})])
        pinned = {tour.key: tour for tour in tours_of(held.pins)} | {key: there[key] for key in keys}
        after = [tour for key, tour in pinned.items() if is_pinned or key not in keys]
        return {"tours": held.tours, "pins": rows_of(after), "reasons": held.reasons}

    words = "UI_step_pinned" if is_pinned else "UI_step_unpinned"
    return _step("drafts.pin", by, draft, seen, work, words=words, fields={"count": len(keys)})


def undo(*, by: Account, draft: Draft, seen: int) -> Step:
    """
    Take the last step back that stands; again: the one before it.

    raises : BadData, there is none; Stale; AlreadyIssued
    """
    stands, _ = turns(draft)
    if not stands:
        raise BadData([Finding("E713")])
    return _turn("undo", by, draft, seen, stands[-1])


def redo(*, by: Account, draft: Draft, seen: int) -> Step:
    """Make the step again that was taken back last. raises: BadData, there is none; Stale; AlreadyIssued."""
    _, gone = turns(draft)
    if not gone:
        raise BadData([Finding("E714")])
    return _turn("redo", by, draft, seen, gone[-1])


def turns(draft: Draft) -> tuple[list[Step], list[Step]]:
    """Return the steps that stand, and those taken back that can be made again; of each the next one last."""
    stands: list[Step] = []
    gone: list[Step] = []
    for step in draft.steps.select_related("of").order_by("number"):
        if step.kind == "do":
            stands.append(step)
            gone.clear()
        elif step.of is not None:
            source, target = (stands, gone) if step.kind == "undo" else (gone, stands)
            source.remove(step.of)
            target.append(step.of)
    return stands, gone


def _turn(kind: str, by: Account, draft: Draft, seen: int, step: Step) -> Step:
    out, into = (step.after, step.before) if kind == "undo" else (step.before, step.after)

    def work(held: Draft) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name in ("tours", "pins"):
            gone = {tour.key for tour in tours_of(out[name])}
            stay = [tour for tour in tours_of(getattr(held, name)) if tour.key not in gone]
            found[name] = rows_of([*stay, *tours_of(into[name])])
        found["reasons"] = {k: v for k, v in held.reasons.items() if k not in out["reasons"]} | into["reasons"]
        return found

    words, fields = f"UI_step_{kind}", {"number": step.number}
    return _step(f"drafts.{kind}", by, draft, seen, work, words=words, fields=fields, kind=kind, of=step)


def _step(
    action: str,
    by: Account,
    draft: Draft,
    seen: int,
    work: Callable[[Draft], Mapping[str, Any]],
    *,
    words: str,
    fields: Mapping[str, Any],
    reason: str = "",
    kind: str = "do",
    of: Step | None = None,
) -> Step:
    """Change a draft as `work` says, if it is still as it was looked at; keep what went and what came."""
    with writing(action, by=by, may=Permission.PLAN, path=draft.path, reason=reason or None) as note:
        held = mine(by, draft, note)
        if held.revision != seen:
            raise Stale(held, seen)
        new = work(held)
        old = {name: getattr(held, name) for name in KEPT}
        number = held.revision + 1
        step = Step.objects.create(
            draft=held, number=number, kind=kind, of=of, at=note.at, account=by, words=words, fields=dict(fields),
            before={name: _only(old[name], new[name]) for name in KEPT},
            after={name: _only(new[name], old[name]) for name in KEPT},
        )  # fmt: skip
        for name in KEPT:
            setattr(held, name, new[name])
        held.revision, held.changed_at = number, note.at
        held.save()
        note.about = f"{held.campaign}/{held.number}"
        note.details = {"step": number, "words": words, "before": step.before, "after": step.after}
    for name in (*KEPT, "revision", "changed_at"):
        setattr(draft, name, getattr(held, name))
    return step


def _only(one: Any, other: Any) -> Any:
    """Return what of one is not in the other: rows of a list, entries of a dict."""
    if isinstance(one, dict):
        return {key: value for key, value in one.items() if other.get(key) != value}
    known = {tuple(sorted(row.items())) for row in other}
    return [row for row in one if tuple(sorted(row.items())) not in known]


def mine(by: Account | None, draft: Draft, note: Note, *stages: str) -> Draft:
    """
    Return a draft held for writing, which `by` edits from now on if nobody else does.

    stages : in which it may be; none: only while it is a draft
    raises : AlreadyIssued, it is in another stage; BadData, somebody else edits the campaign
    """
    conduct = Conduct.objects.select_for_update().get(province=draft.province, campaign=draft.campaign)
    held = Draft.objects.select_for_update().select_related(None).get(pk=draft.pk)
    if held.stage not in (stages or ("draft",)):
        raise AlreadyIssued(f"{held.campaign}/{held.number}")
    if by is not None and conduct.editor_id not in (None, by.pk) and not is_idle(conduct):
        raise BadData([Finding("E715", "", "", {"who": conduct.editor.get_full_name() if conduct.editor else "–"})])
    if by is not None:
        conduct.editor, conduct.editing_at = by, note.at
        conduct.save()
    return held


def name(*, by: Account, draft: Draft, name: str) -> None:
    """Give a draft a name."""
    with writing("drafts.name", by=by, may=Permission.PLAN, path=draft.path) as note:
        Draft.objects.filter(pk=draft.pk).update(name=name.strip()[:120] or None)
        note.about, note.details = f"{draft.campaign}/{draft.number}", {"name": name}


def drop(*, by: Account, draft: Draft, reason: str) -> None:
    """
    Put a draft away; `fetch` brings it back.

    raises : AlreadyIssued, it is out of the planner's hands; BadData, without a reason
    """
    with writing("drafts.drop", by=by, may=Permission.PLAN, path=draft.path, reason=reason) as note:
        mine(by, draft, note)
        if not reason.strip():
            raise BadData([Finding("E716")])
        Draft.objects.filter(pk=draft.pk).update(stage="dropped")
        note.about = f"{draft.campaign}/{draft.number}"


def fetch(*, by: Account, draft: Draft) -> None:
    """Bring a draft back that was put away. raises: AlreadyIssued, it was not."""
    with writing("drafts.fetch", by=by, may=Permission.PLAN, path=draft.path) as note:
        mine(by, draft, note, "dropped")
        Draft.objects.filter(pk=draft.pk).update(stage="draft")
        note.about = f"{draft.campaign}/{draft.number}"


def take(*, by: Account, run: Run) -> Draft:
    """
    Make a draft of what a run has found; of one run there is one draft, however often it is taken.

    raises : AlreadyIssued, the run is not over; BadData, it has found no plan; Infeasible
    """
    known = Draft.objects.filter(run=run).first()
    if known is not None:
        return known
    if run.state != "done" or not run.result:
        raise AlreadyIssued(str(run.pk))
    if "tours" not in run.result:
        raise BadData([Finding("E753")])
    given, found = run.given, run.result
    campaign = Campaign.objects.get(province=run.province, code=given["campaign"])
    parent = Draft.objects.filter(pk=given.get("draft")).first()
    problem = problem_files.problem(Frozen.objects.get(pk=given["problem"]).problem)
    return make(
        by=by, campaign=campaign, problem=problem, tours=tours_of(found["tours"]), parent=parent,
        origin=given.get("origin", "solve"), pins=tours_of(given.get("pins", ())), run=run,
        proof=Proof(found["bound"], found["least_unmet"], found["status"]),
    )  # fmt: skip
