"""What was decided and made public: resolution of the meeting, decision, award, notice, its end.

The panel recommends; the meeting decides: an award cannot stand without its resolution.
Resolutions, awards, the words of a notice and the announcement are written once. Money is not
here: it moves through the time bank's door only.
"""

from typing import ClassVar, Self

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.append_only import append_only
from accounts.models import Attachment, User
from ventures.models.proposals import Proposal
from ventures.models.rounds import Round


class Resolution(models.Model):
    """集体决策（会议）. The meeting that decides: name, date, number, minutes (纪要).

    How many belong to it, came and voted how is kept whole or not at all.
    """

    class Kind(models.TextChoices):
        PARTY_GROUP = "party_group", _("局党组会")
        BUREAU = "bureau", _("局长办公会")
        TOWN = "town", _("镇街班子会")
        COMMITTEES = "committees", _("村（社区）两委会议")
        FOUR_STEPS = "four_steps", _("四议两公开")

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="resolutions")
    kind = models.CharField(_("决策形式"), max_length=12, choices=Kind)
    meeting = models.CharField(_("会议名称"), max_length=120)
    held_on = models.DateField(_("会议日期"))
    number = models.CharField(_("会议纪要文号"), max_length=60)
    minutes = models.ForeignKey(
        Attachment, on_delete=models.PROTECT, related_name="+", verbose_name=_("会议纪要")
    )
    expected = models.PositiveSmallIntegerField(_("应到人数"), null=True, blank=True)
    present = models.PositiveSmallIntegerField(_("实到人数"), null=True, blank=True)
    in_favour = models.PositiveSmallIntegerField(_("赞成票"), null=True, blank=True)
    against = models.PositiveSmallIntegerField(_("反对票"), null=True, blank=True)
    abstained = models.PositiveSmallIntegerField(_("弃权票"), null=True, blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("集体决策")
        verbose_name_plural = _("集体决策")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["round", "number"], name="resolution_recorded_once_in_a_round"
            ),
            models.CheckConstraint(
                condition=~Q(meeting="") & ~Q(number=""), name="resolution_names_its_meeting"
            ),
            models.CheckConstraint(
                condition=Q(expected__isnull=True, present__isnull=True)
                & Q(in_favour__isnull=True, against__isnull=True, abstained__isnull=True)
                | Q(expected__isnull=False, present__isnull=False)
                & Q(in_favour__isnull=False, against__isnull=False, abstained__isnull=False),
                name="meeting_counted_whole_or_not",
            ),
            models.CheckConstraint(
                condition=Q(expected__isnull=True) | Q(expected__gte=1, present__lte=F("expected")),
                name="no_more_came_than_belong",
            ),
            models.CheckConstraint(
                condition=Q(present__isnull=True)
                | Q(present=F("in_favour") + F("against") + F("abstained")),
                name="everybody_present_votes_once",
            ),
        ]
        triggers: ClassVar = append_only("resolutions_append_only")

    def __str__(self) -> str:
        return f"{self.meeting} {self.number}"

    @property
    def is_counted(self) -> bool:
        """Whether it was written down who came and how they voted."""
        return self.expected is not None

    @property
    def votes_by_name(self) -> list[tuple[str, str]]:
        """Who voted how, where it was a vote by name: the vote, and the names under it."""
        votes = list(self.votes.all())
        kinds = dict.fromkeys(one.vote for one in votes)
        return [
            (
                next(one.get_vote_display() for one in votes if one.vote == kind),
                "、".join(one.name for one in votes if one.vote == kind),
            )
            for kind in kinds
        ]


