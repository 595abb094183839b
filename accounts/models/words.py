"""Words kept as rows, and how they read in English."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class DataWord(models.Model):
    """数据用词. A word that stands in rows (a service, a track, a rubric item), and its English.

    Keyed by the Chinese itself, so that every row that says it is translated at once, whatever
    table it stands in. A word without a row stays Chinese.
    """

    chinese = models.CharField(_("中文"), max_length=300, unique=True)
    english = models.CharField(_("英文"), max_length=600)

    class Meta:
        verbose_name = _("数据用词")
        verbose_name_plural = _("数据用词")
        ordering: ClassVar = ["chinese"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(chinese="") & ~Q(english=""), name="data_word_says_something"
            )
        ]

    def __str__(self) -> str:
        return self.chinese
