"""What a round may also write and our one life of it does not: each act is done at a step, its
letters are kept to be read, and all is undone.

With what is told on the way, every call that tells somebody something is made (`oracle.tells`): a
new one is not walked until it is done here, and the last step says so.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import Change, Membership, Role, User
from accounts.services.papers import Volume
from accounts.services.roles import grant_role
from tests.factories.ventures import make_colleague, make_proposal, make_round, publish
from tests.factories.ventures_awards import PDF, add_proposal, make_body
from tests.factories.ventures_reviewers import make_expert
from tests.oracle.people import Oracle
from ventures.models import (
    Award,
    AwardTerms,
    CallQuestion,
    Decision,
    Override,
    Panel,
    Pledge,
    Proposal,
    ReviewPack,
    Round,
    RoundStop,
    Track,
)
from ventures.selectors.announcements import Ending
from ventures.selectors.notices import usual_terms_of
from ventures.services import lapses, notices, review_packs, selections
from ventures.services.assignment_plans import apply_plan, ask_for_plan, make_plan
from ventures.services.award_corrections import RightAmount, propose_correction
from ventures.services.award_walks import propose_override
from ventures.services.award_wish_answers import answer_award_wish
from ventures.services.award_withdrawals import give_up_award, propose_cancellation
from ventures.services.bonuses import propose_bonus
from ventures.services.concept_readers import give_voice, name_readers
from ventures.services.defences import move_slot
from ventures.services.extensions import give_extension, take_back_extension
from ventures.services.letters import decide_revision, hand_in_revision
from ventures.services.partners import agree_to_join, ask_partner, remove_partner
from ventures.services.peeks import peek
from ventures.services.pledges import refuse_pledge
from ventures.services.proposals import submit_proposal
from ventures.services.questions import answer_question
from ventures.services.reissues import withdraw_notice
from ventures.services.review_invitations import (
    accept_invitation,
    invite_experts,
    remind_and_lapse,
)
from ventures.services.review_phases import COLUMNS, remove_phase, set_phase
from ventures.services.review_reminders import remind_before_close
from ventures.services.revision_days import extend_revision, remind_revisions
from ventures.services.round_forms import correct_words
from ventures.services.round_news import tell_dates_moved
from ventures.services.round_publishing import propose_round, return_round
from ventures.services.round_stop_news import tell_stopped
from ventures.services.round_stops import agree_to_stop, ask_stop, refuse_stop
from ventures.services.rounds import extend_round
from ventures.services.screening import refuse_proposal, return_proposal
from ventures.services.second_person_news import tell_those_above
from ventures.services.signature_reminders import remind_unsigned
from ventures.services.standing import lift_bar, make_bar
from ventures.services.teams import ask_team
from ventures.services.tie_checks import look_again
from ventures.services.transfers import offer_transfer

DAY = timedelta(days=1)
WHY = "演示的理由"


def _others_draft(o: Oracle) -> Proposal:
    """半日闲's, that is still being written."""
    body = o.organisations["banrixian"]
    return make_proposal(_round(o), body, created_by=o.people["pan"], title="另一件事")


def _round(o: Oracle) -> Round:
    return Round.objects.get(pk=o.round.pk)


def _call(o: Oracle, **fields: Any) -> Round:
    """Another call, ready to be published."""
    return make_round(
        created_by=o.people["fan"], state="draft", eligibility="登记或备案的社会组织", **fields
    )


def _second(o: Oracle) -> User:
    return make_colleague(o.people["fan"], "另一位局长")


def _more_time(o: Oracle) -> None:
    fan, round = o.people["fan"], _round(o)
    given = give_extension(
        round, o.organisations["enze"], until=round.closes_at + DAY, reason=WHY, acting_user=fan
    )
    take_back_extension(given, reason=WHY, acting_user=fan)


