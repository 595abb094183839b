"""What looks into records puts on a role's home page: flags, overdue, queries, inspections."""

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.home import Panel, Waiting
from accounts.models import Role, User
from accounts.rules import stations_of
from timebank.models import RecordQuery, SelfReportBar
from timebank.rules.checks import may_decide_appeal
from timebank.selectors.deadlines import overdue_count
from timebank.selectors.inspections import items_to_inspect, notices_to
from timebank.selectors.screening import held_for

type Words = str | Promise
type Link = tuple[Words, Words, str, str]

Kind = Role.Kind
LOOKS = {Kind.COORDINATOR, Kind.LEAD_WORKER, Kind.COMMUNITY_WORKER, Kind.OFFICER}
INSPECTED = {Kind.LEAD_WORKER, Kind.COMMUNITY_WORKER, Kind.OFFICER}
KEEPS = {Kind.OFFICER, Kind.ADMINISTRATOR}


def waiting_for(user: User, role: Role | None) -> list[Waiting]:
    if role is None:
        return []
    waiting: list[Waiting] = []
    if role.kind in LOOKS:
        waiting += [_flagged(user), _overdue(user), _queries(user)]
    if role.kind in INSPECTED:
        waiting.append(_to_inspect(user))
    if role.kind == Kind.COORDINATOR:
        waiting.append(_notices(user))
    if role.kind in KEEPS:
        waiting.append(_appeals(user))
    return waiting


def panels_for(role: Role | None) -> list[Panel]:
    """The pages of record-keeping this role uses, always there to click."""
    links = _links(role.kind) if role is not None else []
    return [Panel("timebank/home/_checks.html", {"links": links}, order=55)] if links else []


def _flagged(user: User) -> Waiting:
    return Waiting(
        label=_("有疑点的记录，等您核查"),
        count=held_for(user).count(),
        url=reverse("timebank:flagged"),
        icon="exclamation-triangle",
    )


def _overdue(user: User) -> Waiting:
    return Waiting(
        label=_("超过 10 个工作日还没记录的服务"),
        count=overdue_count(user, timezone.localdate()),
        url=reverse("timebank:overdue"),
        icon="calendar-x",
    )


def _queries(user: User) -> Waiting:
    waiting = RecordQuery.objects.visible_to(user).unanswered().exclude(raised_by=user)
    return Waiting(
        label=_("志愿者对记录有异议，等答复"),
        count=waiting.distinct().count(),
        url=reverse("timebank:query-list"),
        icon="question-circle",
    )


def _to_inspect(user: User) -> Waiting:
    return Waiting(
        label=_("双随机抽查，等您检查"),
        count=items_to_inspect(user).count(),
        url=reverse("timebank:inspection-list"),
        icon="shuffle",
    )


def _notices(user: User) -> Waiting:
    return Waiting(
        label=_("整改通知，等本站回复"),
        count=notices_to(stations_of(user)).count(),
        url=reverse("timebank:inspection-list"),
        icon="exclamation-circle",
    )


def _appeals(user: User) -> Waiting:
    appeals = SelfReportBar.objects.visible_to(user).appealed().select_related("bank__region")
    return Waiting(
        label=_("限制自报的申诉，等您复核"),
        count=sum(may_decide_appeal(user, bar) for bar in appeals.distinct()),
        url=reverse("timebank:bar-list"),
        icon="slash-circle",
    )


def _links(kind: str) -> list[Link]:
    flagged = (
        _("有疑点的记录"),
        _("自动比对出来的，看过再定"),
        reverse("timebank:flagged"),
        "exclamation-triangle",
    )
    overdue = (
        _("超期未记录"),
        _("10 个工作日内要记录"),
        reverse("timebank:overdue"),
        "calendar-x",
    )
    queries = (
        _("记录异议"),
        _("志愿者说不对的，核对答复"),
        reverse("timebank:query-list"),
        "question-circle",
    )
    batch = (
        _("每周一批"),
        _("替一个人的站点做第二双眼睛"),
        reverse("timebank:second-eyes"),
        "clipboard-check",
    )
    draws = (
        _("双随机抽查"),
        _("抽记录、抽人、整改、公开"),
        reverse("timebank:inspection-list"),
        "shuffle",
    )
    bars = (_("限制自报"), _("自报不实之后"), reverse("timebank:bar-list"), "slash-circle")
    of_kind: dict[str, list[Link]] = {
        Kind.COORDINATOR: [flagged, overdue, queries, draws],
        Kind.LEAD_WORKER: [batch, flagged, overdue, queries, draws],
        Kind.COMMUNITY_WORKER: [queries, draws],
        Kind.OFFICER: [batch, flagged, overdue, queries, draws, bars],
        Kind.AUDITOR: [queries, draws, bars],
        Kind.ADMINISTRATOR: [draws, bars],
    }
    return of_kind.get(kind, [])
