"""What a proposal's state is called to its applicant, and the tone of its badge, by state."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PUBLIC_LABELS: dict[str, str | Promise] = {
    "concept": _("概要已提交，等待遴选"),
    "unfiled": _("完整申报书已截止，没有提交"),
    "submitted": _("已提交，等待形式审查"),
    "returned": _("请补正后重新提交"),
    "lapsed": _("补正期已过，未进入评审"),
    "screened": _("通过形式审查，等待评审"),
    "stopped": _("本轮已终止，不再评审"),
}
TONES: dict[str, str] = {
    "draft": "neutral",
    "concept": "waiting",
    "invited": "done",
    "not_selected": "neutral",
    "unfiled": "neutral",
    "submitted": "waiting",
    "returned": "danger",
    "lapsed": "danger",
    "screened": "done",
    "refused": "danger",
    "under_review": "waiting",
    "awarded": "done",
    "reserved": "waiting",
    "cancelled": "danger",
}