def _later_for_all(o: Oracle) -> None:
    extend_round(
        _round(o), closes_at=o.round.closes_at + 3 * DAY, reason=WHY, acting_user=o.people["fan"]
    )
    tell_dates_moved(Change.objects.filter(verb="extend").latest("pk"))


def _together(o: Oracle) -> None:
    pan, en = o.people["pan"], o.people["en"]
    draft = _others_draft(o)
    place = draft.communities.get()
    ask = ask_partner(draft, o.organisations["enze"], region=place, part="带", acting_user=pan)
    remove_partner(agree_to_join(ask, acting_user=en), acting_user=pan)
    Proposal.objects.filter(pk=draft.pk).update(team_organisation=o.organisations["enze"])
    ask_team(Proposal.objects.get(pk=draft.pk), acting_user=pan)


def _asked(o: Oracle) -> None:
    question = CallQuestion.objects.create(
        round=o.round,
        organisation=o.organisations["enze"],
        text="能报吗？",
        asked_by=o.people["en"],
    )
    answer_question(question, asked="能报吗？", text="能。", acting_user=o.people["fan"])


def _words_put_right(o: Oracle) -> None:
    _others_draft(o)
    correct_words(
        _round(o), code="plan", label="做些什么", help="", reason=WHY, acting_user=o.people["fan"]
    )


def _peeked(o: Oracle) -> None:
    Round.objects.filter(pk=o.round.pk).update(peek_minutes=10)
    peek(_round(o), o.secret.code, reason=WHY, acting_user=o.people["fan"])


def _unsigned(o: Oracle) -> None:
    Round.objects.filter(pk=o.round.pk).update(signature_due_on=timezone.localdate() + DAY)
    remind_unsigned()


def _elsewhere(o: Oracle) -> None:
    other = publish(_call(o, name="另一轮"))
    offer_transfer(o.secret, other, reason=WHY, acting_user=o.people["fan"])


def _barred(o: Oracle) -> None:
    fan = o.people["fan"]
    bar = make_bar(
        o.organisations["enze"],
        region=o.round.region,
        from_on=date(2026, 1, 1),
        until_on=None,
        reason=WHY,
        document_number="演 3 号",
        acting_user=fan,
    )
    lift_bar(bar, reason=WHY, acting_user=fan)


def _given_back(o: Oracle) -> None:
    fan, second = o.people["fan"], _second(o)
    round = propose_round(_call(o), acting_user=fan)
    return_round(round, reason=WHY, acting_user=second)


def _stopped(o: Oracle) -> None:
    fan, second, words = o.people["fan"], _second(o), {"cause": "other", "reason": WHY}
    refuse_stop(ask_stop(_round(o), **words, acting_user=fan), reason=WHY, acting_user=second)
    stop = ask_stop(_round(o), **words, acting_user=fan)
    agree_to_stop(stop, acting_user=second)
    tell_stopped(RoundStop.objects.get(pk=stop.pk))


def _returned(o: Oracle) -> None:
    return_proposal(
        o.secret, reason=WHY, marked_fields=["plan"], complete_by=timezone.now() + DAY,
        acting_user=o.people["fan"],
    )  # fmt: skip
    lapses._lapse(Proposal.objects.get(pk=o.secret.pk))


def _refused(o: Oracle) -> None:
    refuse_proposal(o.secret, reason=WHY, acting_user=o.people["fan"])


