"""Certificates: who issues them how, the snapshot each was issued with, and its revocation.

A certificate has no lifecycle: it is written once and, where it must be, revoked once by a row of
its own. Whether one is valid now is asked in `selectors.certificates`.
"""

from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import rules
from accounts.append_only import append_only
from accounts.models import Attachment, Organisation, Station, User
from timebank.models.banks import TimeBank
from timebank.models.records import ServiceRecord


class CertificatePolicyQuerySet(models.QuerySet["CertificatePolicy"]):
    def in_force(self, bank: TimeBank, day: date) -> Self:
        """The policies of a bank that had begun on that day, the latest first."""
        return self.filter(bank=bank, starts_on__lte=day).order_by("-starts_on", "-id")


class CertificatePolicy(models.Model):
    """证明出具办法. How a bank issues certificates from a day on: as whom, with which seal.

    Only a body that records by law issues a 志愿服务记录证明 (谁记录谁证明, 令第67号 art. 14);
    until then it is a 平台志愿服务记录. `left_out` names the sources of records that are not
    certified, `marked` those that are certified with a mark. Never changed: a new row follows.
    """

    class Standing(models.TextChoices):
        RECORDER = "recorder", _("志愿服务记录证明")
        PLATFORM = "platform", _("平台志愿服务记录")

    bank = models.ForeignKey(
        TimeBank, on_delete=models.PROTECT, related_name="certificate_policies"
    )
    starts_on = models.DateField(_("开始日期"))
    standing = models.CharField(_("出具什么"), max_length=8, choices=Standing)
    issuer = models.CharField(_("记录单位"), max_length=80)
    responsible = models.CharField(_("负责人"), max_length=40, blank=True)
    contact = models.CharField(_("联系方式"), max_length=60, blank=True)
    seal = models.ForeignKey(
        Attachment, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    left_out = models.JSONField(_("不开具的来源"), default=list, blank=True)
    marked = models.JSONField(_("注明的来源"), default=list, blank=True)
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(db_default=Now())

    objects = CertificatePolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("证明出具办法")
        verbose_name_plural = _("证明出具办法")
        ordering: ClassVar = ["-starts_on", "-id"]
        triggers: ClassVar = append_only("certificate_policies_append_only")

    def __str__(self) -> str:
        return f"{self.bank_id} {self.starts_on} {self.standing}"


class CertificateBatchQuerySet(models.QuerySet["CertificateBatch"]):
    def visible_to(self, user: User) -> Self:
        """Only who asked for it: it holds other people's names."""
        return self.filter(asked_by=user)

    def unfinished(self) -> Self:
        return self.filter(
            state__in=[CertificateBatch.State.WAITING, CertificateBatch.State.RUNNING]
        )


def batch_under(batch: "CertificateBatch", _name: str) -> str:
    """A name that says nothing; only who asked is handed the file."""
    return f"exports/certificates/{batch.pk}-{batch.asked_by_id}.pdf"


class CertificateBatch(models.Model):
    """批量开具. Certificates for a class or a team, made by a task into one PDF.

    `people` are the numbers of the volunteers; `done` says how far it has come, `left_out` who got
    none and why.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("排队中")
        RUNNING = "running", _("正在生成")
        READY = "ready", _("已生成")

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    station = models.ForeignKey(
        Station, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    since = models.DateField(_("从"), null=True, blank=True)
    until = models.DateField(_("到"), null=True, blank=True)
    people = models.JSONField(default=list)
    left_out = models.JSONField(default=list)
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    file = models.FileField(upload_to=batch_under, max_length=200, blank=True)
    language = models.CharField(max_length=10)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("申请时间"), db_default=Now())

    objects = CertificateBatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("批量开具")
        verbose_name_plural = _("批量开具")
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(organisation__isnull=False, station__isnull=True)
                | Q(organisation__isnull=True, station__isnull=False),
                name="certificate_batch_for_one_body",
            ),
            models.CheckConstraint(
                condition=~Q(state="ready") | ~Q(file="") | Q(done=0),
                name="certificate_batch_ready_with_its_file",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.done}/{self.total}"

    def get_absolute_url(self) -> str:
        return reverse("timebank:certificate-batch-detail", args=[self.pk])


class CertificateQuerySet(models.QuerySet["Certificate"]):
    def visible_to(self, user: User) -> Self:
        """One's own, those one printed for somebody, those of the places one answers for."""
        overseen = rules.regions_of(user, "officer", "auditor")
        mine = Q(volunteer=user) | Q(issued_by=user)
        if overseen:
            mine |= Q(bank__region__lineage__overlap=overseen)
        return self.filter(mine)

    def of_volunteer(self, user: User) -> Self:
        return self.filter(volunteer=user)

    def with_standing(self) -> Self:
        """Say with each whether it is revoked, or rests on a record that no longer stands."""
        fallen = CertificateLine.objects.filter(certificate=OuterRef("pk")).exclude(
            record__state=ServiceRecord.State.CONFIRMED
        )
        return self.select_related("revocation").annotate(rests_on_fallen=Exists(fallen))


class Certificate(models.Model):
    """志愿服务记录证明. A paper issued from confirmed records; its words are kept as `snapshot`.

    民政部令第67号 art. 15: it says the time, the content and who recorded it. `sha256` is of the
    snapshot's canonical bytes, `token` (256 bits) opens the public page, `check_code` goes with the
    typed number. None of it is ever changed.
    """

    number = models.CharField(_("证明编号"), max_length=24, unique=True)
    token = models.CharField(max_length=48, unique=True)
    check_code = models.CharField(_("校验码"), max_length=8)
    bank = models.ForeignKey(TimeBank, on_delete=models.PROTECT, related_name="certificates")
    policy = models.ForeignKey(CertificatePolicy, on_delete=models.PROTECT, related_name="+")
    volunteer = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="certificates", verbose_name=_("志愿者")
    )
    minutes = models.BigIntegerField(_("服务时长"))
    services = models.PositiveIntegerField(_("服务次数"))
    first_on = models.DateField(_("最早服务日期"))
    last_on = models.DateField(_("最近服务日期"))
    snapshot = models.JSONField()
    sha256 = models.CharField(max_length=64)
    batch = models.ForeignKey(
        CertificateBatch,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="certificates",
    )
    issued_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(_("出具时间"))

    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = _("志愿服务记录证明")
        verbose_name_plural = _("志愿服务记录证明")
        ordering: ClassVar = ["-issued_at", "-id"]
        triggers: ClassVar = append_only("certificates_append_only")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(minutes__gt=0), name="certificate_says_some_time"),
            models.CheckConstraint(
                condition=Q(last_on__gte=F("first_on")), name="certificate_ends_after_it_starts"
            ),
            models.UniqueConstraint(
                fields=["batch", "volunteer"], name="certificate_once_per_batch_and_volunteer"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("timebank:certificate-detail", args=[self.pk])


class CertificateLine(models.Model):
    """证明所依据的记录. Which record a certificate rests on; where one falls, so does the paper."""

    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="lines")
    record = models.ForeignKey(
        ServiceRecord, on_delete=models.PROTECT, related_name="certificate_lines"
    )

    class Meta:
        verbose_name = _("证明所依据的记录")
        verbose_name_plural = _("证明所依据的记录")
        ordering: ClassVar = ["id"]
        triggers: ClassVar = append_only("certificate_lines_append_only")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["certificate", "record"], name="certificate_names_a_record_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.certificate_id}: {self.record_id}"


class CertificateRevocation(models.Model):
    """证明作废. Once, with the reason; `record` is the one whose reversal caused it, if one did."""

    certificate = models.OneToOneField(
        Certificate, on_delete=models.PROTECT, related_name="revocation"
    )
    record = models.ForeignKey(
        ServiceRecord, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(_("作废原因"), max_length=200)
    revoked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(_("作废时间"), db_default=Now())

    class Meta:
        verbose_name = _("证明作废")
        verbose_name_plural = _("证明作废")
        ordering: ClassVar = ["-id"]
        triggers: ClassVar = append_only("certificate_revocations_append_only")
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(reason=""), name="revocation_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.certificate_id}: {self.reason}"
