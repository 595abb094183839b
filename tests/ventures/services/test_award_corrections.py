"""The amount recorded for an award is not the one in the minutes: it is put right."""

from datetime import timedelta
from functools import partial

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, ProgrammingError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.errors import FileRefused, NotAllowed, OutOfTurn, Overtaken, ReasonMissing
from accounts.models import Attachment, Change, Message
from tests.at_once import at_once, said, said_at_once
from tests.factories.ventures import make_colleague
from tests.factories.ventures_award_wishes import agree, wish_to_correct
from tests.factories.ventures_awards import (
    PDF,
    make_attachment,
    proposals_of,
)
from tests.factories.ventures_on_notice import TITLE, make_notice
from tests.plugins.relay import laid_again
from tests.ventures.views.test_awards import NOTICE_DATA
from timebank.doors import commit_fund, fund_position
from timebank.models.ledger import Transfer
from ventures.errors.award_corrections import (
    AmountByRules,
    AmountOfTheCall,
    AmountUnchanged,
    NotOnThatNotice,
    NoWithdrawnNotice,
)
from ventures.errors.award_wishes import (
    AwardWishWaiting,
    CorrectionWaiting,
    OwnAwardWishNotAgreed,
)
from ventures.errors.decisions import AmountOutOfRange, AwardsAboveFund, NoticeNotAsSeen
from ventures.models import (
    Award,
    AwardCorrection,
    AwardTerms,
    AwardWish,
    Decision,
    Letter,
    PublicNotice,
    Round,
)
from ventures.selectors.award_corrections import corrections_in
from ventures.selectors.dossiers import dossiers_of
from ventures.selectors.notice_papers import notice_paper
from ventures.selectors.notices import usual_terms_of
from ventures.selectors.outcomes import outcome_of
from ventures.services.award_corrections import RightAmount
from ventures.services.award_wish_answers import answer_award_wish
from ventures.services.award_withdrawals import give_up_award
from ventures.services.notices import conclude_notice, preview_notice, publish_notice
from ventures.services.reissues import withdraw_notice

pytestmark = pytest.mark.django_db
AT_ONCE = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
Outcome = Decision.Outcome
WHY = "录入时少打了一个零"
# 恩泽社: 495 yuan typed for 4,950; 甲队: 6,150 yuan; of 15,000.01 in all.
WRONG, RIGHT, OTHER = 49_500, 495_000, 615_000


def on_notice(cast):
    return make_notice(cast, first_fen=WRONG)


def published(round, cast, seen=None):
    round = Round.objects.get(pk=round.pk)
    terms = usual_terms_of(round, timezone.localdate())
    return publish_notice(round, terms=terms, acting_user=cast.fan, seen=seen)


@pytest.fixture
@laid_again
def void(cast):
    """Withdrawn because of the amount."""
    return withdraw_notice(on_notice(cast), reason="金额写错了", acting_user=cast.fan)


def propose(notice, cast, fen=RIGHT, *, place=0, by=None, seen=WRONG, reason=WHY, minutes=PDF):
    paper = SimpleUploadedFile("纪要.pdf", minutes, "application/pdf")
    right = RightAmount(fen, reason, paper, seen)
    return wish_to_correct(proposals_of(notice.round)[place], right, by or cast.fan)


def put_right(*args, **fields):
    return AwardCorrection.objects.get(wish=agree(propose(*args, **fields)))


