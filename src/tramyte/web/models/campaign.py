"""How a campaign is run: who edits it, its drafts with every step, the call to units, the opinions, the papers."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import models
from django.db.models import F, Q

from tramyte.web.models.base import Path, code_field, maybe_code, maybe_day, maybe_text, text_field
from tramyte.web.models.plan import Decision, Deployment

STAGES = ("draft", "opinions", "submitted", "signed", "issued", "dropped")
OPEN = ("draft", "opinions", "submitted", "signed")  # stages of a draft that is under way
CONDUCT = ("open", "running", "ended")
ORIGINS = ("solve", "hand", "copy", "trial", "amend", "file")
ANSWERS = ("agree", "decline", "other")
SIDES = ("sender", "receiver")


class Paperwork(models.Model):
    """Something of one province that is worked on; what happened to it stands in the log, not in a history."""

    province = models.CharField(max_length=2, db_index=True)
    path = Path()

    class Meta:
        abstract = True


class Conduct(Paperwork):
    """
    How one campaign is run.

    state   : open, running (people are at their stations), ended
    editor  : the one person who may change its drafts, since `editing_at`; nobody until somebody begins
    """

    campaign = code_field()
    state = models.CharField(max_length=8, default="open")
    editor = models.ForeignKey("web.Account", models.PROTECT, null=True, related_name="edits")
    editing_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("province", "campaign"), name="conduct_key"),
            models.CheckConstraint(condition=Q(state__in=CONDUCT), name="conduct_state"),
            models.CheckConstraint(
                condition=Q(editor__isnull=True, editing_at__isnull=True)
                | Q(editor__isnull=False, editing_at__isnull=False),
                name="conduct_editor_whole",
            ),
        )


class Frozen(models.Model):
    """A problem file as it was solved, under its sha256: drafts of the same problem share it, and it replays."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    problem = models.JSONField()


class Draft(Paperwork):
    """
    One plan of a campaign on its way to a decision.

    number    : 1, 2, … in the campaign
    parent    : the draft it came from, with which it is compared
    origin    : solve, hand, copy, trial (what if), amend (of an issued plan), file
    tours     : list of {staff, station, skill, start, weeks}, as a plan file has them
    pins      : tours of it that solving again must keep, in the same form
    reasons   : key of a tour -> why a soft rule is bent for it
    bound     : what solving proved that no plan can be cheaper than; None: not solved as it stands
    revision  : grows with every step; who saves names the revision looked at
    allowed   : what a trial allows beyond the rules, in words
    """

    campaign = code_field()
    number = models.IntegerField()
    name = maybe_text(120)
    stage = models.CharField(max_length=9, default="draft", db_index=True)
    origin = models.CharField(max_length=6)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    frozen = models.ForeignKey(Frozen, models.PROTECT, related_name="drafts")
    amends = models.ForeignKey(Decision, models.PROTECT, null=True, related_name="amendments")
    run = models.OneToOneField("web.Run", models.PROTECT, null=True, related_name="draft")
    tours = models.JSONField(default=list)
    pins = models.JSONField(default=list)
    reasons = models.JSONField(default=dict)
    allowed = models.JSONField(default=list)
    bound = models.BigIntegerField(null=True)
    least_unmet = models.IntegerField(null=True)
    status = maybe_text(12)
    revision = models.IntegerField(default=0)
    made_by = models.ForeignKey("web.Account", models.PROTECT, null=True, related_name="drafts")
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("province", "campaign", "number"), name="draft_key"),
            models.CheckConstraint(condition=Q(stage__in=STAGES), name="draft_stage"),
            models.CheckConstraint(condition=Q(origin__in=ORIGINS), name="draft_origin"),
        )


