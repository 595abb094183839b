"""The lifecycle diagram of imported history, as a table."""

# ruff: noqa: E501 (a row of a table is a line)

from django.utils.translation import gettext_lazy as _

from accounts.lifecycle import Lifecycle
from accounts.rules import is_the_product
from timebank.models.history import HistoryImport
from timebank.rules import history as rules

H = HistoryImport.State

# A file comes to life as READING (`services.history.bring_history`), or as MAPPING where nobody has
# said yet which of its columns is what. What the product does, a task
# does: it looks at the rows, writes the records, or takes them back.
HISTORY = Lifecycle(
    H,
    # verb            label                from                              to            who
    ("find_clean",    _("逐行核对无误"),   [H.READING],                      H.CLEAN,      is_the_product),
    ("find_faulty",   _("逐行核对有错"),   [H.READING, H.POSTING],           H.FAULTY,     is_the_product),
    ("read_so",       _("指明各列"),       [H.MAPPING, H.FAULTY, H.CLEAN],  H.READING,    rules.brought_it),
    ("propose",       _("提交"),           [H.CLEAN],                        H.PROPOSED,   rules.brought_it),
    ("withdraw",      _("撤回"),           [H.MAPPING, H.CLEAN, H.PROPOSED], H.WITHDRAWN,  rules.brought_it),
    ("approve",       _("复核通过"),       [H.PROPOSED],                     H.POSTING,    rules.may_take_in),
    ("refuse",        _("不通过"),         [H.PROPOSED],                     H.REFUSED,    rules.may_take_in),
    ("post",          _("写入"),           [H.POSTING],                      H.POSTED,     is_the_product),
    ("undo",          _("撤销"),           [H.POSTED],                       H.UNDOING,    rules.may_undo_history),
    ("finish_undo",   _("撤销完成"),       [H.UNDOING],                      H.UNDONE,     is_the_product),
)  # fmt: skip