def test_an_amount_is_put_right_with_its_money_and_told(void, cast, client, monkeypatch):
    round = void.round
    first, second, *_others = proposals_of(round)
    before = Award.objects.get(proposal=first)

    seen = preview_notice(round, usual_terms_of(round, timezone.localdate())).seen
    correction = put_right(void, cast)

    award = Award.objects.get(proposal=first)
    assert (award.amount_fen, award.decision.amount_fen) == (RIGHT, RIGHT)
    assert (correction.from_transfer_id, correction.transfer_id) == (
        before.transfer_id,
        award.transfer_id,
    )
    # The old sum went back whole, the right one was set aside, both lead to the proposal.
    assert fund_position(round.fund_key).committed_fen == RIGHT + OTHER
    moved = Transfer.objects.filter(source=f"ventures.proposal:{first.pk}").order_by("id")
    assert [(one.kind, one.reason) for one in moved] == [
        ("award", first.code),
        ("return", f"{first.code} 更正金额：原金额退回"),
        ("award", f"{first.code} 更正金额：按会议纪要"),
    ]
    change = Change.objects.get(verb="correct_amount")
    assert (change.before, change.after, change.reason) == (str(WRONG), str(RIGHT), WHY)
    wen = make_colleague(cast.fan)
    assert (change.acting_user, change.facts["proposed_by"]) == (wen, cast.fan.pk)
    told = Message.objects.filter(kind="ventures.award_corrected")
    assert {one.to_user for one in told} == {cast.en, cast.enxiao}
    assert "由 ¥495.00 更正为 ¥4,950.00" in told[0].body
    hers = outcome_of(first)
    assert hers.decision.amount_fen == RIGHT
    assert "金额由 ¥495.00 更正为 ¥4,950.00" in [str(one.what) for one in hers.events]
    assert outcome_of(second).corrections == ()

    with pytest.raises(NoticeNotAsSeen):
        published(round, cast, seen)
    again = published(round, cast)

    words = again.snapshot
    shown = {one["code"]: one for one in words["projects"]}
    assert (shown[first.code]["amount_fen"], words["total_fen"]) == (RIGHT, RIGHT + OTHER)
    assert sum(one["amount_fen"] for one in shown[first.code]["sources"]) == RIGHT
    assert sum(one["amount_fen"] for one in words["sources"]) == RIGHT + OTHER
    changes = {one["what"]: one for one in words["replaces"]["changes"]}
    assert changes[f"{first.title}（{first.code}）"] == {
        "what": f"{first.title}（{first.code}）",
        "before": "¥495.00",
        "after": "¥4,950.00",
        "why": WHY,
    }
    assert WHY in notice_paper(again)["standing"]
    letters = Letter.objects.filter(notice=again)
    assert "金额由 ¥495.00 更正为 ¥4,950.00" in letters.get(proposal=first).body
    assert "更正为" not in letters.get(proposal=second).body
    assert WHY in client.get(again.get_absolute_url()).content.decode()
    later = again.closes_at + timedelta(1)
    monkeypatch.setattr("ventures.services.notices.database_now", lambda: later)
    conclude_notice(again, acting_user=cast.fan)
    last = dossiers_of(Round.objects.get(pk=round.pk))[-1].content
    assert [(one["code"], one["from_fen"], one["to_fen"]) for one in last["corrections"]] == [
        (first.code, WRONG, RIGHT)
    ]
    kept = last["corrections"][0]
    assert kept["minutes_sha256"] == correction.minutes.sha256
    assert (kept["proposed_by"], kept["agreed_by"]) == (
        cast.fan.display_name,
        correction.corrected_by.display_name,
    )


def test_put_right_twice_each_is_kept_and_what_was_given_up_returns_whole(void, cast):
    put_right(void, cast, 400_000)
    put_right(void, cast, RIGHT, seen=400_000, reason="又看错一行")

    assert [(one.number, one.from_fen, one.to_fen) for one in corrections_in(void.round)] == [
        (1, WRONG, 400_000),
        (2, 400_000, RIGHT),
    ]
    again = published(void.round, cast)
    assert again.snapshot["replaces"]["changes"][-1]["why"] == f"{WHY}；又看错一行"
    first = proposals_of(void.round)[0]
    give_up_award(first, reason="不做了", publishes_reason=True, acting_user=cast.en)
    assert fund_position(void.round.fund_key).committed_fen == OTHER


