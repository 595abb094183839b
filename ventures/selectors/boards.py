"""A round's board: where the round is, the funnel, who has scored what, what comes next."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.clock import database_now
from accounts.models import User
from timebank import doors
from ventures.models import Panel, PublicNotice, Resolution, Round
from ventures.rules import award_wishes as wish_rules
from ventures.rules import decisions as decision_rules
from ventures.rules import recusal as recusal_rules
from ventures.rules import reviews as review_rules
from ventures.rules import rounds as round_rules
from ventures.selectors.announcements import ending_of, has_more
from ventures.selectors.award_corrections import has_amounts_to_show
from ventures.selectors.award_terms import is_walked
from ventures.selectors.award_wishes import has_wishes, wishes_page
from ventures.selectors.funnels import FunnelStage, summary_of
from ventures.selectors.notices import resolution_of
from ventures.selectors.promotions import awaiting_promotion, awaits_supplement
from ventures.selectors.recusals import Recused, recused_in
from ventures.selectors.reissues import to_be_replaced, to_be_withdrawn
from ventures.selectors.reviews import SeatWork, workload_of
from ventures.selectors.rounds import Step, steps_of

type Words = str | Promise


@dataclass(frozen=True)
class NextStep:
    """The one thing to do now: words, address, and what it needs first."""

    label: Words
    url: str
    text: Words = ""


@dataclass(frozen=True)
class Board:
    """Everything a round's officers look at."""

    steps: list[Step]
    funnel: list[FunnelStage]
    waiting: int
    panel: Panel | None
    work: list[SeatWork]
    fund: doors.FundPosition
    shows_used: bool
    sees_scores: bool
    recused: Recused | None
    resolution: Resolution | None
    notice: PublicNotice | None
    next_step: NextStep | None
    decisions_url: str = ""
    walk_url: str = ""
    amounts_url: str = ""
    wishes_url: str = ""
    dossiers_url: str = ""

    @property
    def late(self) -> list[SeatWork]:
        """Reviewers with sheets still out."""
        return [seat for seat in self.work if seat.left]


def board_of(round: Round, user: User) -> Board:
    """What of it this person may know: no amounts before the notice where they are not hers."""
    panel = Panel.objects.filter(round=round).first()
    recused = recused_in(user, round)
    summary = summary_of(round, seen_by=user)
    sees_decisions = decision_rules.may_see_decisions(user, round)
    resolution = resolution_of(round) if sees_decisions else None
    may_decide = recusal_rules.may_decide(user, round)
    work = workload_of(panel) if panel else []
    notice = round.notices.order_by("-id").first()
    return Board(
        steps=steps_of(round, database_now()),
        funnel=summary.funnel,
        waiting=summary.waiting,
        panel=panel,
        work=work,
        fund=doors.fund_position(round.fund_key),
        shows_used=sees_decisions or round.state in round_rules.PUBLIC_STATES,
        sees_scores=panel is not None and review_rules.may_see_scores(user, panel),
        recused=recused,
        resolution=resolution,
        dossiers_url=reverse("ventures:round-dossiers", args=[round.code])
        if resolution is not None and decision_rules.may_read_dossiers(user, round)
        else "",
        notice=notice,
        next_step=_next_step(round, panel, work, notice) if may_decide else None,
        decisions_url=reverse("ventures:round-decisions", args=[round.code])
        if panel is not None and panel.state == Panel.State.CLOSED and may_decide
        else "",
        walk_url=reverse("ventures:award-walk", args=[round.code])
        if panel is not None and sees_decisions and is_walked(round)
        else "",
        amounts_url=reverse("ventures:round-amounts", args=[round.code])
        if sees_decisions and notice is not None and has_amounts_to_show(round, notice)
        else "",
        wishes_url=wishes_page(round)
        if notice is not None and has_wishes(round) and wish_rules.may_see_wishes(user, round)
        else "",
    )


def _to_supplement(round: Round) -> PublicNotice | None:
    """A notice that was announced but for what was under recheck, once that is settled."""
    if round.state != Round.State.NOTICED or round.notices.running().exists():
        return None
    standing = round.notices.exclude(state=PublicNotice.State.WITHDRAWN).order_by("id")
    return next((one for one in standing if has_more(one, ending_of(one))), None)


def _next_step(
    round: Round, panel: Panel | None, work: list[SeatWork], notice: PublicNotice | None
) -> NextStep | None:
    def to(name: str) -> str:
        return reverse(f"ventures:{name}", args=[round.code])

    if round.state == Round.State.IN_REVIEW:
        if panel is None:
            return NextStep(_("确定评委"), to("round-panel"))
        if panel.state == Panel.State.OPEN:
            left = sum(seat.left for seat in work)
            if left:
                return NextStep(
                    _("催一催评委"),
                    to("round-panel"),
                    _("还有 %(left)d 份评分表没有交。") % {"left": left},
                )
            return NextStep(_("结束评审"), to("panel-close"), _("评分表已经交齐。"))
        if round.proposals.filter(state="under_review", decision__isnull=True).exists():
            if is_walked(round):
                return NextStep(_("看建议名单"), to("award-walk"))
            return NextStep(_("拟定立项名单"), to("round-decisions"))
        return NextStep(_("记录集体决策"), to("round-resolution"), _("名单已拟定。"))
    if round.state == Round.State.DECIDED:
        return NextStep(_("发布公示"), to("notice-publish"), _("集体决策已记录，资金已安排。"))
    if to_be_withdrawn().filter(round=round).exists() and notice is not None:
        return NextStep(
            _("撤回公示"),
            reverse("ventures:notice-withdraw", args=[notice.code]),
            _("针对整份公示的异议成立：撤回这份公示，改正后重新公示。"),
        )
    if to_be_replaced(round) is not None:
        return NextStep(
            _("重新公示"), to("notice-publish"), _("原公示已撤回，改正后重新公示，公示期重新计算。")
        )
    if awaiting_promotion(Round.objects.filter(pk=round.pk)):
        return NextStep(
            _("递补"), to("round-promotion"), _("有立项撤销或放弃了，退回的资金可以递补。")
        )
    first = _to_supplement(round)
    if first is not None:
        return NextStep(
            _("发布补充公告"), first.get_absolute_url(), _("复核已结束，这些项目还没有公告。")
        )
    if awaits_supplement(round):
        return NextStep(
            _("发布补充公示"), to("notice-publish"), _("递补的会议已记录，资金已安排。")
        )
    if round.state == Round.State.NOTICED and notice is not None:
        return NextStep(_("查看公示"), notice.get_absolute_url(), _("公示期满后可以发布公告。"))
    return None
