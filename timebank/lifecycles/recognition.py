"""The lifecycle diagram of star grants, as a table."""

from django.utils.translation import gettext_lazy as _

from accounts.lifecycle import Lifecycle
from timebank.models.stars import StarGrant
from timebank.rules import recognition as rules

Star = StarGrant.State

# A grant comes to life as PROPOSED (`services.stars.propose_stars`).
STAR = Lifecycle(
    Star,
    # verb       label            from              to               who
    ("grant",    _("评定"),       [Star.PROPOSED],  Star.GRANTED,    rules.may_judge_star),
    ("decline",  _("暂不评定"),   [Star.PROPOSED],  Star.DECLINED,   rules.may_judge_star),
    ("withdraw", _("撤销"),       [Star.GRANTED],   Star.WITHDRAWN,  rules.may_judge_star),
)  # fmt: skip