def test_less_than_was_recorded_sets_money_free(void, cast):
    put_right(void, cast, 500_000, place=1, seen=OTHER)

    assert fund_position(void.round.fund_key).free_fen == 1_500_001 - 500_000 - WRONG


def test_refused_like_at_the_meeting_and_nothing_moves(void, cast):
    for person in (cast.ding, cast.ou, cast.xu, cast.shu, cast.jin, cast.en):
        with pytest.raises(NotAllowed):
            put_right(void, cast, by=person)
    refused = {
        ReasonMissing: {"reason": " "},
        Overtaken: {"seen": 1},
        AmountUnchanged: {"fen": WRONG},
        FileRefused: {"minutes": b"no pdf"},
        NotOnThatNotice: {"place": 2},
    }
    for refusal, wrong in refused.items():
        with pytest.raises(refusal):
            put_right(void, cast, **wrong)
    for fen in (0, -1, 615_001):
        with pytest.raises(AmountOutOfRange):
            put_right(void, cast, fen)

    assert fund_position(void.round.fund_key).committed_fen == WRONG + OTHER
    assert not AwardCorrection.objects.exists()
    assert not Message.objects.filter(kind="ventures.award_corrected").exists()


def test_it_takes_two_and_nothing_changes_until_the_second_agrees(void, cast, client):
    first = proposals_of(void.round)[0]
    wish = propose(void, cast)
    wen = make_colleague(cast.fan)

    assert Message.objects.get(kind="ventures.award_wish").to_user == wen
    assert not Message.objects.filter(kind="ventures.award_corrected").exists()
    assert fund_position(void.round.fund_key).committed_fen == WRONG + OTHER
    client.force_login(cast.en)
    for name in ("proposal-outcome", "proposal-detail"):
        page = client.get(reverse(f"ventures:{name}", args=[first.code])).content.decode()
        assert WHY not in page
    with pytest.raises(AwardWishWaiting):
        propose(void, cast, RIGHT - 1)
    with pytest.raises(CorrectionWaiting):
        published(void.round, cast)
    with pytest.raises(OwnAwardWishNotAgreed):
        answer_award_wish(wish, "agree", acting_user=cast.fan)
    for person in (cast.ding, cast.xu, cast.shu, cast.en):
        with pytest.raises(NotAllowed):
            answer_award_wish(wish, "agree", acting_user=person)
    with pytest.raises(NotAllowed):
        answer_award_wish(wish, "take_back", acting_user=wen)

    answer_award_wish(wish, "refuse", words="纪要上看不清", acting_user=wen)

    told = Message.objects.get(kind="ventures.award_wish_answered")
    assert (told.to_user, "纪要上看不清" in told.body) == (cast.fan, True)
    with pytest.raises(OutOfTurn):
        answer_award_wish(wish, "agree", acting_user=wen)
    answer_award_wish(propose(void, cast), "take_back", acting_user=cast.fan)
    waits = propose(void, cast)
    give_up_award(first, reason="不做了", publishes_reason=True, acting_user=cast.en)
    waits.refresh_from_db()
    assert (waits.state, waits.decided_by) == ("moot", cast.en)
    assert not AwardCorrection.objects.exists()
    assert fund_position(void.round.fund_key).committed_fen == OTHER


def test_never_above_the_fund(void, cast):
    free_fen = fund_position(void.round.fund_key).free_fen
    commit_fund(
        void.round.fund_key, amount_fen=free_fen - 100, source="x", key="x", reason="x",
        acting_user=cast.fan,
    )  # fmt: skip
    files = Attachment.objects.count()

    with pytest.raises(AwardsAboveFund):
        put_right(void, cast, WRONG + 101)
    assert Attachment.objects.count() == files
    wish = propose(void, cast, WRONG + 100)
    commit_fund(
        void.round.fund_key, amount_fen=50, source="x", key="y", reason="x", acting_user=cast.fan
    )
    with pytest.raises(AwardsAboveFund):
        agree(wish)
    answer_award_wish(wish, "refuse", acting_user=make_colleague(cast.fan))
    put_right(void, cast, WRONG + 50)

    assert fund_position(void.round.fund_key).free_fen == 0


