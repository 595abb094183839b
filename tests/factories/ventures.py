"""The dullest valid programme, round, rubric and proposal. What a test is about, it writes itself.

`make_round` is open now: published yesterday, closing in ten days. `make_proposal` is complete
and could be submitted; `make_budget` gives it lines that add up.
"""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Organisation, Region, Role, User
from accounts.services.roles import grant_role
from tests.plugins.relay import laid_again
from ventures.models import (
    UNPUBLISHED,
    BudgetLine,
    Criterion,
    FundSource,
    Programme,
    ProjectKind,
    Proposal,
    Round,
    Rubric,
    Tier,
    Track,
)
from ventures.rules.rounds import publishers_of
from ventures.services.round_publishing import propose_round, publish_round

CITY = "330481000000"
COMMUNITY = "330481001007"


def make_programme(region: Region | None = None, **fields: Any) -> Programme:
    region = region or Region.objects.get(code=CITY)
    programme, _is_new = Programme.objects.get_or_create(
        code=fields.pop("code", "qicai"),
        defaults={"name": "厢里乡亲·七彩社区（演示）", "region": region} | fields,
    )
    return programme


def make_tracks() -> list[Track]:
    """The 6+1, as the migration brought them in."""
    return list(Track.objects.all())


def make_rubric(**fields: Any) -> Rubric:
    """Four criteria of 60, 60, 40 and 40 half points."""
    rubric = Rubric.objects.create(**({"name": "评议表"} | fields))
    for position, (name, full) in enumerate(
        [("大家需要", 60), ("办得成", 60), ("人靠得住", 40), ("钱用得明白", 40)], start=1
    ):
        Criterion.objects.create(rubric=rubric, position=position, name=name, max_half_points=full)
    return rubric


@laid_again
def make_round(
    *, created_by: User, region: Region | None = None, tracks: bool = True, **fields: Any
) -> Round:
    """A city round of 600,000 yuan with a cap of 50,000, open for ten more days."""
    number = Round.objects.count() + 1
    now = timezone.now()
    region = region or Region.objects.get(code=CITY)
    state = fields.get("state", Round.State.OPEN)
    defaults: dict[str, Any] = {
        "programme": fields.pop("programme", None) or make_programme(),
        "code": f"qc-{number}",
        "number_prefix": f"QC{number}-S",
        "name": f"第 {number} 届公益创投（演示）",
        "level": Round.Level.CITY,
        "region": region,
        "year": timezone.localdate().year,
        "sponsor_names": ["海宁市民政局（演示）"],
        "contact_name": "范科长",
        "contact_phone": "10000000001",
        "supervision_phone": "10000000002",
        "fund_fen": 60_000_000,
        "cap_fen": 5_000_000,
        "kinds": [ProjectKind.GOVERNANCE, ProjectKind.SERVICE],
        "opens_at": now - timedelta(days=1),
        "closes_at": now + timedelta(days=10),
        "state": state,
        "published_at": None if state in UNPUBLISHED else now - timedelta(days=1),
        "created_by": created_by,
    }
    if state == Round.State.PROPOSED:
        defaults |= {"proposed_by": created_by, "proposed_at": now}
    values = defaults | fields
    if "rubric" not in values:
        values["rubric"] = make_rubric(name=f"评议表 {number}")
    round = Round.objects.create(**values)
    round.tracks.set(Track.objects.all() if tracks else [])
    if round.has_money:
        make_source(round)
    make_tier(round, name="微项目", upto_fen=1_000_000, form=Tier.Form.SHORT)
    make_tier(
        round,
        name="重点项目",
        upto_fen=20_000_000,
        form=Tier.Form.STANDARD,
        budget_line_limit=20,
    )
    return round


def make_source(round: Round, **fields: Any) -> FundSource:
    """One source that brings the whole fund."""
    return FundSource.objects.create(
        round=round,
        **(
            {
                "position": round.sources.count() + 1,
                "kind": FundSource.Kind.LOTTERY,
                "amount_fen": round.fund_fen,
            }
            | fields
        ),
    )


def make_colleague(officer: User, name: str = "闻副局长") -> User:
    """Another officer of the same place, who may publish what the first proposes."""
    place = officer.roles.get(kind=Role.Kind.OFFICER).region
    found = User.objects.filter(display_name=name, roles__region=place).first()
    if found is not None:
        return found
    colleague = User.objects.create_user(
        display_name=name, phone=f"+86100999{User.objects.count():05d}", phone_verified=True
    )
    grant_role(colleague, Role.Kind.OFFICER, region=place, acting_user=officer)
    return colleague