class Decision(models.Model):
    """立项决定. Award, reserve or decline one proposal; prepared quietly, published together."""

    class Outcome(models.TextChoices):
        AWARD = "award", _("拟立项")
        RESERVE = "reserve", _("候补")
        DECLINE = "decline", _("不予立项")

    class State(models.TextChoices):
        PREPARED = "prepared", _("拟定")
        RESOLVED = "resolved", _("会议已定")
        PUBLISHED = "published", _("公示中")
        FINAL = "final", _("已公告")

    proposal = models.OneToOneField(Proposal, on_delete=models.PROTECT, related_name="decision")
    state = models.CharField(max_length=10, choices=State, default=State.PREPARED)
    outcome = models.CharField(_("决定"), max_length=8, choices=Outcome)
    amount_fen = models.BigIntegerField(_("拟资助金额"), default=0)
    reason = models.CharField(_("理由"), max_length=500, blank=True)
    # 修改后同意: the applicant hands in a revised budget within the approved amount.
    needs_revision = models.BooleanField(_("修改后立项"), default=False)
    deviates = models.BooleanField(_("未按名次"), default=False)
    rank = models.PositiveSmallIntegerField(_("名次"), null=True, blank=True)
    score_hundredths = models.PositiveIntegerField(_("得分"), null=True, blank=True)
    suggested_fen = models.BigIntegerField(_("评委建议金额"), null=True, blank=True)
    resolution = models.ForeignKey(
        Resolution, on_delete=models.PROTECT, null=True, blank=True, related_name="decisions"
    )
    prepared_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("立项决定")
        verbose_name_plural = _("立项决定")
        ordering: ClassVar = [F("rank").asc(nulls_last=True), "proposal"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(outcome="award", amount_fen__gte=0)
                | (~Q(outcome="award") & Q(amount_fen=0)),
                name="only_awards_have_an_amount",
            ),
            models.CheckConstraint(
                condition=Q(state="prepared", resolution__isnull=True)
                | (~Q(state="prepared") & Q(resolution__isnull=False)),
                name="decided_only_by_a_meeting",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="decline") | ~Q(reason=""), name="decline_says_why"
            ),
            models.CheckConstraint(
                condition=Q(deviates=False) | ~Q(reason=""), name="deviation_says_why"
            ),
            models.CheckConstraint(
                condition=Q(needs_revision=False) | Q(outcome="award"),
                name="only_awards_are_revised",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.proposal} {self.get_outcome_display()}"


# The one way in which an award's row changes: its sum, and the transfer that set it aside, as a row
# of `AwardCorrection` says that takes the place of just this transfer.
BY_A_CORRECTION = """
    TG_OP = 'UPDATE'
    AND to_jsonb(NEW) - 'amount_fen' - 'transfer_id'
        = to_jsonb(OLD) - 'amount_fen' - 'transfer_id'
    AND EXISTS (
        SELECT 1 FROM ventures_awardcorrection AS one
         WHERE one.award_id = OLD.id
           AND one.from_fen = OLD.amount_fen AND one.from_transfer_id = OLD.transfer_id
           AND one.to_fen = NEW.amount_fen AND one.transfer_id = NEW.transfer_id)
"""


class Award(models.Model):
    """立项资助. Yes, this much: decided by a meeting, set aside from the round's fund.

    `amount_fen` is what is awarded now; what it was before a correction, its corrections say. A
    designation gives a name and no money: its awards have neither amount nor transfer.
    """

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="award")
    proposal = models.OneToOneField(Proposal, on_delete=models.PROTECT, related_name="award")
    resolution = models.ForeignKey(Resolution, on_delete=models.PROTECT, related_name="awards")
    amount_fen = models.BigIntegerField(_("资助金额"))
    transfer_id = models.BigIntegerField(_("入账编号"), null=True, blank=True)
    awarded_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("立项资助")
        verbose_name_plural = _("立项资助")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(amount_fen__gt=0, transfer_id__isnull=False)
                | Q(amount_fen=0, transfer_id__isnull=True),
                name="award_of_money_has_its_transfer",
            ),
        ]
        triggers: ClassVar = append_only("awards_append_only", unless=BY_A_CORRECTION)

    def __str__(self) -> str:
        return f"{self.proposal} {self.amount_fen}"


class PublicNoticeQuerySet(models.QuerySet["PublicNotice"]):
    def running(self) -> Self:
        return self.filter(state=PublicNotice.State.OPEN)


