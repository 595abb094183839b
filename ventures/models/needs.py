"""What communities lack: needs, their evidence, the voices behind them, and home visits.

Who may do what with them is in `rules_needs`; what may follow what in `lifecycles_needs`. The
public story of a need holds no personal data: files, visits and supporters are never part of it.
"""

from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Attachment, Organisation, Region, Role, User
from accounts.rules import organisations_of, regions_of
from ventures.models.rounds import Round
from ventures.models.tracks import ProjectKind, Track

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

HANDLERS = (Role.Kind.COMMUNITY_WORKER, Role.Kind.OFFICER)
READERS = (*HANDLERS, Role.Kind.AUDITOR)


class NeedQuerySet(models.QuerySet["Need"]):
    def public(self) -> Self:
        """What passed the pre-screening or has a fate, and is no family's private trouble."""
        return self.filter(is_personal=False).filter(
            Q(state__in=[Need.State.LISTED, *Need.FATES])
            | Q(state=Need.State.MERGED, listed_at__isnull=False)
        )

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """The public list; one's own; those of one's organisation; those of one's places."""
        if not user.is_authenticated:
            return self.public()
        own = Q(raised_by=user) | Q(organisation__in=organisations_of(user))
        over = Q(region__lineage__overlap=regions_of(user, *READERS))
        return self.filter(own | over | Q(pk__in=self.model.objects.public().values("pk")))

    def overseen_by(self, user: User) -> Self:
        return self.filter(region__lineage__overlap=regions_of(user, *READERS))

    def whole(self) -> Self:
        """With everything a row or page says of them."""
        return self.select_related(
            "region__parent", "track", "organisation", "round", "merged_into"
        )

    def with_voices(self) -> Self:
        voices = NeedSupport.objects.filter(need=models.OuterRef("pk"), withdrawn_at__isnull=True)
        counted = voices.order_by().values("need").annotate(n=models.Count("pk")).values("n")
        return self.annotate(
            voices=models.functions.Coalesce(
                models.Subquery(counted, output_field=models.IntegerField()), 0
            )
        )


class Need(models.Model):
    """社区需求（民生需求清单）. What a community says it lacks, and what became of it.

    `title` and `description` are public once it is listed; a private trouble (`is_personal`) never
    is, but gets its answer all the same. `days_taken` are working days from raising to the fate,
    written with it, so that a later change of the calendar does not rewrite history.
    """

    class State(models.TextChoices):
        RAISED = "raised", _("待预审")
        RETURNED = "returned", _("请补充")
        LISTED = "listed", _("等待答复")
        IN_MENU = "in_menu", _("列入时间银行菜单")
        IN_CALL = "in_call", _("列入征集指引")
        REFERRED = "referred", _("转办部门")
        SETTLED = "settled", _("社区协商解决")
        MARKET = "market", _("市场服务")
        REFUSED = "refused", _("不予采纳")
        MERGED = "merged", _("已合并")
        WITHDRAWN = "withdrawn", _("已撤回")

    FATES: ClassVar = ("in_menu", "in_call", "referred", "settled", "market", "refused")
    OPEN: ClassVar = ("raised", "returned", "listed")

    class Origin(models.TextChoices):
        RESIDENT = "resident", _("居民提出")
        VISIT = "visit", _("社工走访")
        ORGANISATION = "organisation", _("社会组织提出")
        MEETING = "meeting", _("议事会")

    class Severity(models.IntegerChoices):
        LOW = 1, _("一般")
        MIDDLE = 2, _("比较急")
        HIGH = 3, _("很急")

    title = models.CharField(_("缺什么"), max_length=60)
    description = models.TextField(_("具体情况"), max_length=800)
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, related_name="needs", verbose_name=_("在哪里")
    )
    track = models.ForeignKey(
        Track, on_delete=models.PROTECT, related_name="needs", verbose_name=_("谁的需要")
    )
    kind = models.CharField(_("类型"), max_length=12, choices=ProjectKind)
    severity = models.PositiveSmallIntegerField(
        _("急不急"), choices=Severity, default=Severity.MIDDLE
    )
    people = models.PositiveIntegerField(_("大约多少人需要"))
    is_personal = models.BooleanField(_("只关系到一户人家，不公开"), default=False)
    origin = models.CharField(_("怎么来的"), max_length=12, choices=Origin)
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="needs",
        verbose_name=_("提出的组织"),
    )
    met_on = models.DateField(_("议事会日期"), null=True, blank=True)
    met_by = models.PositiveIntegerField(_("到会人数"), null=True, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.RAISED)
    answer = models.TextField(_("答复"), max_length=800, blank=True)
    department = models.CharField(_("转办到哪里"), max_length=60, blank=True)
    round = models.ForeignKey(
        Round,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="needs",
        verbose_name=_("列入哪一轮征集"),
    )
    listing = models.BigIntegerField(_("时间银行菜单项"), null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged"
    )
    raised_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="needs_raised")
    raised_at = models.DateTimeField(_("提出时间"), db_default=Now())
    listed_at = models.DateTimeField(_("列入清单时间"), null=True, blank=True)
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    days_taken = models.PositiveSmallIntegerField(_("用了几个工作日"), null=True, blank=True)
    is_demo = models.BooleanField(_("演示"), default=False)

    objects = NeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("社区需求")
        verbose_name_plural = _("社区需求")
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(people__gte=1), name="need_is_somebodys"),
            models.CheckConstraint(
                condition=Q(origin="meeting", met_on__isnull=False, met_by__gte=1)
                | (~Q(origin="meeting") & Q(met_on__isnull=True, met_by__isnull=True)),
                name="need_of_meeting_says_which",
            ),
            models.CheckConstraint(
                condition=~Q(origin="organisation") | Q(organisation__isnull=False),
                name="need_of_organisation_says_whose",
            ),
            models.CheckConstraint(
                condition=(
                    Q(
                        state__in=[
                            "in_menu",
                            "in_call",
                            "referred",
                            "settled",
                            "market",
                            "refused",
                        ],
                        answered_at__isnull=False,
                        days_taken__isnull=False,
                    )
                    & ~Q(answer="")
                )
                | Q(
                    state__in=["raised", "returned", "listed", "merged", "withdrawn"],
                    answered_at__isnull=True,
                    days_taken__isnull=True,
                ),
                name="need_with_fate_has_answer",
            ),
            models.CheckConstraint(
                condition=Q(state="in_call", round__isnull=False)
                | (~Q(state="in_call") & Q(round__isnull=True)),
                name="need_in_call_says_which",
            ),
            models.CheckConstraint(
                condition=Q(state="in_menu", listing__isnull=False)
                | (~Q(state="in_menu") & Q(listing__isnull=True)),
                name="need_in_menu_says_which",
            ),
            models.CheckConstraint(
                condition=(Q(state="referred") & ~Q(department=""))
                | (~Q(state="referred") & Q(department="")),
                name="need_referred_says_where",
            ),
            models.CheckConstraint(
                condition=Q(state="merged", merged_into__isnull=False)
                | (~Q(state="merged") & Q(merged_into__isnull=True)),
                name="need_merged_says_into_which",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
                name="need_not_merged_into_itself",
            ),
            models.CheckConstraint(
                condition=~Q(state="listed") | Q(listed_at__isnull=False),
                name="listed_need_says_since_when",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "-id"], name="need_by_state"),
            models.Index(fields=["region", "state"], name="need_by_region"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("ventures:need-detail", args=[self.pk])

    @property
    def number(self) -> str:
        """How people name it: X2026-0031."""
        return f"X{timezone.localtime(self.raised_at):%Y}-{self.pk:04d}"

    @property
    def has_fate(self) -> bool:
        return self.state in self.FATES


class NeedSupport(models.Model):
    """居民支持. One person's voice for a need; taking it back ends it, and it may be given again.

    `moved_from` is the duplicate it was given to, so that undoing a merge brings it home.
    """

    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="supports")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    moved_from = models.ForeignKey(
        Need, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    given_at = models.DateTimeField(db_default=Now())
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("居民支持")
        verbose_name_plural = _("居民支持")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["need", "user"],
                condition=Q(withdrawn_at__isnull=True),
                name="one_person_one_voice",
            )
        ]

    def __str__(self) -> str:
        return f"{self.need_id}:{self.user_id}"