def test_only_while_a_withdrawn_notice_waits(cast):
    notice = on_notice(cast)
    with pytest.raises(NoWithdrawnNotice):
        put_right(notice, cast)
    withdraw_notice(notice, reason="金额写错了", acting_user=cast.fan)
    published(notice.round, cast)
    with pytest.raises(NoWithdrawnNotice):
        put_right(notice, cast)


def test_not_where_rules_gave_it_nor_where_the_call_did(void, cast):
    AwardTerms.objects.create(round=void.round, is_walked=True)
    with pytest.raises(AmountByRules):
        put_right(void, cast)
    titles = make_notice(cast, names=(), **TITLE)
    withdraw_notice(titles, reason="写错了", acting_user=cast.fan)
    with pytest.raises(AmountOfTheCall):
        put_right(titles, cast, seen=0)


def test_the_award_changes_by_a_correction_and_in_no_other_way(void, cast):
    award = Award.objects.get(proposal=proposals_of(void.round)[0])
    mine = Award.objects.filter(pk=award.pk)

    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        mine.update(awarded_at=timezone.now())
    with pytest.raises(ProgrammingError, match="append-only"), transaction.atomic():
        mine.update(amount_fen=1)
    put_right(void, cast)
    with pytest.raises(ProgrammingError, match="append-only"), transaction.atomic():
        mine.update(amount_fen=WRONG, transfer_id=award.transfer_id)
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        AwardCorrection.objects.update(to_fen=1)


@pytest.mark.parametrize("is_told", [True, False])
def test_a_correction_that_is_not_carried_out_does_not_stand(void, cast, is_told):
    award = Award.objects.get(proposal=proposals_of(void.round)[0])
    wen, paper = make_colleague(cast.fan), make_attachment(cast.fan)
    wish = AwardWish.objects.create(
        award=award, kind="correct", seen_fen=WRONG, to_fen=RIGHT, reason=WHY, notice=void,
        minutes=paper, proposed_by=cast.fan,
    )  # fmt: skip

    def write():
        with transaction.atomic():
            AwardCorrection.objects.create(
                award=award, number=1, notice=void, from_fen=WRONG, to_fen=RIGHT, reason=WHY,
                minutes=paper, from_transfer_id=award.transfer_id, wish=wish,
                returned_transfer_id=-1, transfer_id=-2, corrected_by=wen,
            )  # fmt: skip
            if is_told:
                Award.objects.filter(pk=award.pk).update(amount_fen=RIGHT, transfer_id=-2)
            connections["default"].check_constraints()

    # Not by one alone, either: the wish waits.
    with pytest.raises(IntegrityError, match="another agreed to"):
        write()
    AwardWish.objects.update(state="agreed", decided_by=wen, decided_at=timezone.now())
    if is_told:
        write()
    else:
        with pytest.raises(IntegrityError, match="corrected amount"):
            write()


@AT_ONCE
def test_at_the_same_moment_it_is_once_and_the_notice_says_what_the_ledger_has(void, cast):
    make_colleague(cast.fan)
    acts = [partial(propose, void, cast)] * 2
    assert said_at_once(*acts) == ["award_wish_waiting", "done"]
    wish = AwardWish.objects.get()
    assert said_at_once(*[partial(agree, wish)] * 2) == ["done", "out_of_turn"]
    assert AwardCorrection.objects.count() == 1
    assert fund_position(void.round.fund_key).committed_fen == RIGHT + OTHER
    wish = propose(void, cast, 400_000, seen=RIGHT)

    outcomes = at_once(partial(agree, wish), partial(published, void.round, cast))

    assert said(outcomes) in (["done", "done"], ["correction_waiting", "done"])
    if not isinstance(outcomes[1], PublicNotice):
        published(void.round, cast)
    again = PublicNotice.objects.get(replaces=void)
    assert Award.objects.get(proposal=wish.proposal).amount_fen == 400_000
    assert again.snapshot["total_fen"] == fund_position(void.round.fund_key).committed_fen


