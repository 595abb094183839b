"""What applicants hand in: proposals. Their rows, budget, files and versions have their own files.

The columns hold only what could be read; text that could not (a word where a number belongs, a
budget that does not add up yet) stands as typed in `Proposal.typed`, so that nothing is lost.
"""

from typing import TYPE_CHECKING, ClassVar, Self

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, Region, User
from accounts.rules import operated_organisations_of, organisations_of, regions_of
from ventures.models.deadlines import extended_until, own_closes_at, sealed
from ventures.models.needs import Need
from ventures.models.partners import Partner
from ventures.models.peeks import Peek
from ventures.models.proposal_words import PUBLIC_LABELS, TONES
from ventures.models.rounds import STAFF_KINDS, Round
from ventures.models.tiers import Tier
from ventures.models.ties import kept_from_judging, tied_to
from ventures.models.tracks import ProjectKind, Track

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from ventures.models.proposal_files import ProposalFile


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def live(self) -> Self:
        """Everything but what its applicant took back."""
        return self.exclude(state=Proposal.State.WITHDRAWN)

    def handed_in(self) -> Self:
        """What was submitted at least once and is not taken back or being redrafted."""
        return self.filter(submitted_at__isnull=False).exclude(
            state__in=[Proposal.State.DRAFT, Proposal.State.WITHDRAWN]
        )

    def in_full(self) -> Self:
        """What came in as a proposal: everything handed in but a concept with nothing after it."""
        return self.handed_in().exclude(state__in=Proposal.CONCEPT_STATES)

    def concepts_in(self) -> Self:
        """Everybody's concept that stood when the first step closed; in one step there is none."""
        return self.filter(
            Q(submitted_at__isnull=False, state__in=Proposal.CONCEPT_STATES)
            | Q(invited_at__isnull=False)
        )

    def of_organisations(self, organisation_ids: list[int]) -> Self:
        return self.filter(applicant__in=organisation_ids)

    def with_deadline(self) -> Self:
        """Each with what its deadline is made of, as `rules.timetable` reads it."""
        return self.annotate(own_closes_at=own_closes_at(), extended_until=extended_until())

    def unsealed(self) -> Self:
        """Without those of rounds that are sealed until their close."""
        return self.exclude(sealed("round__"))

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """The applicant's own people see it always; those who run the round, once handed in and
        unsealed, unless they are tied to it."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(_own_of(user) | _shared_with(user) | (_office_of(user) & ~tied_to(user)))

    def taken_part_in_by(self, user: User) -> Self:
        """Hers as the applicant, or as an organisation that stands beside it; no office's."""
        return self.filter(_own_of(user) | _shared_with(user))

    def kept_from(self, user: User) -> Self:
        """What this person would handle by duty, as office or as judge, were she not tied to it or
        its coach (回避)."""
        judges = Q(round__panel__members__reviewer=user) | Q(
            round__review_invitations__user=user,
            round__review_invitations__state__in=["open", "accepted"],
        )
        handed_in = Q(submitted_at__isnull=False) & ~Q(state__in=["draft", "withdrawn"])
        in_duty = self.filter(_office_of(user) | (judges & handed_in & ~sealed("round__")))
        return self.filter(kept_from_judging(user), pk__in=in_duty.values("pk"))


def _own_of(user: User) -> Q:
    return Q(applicant__in=organisations_of(user)) | Q(initiator=user)


def _shared_with(user: User) -> Q:
    """What an organisation of hers is asked to take part in, or has agreed to."""
    standing = Partner.objects.filter(
        organisation__in=organisations_of(user), state__in=Partner.STANDING
    )
    return Q(pk__in=standing.values("proposal"))


def _office_of(user: User) -> Q:
    """What was handed in to the rounds this person has a duty in, and is not sealed, or was opened
    to her before the close."""
    runs_round = Q(round__region__lineage__overlap=regions_of(user, *STAFF_KINDS)) | Q(
        round__operator__in=operated_organisations_of(user)
    )
    peeked = Peek.objects.filter(peeked_by=user, ends_at__gt=Now())
    is_open = ~sealed("round__") | Q(pk__in=peeked.values("proposal"))
    return Q(submitted_at__isnull=False) & ~Q(state=Proposal.State.DRAFT) & runs_round & is_open


