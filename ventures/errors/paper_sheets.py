"""Refusals of typing in what was written on paper."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.errors import Refusal


class PaperDiffers(Refusal):
    """The second person typed other figures than the first. Facts: fields (labels)."""

    code = "paper_differs"
    sentence = _(
        "两次录的不一样：%(what)s。请照纸上再看一遍；您录错了就改；前一位录错了，就由您重录。"
    )

    def shown_facts(self) -> dict[str, Any]:
        return self.facts | {"what": _("、").join(str(label) for label in self.facts["fields"])}


class SecondPersonNeeded(Refusal):
    """Whoever typed a sheet in does not check it. Facts: who."""

    code = "second_person_needed"
    sentence = _("这份是您录的。请换一个人照着纸再录一遍，经办人、承办单位的人或监督员都可以。")