def test_an_officer_is_led_from_the_withdrawn_notice_to_the_paper(void, cast, client):
    first = proposals_of(void.round)[0]
    amounts = reverse("ventures:round-amounts", args=[void.round.code])
    page = reverse("ventures:award-correct", args=[first.code])
    make_colleague(cast.fan)
    client.force_login(cast.fan)
    publish = reverse("ventures:notice-publish", args=[void.round.code])
    board = reverse("ventures:round-board", args=[void.round.code])
    assert amounts in client.get(board).content.decode()
    for url, link in ((void.get_absolute_url(), amounts), (publish, amounts), (amounts, page)):
        assert link in client.get(url).content.decode()
    typed = {"amount": "4,950", "again": "4950", "reason": WHY, "seen": WRONG}

    for wrong in ({"again": "495"}, {"amount": "7000", "again": "7000"}, {"reason": ""}):
        paper = SimpleUploadedFile("纪要.pdf", PDF, "application/pdf")
        assert client.post(page, typed | wrong | {"minutes": paper}).status_code == 422
    paper = SimpleUploadedFile("纪要.pdf", PDF, "application/pdf")
    wishes = reverse("ventures:award-wishes", args=[void.round.code])
    assert client.post(page, typed | {"minutes": paper}).url == wishes
    assert client.get(page).url == wishes
    for url in (amounts, board, publish):
        assert wishes in client.get(url).content.decode()
    looked = client.post(publish, NOTICE_DATA).content.decode()
    assert (NOTICE_DATA["basis"] in looked, 'value="publish"' in looked) == (True, False)
    wish = AwardWish.objects.get()
    to_agree = reverse("ventures:award-wish-step", args=[void.round.code, wish.pk, "agree"])
    assert to_agree not in client.get(wishes).content.decode()
    client.force_login(make_colleague(cast.fan))
    assert wishes in client.get("/home/").content.decode()
    assert to_agree in client.get(wishes).content.decode()
    paper = reverse("ventures:award-wish-minutes", args=[void.round.code, wish.pk])
    assert b"".join(client.get(paper)) == PDF
    assert client.post(to_agree).url == wishes
    client.force_login(cast.fan)

    minutes = reverse("ventures:award-correction-minutes", args=[first.code, 1])
    assert minutes in client.get(amounts).content.decode()
    assert b"".join(client.get(minutes)) == PDF
    client.force_login(cast.jin)
    assert minutes in client.get(amounts).content.decode()
    assert client.get(minutes).status_code == 200
    client.force_login(cast.en)
    assert client.get(minutes).status_code == 403
    outcome = client.get(reverse("ventures:proposal-outcome", args=[first.code]))
    assert "更正为 ¥4,950.00" in outcome.content.decode()


def test_many_wishes_ask_no_more_than_one(void, cast, client, django_assert_num_queries):
    """And a NUL typed as a reason is left out of it, not an error of the database."""
    propose(void, cast)
    page = reverse("ventures:award-wishes", args=[void.round.code])
    client.force_login(make_colleague(cast.fan))
    client.get(page)  # what is asked once a process
    with CaptureQueriesContext(connection) as asked:
        client.get(page)
    propose(void, cast, 500_000, place=1, seen=OTHER)

    with django_assert_num_queries(len(asked)):
        client.get(page)

    wish = AwardWish.objects.filter(state="proposed").first()
    refuse = reverse("ventures:award-wish-step", args=[void.round.code, wish.pk, "refuse"])
    assert client.post(refuse, {"words": "金额\x00不对"}).url == page
    wish.refresh_from_db()
    assert (wish.state, wish.words) == ("refused", "金额不对")
