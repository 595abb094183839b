"""The form of a round: which questions it asks, frozen at publishing, and what applicants answer.

The questions every round may ask (项目名称, 做什么…) are columns of the proposal; a round says
which of them it asks and adds questions of its own. While the round is prepared both stand in rows
that can be edited; what applicants fill in is a `FormVersion`, written once.
"""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Deferrable, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.append_only import append_only
from accounts.models import User
from ventures.models.proposal_files import ProposalFile
from ventures.models.proposals import Proposal
from ventures.models.rounds import Round


class RoundForm(models.Model):
    """申报表（编制中）. The form of one round while it is drawn up.

    `built_in` says of each question every round may ask how it is asked: by name, for the one-page
    and for the standard form `off`, `optional` or `required`, and so for the concept of a round in
    two steps, with words of help and a limit. What is not named there is asked as usual.
    """

    round = models.OneToOneField(Round, on_delete=models.CASCADE, related_name="form")
    built_in = models.JSONField(_("基本问题"), default=dict, blank=True)
    codes_given = models.PositiveIntegerField(default=0)
    copied_from = models.ForeignKey(
        Round, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    saved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("申报表")
        verbose_name_plural = _("申报表")

    def __str__(self) -> str:
        return str(self.round)


class Question(models.Model):
    """自设问题. One question a round adds to its form; shown only if its condition holds."""

    class Kind(models.TextChoices):
        SHORT_TEXT = "short_text", _("一行文字")
        LONG_TEXT = "long_text", _("一段文字")
        NUMBER = "number", _("整数")
        MONEY = "money", _("金额（元）")
        YES_NO = "yes_no", _("是或否")
        CHOICE = "choice", _("单选")
        CHOICES = "choices", _("多选")
        DATE = "date", _("日期")
        TABLE = "table", _("表格")
        FILE = "file", _("文件")
        HEADING = "heading", _("小标题或说明")

    class Test(models.TextChoices):
        """What the earlier answer must say for this question to be asked."""

        ANSWERED = "answered", _("填写了")
        EQUALS = "equals", _("是")
        CONTAINS = "contains", _("选了")
        AT_LEAST = "at_least", _("不少于")
        AT_MOST = "at_most", _("不多于")

    class FileKind(models.TextChoices):
        PDF = "pdf", _("PDF")
        IMAGE = "image", _("图片（JPG、PNG、WebP）")
        OFFICE = "office", _("Office 或 WPS 文件")

    form = models.ForeignKey(RoundForm, on_delete=models.CASCADE, related_name="questions")
    code = models.CharField(max_length=8, validators=[RegexValidator(r"^q[1-9][0-9]*$")])
    position = models.PositiveSmallIntegerField(_("次序"))
    kind = models.CharField(_("题型"), max_length=12, choices=Kind)
    label = models.CharField(_("问题"), max_length=100)
    help = models.CharField(_("填写说明"), max_length=300, blank=True)
    is_required = models.BooleanField(_("必填"), default=False)
    is_for_short = models.BooleanField(_("简表也问"), default=True)
    is_for_concept = models.BooleanField(_("概要也问"), default=True)
    limit = models.PositiveSmallIntegerField(_("字数上限"), default=0)
    choices = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    columns = models.JSONField(_("表格各列"), default=list, blank=True)
    row_limit = models.PositiveSmallIntegerField(_("最多几行"), default=0)
    file_kinds = ArrayField(models.CharField(max_length=8), default=list, blank=True)
    depends_on = models.CharField(_("取决于哪一题"), max_length=8, blank=True)
    test = models.CharField(_("条件"), max_length=8, choices=Test, blank=True)
    test_value = models.CharField(_("条件的值"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("自设问题")
        verbose_name_plural = _("自设问题")
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["form", "code"], name="question_code_once_per_form"),
            models.UniqueConstraint(
                fields=["form", "position"],
                deferrable=Deferrable.DEFERRED,
                name="question_has_its_own_place",
            ),
            models.CheckConstraint(
                condition=Q(depends_on="", test="") | (~Q(depends_on="") & ~Q(test="")),
                name="question_condition_is_whole",
            ),
            models.CheckConstraint(
                condition=~Q(kind="heading") | Q(is_required=False),
                name="heading_asks_nothing",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["short_text", "long_text"])
                | Q(limit__gte=1, limit__lte=5000),
                name="text_question_says_how_much",
            ),
            models.CheckConstraint(
                condition=~Q(kind="table") | Q(row_limit__gte=1, row_limit__lte=30),
                name="table_question_says_how_many_rows",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.label}"


class FormVersion(models.Model):
    """申报表版本. A round's form as applicants fill it in; written once.

    The first is frozen when the call is published. Later ones differ in wording only and say why.
    `content` holds the `built_in` and the `questions` as `rules.round_forms` reads them.
    """

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="form_versions")
    number = models.PositiveSmallIntegerField(_("版次"))
    content = models.JSONField(_("内容"))
    sha256 = models.CharField(_("校验值"), max_length=64)
    reason = models.CharField(_("更正原因"), max_length=300, blank=True)
    frozen_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    frozen_at = models.DateTimeField(_("定稿时间"))

    class Meta:
        verbose_name = _("申报表版本")
        verbose_name_plural = _("申报表版本")
        ordering: ClassVar = ["round", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "number"], name="form_version_numbered_once"),
            models.CheckConstraint(
                condition=Q(number__gte=1) & (Q(number=1) | ~Q(reason="")),
                name="form_correction_says_why",
            ),
        ]
        triggers: ClassVar = append_only("form_versions_append_only")

    def __str__(self) -> str:
        return f"{self.round_id} v{self.number}"


class AnswerSheet(models.Model):
    """自设问题的回答. By question code: what could be read, and what stands as typed."""

    proposal = models.OneToOneField(Proposal, on_delete=models.CASCADE, related_name="answer_sheet")
    answers = models.JSONField(_("回答"), default=dict, blank=True)
    typed = models.JSONField(_("尚未读懂的填写"), default=dict, blank=True)

    class Meta:
        verbose_name = _("自设问题的回答")
        verbose_name_plural = _("自设问题的回答")

    def __str__(self) -> str:
        return str(self.proposal)


class AnswerFile(models.Model):
    """回答的文件. Which question a file of the proposal answers."""

    file = models.OneToOneField(ProposalFile, on_delete=models.CASCADE, related_name="answer_file")
    question = models.CharField(_("问题"), max_length=8)

    class Meta:
        verbose_name = _("回答的文件")
        verbose_name_plural = _("回答的文件")

    def __str__(self) -> str:
        return f"{self.question} {self.file}"
