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


class AlreadyInvited(Refusal):
    """The same contact is being asked for the same already."""

    code = "already_invited"
    sentence = _("已经向“%(contact)s”发出过同样的邀请，还在等答复。可以在邀请列表里重发或撤回。")


class InvitationRanOut(Refusal):
    """Nobody answered in time. Facts: when it ended, as a day."""

    code = "invitation_ran_out"
    sentence = _("这份邀请已在%(day)s过期。如仍需要，请对方重新发出。")


class RolesConflict(Refusal):
    """Two roles that one person must not hold together. Facts: held, wanted, why."""

    code = "roles_conflict"
    sentence = _("已经担任“%(held)s”，不能同时担任“%(wanted)s”：%(why)s请先辞去前一职务。")


class LastAdministrator(Refusal):
    """Nobody would be left who may appoint."""

    code = "last_administrator"
    sentence = _("%(place)s至少要有一位系统管理员。请先任命另一位。")


class AdministratorThere(Refusal):
    """The command for the first administrator was asked for a second. Facts: place."""

    code = "administrator_there"
    sentence = _("%(place)s已经有系统管理员，请由其在“岗位任免”页面任命。")


class NoticeTooShort(Refusal):
    """A host wants to stop sooner than the group could find another. Facts: days."""

    code = "notice_too_short"
    sentence = _("请至少提前 %(days)d 天通知，让备案组织有时间另找代管单位。")


class ShortMessageNotSent(Refusal):
    """The provider of short messages took nothing. Facts: problem, a code of the provider."""

    code = "short_message_not_sent"
    sentence = _("短信暂时发不出去，请过几分钟再试，或改用电子邮箱。")


class HostMustAgree(Refusal):
    """A filed group is handed in while no host answers for it."""

    code = "host_must_agree"
    sentence = _("代管单位还没有同意。请先在组织页面选择代管单位并等对方同意。")
