"""Programmes (七彩社区): the lasting brands under which rounds run."""

from typing import ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Region


class Programme(models.Model):
    """创投品牌. The lasting brand under which rounds run; 七彩社区 is one row of it."""

    code = models.SlugField(_("代号"), max_length=40, unique=True)
    name = models.CharField(_("名称"), max_length=60)
    about = models.TextField(_("简介"), blank=True)
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, related_name="programmes", verbose_name=_("地区")
    )
    is_demo = models.BooleanField(_("演示"), default=False)

    class Meta:
        verbose_name = _("创投品牌")
        verbose_name_plural = _("创投品牌")
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("ventures:programme-detail", kwargs={"code": self.code})