def words_file_of(code: str, announcement: int | None = None) -> str:
    """The name of the file with the frozen words of a notice, or of one of its announcements."""
    return f"announcement-{code}-{announcement}.json" if announcement else f"notice-{code}.json"


class PublicNotice(models.Model):
    """公示. Results shown for objection: what was decided, by whom, until when, whom to tell.

    `snapshot` is what the public was shown, word for word, and `sha256` its fingerprint. Neither
    changes afterwards: only the state moves on. One with a mistake is withdrawn (撤回) and stays to
    be read; another `replaces` it.
    """

    class State(models.TextChoices):
        OPEN = "open", _("公示中")
        CONCLUDED = "concluded", _("公示结束")
        WITHDRAWN = "withdrawn", _("已撤回")

        @property
        def tone(self) -> str:
            return {"open": "waiting", "withdrawn": "danger"}.get(self.value, "done")

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="notices")
    code = models.CharField(_("公示编号"), max_length=40, unique=True)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    title = models.CharField(_("标题"), max_length=160)
    basis = models.CharField(_("依据（文号）"), max_length=200)
    starts_on = models.DateField(_("公示开始"))
    last_day = models.DateField(_("公示截止日"))
    working_days = models.PositiveSmallIntegerField(_("工作日数"))
    closes_at = models.DateTimeField(_("异议受理截止"))
    snapshot = models.JSONField()
    sha256 = models.CharField(max_length=64)
    published_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(db_default=Now())
    concluded_at = models.DateTimeField(null=True, blank=True)
    replaces = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="replaced_by",
        verbose_name=_("代替哪份公示"),
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_reason = models.CharField(_("撤回原因"), max_length=500, blank=True)

    objects = PublicNoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("公示")
        verbose_name_plural = _("公示")
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["round"], condition=Q(state="open"), name="one_open_notice_in_a_round"
            ),
            models.CheckConstraint(
                condition=Q(last_day__gte=F("starts_on")), name="notice_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(working_days__gte=1), name="notice_lasts_a_working_day"
            ),
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="notice_has_its_fingerprint"
            ),
            models.CheckConstraint(
                condition=~Q(state="concluded") & Q(concluded_at__isnull=True)
                | Q(state="concluded", concluded_at__isnull=False),
                name="notice_concluded_with_its_time",
            ),
            models.CheckConstraint(
                condition=Q(
                    ~Q(withdrawn_reason=""),
                    state="withdrawn",
                    withdrawn_at__isnull=False,
                    withdrawn_by__isnull=False,
                )
                | Q(
                    ~Q(state="withdrawn"),
                    withdrawn_reason="",
                    withdrawn_at__isnull=True,
                    withdrawn_by__isnull=True,
                ),
                name="withdrawn_notice_says_when_by_whom_and_why",
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(
                name="notices_keep_their_words",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(
                    exclude=[
                        "state",
                        "concluded_at",
                        "withdrawn_at",
                        "withdrawn_by",
                        "withdrawn_reason",
                    ]
                ),
            ),
            pgtrigger.Protect(name="notices_are_never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("ventures:notice", args=[self.code])

    @property
    def words_file(self) -> str:
        return words_file_of(self.code)

    @property
    def tone(self) -> str:
        return self.State(self.state).tone


class Announcement(models.Model):
    """公告. The final word after a notice: the list as it stands, written once.

    What was under recheck then follows by a supplement (补充公告), numbered after the first.
    """

    notice = models.ForeignKey(PublicNotice, on_delete=models.PROTECT, related_name="announcements")
    number = models.PositiveSmallIntegerField(db_default=1, default=1)
    snapshot = models.JSONField()
    sha256 = models.CharField(max_length=64)
    published_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("公告")
        verbose_name_plural = _("公告")
        ordering: ClassVar = ["notice", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["notice", "number"], name="announcement_of_a_notice_numbered_once"
            ),
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"),
                name="announcement_has_fingerprint",
            ),
        ]
        triggers: ClassVar = append_only("announcements_append_only")

    def __str__(self) -> str:
        return str(self.notice)
