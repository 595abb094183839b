"""The scene of finding reviewers: 许村's round in review that invites, draws and divides.

丁老师 is asked, 陆总干事 has accepted, 沈会计师 is in the pool, 顾书记 and 钱老师 sit. 沈会计师 is
kept from the first proposal; of the second its applicant names somebody nobody knows.
"""

from collections.abc import Iterator
from typing import Any

from accounts.models import Region, User
from config.demo.cast import XUCUN, Cast
from tests.factories.ventures_awards import make_body, make_panel, make_round_in_review
from tests.factories.ventures_reviewers import make_expert
from ventures.models import Conflict, Expert, Proposal, ReviewInvitation, Round, Track
from ventures.services.assignment_plans import ask_for_plan
from ventures.services.conflicts import Told, pin_conflict
from ventures.services.draws import draw_reviewers, prepare_draw
from ventures.services.review_invitations import accept_invitation, invite_experts
from ventures.services.review_plans import set_review_plan

PLAN = {
    "by_invitation": True, "by_draw": True, "divides": True, "readers": 1, "least": 0, "most": 9,
    "answer_days": 5, "field_weight": 60, "place_weight": 20, "again_weight": 30,
}  # fmt: skip


def reviewers_of_the_scene(cast: Cast) -> Iterator[tuple[str, dict[str, Any]]]:
    round = make_round_in_review(
        cast.xu,
        [make_body("示范采茶队"), make_body("示范护河队")],
        region=Region.objects.get(code=XUCUN),
        level=Round.Level.TOWN,
        name="请评委的一届",
    )
    first, second = round.proposals.order_by("code")
    yield "round-asks", {"code": round.code}
    set_review_plan(round, PLAN, acting_user=cast.xu)
    in_town = {"region": Region.objects.get(code=XUCUN), "tracks": list(Track.objects.all())}
    of_city = make_expert("丁老师", user=cast.ding, tracks=in_town["tracks"])
    of_town = make_expert("陆总干事", user=cast.lu, **in_town)
    make_expert("沈会计师", user=cast.shen, **in_town)
    yield "expert-city", {"code": of_city.code}
    yield "expert-xucun", {"code": of_town.code}
    asked, accepted = invite_experts(round, [of_city, of_town], acting_user=cast.xu)
    accept_invitation(accepted, has_signed=True, told={}, acting_user=cast.lu)
    yield "invitation-ding", {"pk": asked.pk}
    yield "invitation-lu", {"pk": accepted.pk}
    yield "asked-ding", {"code": round.code, "pk": asked.pk}
    lot = {"wanted": [("", 1)], "stand_by": 0, "excluded": {}, "acting_user": cast.xu}
    drawn = prepare_draw(round, **lot)
    draw_reviewers(drawn, witness="李记者", word="潮起", acting_user=cast.xu)
    yield "lot-drawn", {"number": drawn.number}
    yield "lot-prepared", {"number": prepare_draw(round, **lot).number}
    pinned = pin_conflict(first, cast.shen, Told("interest", "合伙人"), acting_user=cast.xu)
    yield "conflict-shen", {"code": round.code, "pk": pinned.pk}
    unknown = _named_by_applicant(second, cast.xu)
    yield "conflict-unknown", {"code": round.code, "pk": unknown.pk}
    draft = Proposal.objects.get(
        applicant=cast.organisations["enze"], state="draft", round__state="open"
    )
    mine = _named_by_applicant(draft, cast.en)
    yield "recusal-enze", {"code": draft.code, "pk": mine.pk}
    panel = make_panel(round, [cast.gu, cast.qian], officer=cast.xu)
    yield "member-gu", {"code": round.code, "pk": panel.members.get(reviewer=cast.gu).pk}
    plan = ask_for_plan(panel, mode="ensure", readers=1, least=0, most=9, acting_user=cast.xu)
    yield "plan-ready", {"code": round.code, "pk": plan.pk}


def _named_by_applicant(proposal: Proposal, user: User) -> Conflict:
    return Conflict.objects.create(
        proposal=proposal,
        person_name="没人认识的人",
        kind="other",
        source="applicant",
        words="正在打官司",
        declared_by=user,
    )


def forms_of_reviewers(cast: Cast) -> dict[str, dict[str, Any]]:
    asked = ReviewInvitation.objects.get(user=cast.ding)
    first = asked.round.proposals.order_by("code").first()
    free = Expert.objects.get(user=cast.shen)
    seat = cast.qian.panel_seats.get(panel__round=asked.round)
    track = Track.objects.first()
    return {
        "expert": {
            "name": "新专家", "phone": "10012349988", "employer": "演示高校", "title": "副教授",
            "tracks": [track.pk], "levels": ["city"], "starts_on": "2026-01-01",
        },
        "expert_table": {
            "table": f'[["新专家","10012349977","演示高校","","副教授","{track.name}","市级",'
            '"2026-01-01"]]'
        },
        "review_plan": PLAN,
        "experts": {"experts": [free.pk]},
        "accept": {"has_signed": "on", f"kind_{first.pk}": "interest"},
        "pin": {
            "proposal": first.pk, "person": cast.qian.pk, "kind": "relative", "words": "表亲",
        },
        "who": {"person": cast.qian.pk},
        "recusal_asked": {"name": "某评委", "kind": "interest", "words": "合同纠纷"},
        "draw": {"wanted_": "1", "stand_by": "0"},
        "lot": {"witness": "李记者", "word": "潮落"},
        "plan": {"mode": "ensure", "readers": "1", "least": "0", "most": "9"},
        "pair": {"member": seat.pk, "proposal": first.pk},
    }  # fmt: skip
