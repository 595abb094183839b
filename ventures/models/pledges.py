"""配资承诺: what others promise a project. A promise is no money held: no ledger knows of it."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Cast, Concat, Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Attachment, User
from ventures.models.proposals import Proposal


class PledgeQuerySet(models.QuerySet["Pledge"]):
    def confirmed(self) -> Self:
        """Those that count."""
        return self.filter(state=Pledge.State.CONFIRMED)


class Pledge(models.Model):
    """配资承诺. Who promises how much, with the signed paper; somebody of the office who did
    not enter it asks whoever signed and says how, or says why it does not count."""

    class PledgerKind(models.TextChoices):
        ORGANISATION = "organisation", _("单位（盖章）")
        PERSON = "person", _("个人（签名）")

    class State(models.TextChoices):
        OFFERED = "offered", _("等待核实")
        CONFIRMED = "confirmed", _("已核实")
        REFUSED = "refused", _("不予认定")
        WITHDRAWN = "withdrawn", _("已撤回")

        @property
        def tone(self) -> str:
            return {"offered": "waiting", "confirmed": "done", "refused": "danger"}.get(
                self.value, "neutral"
            )

    number = models.GeneratedField(
        expression=Concat(Value("CN"), Cast(F("id") + 1_000, models.CharField())),
        output_field=models.CharField(max_length=24),
        db_persist=True,
        verbose_name=_("编号"),
    )
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="pledges")
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.OFFERED)
    pledger_kind = models.CharField(_("谁承诺"), max_length=12, choices=PledgerKind)
    pledger_name = models.CharField(_("单位名称或姓名"), max_length=80)
    amount_fen = models.BigIntegerField(_("承诺金额"))
    evidence = models.ForeignKey(
        Attachment, on_delete=models.PROTECT, related_name="+", verbose_name=_("签章的承诺书")
    )
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(_("提交时间"), db_default=Now())
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    # Of whom it was asked, by which way: a paper alone is no promise.
    checked_how = models.CharField(_("怎样核实的"), max_length=300, blank=True)
    refused_for = models.CharField(_("不予认定的理由"), max_length=300, blank=True)

    objects = PledgeQuerySet.as_manager()

    class Meta:
        verbose_name = _("配资承诺")
        verbose_name_plural = _("配资承诺")
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="pledge_of_something"),
            models.UniqueConstraint(
                fields=["proposal", "pledger_name"],
                condition=Q(state__in=["offered", "confirmed"]),
                name="pledger_promises_once",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("entered_by")),
                name="pledge_confirmed_by_another",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["offered", "withdrawn"])
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="decided_pledge_says_by_whom",
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | ~Q(checked_how=""),
                name="confirmed_pledge_says_how_checked",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(refused_for=""), name="refused_pledge_says_why"
            ),
        ]

    def __str__(self) -> str:
        return str(self.number)

    @property
    def tone(self) -> str:
        return self.State(self.state).tone
