"""What applicants ask about a call, and the answers everybody reads."""

from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.append_only import append_only
from accounts.models import Organisation, User
from accounts.rules import operated_organisations_of, organisations_of, regions_of
from ventures.models.rounds import STAFF_KINDS, Round

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class CallQuestionQuerySet(models.QuerySet["CallQuestion"]):
    def waiting(self) -> Self:
        return self.filter(answers__isnull=True)

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Answered ones everybody; those that wait, the asker's people and who runs the round."""
        answered = Q(pk__in=CallAnswer.objects.values("question"))
        if not user.is_authenticated:
            return self.filter(answered)
        return self.filter(
            answered
            | Q(organisation__in=organisations_of(user))
            | Q(round__region__lineage__overlap=regions_of(user, *STAFF_KINDS))
            | Q(round__operator__in=operated_organisations_of(user))
        )


class CallQuestion(models.Model):
    """提问. What a member of an organisation asks about a call, in time; who asked is not shown."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="call_questions")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("组织")
    )
    text = models.CharField(_("想问什么"), max_length=300)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("提问时间"), db_default=Now())

    objects = CallQuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("提问")
        verbose_name_plural = _("提问")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["round", "organisation", "text"], name="call_question_asked_once"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="call_question_asks_something"),
        ]

    def __str__(self) -> str:
        return self.text


class CallAnswer(models.Model):
    """答复. Published to all with the question as the office words it; a later one corrects it."""

    question = models.ForeignKey(CallQuestion, on_delete=models.PROTECT, related_name="answers")
    asked = models.CharField(_("公开的问题"), max_length=300)
    text = models.TextField(_("答复"), max_length=1000)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(_("答复时间"), db_default=Now())

    class Meta:
        verbose_name = _("答复")
        verbose_name_plural = _("答复")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(text="") & ~Q(asked=""), name="call_answer_says_something"
            ),
        ]
        triggers: ClassVar = append_only("call_answers_append_only")

    def __str__(self) -> str:
        return self.text
