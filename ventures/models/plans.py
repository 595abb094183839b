"""What a proposal promises, row by row: activities, milestones, team, risks, outcome indicators.

Like the budget, rows that could not be read stand as typed in `Proposal.typed` under their part.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ventures.models.proposals import Proposal


class PlannedActivity(models.Model):
    """计划产出. One kind of service in the field's own unit, with people and person-times."""

    class Output(models.TextChoices):
        CASE = "case", _("个案（个）")
        GROUP = "group", _("小组（个）")
        EVENT = "event", _("社区活动（场）")
        VISIT = "visit", _("走访（人次）")
        MEETING = "meeting", _("议事会（次）")
        TRAINING = "training", _("培训（场）")
        OTHER = "other", _("其他服务（次）")

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="activities")
    position = models.PositiveSmallIntegerField(_("序号"))
    output = models.CharField(_("形式"), max_length=8, choices=Output)
    title = models.CharField(_("做什么"), max_length=60)
    count = models.PositiveIntegerField(_("数量"))
    sessions = models.PositiveIntegerField(_("小组共几节"), null=True, blank=True)
    people = models.PositiveIntegerField(_("服务人数"), null=True, blank=True)
    person_times = models.PositiveIntegerField(_("服务人次"), null=True, blank=True)

    class Meta:
        verbose_name = _("计划产出")
        verbose_name_plural = _("计划产出")
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["proposal", "position"], name="activity_has_its_own_place"
            ),
            models.CheckConstraint(condition=Q(count__gte=1), name="activity_promises_something"),
            models.CheckConstraint(
                condition=Q(output="group") | Q(sessions__isnull=True),
                name="only_groups_count_sessions",
            ),
            models.CheckConstraint(
                condition=Q(people__isnull=True)
                | Q(person_times__isnull=True)
                | Q(person_times__gte=models.F("people")),
                name="person_times_not_below_people",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class PlannedMilestone(models.Model):
    """阶段目标. What will be done until when, what proves it, how much of the work it is."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="milestones")
    position = models.PositiveSmallIntegerField(_("序号"))
    what = models.CharField(_("做到什么"), max_length=100)
    due_on = models.DateField(_("到什么时候"))
    proof = models.CharField(_("用什么证明"), max_length=60)
    share_percent = models.PositiveSmallIntegerField(_("占全部工作的百分比"))

    class Meta:
        verbose_name = _("阶段目标")
        verbose_name_plural = _("阶段目标")
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["proposal", "position"], name="milestone_has_its_own_place"
            ),
            models.CheckConstraint(
                condition=Q(share_percent__gte=1, share_percent__lte=100),
                name="milestone_share_within_hundred",
            ),
        ]

    def __str__(self) -> str:
        return self.what


class TeamMember(models.Model):
    """团队成员. Who does what, and with which certificate and number."""

    class Certificate(models.TextChoices):
        NONE = "", _("无")
        ASSISTANT = "assistant", _("助理社会工作师")
        WORKER = "worker", _("社会工作师")
        SENIOR = "senior", _("高级社会工作师")
        COUNSELLOR = "counsellor", _("心理咨询师")
        MEDICAL = "medical", _("医护资格")
        OTHER = "other", _("其他证书")

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="members")
    position = models.PositiveSmallIntegerField(_("序号"))
    name = models.CharField(_("姓名"), max_length=40)
    duty = models.CharField(_("负责什么"), max_length=60)
    certificate = models.CharField(
        _("持什么证"), max_length=10, choices=Certificate, blank=True, default=""
    )
    certificate_number = models.CharField(_("证书编号"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("团队成员")
        verbose_name_plural = _("团队成员")
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["proposal", "position"], name="team_member_has_own_place"
            ),
            models.CheckConstraint(
                condition=Q(certificate="", certificate_number="")
                | (~Q(certificate="") & ~Q(certificate_number="")),
                name="certificate_has_its_number",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PlannedRisk(models.Model):
    """风险与保险. What may go wrong, what is done against it, and what insures it."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="risks")
    position = models.PositiveSmallIntegerField(_("序号"))
    risk = models.CharField(_("可能出什么事"), max_length=60)
    measure = models.CharField(_("怎么防"), max_length=120)
    insurance = models.CharField(_("买什么保险"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("风险与保险")
        verbose_name_plural = _("风险与保险")
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["proposal", "position"], name="risk_has_its_own_place")
        ]

    def __str__(self) -> str:
        return self.risk


class OutcomeIndicator(models.Model):
    """成效指标. How it is before, how it should be after, and how that is measured."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="outcomes")
    position = models.PositiveSmallIntegerField(_("序号"))
    name = models.CharField(_("看什么变化"), max_length=60)
    baseline = models.CharField(_("现在是多少"), max_length=40)
    target = models.CharField(_("做完要到多少"), max_length=40)
    how = models.CharField(_("怎么量"), max_length=60)

    class Meta:
        verbose_name = _("成效指标")
        verbose_name_plural = _("成效指标")
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["proposal", "position"], name="indicator_has_its_own_place"
            )
        ]

    def __str__(self) -> str:
        return self.name


type PartRow = PlannedActivity | PlannedMilestone | TeamMember | PlannedRisk | OutcomeIndicator


class Part:
    """One table of the form: its name in the proposal, its model, its columns in reading order."""

    def __init__(
        self,
        name: str,
        label: str | Promise,
        hint: str | Promise,
        model: type[PartRow],
        columns: tuple[str, ...],
    ) -> None:
        self.name = name
        self.label = label
        self.hint = hint
        self.model = model
        self.columns = columns


PARTS: dict[str, Part] = {
    part.name: part
    for part in (
        Part(
            "activities",
            _("活动与产出"),
            _(
                "每种服务一行：个案几个、小组几个几节、活动几场、走访几人次；服务人数每人只算一次，人次每来一次算一次。"
            ),
            PlannedActivity,
            ("output", "title", "count", "sessions", "people", "person_times"),
        ),
        Part(
            "milestones",
            _("进度与阶段目标"),
            _("什么时候做到哪一步、拿什么证明；百分比合计 100。"),
            PlannedMilestone,
            ("what", "due_on", "proof", "share_percent"),
        ),
        Part(
            "members",
            _("团队与证书"),
            _("谁负责什么，持什么证，证书编号。"),
            TeamMember,
            ("name", "duty", "certificate", "certificate_number"),
        ),
        Part(
            "risks",
            _("风险与保险明细"),
            _("可能出什么事、怎么防、买什么保险。"),
            PlannedRisk,
            ("risk", "measure", "insurance"),
        ),
        Part(
            "outcomes",
            _("成效指标"),
            _("现在是多少，做完要到多少，怎么量。"),
            OutcomeIndicator,
            ("name", "baseline", "target", "how"),
        ),
    )
}
