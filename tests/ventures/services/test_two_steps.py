"""A round in two steps: a concept, its selection, the full proposal of those selected."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.errors import NotAllowed, OutOfTurn, ReasonMissing
from accounts.models import Change, Message
from accounts.services.roles import grant_role
from config.demo.cast import Cast
from tests.factories.ventures import make_proposal, make_round
from tests.plugins.relay import laid_again
from ventures.errors.proposals import ProposalIncomplete
from ventures.errors.rounds import RoundClosed, SelectionUntold
from ventures.errors.selections import (
    ConceptsStillOpen,
    NobodySelected,
    SelectedByOffice,
    SelectedByReviewers,
    SelectionTold,
    SelectionUnfinished,
    VoicesMissing,
)
from ventures.errors.timetable import ExtensionExists, NotSelected
from ventures.models import Proposal, Round, Selection
from ventures.rules.form_contents import OFF, REQUIRED, Terms
from ventures.rules.timetable import all_in_at, deadline_for
from ventures.selectors.flows import flow_of, flow_picture
from ventures.selectors.funnels import summary_of
from ventures.selectors.office_lists import proposals_before
from ventures.selectors.proposal_papers import proposal_paper
from ventures.selectors.readings import paper_for, story_of
from ventures.selectors.rounds import phase_of, steps_of
from ventures.selectors.selection_words import how_selected
from ventures.selectors.selections import concepts_before
from ventures.services.concept_readers import give_voice, name_readers
from ventures.services.drafts import DraftText, begin_proposal, save_draft
from ventures.services.extensions import give_extension
from ventures.services.lapses import lapse_overdue
from ventures.services.proposals import revive_proposal, submit_proposal, withdraw_proposal
from ventures.services.round_forms import freeze_form, set_built_in
from ventures.services.rounds import begin_review, extend_round
from ventures.services.screening import accept_proposal
from ventures.services.selections import decide_by_voices, decide_concepts, tell_selection

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
S = Proposal.State


@pytest.fixture
@laid_again
def two_steps(cast: Cast) -> Round:
    """Concepts for ten more days, full proposals for thirty."""
    return make_round(
        created_by=cast.fan,
        full_closes_at=timezone.now() + timedelta(days=30),
        grace_minutes=10,
    )


@pytest.fixture
def concepts(cast: Cast, two_steps: Round) -> tuple[Proposal, Proposal]:
    """Two concepts that were handed in, of 恩泽社 and of 伴日闲."""
    first = make_proposal(two_steps, cast.organisations["enze"], created_by=cast.enxiao)
    second = make_proposal(two_steps, cast.organisations["banrixian"], created_by=cast.pan)
    submit_proposal(first, acting_user=cast.en)
    submit_proposal(second, acting_user=cast.pan)
    return fresh(first), fresh(second)


def fresh(proposal: Proposal) -> Proposal:
    return Proposal.objects.select_related("round").get(pk=proposal.pk)


def pass_first_close(round: Round) -> Round:
    """Let the close of the concepts and its grace pass."""
    now = timezone.now()
    Round.objects.filter(pk=round.pk).update(
        opens_at=now - timedelta(days=20), closes_at=now - timedelta(minutes=11)
    )
    return Round.objects.get(pk=round.pk)


def pass_second_close(round: Round) -> None:
    now = timezone.now()
    Round.objects.filter(pk=round.pk).update(
        opens_at=now - timedelta(days=40),
        closes_at=now - timedelta(days=20),
        full_closes_at=now - timedelta(minutes=11),
    )


def told(round: Round, cast: Cast, *, first: Proposal, second: Proposal) -> Round:
    """The first selected, the second not, and both told."""
    round = pass_first_close(round)
    decide_concepts(round, [first.pk], is_selected=True, reason="切题", acting_user=cast.fan)
    decide_concepts(round, [second.pk], is_selected=False, reason="重复", acting_user=cast.fan)
    return tell_selection(round, acting_user=cast.fan)


def test_from_the_concept_to_the_full_proposal(
    cast: Cast, two_steps: Round, concepts: tuple[Proposal, Proposal]
):
    """What is decided is told together; what was typed is carried over; both closes hold."""
    first, second = concepts
    assert [first.state, second.state] == [S.CONCEPT, S.CONCEPT]
    assert first.versions.get().snapshot["step"] == "concept"
    withdraw_proposal(first, acting_user=cast.en)
    revive_proposal(fresh(first), acting_user=cast.en)
    submit_proposal(fresh(first), acting_user=cast.en)
    with pytest.raises(ConceptsStillOpen):
        decide_concepts(
            two_steps, [first.pk], is_selected=True, reason="早了", acting_user=cast.fan
        )

    round = pass_first_close(two_steps)
    assert str(phase_of(round, timezone.now())) == "概要已截止，遴选中"
    with pytest.raises(ReasonMissing):
        decide_concepts(round, [first.pk], is_selected=True, reason=" ", acting_user=cast.fan)
    with pytest.raises(NotAllowed):
        decide_concepts(round, [first.pk], is_selected=True, reason="我来", acting_user=cast.ou)
    decide_concepts(
        round, [first.pk, second.pk], is_selected=False, reason="都不", acting_user=cast.fan
    )
    with pytest.raises(NobodySelected):
        tell_selection(round, acting_user=cast.fan)
    decide_concepts(round, [first.pk], is_selected=True, reason="切题", acting_user=cast.fan)
    assert fresh(first).state == S.CONCEPT
    assert "切题" not in str(story_of(first))
    assert not Message.objects.filter(kind__startswith="concept_").exists()
    with pytest.raises(SelectionUntold):
        begin_review(round, acting_user=cast.fan)

    round = tell_selection(round, acting_user=cast.fan)

    first, second = fresh(first), fresh(second)
    assert [round.state, first.state, second.state] == [
        Round.State.FULL,
        S.INVITED,
        S.NOT_SELECTED,
    ]
    letters = Message.objects.filter(to_user=cast.pan, kind="concept_not_selected")
    assert "都不" in letters.get().body
    assert Message.objects.filter(to_user=cast.en, kind="concept_selected").count() == 1
    assert first.plan == "每周三下午在楼道口摆茶，两名志愿者陪老人说话，登记身体情况。"
    assert deadline_for(first).until == round.full_closes_at + timedelta(minutes=10)
    with pytest.raises(SelectionTold):
        decide_concepts(round, [first.pk], is_selected=False, reason="改", acting_user=cast.fan)
    verbs = set(Change.objects.values_list("verb", flat=True))
    assert {"file_concept", "decide_concept", "tell_selection", "select", "pass_over"} <= verbs

    save_draft(
        first,
        DraftText(values={"plan": "写得更细"}),
        revision=first.revision,
        acting_user=cast.en,
    )
    row = proposals_before(round, cast.fan).get(pk=first.pk)
    assert row.handed_words["plan"].startswith("每周三下午")
    submit_proposal(fresh(first), acting_user=cast.en)
    withdraw_proposal(fresh(first), acting_user=cast.en)
    revive_proposal(fresh(first), acting_user=cast.en)
    assert fresh(first).state == S.INVITED
    submit_proposal(fresh(first), acting_user=cast.en)
    assert "step" not in first.versions.order_by("-number")[0].snapshot

    pass_second_close(round)
    with pytest.raises(RoundClosed):
        withdraw_proposal(fresh(first), acting_user=cast.en)
    accept_proposal(fresh(first), acting_user=cast.fan)
    assert begin_review(round, acting_user=cast.fan).state == Round.State.IN_REVIEW
    assert [fresh(first).state, fresh(second).state] == [S.UNDER_REVIEW, S.NOT_SELECTED]


def test_nobody_slips_past_the_selection(
    cast: Cast, two_steps: Round, concepts: tuple[Proposal, Proposal]
):
    """Neither an unfinished concept, nor one taken back, nor one passed over, nor a new one."""
    first, second = concepts
    now = timezone.now()
    round = pass_first_close(two_steps)
    Proposal.objects.filter(pk=second.pk).update(state=S.DRAFT)
    with pytest.raises(RoundClosed):
        submit_proposal(fresh(second), acting_user=cast.pan)
    Proposal.objects.filter(pk=second.pk).update(state=S.CONCEPT)
    round = told(round, cast, first=first, second=second)

    with pytest.raises(OutOfTurn):
        submit_proposal(fresh(second), acting_user=cast.pan)
    with pytest.raises(RoundClosed):
        revive_proposal(fresh(second), acting_user=cast.pan)
    Proposal.objects.filter(pk=second.pk).update(state=S.WITHDRAWN)
    with pytest.raises(RoundClosed):
        revive_proposal(fresh(second), acting_user=cast.pan)
    with pytest.raises(RoundClosed):
        begin_proposal(round, cast.organisations["banrixian"], acting_user=cast.pan)
    with pytest.raises(NotSelected):
        give_extension(
            round,
            cast.organisations["banrixian"],
            until=now + timedelta(days=40),
            reason="漏了",
            acting_user=cast.fan,
        )
    Proposal.objects.filter(pk=second.pk).update(state=S.DRAFT)
    with pytest.raises(RoundClosed):
        submit_proposal(fresh(second), acting_user=cast.pan)
    with pytest.raises(RoundClosed):
        save_draft(
            fresh(second),
            DraftText(values={"title": "补一笔"}),
            revision=second.revision,
            acting_user=cast.pan,
        )


def test_seal_grace_and_extension_hold_for_both_closes(
    cast: Cast, two_steps: Round, concepts: tuple[Proposal, Proposal]
):
    first, second = concepts
    Round.objects.filter(pk=two_steps.pk).update(is_sealed=True)
    round = Round.objects.get(pk=two_steps.pk)
    assert not concepts_before(cast.fan, round, timezone.now())
    assert not Proposal.objects.visible_to(cast.fan).exists()
    give_extension(
        round,
        cast.organisations["enze"],
        until=round.closes_at + timedelta(days=1),
        reason="停电",
        acting_user=cast.fan,
    )
    round = pass_first_close(round)
    round.extensions.update(until=timezone.now() + timedelta(seconds=40))
    with pytest.raises(ConceptsStillOpen):
        decide_concepts(round, [first.pk], is_selected=True, reason="切题", acting_user=cast.fan)
    round.extensions.update(taken_back_at=timezone.now())
    assert len(concepts_before(cast.fan, round, timezone.now())) == 2
    round = told(round, cast, first=first, second=second)

    # Sealed anew: how far the full proposal has come is nobody's but the applicant's.
    assert not Proposal.objects.visible_to(cast.fan).exists()
    assert [
        row.selection.is_selected for row in concepts_before(cast.fan, round, timezone.now())
    ] == [
        True,
        False,
    ]
    later = round.full_closes_at + timedelta(days=3)
    extend_round(round, closes_at=later, reason="放假", acting_user=cast.fan)
    round.refresh_from_db()
    assert round.full_closes_at == later
    assert all_in_at(round) == later + timedelta(minutes=10)
    terms = {
        "until": later + timedelta(days=2),
        "reason": "住院",
        "acting_user": cast.fan,
    }
    give_extension(round, cast.organisations["enze"], **terms)
    with pytest.raises(ExtensionExists):
        give_extension(round, cast.organisations["enze"], **terms)
    pass_second_close(round)
    assert deadline_for(fresh(first)).is_extended
    submit_proposal(fresh(first), acting_user=cast.en)
    assert round.extensions.filter(is_for_full=True, used_at__isnull=False).count() == 1


def test_reviewers_select_by_more_than_half(
    cast: Cast, two_steps: Round, concepts: tuple[Proposal, Proposal], client: Client
):
    first, second = concepts
    with pytest.raises(SelectedByOffice):
        name_readers(two_steps, [cast.shen], acting_user=cast.fan)
    Round.objects.filter(pk=two_steps.pk).update(selected_by=Round.Selects.REVIEWERS)
    round = pass_first_close(two_steps)
    name_readers(round, [cast.shen, cast.lu, cast.ding], acting_user=cast.fan)
    name_readers(round, [cast.shen, cast.lu], acting_user=cast.fan)
    page = f"/rounds/{round.code}/concepts/"
    client.force_login(cast.ding)
    assert "不再请您评议" in client.get(page).content.decode()
    # 陆总干事 joined 伴日闲: its concept is not hers to see.
    grant_role(
        cast.lu, "member", organisation=cast.organisations["banrixian"], acting_user=cast.fan
    )

    assert [row.proposal.pk for row in concepts_before(cast.lu, round, timezone.now())] == [
        first.pk
    ]
    with pytest.raises(NotAllowed):
        give_voice(fresh(second), is_for=True, reason="好", acting_user=cast.lu)
    with pytest.raises(NotAllowed):
        give_voice(fresh(first), is_for=True, reason="好", acting_user=cast.fan)
    with pytest.raises(SelectedByReviewers):
        decide_concepts(round, [first.pk], is_selected=True, reason="好", acting_user=cast.fan)
    give_voice(fresh(first), is_for=True, reason="需要迫切", acting_user=cast.shen)
    give_voice(fresh(second), is_for=True, reason="队伍可靠", acting_user=cast.shen)
    with pytest.raises(VoicesMissing):
        decide_by_voices(round, acting_user=cast.fan)
    give_voice(fresh(first), is_for=False, reason="做法太泛", acting_user=cast.lu)

    decide_by_voices(round, acting_user=cast.fan)

    by_code = {one.proposal_id: one for one in Selection.objects.all()}
    assert [by_code[first.pk].is_selected, by_code[second.pk].is_selected] == [False, True]
    assert "2 位评委评议，1 位同意入围" in by_code[first.pk].reason
    assert "沈会计师" not in by_code[first.pk].reason
    tell_selection(round, acting_user=cast.fan)
    assert fresh(second).state == S.INVITED
    for person, status in ((cast.shen, 200), (cast.lu, 200), (cast.fan, 200), (cast.anan, 404)):
        client.force_login(person)
        answer = client.get(page)
        assert answer.status_code == status
        assert ("概要评议已经结束" in answer.content.decode()) is (person in (cast.shen, cast.lu))


def test_the_concept_has_a_form_of_its_own(cast: Cast):
    """It may leave out the budget and ask for aims; the full form asks for everything again."""
    round = make_round(
        created_by=cast.fan,
        state=Round.State.DRAFT,
        full_closes_at=timezone.now() + timedelta(days=30),
    )
    set_built_in(
        round,
        {
            "budget": Terms(REQUIRED, REQUIRED, concept=OFF),
            "safety": Terms(REQUIRED, REQUIRED, concept=OFF),
            "aims": Terms("optional", REQUIRED, concept=REQUIRED),
        },
        acting_user=cast.fan,
    )
    freeze_form(round, acting_user=cast.fan)
    Round.objects.filter(pk=round.pk).update(state=Round.State.OPEN, published_at=timezone.now())
    draft = make_proposal(
        Round.objects.get(pk=round.pk),
        cast.organisations["enze"],
        created_by=cast.en,
        budget=False,
        safety="",
    )

    with pytest.raises(ProposalIncomplete) as refused:
        submit_proposal(fresh(draft), acting_user=cast.en)
    assert refused.value.facts["missing"] == ["填写项目目标"]
    Proposal.objects.filter(pk=draft.pk).update(aims="让独居老人每周有人说话。")
    submit_proposal(fresh(draft), acting_user=cast.en)
    round = pass_first_close(round)
    decide_concepts(round, [draft.pk], is_selected=True, reason="切题", acting_user=cast.fan)
    tell_selection(round, acting_user=cast.fan)
    with pytest.raises(ProposalIncomplete) as refused:
        submit_proposal(fresh(draft), acting_user=cast.en)
    assert refused.value.facts["missing"] == ["填写预算表，至少一行", "填写安全与保险"]


def test_the_drawing_and_the_steps_show_it_only_where_it_is_on(cast: Cast, round: Round):
    now, day = timezone.now(), timezone.localdate()
    both = make_round(created_by=cast.fan, full_closes_at=now + timedelta(days=30))

    one = flow_of(round, day)
    two = flow_of(both, day)

    assert "tell_selection" not in [step.verb for step in one]
    assert [str(step.source) for step in one if step.verb == "begin_review"] == ["征集"]
    assert [str(step.source) for step in two if step.verb == "begin_review"] == ["完整申报"]
    assert len(flow_picture(both, two).boxes) == len(flow_picture(round, one).boxes) + 1
    assert [str(step.label) for step in steps_of(both, now)][1:4] == [
        "交项目概要",
        "概要遴选",
        "交完整申报书",
    ]
    assert [str(step.label) for step in steps_of(round, now)][1] == "申报"


def test_an_undecided_concept_keeps_everybody_waiting(
    cast: Cast, two_steps: Round, concepts: tuple[Proposal, Proposal]
):
    round = pass_first_close(two_steps)
    decide_concepts(round, [concepts[0].pk], is_selected=True, reason="切题", acting_user=cast.fan)

    with pytest.raises(SelectionUnfinished):
        tell_selection(round, acting_user=cast.fan)


def test_who_never_files_in_full_is_told_so_and_may_be_given_time(
    client, cast: Cast, two_steps: Round, concepts: tuple[Proposal, Proposal]
):
    """By the clock, read so before the sweep wrote it; what was typed meanwhile stays her own."""
    first, second = concepts
    round = pass_first_close(two_steps)
    decide_concepts(
        round, [first.pk, second.pk], is_selected=True, reason="切题", acting_user=cast.fan
    )
    round = tell_selection(round, acting_user=cast.fan)
    submit_proposal(fresh(second), acting_user=cast.pan)
    changed = DraftText(values={"plan": "还没交的新写法"})
    save_draft(fresh(first), changed, revision=first.revision, acting_user=cast.en)
    assert lapse_overdue() == 0

    pass_second_close(round)
    client.force_login(cast.en)
    read_early = client.get(first.get_absolute_url()).content.decode()
    assert fresh(first).state == S.INVITED  # reading writes nothing
    assert [lapse_overdue(), lapse_overdue()] == [1, 0]

    first, round = fresh(first), Round.objects.get(pk=round.pk)
    assert first.state == S.UNFILED
    assert "没有提交" in read_early
    assert Change.objects.get(verb="miss").acting_user.kind == "system"
    assert Message.objects.filter(kind="proposal_unfiled", to_user=cast.en).count() == 1
    row = proposals_before(round, cast.fan).get(pk=first.pk)
    assert "新写法" not in str(row.handed_words)
    assert how_selected(round) == [
        "先收到项目概要 2 份，入围 2 份。",
        "入围后没有交完整申报书的 1 份。",
    ]
    assert [round.proposals.in_full().count(), round.proposals.concepts_in().count()] == [1, 2]
    assert [(one.key, one.count) for one in summary_of(round).funnel][:3] == [
        ("concepts", 2),
        ("selected", 2),
        ("filed", 1),
    ]
    with pytest.raises(RoundClosed):
        revive_proposal(first, acting_user=cast.en)

    # More time before the review: she goes on where she was.
    until = timezone.now() + timedelta(hours=2)
    enze = cast.organisations["enze"]
    give_extension(round, enze, until=until, reason="住院", acting_user=cast.fan)
    assert "给了您延期" in client.get(first.get_absolute_url()).content.decode()
    revive_proposal(first, acting_user=cast.en)
    assert fresh(first).plan == "还没交的新写法"
    assert lapse_overdue() == 0
    submit_proposal(fresh(first), acting_user=cast.en)
    assert fresh(first).state == S.SUBMITTED


def test_a_concept_has_a_sheet_of_its_own_and_nothing_to_sign(
    client, cast: Cast, two_steps: Round, concepts: tuple[Proposal, Proposal]
):
    first, second = concepts
    told(two_steps, cast, first=first, second=second)
    submit_proposal(fresh(first), acting_user=cast.en)
    first = fresh(first)

    concept = proposal_paper(first, paper_for(fresh(second), is_own=False))
    full = proposal_paper(first, paper_for(first, is_own=False))
    client.force_login(cast.en)
    pdfs = [client.get(f"/proposals/{first.code}.pdf", {"version": number}) for number in "129"]
    receipt = client.get(f"/proposals/{first.code}/receipt/1/").content.decode()

    assert [concept["title"], full["title"]] == ["项目概要", "项目申报书"]
    assert concept["sign"] is None
    assert full["sign"]["title"] == "签章页"
    assert [one.status_code for one in pdfs] == [200, 200, 404]
    assert all(one.content.startswith(b"%PDF-") for one in pdfs[:2])
    assert "项目概要 PDF" in receipt
    assert "打印签章页" not in receipt


def test_office_reads_no_concept_that_is_sealed_nor_one_it_is_tied_to(
    cast: Cast, two_steps: Round, concepts: tuple[Proposal, Proposal], client: Client
):
    """Where reviewers select, the list of who has spoken tells no more than the concepts do."""
    first, second = concepts
    Round.objects.filter(pk=two_steps.pk).update(
        is_sealed=True, selected_by=Round.Selects.REVIEWERS
    )
    name_readers(two_steps, [cast.shen], acting_user=cast.fan)
    page = f"/rounds/{two_steps.code}/concepts/"
    client.force_login(cast.fan)

    def decided(number: int) -> int:
        words = {"concepts": number, "outcome": "yes", "reason": "切题"}
        return client.post(f"{page}decide/", words).status_code

    sealed = client.get(page).content.decode()
    assert first.code not in sealed
    assert first.title not in sealed
    assert decided(first.pk) == decided(99_999_999) == 422

    pass_first_close(two_steps)
    assert first.code in client.get(page).content.decode()
    grant_role(
        cast.fan, "member", organisation=cast.organisations["banrixian"], acting_user=cast.fan
    )
    tied = client.get(page).content.decode()
    assert first.code in tied
    assert second.code not in tied
    assert decided(second.pk) == decided(99_999_999) == 422
