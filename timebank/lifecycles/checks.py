"""The lifecycle diagrams of what looks into records: queries, inspections, bars, as tables."""

# ruff: noqa: E501 (a row of a table is a line)

from django.utils.translation import gettext_lazy as _

from accounts.lifecycle import Lifecycle
from timebank.models.bars import SelfReportBar
from timebank.models.inspections import Inspection, InspectionItem
from timebank.models.record_queries import RecordQuery
from timebank.rules import checks as rules

Asked = RecordQuery.State
Draw = Inspection.State
Item = InspectionItem.State
Bar = SelfReportBar.State

# A query comes to life as OPEN (`services.record_queries.raise_query`).
QUERY = Lifecycle(
    Asked,
    # verb         label              from                                          to               who
    ("propose",    _("提出更正"),     [Asked.OPEN, Asked.ESCALATED],                Asked.PROPOSED,  rules.may_answer),
    ("keep",       _("维持原记录"),   [Asked.OPEN, Asked.ESCALATED],                Asked.KEPT,      rules.may_answer),
    ("send_back",  _("退回重核"),     [Asked.PROPOSED],                             Asked.OPEN,      rules.may_correct),
    ("correct",    _("同意更正"),     [Asked.PROPOSED],                             Asked.CORRECTED, rules.may_correct),
    ("escalate",   _("请上级复核"),   [Asked.KEPT],                                 Asked.ESCALATED, rules.asked_it),
    ("withdraw",   _("撤回"),         [Asked.OPEN, Asked.PROPOSED, Asked.ESCALATED], Asked.WITHDRAWN, rules.asked_it),
)  # fmt: skip

# An inspection comes to life as PREPARED (`services.inspections.prepare_inspection`).
INSPECTION = Lifecycle(
    Draw,
    # verb       label            from             to               who
    ("draw",     _("抽取"),       [Draw.PREPARED], Draw.DRAWN,      rules.runs_inspection),
    ("publish",  _("公开结果"),   [Draw.DRAWN],    Draw.PUBLISHED,  rules.runs_inspection),
)  # fmt: skip

# An item comes to life as ASSIGNED, by the draw.
INSPECTION_ITEM = Lifecycle(
    Item,
    # verb       label                  from              to              who
    ("pass_",    _("检查通过"),         [Item.ASSIGNED],  Item.PASSED,    rules.is_inspector_of),
    ("notify",   _("发整改通知"),       [Item.ASSIGNED],  Item.NOTIFIED,  rules.is_inspector_of),
    ("reply",    _("回复整改"),         [Item.NOTIFIED],  Item.REPLIED,   rules.may_reply),
    ("close",    _("复查通过"),         [Item.REPLIED],   Item.CLOSED,    rules.is_inspector_of),
    ("again",    _("复查未过，再整改"), [Item.REPLIED],   Item.NOTIFIED,  rules.is_inspector_of),
    ("find_false", _("认定记录不实"),   [Item.ASSIGNED, Item.NOTIFIED, Item.REPLIED], Item.FALSE, rules.is_inspector_of),
)  # fmt: skip

# A bar comes to life as IN_FORCE (`services.bars.impose_bar`).
BAR = Lifecycle(
    Bar,
    # verb       label              from              to            who
    ("appeal",   _("申诉"),         [Bar.IN_FORCE],   Bar.APPEALED, rules.is_barred_one),
    ("uphold",   _("维持限制"),     [Bar.APPEALED],   Bar.UPHELD,   rules.may_decide_appeal),
    ("lift",     _("撤销限制"),     [Bar.APPEALED, Bar.IN_FORCE, Bar.UPHELD], Bar.LIFTED, rules.may_decide_appeal),
)  # fmt: skip
