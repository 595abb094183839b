"""Refusals: the ways this product says no.

A refusal is an expected event: somebody asked for something that a rule forbids or that is no
longer possible. Each has a stable English `code` for machines, a Chinese `sentence` with named
gaps for people, and the `facts` that fill them. Wrong input is Django's `ValidationError`; a bug
is an `assert`. Nothing here knows HTTP: `config.middleware` translates by `kind`.
"""

from enum import Enum
from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Kind(Enum):
    """Why it was refused: the person may not, or the thing is not in a state for it."""

    NOT_ALLOWED = "not_allowed"
    CONFLICT = "conflict"
    TOO_MANY = "too_many"


class Refusal(Exception):
    """The product says no. Subclass it with a `code` and a `sentence`; raise it with facts."""

    code: ClassVar[str] = "refused"
    kind: ClassVar[Kind] = Kind.CONFLICT
    sentence: ClassVar[str | Promise] = _("现在不能这样做。")

    def __init__(self, **facts: Any) -> None:
        super().__init__(self.code)
        self.facts = facts

    def __str__(self) -> str:
        return str(self.sentence) % self.shown_facts()

    def shown_facts(self) -> dict[str, Any]:
        """The facts as people read them; a subclass turns minutes or fen into words here."""
        return self.facts


class NotAllowed(Refusal):
    """The person may see the thing, but not do this to it."""

    code = "not_allowed"
    kind = Kind.NOT_ALLOWED
    sentence = _("您没有办理这件事的权限。如需办理，请联系负责这件事的工作人员。")


class OutOfTurn(Refusal):
    """The lifecycle has no such arrow from the present state."""

    code = "out_of_turn"
    sentence = _("当前状态是“%(state)s”，不能再“%(verb)s”。请刷新页面查看最新进展。")


class Overtaken(Refusal):
    """Somebody else moved the thing first."""

    code = "overtaken"
    sentence = _("刚刚有人先办理了这件事，您的操作没有生效。请刷新页面查看最新进展。")


class TooManyTries(Refusal):
    """The person or the address tried too often."""

    code = "too_many_tries"
    kind = Kind.TOO_MANY
    sentence = _("操作太频繁，请稍后再试。")


class ReasonMissing(Refusal):
    """An act that another person will have to understand came without a reason."""

    code = "reason_missing"
    sentence = _("请写明理由，让对方知道为什么、怎么改。")


class FileRefused(Refusal):
    """A file is not what it claims to be, or is too large."""

    code = "file_refused"
    sentence = _("文件“%(name)s”无法接收：%(why)s")


class CodeTaken(Refusal):
    """A phone number, e-mail address or credit code already belongs to somebody."""

    code = "already_taken"
    sentence = _("%(what)s已经登记过，不能重复登记。")


class AnotherIdentity(Refusal):
    """The person was checked before, with another document. Facts: who."""

    code = "another_identity"
    sentence = _("%(who)s已用另一个证件号核验过，不能改用这个号码。登记有误时，请由管理员更正。")


class LastManager(Refusal):
    """An organisation would be left with nobody who may act for it."""

    code = "last_manager"
    sentence = _("%(organisation)s至少要有一位负责人。请先请另一位成员担任负责人。")


class NobodyThere(Refusal):
    """No person has proved this number or address to be theirs."""

    code = "nobody_there"
    sentence = _("还没有人用“%(contact)s”加入。请先请对方用这个手机号或邮箱加入。")


class NotYourOwn(Refusal):
    """A person tried to vouch for themselves."""

    code = "not_your_own"
    kind = Kind.NOT_ALLOWED
    sentence = _("不能为自己办理，请由另一位工作人员办理。")