class Step(models.Model):
    """
    One change of a draft by hand; a step is taken back, or made again, by a further step, never deleted.

    kind          : do, undo, redo; of: the step that an undo takes back, or a redo makes again
    before, after : {tours, pins, reasons} that the step took away, and what it put in their place
    """

    draft = models.ForeignKey(Draft, models.PROTECT, related_name="steps")
    number = models.IntegerField()
    kind = models.CharField(max_length=4, default="do")
    of = models.ForeignKey("self", models.PROTECT, null=True, related_name="turns")
    at = models.DateTimeField()
    account = models.ForeignKey("web.Account", models.PROTECT, null=True, related_name="steps")
    words = text_field(40)  # message code
    fields = models.JSONField(default=dict)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("draft", "number"), name="step_key"),
            models.CheckConstraint(condition=Q(kind__in=("do", "undo", "redo")), name="step_kind"),
        )


class Call(Paperwork):
    """How many people of a skill a unit is asked to name for a campaign, until when."""

    campaign = code_field()
    unit = code_field(20)
    skill = code_field(20)
    count = models.IntegerField()
    weeks = models.IntegerField(null=True)  # person-weeks that the plan needs of them
    due = models.DateField()
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    declined = maybe_text(500)  # reason, where the unit names fewer than it is asked for

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("province", "campaign", "unit", "skill"), name="call_key"),
            models.CheckConstraint(condition=Q(count__gte=0), name="call_count"),
        )


class Nomination(Paperwork):
    """A person whom a unit names for a campaign, or says cannot go. rank: 1 goes first."""

    campaign = code_field()
    unit = code_field(20)
    staff = code_field()
    is_going = models.BooleanField(default=True)
    rank = models.IntegerField(null=True)
    reason = maybe_text(500)  # why not; or why in spite of a rule
    named_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("province", "campaign", "staff"), name="nomination_key"),)


class Wanted(Paperwork):
    """
    People that a station or a commune asks for; the planner takes it into a campaign or declines it.

    letter, letter_on : number and date of the letter of the commune, both or none
    """

    facility = code_field(20)
    skill = code_field(20)
    count = models.IntegerField()
    start = models.DateField()
    end = models.DateField()
    reason = text_field(500)
    letter = maybe_text(80)
    letter_on = maybe_day()
    campaign = maybe_code()
    state = models.CharField(max_length=8, default="open")
    answer = maybe_text(500)
    asked_by = models.ForeignKey("web.Account", models.PROTECT, null=True, related_name="wanted")
    asked_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(state__in=("open", "taken", "declined")), name="wanted_state"),
            models.CheckConstraint(condition=Q(count__gte=1, end__gt=F("start")), name="wanted_span"),
            models.CheckConstraint(
                condition=Q(letter__isnull=True, letter_on__isnull=True)
                | Q(letter__isnull=False, letter_on__isnull=False),
                name="wanted_letter_whole",
            ),
        )

    @property
    def last(self) -> date:
        """The last day."""
        found: date = self.end - timedelta(days=1)
        return found


class Opinion(Paperwork):
    """
    What a party answers to a draft: a unit that sends, or a commune that receives.

    round     : 1, 2, …: a draft that came back and went out again is asked for anew, what was answered before stays
    party     : code of the facility, or of the commune; path: its own place
    answer    : agree, decline, other (another week is proposed); None: not answered, which is never consent
    letter, letter_on : number and date of the reply, both or none
    """

    draft = models.ForeignKey(Draft, models.PROTECT, related_name="opinions")
    round = models.IntegerField(default=1)
    side = models.CharField(max_length=8)
    party = code_field(20)
    party_name = text_field(200)
    asked_at = models.DateTimeField()
    due = models.DateField()
    answer = models.CharField(max_length=7, null=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey("web.Account", models.PROTECT, null=True, related_name="opinions")
    letter = maybe_text(80)
    letter_on = maybe_day()
    words = maybe_text(1000)
    reminded = models.JSONField(default=list)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("draft", "round", "side", "party"), name="opinion_key"),
            models.CheckConstraint(condition=Q(side__in=SIDES), name="opinion_side"),
            models.CheckConstraint(condition=Q(answer__in=ANSWERS) | Q(answer__isnull=True), name="opinion_answer"),
            models.CheckConstraint(
                condition=Q(letter__isnull=True, letter_on__isnull=True)
                | Q(letter__isnull=False, letter_on__isnull=False),
                name="opinion_letter_whole",
            ),
        )