def _two_steps(o: Oracle) -> None:
    """恩泽社's concept in a round of two steps, read by 丁老师, invited, and never written out."""
    fan, ding, now = o.people["fan"], o.people["ding"], timezone.now()
    round = publish(
        _call(o, name="两步的一轮", full_closes_at=now + 30 * DAY, selected_by="reviewers")
    )
    out = make_proposal(round, o.organisations["banrixian"], created_by=o.people["pan"])
    concept = make_proposal(round, o.organisations["enze"], created_by=o.people["enxiao"])
    submit_proposal(out, acting_user=o.people["pan"])
    submit_proposal(concept, acting_user=o.people["en"])
    Round.objects.filter(pk=round.pk).update(closes_at=timezone.now())
    name_readers(Round.objects.get(pk=round.pk), [ding], acting_user=fan)
    for one, is_for in ((concept, True), (out, False)):
        give_voice(Proposal.objects.get(pk=one.pk), is_for=is_for, reason=WHY, acting_user=ding)
    round = Round.objects.get(pk=round.pk)
    selections.decide_by_voices(round, acting_user=fan)
    selections.tell_selection(round, acting_user=fan)
    lapses._miss(Proposal.objects.get(pk=concept.pk))


def _divided(o: Oracle) -> None:
    fan, panel = o.people["fan"], Panel.objects.get(round=o.round)
    add_proposal(_round(o), make_body("后来队"), title="后来的事")
    ask = {"mode": "ensure", "readers": 1, "least": 0, "most": 50, "at_once": 0}
    plan = make_plan(ask_for_plan(panel, **ask, acting_user=fan).pk)
    apply_plan(plan, acting_user=fan)


def _found_tied(o: Oracle) -> None:
    """丁老师 has joined 恩泽社 since she was named."""
    Membership.objects.create(user=o.people["ding"], organisation=o.organisations["enze"])
    look_again(_round(o), acting_user=o.people["fan"])


def _asked_to_judge(o: Oracle) -> None:
    fan, tracks = o.people["fan"], list(Track.objects.all())
    experts = [make_expert(name, tracks=tracks) for name in ("柯一", "柯二", "柯三")]
    first, second, third = invite_experts(_round(o), experts, acting_user=fan)
    accept_invitation(first, has_signed=True, told={}, acting_user=first.user)
    for asked, hours in ((second, 1), (third, -1)):
        type(asked).objects.filter(pk=asked.pk).update(
            answer_by=timezone.now() + timedelta(hours=hours)
        )
    remind_and_lapse()


def _due_soon(o: Oracle) -> None:
    Panel.objects.filter(round=o.round).update(due_at=timezone.now() + timedelta(hours=1))
    remind_before_close()


def _packed(o: Oracle) -> None:
    for key in ("ding", "shen"):
        pack = ReviewPack.objects.create(reviewer=o.people[key])
        review_packs._ready(pack, Volume(), [[o.secret.pk, 0]])


def _phases_changed(o: Oracle) -> None:
    fan, round, (phase,) = o.people["fan"], _round(o), o.round.review_phases.all()
    shorter = {name: getattr(phase, name) for name in COLUMNS}
    shorter["ends_at"] -= timedelta(minutes=1)
    set_phase(round, phase, shorter, reason=WHY, acting_user=fan)
    later = shorter | {"begins_at": shorter["ends_at"], "ends_at": shorter["ends_at"] + DAY}
    added = set_phase(round, None, later | {"hides_applicant": False}, reason=WHY, acting_user=fan)
    remove_phase(added, reason=WHY, acting_user=fan)


def _on_stage(o: Oracle) -> None:
    """Before anybody was on it, so that 恩泽社's own turn moves."""
    session = _round(o).defence
    type(session).objects.filter(pk=session.pk).update(told_at=timezone.now())
    slot = session.slots.get(proposal=o.secret)
    place = 1 if slot.position > 1 else 2
    move_slot(slot, position=place, reason=WHY, acting_user=o.people["fan"])
    pledge = Pledge.objects.get(pk=o.ids["pledge"])
    refuse_pledge(pledge, reason=WHY, acting_user=o.people["fan"])


def _above_the_hundred(o: Oracle) -> None:
    _second(o)
    kind = o.round.bonus_kinds.get()
    propose_bonus(o.other, kind, 2 * 5, reason=WHY, acting_user=o.people["fan"])