class Proposal(models.Model):
    """申报书. What one applicant asks of one round."""

    class State(models.TextChoices):
        DRAFT = "draft", _("草稿")
        CONCEPT = "concept", _("概要已提交")
        INVITED = "invited", _("概要入围")
        UNFILED = "unfiled", _("未交完整申报书")
        NOT_SELECTED = "not_selected", _("概要未入围")
        SUBMITTED = "submitted", _("已提交")
        RETURNED = "returned", _("退回补正")
        LAPSED = "lapsed", _("逾期未补正")
        WITHDRAWN = "withdrawn", _("已撤回")
        SCREENED = "screened", _("通过形式审查")
        REFUSED = "refused", _("未通过形式审查")
        UNDER_REVIEW = "under_review", _("评审中")
        AWARDED = "awarded", _("立项")
        RESERVED = "reserved", _("候补")
        DECLINED = "declined", _("未立项")
        # Had an award that does not stand any more (`AwardWithdrawal`).
        GIVEN_UP = "given_up", _("已放弃立项")
        CANCELLED = "cancelled", _("已取消立项")
        # Its round ended before it was judged.
        STOPPED = "stopped", _("随轮终止")

        @property
        def public_label(self) -> str | Promise:
            """What the applicant reads."""
            return PUBLIC_LABELS.get(self.value, self.label)

        @property
        def tone(self) -> str:
            """The tone of its badge."""
            return TONES.get(self.value, "neutral")

    # Handed in is a concept alone: the full proposal has not come, or never will.
    CONCEPT_STATES: ClassVar = (State.CONCEPT, State.INVITED, State.NOT_SELECTED, State.UNFILED)
    # Handed in once, and being written on: completed, or made a full proposal of a concept. One of
    # a stopped round may have been returned before: what was handed in stands in its version.
    REDRAFTED_STATES: ClassVar = (
        State.RETURNED,
        State.LAPSED,
        State.INVITED,
        State.UNFILED,
        State.STOPPED,
    )

    code = models.CharField(_("申报编号"), max_length=24, unique=True)
    round = models.ForeignKey(
        Round, on_delete=models.PROTECT, related_name="proposals", verbose_name=_("届")
    )
    applicant = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="proposals",
        verbose_name=_("申报组织"),
    )
    initiator = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="proposals_initiated",
        verbose_name=_("实名发起人"),
    )
    host = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="proposals_hosted",
        verbose_name=_("代管单位"),
    )
    team_organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="proposals_carried_out",
        verbose_name=_("执行社工团队所属组织"),
    )
    team_name = models.CharField(_("执行社工团队"), max_length=80, blank=True)
    tier = models.ForeignKey(
        Tier,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="proposals",
        verbose_name=_("档次"),
    )
    # The 简表: twelve required fields, and the budget.
    title = models.CharField(_("项目名称"), max_length=60, blank=True)
    responsible_name = models.CharField(_("项目负责人"), max_length=40, blank=True)
    responsible_phone = models.CharField(
        _("负责人电话"),
        max_length=20,
        blank=True,
        validators=[RegexValidator(r"^[0-9+() -]{5,20}$", _("请填写电话号码，如 10012345678。"))],
    )
    communities = models.ManyToManyField(
        Region, related_name="proposals", blank=True, verbose_name=_("实施社区")
    )
    track = models.ForeignKey(
        Track,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="proposals",
        verbose_name=_("服务人群"),
    )
    kind = models.CharField(_("项目类型"), max_length=12, choices=ProjectKind, blank=True)
    need_from = models.CharField(_("需求从哪来"), max_length=100, blank=True)
    plan = models.CharField(_("做什么"), max_length=300, blank=True)
    schedule = models.CharField(_("几次、几人、何时"), max_length=200, blank=True)
    beneficiaries = models.PositiveIntegerField(_("直接服务人数"), null=True, blank=True)
    person_times = models.PositiveIntegerField(_("服务人次"), null=True, blank=True)
    safety = models.CharField(_("安全与保险"), max_length=200, blank=True)
    # Optional in the 简表.
    starts_on = models.DateField(_("开始日期"), null=True, blank=True)
    ends_on = models.DateField(_("结束日期"), null=True, blank=True)
    needs = models.ManyToManyField(
        Need, related_name="proposals", blank=True, verbose_name=_("回应哪些需求")
    )
    # The standard form asks for these too.
    aims = models.TextField(_("项目目标"), max_length=400, blank=True)
    plan_detail = models.TextField(_("实施步骤"), max_length=2000, blank=True)
    sustainability = models.TextField(_("结束以后谁来接"), max_length=400, blank=True)

    requested_fen = models.BigIntegerField(_("申请资助"), default=0)
    matching_fen = models.BigIntegerField(_("配套"), default=0)
    typed = models.JSONField(_("尚未读懂的填写"), default=dict, blank=True)
    revision = models.PositiveIntegerField(_("保存次数"), default=0)
    saved_at = models.DateTimeField(_("最近保存"), db_default=Now())
    saved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    state = models.CharField(_("状态"), max_length=12, choices=State, default=State.DRAFT)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="proposals_begun")
    created_at = models.DateTimeField(db_default=Now())
    submitted_at = models.DateTimeField(_("提交时间"), null=True, blank=True)
    complete_by = models.DateTimeField(_("补正截止"), null=True, blank=True)
    # In a round of two steps: when its concept was selected. From then on the full form is asked.
    invited_at = models.DateTimeField(_("入围时间"), null=True, blank=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("申报书")
        verbose_name_plural = _("申报书")
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(applicant__isnull=False, initiator__isnull=True)
                | Q(applicant__isnull=True, initiator__isnull=False),
                name="proposal_has_one_applicant",
            ),
            models.CheckConstraint(
                condition=Q(initiator__isnull=True)
                | Q(host__isnull=False)
                | Q(state="draft")
                | Q(state="withdrawn"),
                name="initiator_names_a_host",
            ),
            models.UniqueConstraint(
                fields=["round", "initiator"],
                condition=~Q(state="withdrawn"),
                name="one_proposal_per_initiator_and_round",
            ),
            models.UniqueConstraint(
                fields=["round", "applicant"],
                condition=~Q(state="withdrawn"),
                name="one_proposal_per_organisation_and_round",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "withdrawn"]) | Q(submitted_at__isnull=False),
                name="proposal_past_draft_was_submitted",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["invited", "unfiled"]) | Q(invited_at__isnull=False),
                name="invited_proposal_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["concept", "not_selected"]) | Q(invited_at__isnull=True),
                name="concept_is_not_invited_yet",
            ),
            models.CheckConstraint(
                condition=~Q(state="returned") | Q(complete_by__isnull=False),
                name="returned_proposal_says_until_when",
            ),
            models.CheckConstraint(
                condition=Q(requested_fen__gte=0, matching_fen__gte=0),
                name="proposal_sums_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True)
                | Q(ends_on__isnull=True)
                | Q(ends_on__gte=F("starts_on")),
                name="proposal_ends_after_it_starts",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["round", "state"], name="proposal_by_round_and_state"),
            models.Index(fields=["round", "code"], name="proposal_by_round_and_code"),
            models.Index(fields=["applicant"], name="proposal_by_applicant"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}".strip()

    def get_absolute_url(self) -> str:
        return reverse("ventures:proposal-detail", kwargs={"code": self.code})

    @property
    def applicant_name(self) -> str:
        """The organisation that applies, or the person who starts it."""
        if self.applicant is not None:
            return self.applicant.name
        assert self.initiator is not None, "proposal_has_one_applicant"
        return self.initiator.display_name

    @property
    def kept_files(self) -> "list[ProposalFile]":
        """What was handed in with it and not taken off again."""
        return [file for file in self.files.all() if file.removed_at is None]

    @property
    def is_redrafted(self) -> bool:
        """Handed in once, and being written on by its applicant alone."""
        return self.state in self.REDRAFTED_STATES

    @property
    def total_fen(self) -> int:
        return self.requested_fen + self.matching_fen

    @property
    def is_editable_state(self) -> bool:
        """Draft, invited or returned; whether it is in time is asked of the database's clock."""
        return self.state in (self.State.DRAFT, self.State.INVITED, self.State.RETURNED)

    @property
    def is_invited(self) -> bool:
        """Whether it is past the selection of a round in two steps."""
        return self.invited_at is not None

    @property
    def close_label(self) -> str | Promise:
        """What the end of its time is called."""
        if self.state == self.State.RETURNED:
            return _("补正截止")
        if self.is_concept:
            return _("概要截止")
        return _("完整申报书截止") if self.is_invited else _("申报截止")

    @property
    def is_concept(self) -> bool:
        """Whether the short form of the first of two steps is what is asked of it."""
        return self.round.has_concepts and not self.is_invited
