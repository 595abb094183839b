"""The scene of what counts besides the sheets: two rounds of 许村.

In the first a defence is planned, one team (恩泽社's) on the stage and one revealed, which 丁老师
is tied to; its vote is open, a pledge waits. In the second, a draft, nothing is stated yet.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import Region
from config.demo.cast import XUCUN, Cast
from tests.factories.ventures import make_round
from tests.factories.ventures_awards import (
    PDF,
    make_body,
    make_panel,
    make_round_in_review,
    proposals_of,
)
from tests.factories.ventures_defences import (
    make_drawn,
    make_terms,
    make_vote,
    plan_of_an_hour,
    score_in_hall,
    verify,
)
from ventures.models import Bonus, BonusKind, Conflict, DefenceSlot, Proposal, Round
from ventures.services.defence_scores import reveal_slot
from ventures.services.defences import plan_defence, seal_order, tell_order
from ventures.services.pledges import enter_pledge


def defences_of_the_scene(cast: Cast) -> Iterator[tuple[str, dict[str, Any]]]:
    town = {"region": Region.objects.get(code=XUCUN), "level": Round.Level.TOWN}
    draft = make_round(
        created_by=cast.xu, state=Round.State.DRAFT, name="还没写综合得分的一届", **town
    )
    yield "composite-draft", {"code": draft.code}
    round = make_round_in_review(
        cast.xu,
        [cast.organisations["enze"], make_body("示范舞龙队"), make_body("示范合唱队"),
         make_body("示范摄影队")],
        name="要路演答辩的一届",
        **town,
    )  # fmt: skip
    make_terms(round, paper_percent=50, defence_percent=20, vote_percent=20, pledge_percent=10)
    make_panel(round, [cast.qian, cast.lu, cast.ding], officer=cast.xu)
    first, second, third, fourth = proposals_of(round)
    Conflict.objects.create(
        proposal=second, person=cast.ding, person_name="丁老师", kind="relative",
        source="organiser", words="表亲", declared_by=cast.xu,
    )  # fmt: skip
    pledge = enter_pledge(
        first, pledger_kind="organisation", pledger_name="河畔茶厂（演示）", amount_fen=200_000,
        evidence=SimpleUploadedFile("承诺书.pdf", PDF), acting_user=cast.en,
    )  # fmt: skip
    yield "pledge-enze", {"code": first.code, "pk": pledge.pk}
    yield "pledge-at-desk", {"code": round.code, "pk": pledge.pk}
    yield "pledged", {"code": first.code}
    session = make_drawn(round, acting_user=cast.xu)
    tell_order(session, acting_user=cast.xu)
    slots = {slot.proposal_id: slot for slot in session.slots.all()}
    for place, one in enumerate((first, second, third, fourth), start=1):
        slots[one.pk].position = place
    DefenceSlot.objects.bulk_update(slots.values(), ["position"])
    score_in_hall(slots[second.pk], {cast.qian: (90, 60), cast.lu: (80, 70)}, cast.xu)
    reveal_slot(slots[second.pk], acting_user=cast.xu)
    score_in_hall(slots[first.pk], {cast.qian: (90, 60), cast.lu: (80, 70)}, cast.xu)
    yield "defence", {"code": round.code}
    kind = round.bonus_kinds.create(position=1, name="主题加分", least_points=5, most_points=20)
    bonus = Bonus.objects.create(
        kind=kind, proposal=third, half_points=20, reason="为高龄老人", proposed_by=cast.xu
    )
    for verb in ("agree", "replace"):
        yield f"bonus-{verb}", {"code": round.code, "pk": bonus.pk, "verb": verb}
    yield "turn-enze", {"code": first.code}
    yield "slot-on-stage", {"code": round.code, "pk": slots[first.pk].pk}
    yield "slot-revealed", {"code": round.code, "pk": slots[second.pk].pk}
    yield "slot-waiting", {"code": round.code, "pk": slots[third.pk].pk}
    for verb, slot in (("open", third), ("miss", fourth), ("recall", fourth)):
        yield f"slot-{verb}", {"code": round.code, "pk": slots[slot.pk].pk, "verb": verb}
    make_vote(round, set_by=cast.xu)
    verify(cast.anan, cast.chen)
    yield from _planned(cast, town)


def _planned(cast: Cast, town: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Two whose order is not drawn: one planned, one sealed; the vote of one is over."""
    for place, name in enumerate(("planned", "sealed"), start=1):
        round = make_round_in_review(
            cast.xu, [make_body(f"待抽签的队 {place}")], name=f"等抽签的一届 {place}", **town
        )
        make_terms(round, paper_percent=50, defence_percent=30, vote_percent=20, least_judges=1)
        make_panel(round, [cast.qian], officer=cast.xu)
        session = plan_defence(round, plan_of_an_hour(), acting_user=cast.xu)
        if name == "sealed":
            seal_order(session, acting_user=cast.xu)
            past = timezone.now() - timedelta(hours=1)
            make_vote(round, set_by=cast.xu, opens_at=past - timedelta(hours=1), closes_at=past)
        yield f"defence-{name}", {"code": round.code}


class SentAgain(ContentFile):
    """A file that may be sent by one person after the other."""

    def read(self, size: int = -1) -> bytes:
        self.seek(0)
        return self.file.read(size)


def forms_of_defences() -> dict[str, dict[str, Any]]:
    later = timezone.now() + timedelta(days=1)
    first, _second, _third, last = Proposal.objects.filter(round__name="要路演答辩的一届").order_by(
        "code"
    )
    composite = {
        "paper_percent": "60", "defence_percent": "40", "vote_percent": "0",
        "pledge_percent": "0", "least_judges": "3", "aggregate": "mean", "drop_from": "5",
        "choices": "1", "vote_rule": "top", "pledge_rule": "log",
        "item_1": "陈述", "points_1": "60", "item_2": "答问", "points_2": "40",
    }  # fmt: skip
    return {
        "composite": composite,
        "defence_session": {
            "place": "演示会场", "begins_at": f"{later:%Y-%m-%dT%H:%M}", "present_minutes": "6",
            "answer_minutes": "4", "change_minutes": "2", "warn_seconds": "60",
        },
        "bonus": {
            "proposal": last.code, "kind": str(BonusKind.objects.get().pk), "points": "7.5",
            "reason": "为高龄老人",
        },
        "defence_move": {"position": "4", "reason": "赶末班车"},
        "hall_points": {"item_0": "45.5", "item_1": "30"},
        "ballot": {
            "chosen": [first.code]
        },
        "vote_days": {
            "opens_at": f"{later:%Y-%m-%dT%H:%M}",
            "closes_at": f"{later + timedelta(days=2):%Y-%m-%dT%H:%M}",
        },
        "pledge_check": {"how": "电话问过厂长"},
        "pledge": {
            "pledger_kind": "person", "pledger_name": "老周", "amount": "500",
            "evidence": SentAgain(PDF, "承诺书.pdf"),
        },
    }  # fmt: skip