def _not_as_listed(o: Oracle) -> None:
    AwardTerms.objects.update_or_create(round=o.round, defaults={"is_walked": True})
    _second(o)
    propose_override(
        Proposal.objects.get(pk=o.other.pk), outcome="award", amount_fen=100, reason=WHY,
        acting_user=o.people["fan"],
    )  # fmt: skip
    Override.objects.update(proposed_at=timezone.now() - 400 * DAY)
    above = o.round.region.parent
    grant_role(o.people["zhu"], Role.Kind.OFFICER, region=above, acting_user=o.people["fan"])
    tell_those_above()


def _held_back(o: Oracle) -> None:
    """While the objection is open the rest is announced; who is under recheck and who might move
    up is told why not she."""
    notice = o.round.notices.get()
    decisions = list(Decision.objects.filter(proposal=o.secret))
    told = notices._tell_who_waits
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(notices, "database_now", lambda: notice.closes_at + DAY)
        patch.setattr(
            notices,
            "_tell_who_waits",
            lambda ending, announcement: (
                told(ending, announcement),
                told(replace(Ending(()), held=tuple(decisions)), _next(announcement)),
            ),
        )
        notices.conclude_notice(notice, acting_user=o.people["fan"])


def _next(announcement):
    """The same with another number: a person is told once of one announcement."""
    announcement.pk += 1
    return announcement


def _published_anew(o: Oracle) -> None:
    """The notice had a mistake: everybody is told, twice, and the objection goes with it; whose
    amount was wrong is told of that too."""
    fan = o.people["fan"]
    withdraw_notice(o.round.notices.get(), reason=WHY, acting_user=fan)
    award = Award.objects.get(proposal=o.secret)
    paper = SimpleUploadedFile("纪要.pdf", PDF, "application/pdf")
    right = RightAmount(award.amount_fen - 100, WHY, paper, seen_fen=award.amount_fen)
    second = _second(o)
    wish = propose_correction(award.proposal, right, acting_user=fan)
    answer_award_wish(wish, "agree", acting_user=second)
    terms = usual_terms_of(_round(o), timezone.localdate())
    notices.publish_notice(_round(o), terms=terms, acting_user=fan)


def _revised(o: Oracle) -> None:
    award = Award.objects.get(proposal=o.secret)
    Decision.objects.filter(pk=award.decision_id).update(needs_revision=True)
    award = Award.objects.get(pk=award.pk)
    near = timezone.localdate() + DAY
    extend_revision(award, near, reason=WHY, acting_user=o.people["fan"])
    remind_revisions()
    lines = [{"position": 1, "purpose": "茶点", "requested_fen": 1, "revised_fen": 1}]
    revision = hand_in_revision(award, lines, note=WHY, acting_user=o.people["en"])
    decide_revision(revision, "return_", reason=WHY, acting_user=o.people["fan"])


def _given_up(o: Oracle) -> None:
    proposal = Proposal.objects.get(pk=o.secret.pk)
    give_up_award(proposal, reason=WHY, publishes_reason=False, acting_user=o.people["en"])


def _cancelled(o: Oracle) -> None:
    proposal = Proposal.objects.get(pk=o.secret.pk)
    second = _second(o)
    wish = propose_cancellation(proposal, reason=WHY, acting_user=o.people["fan"])
    answer_award_wish(wish, "agree", acting_user=second)


ASIDES: dict[str, tuple[Callable[[Oracle], None], ...]] = {
    "call": (
        _more_time, _later_for_all, _together, _asked, _words_put_right, _peeked, _unsigned,
        _barred, _given_back, _stopped,
    ),
    "screening": (_returned, _refused, _elsewhere),
    "judging": (
        _two_steps, _divided, _found_tied, _asked_to_judge, _due_soon, _packed, _phases_changed,
        _on_stage, _above_the_hundred, _stopped,
    ),
    "counted": (_not_as_listed,),
    "notice": (_held_back, _published_anew),
    "final": (_revised, _given_up, _cancelled),
}  # fmt: skip