def publish(round: Round) -> Round:
    """Proposed by who prepared it, published by a second officer, who is made if need be."""
    if not publishers_of(round, besides=round.created_by):
        make_colleague(round.created_by)
    proposed = propose_round(round, acting_user=round.created_by)
    others = publishers_of(proposed)
    return publish_round(proposed, acting_user=others[0])


def make_tier(round: Round, **fields: Any) -> Tier:
    return Tier.objects.create(
        round=round, **({"name": "微项目", "upto_fen": 1_000_000, "budget_line_limit": 8} | fields)
    )


def make_proposal(
    round: Round, applicant: Organisation, *, created_by: User, **fields: Any
) -> Proposal:
    """A complete 简表 in draft (or in the state given), with a budget of 6,150 yuan."""
    round.proposals_numbered += 1
    round.save(update_fields=["proposals_numbered"])
    communities = fields.pop("communities", None)
    budget = fields.pop("budget", True)
    state = fields.get("state", Proposal.State.DRAFT)
    past_draft = state not in (Proposal.State.DRAFT, Proposal.State.WITHDRAWN)
    now = timezone.now()
    defaults: dict[str, Any] = {
        "code": f"{round.number_prefix}-{round.proposals_numbered:04d}",
        "host": applicant.host,
        "title": "楼道里的热茶",
        "responsible_name": "恩老师",
        "responsible_phone": "10012345678",
        "track": Track.objects.first(),
        "kind": ProjectKind.SERVICE,
        "need_from": "走访了 30 户独居老人，有 21 户说一周没人说话。",
        "plan": "每周三下午在楼道口摆茶，两名志愿者陪老人说话，登记身体情况。",
        "schedule": "每周 1 次，共 20 次，每次 2 名志愿者、15 位老人，2027 年 3 月至 7 月。",
        "beneficiaries": 30,
        "person_times": 300,
        "safety": "志愿者意外险；热水由社工看管；备急救箱。",
        "starts_on": date(2027, 3, 1),
        "ends_on": date(2027, 7, 31),
        "created_by": created_by,
        "saved_by": created_by,
        "submitted_at": now if past_draft else None,
        "complete_by": now + timedelta(days=5) if state == Proposal.State.RETURNED else None,
        "invited_at": now if state in ("invited", "unfiled") else None,
    }
    proposal = Proposal.objects.create(round=round, applicant=applicant, **(defaults | fields))
    proposal.communities.set(
        communities
        if communities is not None
        else Region.objects.filter(lineage__contains=[round.region_id], level=5)[:1]
    )
    if budget:
        make_budget(proposal)
    return proposal


def make_budget(proposal: Proposal) -> list[BudgetLine]:
    """Two lines: 20 × 300.00 requested, 3 × 200.00 of which 450.00 is matched."""
    lines = [
        make_budget_line(proposal, position=1, unit_price_fen=30_000, quantity_hundredths=2_000),
        make_budget_line(
            proposal,
            position=2,
            purpose="志愿者保险",
            unit_price_fen=20_000,
            quantity_hundredths=300,
            requested_fen=15_000,
            matching_fen=45_000,
        ),
    ]
    proposal.requested_fen = sum(line.requested_fen for line in lines)
    proposal.matching_fen = sum(line.matching_fen for line in lines)
    proposal.save(update_fields=["requested_fen", "matching_fen"])
    return lines


def make_budget_line(proposal: Proposal, **fields: Any) -> BudgetLine:
    """One line, wholly requested unless said otherwise; the amount follows from the rest."""
    unit_price = fields.get("unit_price_fen", 10_000)
    quantity = fields.get("quantity_hundredths", 100)
    amount = fields.get("amount_fen", unit_price * quantity // 100)
    matching = fields.get("matching_fen", 0)
    return BudgetLine.objects.create(
        proposal=proposal,
        **(
            {
                "position": 1,
                "cost_class": BudgetLine.CostClass.ACTIVITY,
                "purpose": "茶水与材料",
                "unit_price_fen": unit_price,
                "quantity_hundredths": quantity,
                "unit": "次",
                "amount_fen": amount,
                "requested_fen": amount - matching,
                "matching_fen": matching,
                "basis": "社区超市询价",
            }
            | fields
        ),
    )