class Ruling(Paperwork):
    """
    What the director says to a submitted draft: signed, or returned with a comment; the last one counts.

    revision : of the draft that was looked at; is_signed: the second factor was asked for it
    """

    draft = models.ForeignKey(Draft, models.PROTECT, related_name="rulings")
    revision = models.IntegerField()
    is_signed = models.BooleanField()
    words = maybe_text(1000)
    at = models.DateTimeField()
    account = models.ForeignKey("web.Account", models.PROTECT, null=True, related_name="rulings")


class Issue(Paperwork):
    """
    The issued paper of a draft: with its decision, what was issued to the letter.

    tours    : as they were issued; amends: the issue this one changes
    symbol, authority_form, signer_post, recipients : what the paper says, see exchange/decision.py
    """

    draft = models.OneToOneField(Draft, models.PROTECT, related_name="issue")
    decision = models.OneToOneField(Decision, models.PROTECT, related_name="issue")
    campaign = code_field()
    paper = models.JSONField(default=dict)
    tours = models.JSONField(default=list)
    checks = models.JSONField(default=list)
    issued_at = models.DateTimeField()
    account = models.ForeignKey("web.Account", models.PROTECT, null=True, related_name="issues")


class Paper(Paperwork):
    """A file that belongs to an issue: what was rendered, and the signed copy that was attached."""

    issue = models.ForeignKey(Issue, models.PROTECT, related_name="papers")
    kind = text_field(20)
    filename = text_field(120)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("issue", "kind", "filename"), name="paper_key"),)


class Layout(Paperwork):
    """A Word file of an administrator in place of ours for one kind of paper; the newest of a kind counts."""

    kind = text_field(20)
    filename = text_field(120)
    content = models.BinaryField(null=True)  # None: ours again
    sha256 = maybe_text(64)
    at = models.DateTimeField()
    account = models.ForeignKey("web.Account", models.PROTECT, null=True, related_name="layouts")


class Receipt(Paperwork):
    """The person of a deployment has seen the decision."""

    deployment = models.OneToOneField(Deployment, models.PROTECT, related_name="receipt")
    at = models.DateTimeField()
    account = models.ForeignKey("web.Account", models.PROTECT, null=True, related_name="receipts")


class Wish(Paperwork):
    """
    What a person asks for about a deployment: another time, or not to go; the reason is a paper's number, no illness.

    path : where the person belongs, as of the deployment's sending_path
    """

    deployment = models.ForeignKey(Deployment, models.PROTECT, related_name="wishes")
    kind = models.CharField(max_length=6)
    paper = maybe_text(120)
    start = models.DateField(null=True)
    end = models.DateField(null=True)
    words = maybe_text(500)
    state = models.CharField(max_length=8, default="open")
    answer = maybe_text(500)
    at = models.DateTimeField()
    account = models.ForeignKey("web.Account", models.PROTECT, null=True, related_name="wishes")

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(kind__in=("change", "exempt")), name="wish_kind"),
            models.CheckConstraint(condition=Q(state__in=("open", "taken", "declined")), name="wish_state"),
        )

    @property
    def last(self) -> date | None:
        """The last day on which the person cannot go; None: nobody knows yet."""
        return self.end - timedelta(days=1) if self.end else None


class Budget(Paperwork):
    """Money granted for a campaign, in đồng, with the number and date of its paper; the newest of a campaign counts."""

    campaign = code_field()
    amount = models.BigIntegerField()
    paper = text_field(120)
    paper_on = models.DateField()
    at = models.DateTimeField()
    account = models.ForeignKey("web.Account", models.PROTECT, null=True, related_name="budgets")

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(amount__gt=0), name="budget_amount"),)
