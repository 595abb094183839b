"""What recognition puts on a role's home page: one's certificates, printing for others."""

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.home import Panel, Waiting
from accounts.models import Role, User
from timebank.rules.books import stands_over_a_bank
from timebank.rules.recognition import IN_BATCHES
from timebank.selectors.banks import bank_serving
from timebank.selectors.certificates import confirmed_total
from timebank.selectors.dossier import entries_to_check
from timebank.selectors.history import history_waiting
from timebank.selectors.stars import grants_to_judge, stars_of

type Words = str | Promise
type Link = tuple[Words, Words, str, str]

PRINTS = {Role.Kind.COORDINATOR, Role.Kind.COMMUNITY_WORKER, Role.Kind.OFFICER}
ENTERS = {*PRINTS, Role.Kind.MANAGER}
CHECKS = {*PRINTS, Role.Kind.VOLUNTEER}
BRINGS_HISTORY = {Role.Kind.COORDINATOR, Role.Kind.OFFICER, Role.Kind.ADMINISTRATOR}
EXCHANGES = {Role.Kind.OFFICER, Role.Kind.ADMINISTRATOR, Role.Kind.AUDITOR}
SETS_POLICY = {Role.Kind.OFFICER, Role.Kind.ADMINISTRATOR}


def waiting_for(user: User, role: Role | None) -> list[Waiting]:
    """Training and awards to check; history to take in; stars for the officer who judges."""
    if role is None:
        return []
    waiting = []
    if role.kind in CHECKS:
        waiting.append(
            Waiting(
                label=_("培训表彰等您核对"),
                count=entries_to_check(user).count(),
                url=reverse("timebank:dossier-desk"),
                icon="award",
            )
        )
    if role.kind in SETS_POLICY:
        waiting.append(
            Waiting(
                label=_("历史数据等您复核"),
                count=history_waiting(user).count(),
                url=reverse("timebank:history-list"),
                icon="upload",
            )
        )
    if role.kind == Role.Kind.OFFICER:
        waiting.append(
            Waiting(
                label=_("星级等您评定"),
                count=grants_to_judge(user).count(),
                url=reverse("timebank:star-list"),
                icon="star",
            )
        )
    return waiting


def panels_for(user: User, role: Role | None) -> list[Panel]:
    if role is None:
        return []
    if role.kind == Role.Kind.VOLUNTEER:
        minutes, services = confirmed_total(user)
        level = stars_of(user).level
        return [
            Panel(
                "timebank/home/_recognition.html",
                {"minutes": minutes, "services": services, "level": level},
                order=35,
            )
        ]
    links = _links(role)
    return [Panel("timebank/home/_certificates.html", {"links": links}, order=60)] if links else []


def _links(role: Role) -> list[Link]:
    """Title, text, address, icon of what this role does with certificates."""
    links: list[Link] = []
    if role.kind in PRINTS:
        links.append(
            (
                _("代为打印证明"),
                _("志愿者不用手机，到站点来办"),
                reverse("timebank:certificate-person-list"),
                "printer",
            )
        )
    if role.kind in ENTERS:
        links.append(
            (
                _("培训与表彰"),
                _("登记、核对，记入志愿服务档案"),
                reverse("timebank:dossier-desk"),
                "award",
            )
        )
    if role.kind in EXCHANGES and stands_over_a_bank(role):
        links.append(
            (
                _("数据报送"),
                _("给全国和省志愿服务系统，并对账"),
                reverse("timebank:exchange-list"),
                "send",
            )
        )
    if role.kind in BRINGS_HISTORY:
        links.append(
            (
                _("历史数据导入"),
                _("志愿浙江、志愿汇和台账里的记录"),
                reverse("timebank:history-list"),
                "upload",
            )
        )
    if role.kind == Role.Kind.OFFICER:
        links.append(
            (
                _("核对、作废证明"),
                _("有人反映的，输编号打开"),
                reverse("timebank:certificate-check"),
                "patch-check",
            )
        )
        links.append(
            (_("星级评定"), _("时长到了，看过质量再定"), reverse("timebank:star-list"), "star")
        )
        links.append((_("积德榜"), _("海报和分享图片"), reverse("timebank:honour"), "trophy"))
    if role.kind in IN_BATCHES:
        links.append(
            (
                _("批量开具证明"),
                _("一个班、一支队伍一次办完"),
                reverse("timebank:certificate-batches"),
                "people",
            )
        )
    bank = bank_serving(role.region) if role.region and role.kind in SETS_POLICY else None
    if bank is not None and role.region is not None and role.region.contains(bank.region):
        links.append(
            (
                _("证明出具办法"),
                _("以谁的名义、盖什么章"),
                reverse("timebank:certificate-policy", args=[bank.pk]),
                "patch-check",
            )
        )
        links.append(
            (
                _("服务系数"),
                _("各类服务一小时记多少"),
                reverse("timebank:coefficients", args=[bank.pk]),
                "sliders",
            )
        )
    return links
