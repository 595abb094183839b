"""路演答辩: slots and their lot, the hall and its reveal, pledges, and what all of it comes to."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connections, transaction
from django.db.models.functions import Now
from django.utils import timezone

import ventures
from accounts.errors import NotAllowed
from accounts.models import Change, Message, User
from config.demo.cast import Cast
from tests.factories.ventures import make_colleague
from tests.factories.ventures_awards import (
    PDF,
    choices_for,
    hand_in,
    make_body,
    make_panel,
    make_round_in_review,
    proposals_of,
)
from tests.factories.ventures_defences import (
    make_drawn,
    make_terms,
    plan_of_an_hour,
    score_in_hall,
)
from tests.plugins.relay import laid_again
from timebank.doors import fund_position
from ventures.errors.award_walks import RulesFixed
from ventures.errors.defences import (
    CompositeIncomplete,
    DefenceBegun,
    DefencePanelTooSmall,
    LeavesForSlot,
    NoDefence,
    PointsGiven,
    PositionUnknown,
    SheetsOutstanding,
    ShortlistNotReady,
    SlotNotOpen,
    StageTaken,
    TooFewSheets,
)
from ventures.errors.pledges import (
    CheckUntold,
    OwnMoneyPledged,
    PledgedAlready,
    PledgesOver,
)
from ventures.errors.reviewers import WitnessMissing
from ventures.models import (
    CompositeTerms,
    Conflict,
    DefenceSheet,
    Pledge,
    PublicVote,
    Round,
)
from ventures.selectors.composite_words import lines_of
from ventures.selectors.defences import hall_state, published_order, turns_of, waited_for
from ventures.selectors.rankings import ranking_of
from ventures.services.composites import copy_composite, set_composite
from ventures.services.decisions import prepare_decisions
from ventures.services.defence_scores import (
    hand_in_points,
    miss_slot,
    open_slot,
    reveal_slot,
    step_down,
)
from ventures.services.defences import (
    draw_order,
    move_slot,
    plan_defence,
    seal_order,
    tell_order,
    void_order,
)
from ventures.services.pledges import (
    confirm_pledge,
    enter_pledge,
    refuse_pledge,
    withdraw_pledge,
)
from ventures.services.reviews import close_panel

pytestmark = pytest.mark.django_db

PROGRAM = Path(ventures.__file__).parent / "standalone" / "draw_reviewers.py"
TEAMS = ("enze", "banrixian")


@pytest.fixture
@laid_again
def round(cast: Cast) -> Round:
    """Three teams, three reviewers, 丁老师 in the chair; the sheets are in."""
    bodies = [cast.organisations[key] for key in TEAMS] + [make_body("示范护河队")]
    round = make_round_in_review(cast.fan, bodies)
    make_panel(round, [cast.ding, cast.shen, cast.lu], officer=cast.fan)
    return round


def tie(proposal, person, by) -> Conflict:
    return Conflict.objects.create(
        proposal=proposal, person=person, person_name=person.display_name, kind="relative",
        source="organiser", words="表亲", declared_by=by,
    )  # fmt: skip


def test_slots_are_made_drawn_moved_and_told(cast: Cast, round: Round, tmp_path):
    first, second, third = proposals_of(round)
    with pytest.raises(NoDefence):
        plan_defence(round, plan_of_an_hour(), acting_user=cast.fan)
    terms = make_terms(round, shortlist=2)
    with pytest.raises(ShortlistNotReady):
        plan_defence(round, plan_of_an_hour(), acting_user=cast.fan)
    CompositeTerms.objects.update(shortlist=None, least_judges=3)
    tied = tie(first, cast.shen, cast.fan)
    with pytest.raises(DefencePanelTooSmall) as refused:
        plan_defence(round, plan_of_an_hour(), acting_user=cast.fan)
    assert refused.value.facts["leaving"] == ["沈会计师"]
    assert refused.value.facts["there"] == 2
    CompositeTerms.objects.update(least_judges=2)
    with pytest.raises(NotAllowed):
        plan_defence(round, plan_of_an_hour(), acting_user=cast.ding)

    session = plan_defence(round, plan_of_an_hour(), acting_user=cast.fan)
    session = seal_order(session, acting_user=cast.fan)
    sealed = session.pool_hash
    with pytest.raises(WitnessMissing):
        draw_order(session, witness="李记者", word=" ", acting_user=cast.fan)
    session = draw_order(session, witness="李记者", word="潮起", acting_user=cast.fan)

    assert (terms.round, sealed) == (round, session.pool_hash)
    file = tmp_path / "LY.json"
    file.write_text(json.dumps(published_order(session)), encoding="utf-8")
    again = subprocess.run([sys.executable, "-I", PROGRAM, file], capture_output=True, text=True,
                           check=False)  # fmt: skip
    assert again.stdout.startswith("THE SAME: 3 ")
    turns = turns_of(session, cast.fan)
    assert [t.slot.proposal.code for t in turns] == [code for _f, code, _h in session.drawn]
    leaving = {t.slot.proposal_id: t.leaving for t in turns}
    assert leaving == {first.pk: ("沈会计师",), second.pk: (), third.pk: ()}
    assert not any(turn.leaving for turn in turns_of(session, cast.ding)), "not hers to know"
    assert [t.slot.proposal_id for t in turns_of(session, cast.shen)].count(first.pk) == 0

    assert tell_order(session, acting_user=cast.fan) == 3
    told = Message.objects.filter(kind="ventures.defence", to_user=cast.en)
    assert told.count() == 1
    last = turns[-1].slot
    with pytest.raises(PositionUnknown):
        move_slot(last, position=4, reason="赶车", acting_user=cast.fan)
    move_slot(last, position=1, reason="要赶末班车", acting_user=cast.fan)
    order = [t.slot.proposal.code for t in turns_of(session, cast.fan)]
    assert order == [turns[2].slot.proposal.code] + [t.slot.proposal.code for t in turns[:2]]
    assert told.count() == 2
    assert Change.objects.filter(verb="move", reason="要赶末班车").exists()
    begins = [t.slot.begins_at - session.begins_at for t in turns_of(session, cast.fan)]
    assert begins == [timedelta(minutes=12 * n) for n in range(3)]

    tied.delete()
    open_slot(turns_of(session, cast.fan)[0].slot, acting_user=cast.fan)
    with pytest.raises(DefenceBegun):
        void_order(session, reason="重来", acting_user=cast.fan)
    with pytest.raises(DefenceBegun):
        plan_defence(round, plan_of_an_hour(), acting_user=cast.fan)


def test_told_again_after_the_place_changed_and_only_then(cast: Cast, round: Round):
    make_terms(round)
    session = make_drawn(round, acting_user=cast.fan)
    told = Message.objects.filter(kind="ventures.defence", to_user=cast.en)
    tell_order(session, acting_user=cast.fan)
    tell_order(session, acting_user=cast.fan)
    assert told.count() == 1

    plan = plan_of_an_hour(place="另一个会场", begins_at=session.begins_at)
    plan_defence(round, plan, acting_user=cast.fan)
    tell_order(session, acting_user=cast.fan)

    assert told.count() == 2
    assert "另一个会场" in told.order_by("-pk")[0].body


def test_the_wrong_team_steps_down_again_until_somebody_gave_points(cast: Cast, round: Round):
    make_terms(round)
    session = make_drawn(round, acting_user=cast.fan)
    wrong, right = session.slots.order_by("position")[:2]
    open_slot(wrong, acting_user=cast.fan)
    with pytest.raises(StageTaken):
        open_slot(right, acting_user=cast.fan)

    step_down(wrong, acting_user=cast.fan)
    open_slot(right, acting_user=cast.fan)

    wrong.refresh_from_db()
    assert (wrong.state, wrong.opened_at) == ("waiting", None)
    hand_in_points(right, (96, 64), acting_user=cast.ding)
    with pytest.raises(PointsGiven):
        step_down(right, acting_user=cast.fan)


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_a_plan_saved_while_the_lot_is_drawn_leaves_the_lot(cast: Cast, round: Round):
    """The plan waits for the draw, and then writes the plan alone."""
    make_terms(round)
    session = seal_order(
        plan_defence(round, plan_of_an_hour(), acting_user=cast.fan), acting_user=cast.fan
    )
    plan = plan_of_an_hour(place="另一个会场")
    with ThreadPoolExecutor(1) as other:
        with transaction.atomic():
            draw_order(session, witness="李记者", word="潮起", acting_user=cast.fan)
            saving = other.submit(on_its_own, plan_defence, round, plan, acting_user=cast.fan)
            waited, _done = wait([saving], timeout=1)
            assert not waited, "the lot is drawn and not committed yet"
        saving.result(60)

    session.refresh_from_db()
    assert (session.state, session.word, session.place) == ("drawn", "潮起", "另一个会场")
    assert len(session.drawn) == 3


def on_its_own(act, *given, **named):
    """In a thread with a connection of its own, which goes with it."""
    try:
        return act(*given, **named)
    finally:
        connections.close_all()


def test_points_stay_hidden_until_all_are_shown_at_once(cast: Cast, round: Round):
    make_terms(round, paper_percent=50, defence_percent=50)
    tie(proposals_of(round)[2], cast.lu, cast.fan)
    session = make_drawn(round, acting_user=cast.fan)
    slots = {slot.proposal_id: slot for slot in session.slots.all()}
    first, second, third = (slots[one.pk] for one in proposals_of(round))
    everybody = (cast.ding, cast.shen, cast.lu, cast.fan, cast.shu)
    with pytest.raises(SlotNotOpen):
        hand_in_points(first, (100, 60), acting_user=cast.ding)
    open_slot(first, acting_user=cast.fan)
    with pytest.raises(StageTaken):
        open_slot(second, acting_user=cast.fan)
    before = {who: hall_state(session, who) for who in everybody}
    paper = ranking_of(round).composite.missing

    hand_in_points(first, (100, 60), acting_user=cast.ding)
    hand_in_points(first, (90, 60), acting_user=cast.shen)
    hand_in_points(first, (101, 61), acting_user=cast.ding)  # changed her mind

    assert {who: hall_state(session, who) for who in everybody} == before
    assert ranking_of(round).composite.missing == paper
    assert not DefenceSheet.objects.revealed().exists()
    assert not Change.objects.filter(verb__contains="hand_in").exists()
    assert waited_for(first) == ["陆总干事"]
    for wrong in ((121, 10), (10,), (10, 10, 10)):
        with pytest.raises(DatabaseError, match="criterion"), transaction.atomic():
            hand_in_points(first, wrong, acting_user=cast.lu)
    with pytest.raises(SheetsOutstanding) as refused:
        reveal_slot(first, acting_user=cast.ding)
    assert refused.value.facts["names"] == ["陆总干事"]
    with pytest.raises(NotAllowed):
        reveal_slot(first, reason="不等了", acting_user=cast.shen)

    reveal_slot(first, reason="陆总干事临时有事", acting_user=cast.ding)

    told = hall_state(session, cast.fan)["revealed"][str(first.pk)]
    assert [one["points"] for one in told["points"]] == ["81", "75"]
    assert told["score"] == "78.00"
    assert Change.objects.get(verb="reveal").facts == {"sheets": 2, "not_waited_for": 1}
    with pytest.raises(SlotNotOpen):
        hand_in_points(first, (120, 80), acting_user=cast.lu)
    for late in (
        lambda: DefenceSheet.objects.filter(slot=first).update(half_points=[1, 1]),
        lambda: DefenceSheet.objects.filter(slot=first).delete(),
    ):
        with pytest.raises(DatabaseError, match="while its slot is open"), transaction.atomic():
            late()

    open_slot(third, acting_user=cast.ding)
    with pytest.raises(LeavesForSlot):
        hand_in_points(third, (1, 1), acting_user=cast.lu)
    hand_in_points(third, (120, 80), acting_user=cast.ding)
    with pytest.raises(TooFewSheets):
        reveal_slot(third, reason="快", acting_user=cast.fan)
    hand_in_points(third, (120, 80), acting_user=cast.shen)
    reveal_slot(third, acting_user=cast.fan)  # 陆总干事 left: nobody waits for her


def test_composite_decides_the_order_once_it_is_complete(cast: Cast, round: Round):
    make_terms(
        round, paper_percent=50, defence_percent=20, vote_percent=20, pledge_percent=10,
        vote_rule="top",
    )  # fmt: skip
    first, second, third = proposals_of(round)
    for proposal, points in ((first, 90), (second, 85), (third, 80)):
        for reviewer in (cast.ding, cast.shen, cast.lu):
            hand_in(reviewer, proposal, points)
    close_panel(round.panel, acting_user=cast.fan)
    now = timezone.now()
    pledge = enter_pledge(
        second, pledger_kind="organisation", pledger_name="河畔茶厂", amount_fen=250_000,
        evidence=SimpleUploadedFile("承诺书.pdf", PDF), acting_user=cast.pan,
    )  # fmt: skip
    with pytest.raises(PledgedAlready):
        enter_pledge(
            second, pledger_kind="organisation", pledger_name="河畔茶厂", amount_fen=1,
            evidence=SimpleUploadedFile("承诺书.pdf", PDF), acting_user=cast.pan,
        )  # fmt: skip
    free = fund_position(round.fund_key).free_fen
    with pytest.raises(NotAllowed):
        confirm_pledge(pledge, how="我们自己知道", acting_user=cast.pan)
    with pytest.raises(CheckUntold):
        confirm_pledge(pledge, how=" ", acting_user=cast.fan)
    confirm_pledge(pledge, how="电话问过厂长", acting_user=cast.fan)
    session = make_drawn(round, acting_user=cast.fan)
    slots = {slot.proposal_id: slot for slot in session.slots.all()}
    judges = {who: (96, 64) for who in (cast.ding, cast.shen, cast.lu)}  # 80 points
    score_in_hall(slots[first.pk], judges, cast.fan)
    reveal_slot(slots[first.pk], acting_user=cast.ding)
    score_in_hall(slots[second.pk], {who: (120, 80) for who in judges}, cast.fan)
    reveal_slot(slots[second.pk], acting_user=cast.ding)

    missing = ranking_of(round).composite.missing
    assert missing == (
        "还有 1 个项目没有答辩完", "公众投票还没有计票", "承诺书还没有截止接收",
    )  # fmt: skip
    with pytest.raises(CompositeIncomplete):
        prepare_decisions(round, choices_for(round, 5_000), acting_user=cast.fan)
    assert [one.rank for one in ranking_of(round).standings] == [1, 2, 3]

    miss_slot(slots[third.pk], verb="miss", acting_user=cast.fan)
    CompositeTerms.objects.update(pledges_until=now)
    with pytest.raises(PledgesOver):
        enter_pledge(
            second, pledger_kind="person", pledger_name="晚到的人", amount_fen=1,
            evidence=SimpleUploadedFile("承诺书.pdf", PDF), acting_user=cast.pan,
        )  # fmt: skip
    PublicVote.objects.create(
        round=round, opens_at=now - timedelta(2), closes_at=now - timedelta(1), set_by=cast.fan,
        state="counted", counts={first.code: 1, second.code: 3}, turnout=4, counted_by=cast.fan,
        counted_at=now,
    )  # fmt: skip
    ranking = ranking_of(round)

    assert {line.code: line.hundredths for line in ranking.composite.lines} == {
        first.code: 67_67,  # 45 + 16 + 6.666 + 0: the vote's 33.33 is what is published
        second.code: 85_00,  # 42.5 + 20 + 20 + 2.5
        third.code: 40_00,  # 40 + 0 (absent) + 0 + 0
    }
    assert [one.candidate.number for one in ranking.standings] == [
        second.code, first.code, third.code,
    ]  # fmt: skip
    assert ranking.standings[0].paper_hundredths == 85_00
    assert fund_position(round.fund_key).free_fen == free  # a promise is no money
    prepare_decisions(round, choices_for(round, 4_000, 5_000), acting_user=cast.fan)
    assert second.decision.score_hundredths == 85_00
    assert len(lines_of(round)) == 4


def test_rule_is_written_in_the_draft_only_and_copied_with_it(cast: Cast, round: Round):
    values = {
        "paper_percent": 70, "defence_percent": 20, "vote_percent": 10, "pledge_percent": 0,
        "least_judges": 3, "shortlist": 8, "choices": 2, "vote_rule": "share",
        "pledge_rule": "log", "pledge_bonus": 0, "pledge_full_fen": None, "pledges_until": None,
    }  # fmt: skip
    rule = {"aggregate": "trimmed_mean", "drop_from": 5, "acting_user": cast.fan}
    with pytest.raises(RulesFixed):
        set_composite(round, values, [("陈述", 200)], **rule)
    Round.objects.filter(pk=round.pk).update(state=Round.State.DRAFT)
    with pytest.raises(NotAllowed):
        set_composite(round, values, [("陈述", 200)], **(rule | {"acting_user": cast.xu}))

    terms = set_composite(round, values, [("陈述", 120), ("答问", 80)], **rule)

    said = "".join(lines_of(round))
    for part in ("书面评审 70% + 现场答辩 20% + 公众投票 10%", "陈述 60、答问 40", "前 8 名"):
        assert part in said
    copy = make_round_in_review(cast.fan, [])
    copy_composite(round, copy)
    assert lines_of(copy) == lines_of(round)
    assert copy.composite_terms.defence_rubric != terms.defence_rubric
    off = values | {"paper_percent": 100, "defence_percent": 0, "vote_percent": 0}
    assert set_composite(round, off, [], **rule) is None
    assert lines_of(round) == []
    for wrong in ({"paper_percent": 71}, {"defence_percent": 21}):
        with pytest.raises(DatabaseError, match="shares_make_a_hundred"), transaction.atomic():
            CompositeTerms.objects.filter(round=copy).update(**wrong)


def test_refused_pledge_says_why(cast: Cast, round: Round):
    make_terms(round, paper_percent=90, defence_percent=0, pledge_percent=10)
    first = proposals_of(round)[0]
    pledge = enter_pledge(
        first, pledger_kind="person", pledger_name="老周", amount_fen=50_000,
        evidence=SimpleUploadedFile("承诺书.pdf", PDF), acting_user=cast.en,
    )  # fmt: skip

    refuse_pledge(pledge, reason="没有签名", acting_user=cast.fan)

    pledge.refresh_from_db()
    assert (pledge.state, pledge.refused_for) == (Pledge.State.REFUSED, "没有签名")
    assert Message.objects.filter(to_user=cast.en, kind="ventures.pledge_refused").exists()


def test_a_pledge_is_confirmed_by_somebody_else_and_comes_from_outside(cast: Cast, round: Round):
    make_terms(round, paper_percent=90, defence_percent=0, pledge_percent=10)
    first = proposals_of(round)[0]

    def enter(name: str, by: User) -> Pledge:
        paper = SimpleUploadedFile("承诺书.pdf", PDF)
        return enter_pledge(
            first, pledger_kind="organisation", pledger_name=name, amount_fen=90_000,
            evidence=paper, acting_user=by,
        )  # fmt: skip

    for own in (first.applicant.name, f" {first.applicant.name[:2]} {first.applicant.name[2:]}"):
        with pytest.raises(OwnMoneyPledged):
            enter(own, cast.en)
    for stranger in (cast.pan, cast.xu, cast.shu, cast.ding):
        with pytest.raises(NotAllowed):
            enter("河畔茶厂", stranger)
    pledge = enter("河畔茶厂", cast.fan)  # a paper handed in at the desk
    for unfit in (cast.fan, cast.en, cast.xu, cast.ding):
        with pytest.raises(NotAllowed):
            confirm_pledge(pledge, how="问过", acting_user=unfit)
    with pytest.raises(DatabaseError, match="by_another"), transaction.atomic():
        Pledge.objects.update(
            state="confirmed", decided_by=cast.fan, decided_at=Now(), checked_how="问过"
        )

    confirm_pledge(pledge, how="电话问过厂长", acting_user=make_colleague(cast.fan))

    with pytest.raises(DatabaseError, match="how_checked"), transaction.atomic():
        Pledge.objects.update(checked_how="")
    withdraw_pledge(enter("河畔米厂", cast.fan), acting_user=cast.fan)
    assert Pledge.objects.confirmed().get() == pledge