class NeedFile(models.Model):
    """需求佐证. A photo, minutes or a letter; for the raiser and those who handle the need only."""

    class Kind(models.TextChoices):
        EVIDENCE = "evidence", _("佐证材料")
        MINUTES = "minutes", _("会议纪要")

    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="files")
    attachment = models.OneToOneField(Attachment, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("材料"), max_length=10, choices=Kind, default=Kind.EVIDENCE)
    added_at = models.DateTimeField(db_default=Now())
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("需求佐证")
        verbose_name_plural = _("需求佐证")
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return str(self.attachment)


class VisitQuerySet(models.QuerySet["Visit"]):
    def visible_to(self, user: User) -> Self:
        """The worker's own, and those of the places one answers for. Nobody else's business."""
        return self.filter(
            Q(visited_by=user) | Q(region__lineage__overlap=regions_of(user, *READERS))
        )


class Visit(models.Model):
    """走访记录. What a community worker saw and heard at somebody's door.

    `household` and `note` stay inside the office; what may become public stands in `lack` and
    `details`, which a need takes over as they are.
    """

    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, related_name="visits", verbose_name=_("社区（村）")
    )
    visited_on = models.DateField(_("走访日期"))
    household = models.CharField(_("走访了谁"), max_length=60, blank=True)
    note = models.TextField(_("走访笔记"), max_length=1000)
    lack = models.CharField(_("缺什么"), max_length=60, blank=True)
    details = models.TextField(_("具体情况"), max_length=800, blank=True)
    track = models.ForeignKey(
        Track,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("谁的需要"),
    )
    kind = models.CharField(
        _("类型"), max_length=12, choices=ProjectKind, default=ProjectKind.SERVICE
    )
    severity = models.PositiveSmallIntegerField(
        _("急不急"), choices=Need.Severity, default=Need.Severity.MIDDLE
    )
    people = models.PositiveIntegerField(_("大约多少人需要"), default=1)
    need = models.OneToOneField(
        Need, on_delete=models.PROTECT, null=True, blank=True, related_name="visit"
    )
    visited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="visits")
    written_at = models.DateTimeField(db_default=Now())

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("走访记录")
        verbose_name_plural = _("走访记录")
        ordering: ClassVar = ["-visited_on", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(people__gte=1), name="visit_counts_somebody"),
            models.CheckConstraint(
                condition=Q(need__isnull=True) | (~Q(lack="") & Q(track__isnull=False)),
                name="visit_with_need_says_lack",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["region", "-visited_on"], name="visit_by_region")]

    def __str__(self) -> str:
        return f"{self.visited_on} {self.region}"

    def get_absolute_url(self) -> str:
        return reverse("ventures:visit-detail", args=[self.pk])
