"""Draft, submit, withdraw, revive: what happens, what also happens, what is refused."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError
from django.utils import timezone

from accounts.errors import FileRefused, NotAllowed, OutOfTurn
from accounts.models import Change, Message, Role
from accounts.services.roles import grant_role
from config.demo.cast import Cast
from tests.factories.ventures import make_budget_line, make_proposal, make_round
from tests.ventures.conftest import close
from ventures.errors.proposals import (
    AlreadyFiled,
    CompletionOverdue,
    DraftLocked,
    DraftOvertaken,
    FieldLocked,
    MayNotApply,
    OperatorMayNotApply,
    ProposalIncomplete,
    SignatureOverdue,
)
from ventures.errors.rounds import RoundClosed, RoundNotOpen
from ventures.models import Proposal, ProposalVersion, Round
from ventures.selectors.proposals import organisations_free_for
from ventures.selectors.snapshots import digest_of
from ventures.services.budgets import DraftBudget, PlannedLine
from ventures.services.drafts import DraftText, begin_proposal, save_draft
from ventures.services.proposal_files import add_proposal_file, remove_proposal_file
from ventures.services.proposals import revive_proposal, submit_proposal, withdraw_proposal
from ventures.services.screening import return_proposal

pytestmark = pytest.mark.django_db(databases=["default", "owner"])

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\nstartxref\n9\n%%EOF\n"


def pdf(name: str = "signed.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PDF, content_type="application/pdf")


# Beginning ----------------------------------------------------------------------


def test_draft_begins_with_number_host_and_contact(cast: Cast, round: Round):
    proposal = begin_proposal(round, cast.organisations["banrixian"], acting_user=cast.pan)

    assert proposal.code == f"{round.number_prefix}-0001"
    assert proposal.host == cast.organisations["shelifang"]
    assert proposal.responsible_name == "潘队长"
    assert proposal.state == Proposal.State.DRAFT
    assert not Message.objects.filter(to_user=cast.fan).exists()


def test_outsider_begins_nothing_for_an_organisation(cast: Cast, round: Round):
    with pytest.raises(MayNotApply):
        begin_proposal(round, cast.organisations["enze"], acting_user=cast.pan)

    assert not Proposal.objects.exists()


def test_host_cannot_apply_in_its_groups_name(cast: Cast, round: Round):
    with pytest.raises(MayNotApply):
        begin_proposal(round, cast.organisations["banrixian"], acting_user=cast.ou)


def test_one_proposal_per_organisation_and_round(cast: Cast, round: Round, draft: Proposal):
    with pytest.raises(AlreadyFiled) as refused:
        begin_proposal(round, cast.organisations["enze"], acting_user=cast.en)

    assert refused.value.facts["code"] == draft.code
    assert Proposal.objects.count() == 1


def test_group_counts_itself_not_its_host(cast: Cast, round: Round):
    host = cast.organisations["shelifang"]
    make_proposal(round, host, created_by=cast.ou)

    proposal = begin_proposal(round, cast.organisations["banrixian"], acting_user=cast.pan)

    assert proposal.host == host


def test_database_itself_holds_one_per_organisation(cast: Cast, round: Round, draft: Proposal):
    enze = cast.organisations["enze"]

    with pytest.raises(IntegrityError, match="one_proposal_per_org"), transaction.atomic():
        make_proposal(round, enze, created_by=cast.en)


def test_nothing_begins_before_opening_or_after_close(cast: Cast):
    now = timezone.now()
    later = make_round(created_by=cast.fan, opens_at=now + timedelta(hours=1))
    unpublished = make_round(created_by=cast.fan, state=Round.State.DRAFT)
    over = close(make_round(created_by=cast.fan))

    for round, refusal in ((later, RoundNotOpen), (unpublished, RoundNotOpen), (over, RoundClosed)):
        with pytest.raises(refusal):
            begin_proposal(round, cast.organisations["enze"], acting_user=cast.en)
    assert not Proposal.objects.exists()


# Autosave -----------------------------------------------------------------------


def test_save_keeps_text_and_counts_up(cast: Cast, draft: Proposal):
    saved = save_draft(
        draft, DraftText(values={"title": "新名字"}), revision=0, acting_user=cast.enxiao
    )

    assert (saved.title, saved.revision, saved.saved_by) == ("新名字", 1, cast.enxiao)
    assert saved.plan == draft.plan


def test_save_from_an_older_page_overwrites_nothing(cast: Cast, draft: Proposal):
    save_draft(draft, DraftText(values={"title": "手机上写的"}), revision=0, acting_user=cast.en)

    with pytest.raises(DraftOvertaken) as refused:
        save_draft(
            draft, DraftText(values={"title": "电脑上写的"}), revision=0, acting_user=cast.enxiao
        )

    draft.refresh_from_db()
    assert draft.title == "手机上写的"
    assert refused.value.facts["revision"] == 1
    assert refused.value.facts["fields"] == {"title": "手机上写的"}
    assert "恩老师" in str(refused.value)


def test_same_save_again_after_a_lost_answer_is_no_conflict(cast: Cast, draft: Proposal):
    line = PlannedLine("activity", "茶水", 1_000, 100, "次", 1_000, 0)
    text = DraftText(
        values={"title": "只写一次", "communities": draft.communities.all()},
        typed={"person_times": "三百"},
        budget=DraftBudget(lines=[line]),
    )
    save_draft(draft, text, revision=0, acting_user=cast.en)

    again = save_draft(draft, text, revision=0, acting_user=cast.en)

    assert again.revision == 1
    for other in (
        DraftText(values={"title": "另一个"}),
        DraftText(values={"person_times": 300}),
        DraftText(values={"communities": []}),
        DraftText(budget=DraftBudget(lines=[])),
    ):
        with pytest.raises(DraftOvertaken):
            save_draft(draft, other, revision=0, acting_user=cast.en)


def test_text_that_cannot_be_read_is_kept_as_typed(cast: Cast, draft: Proposal):
    saved = save_draft(
        draft, DraftText(typed={"beneficiaries": "约六十"}), revision=0, acting_user=cast.en
    )
    assert saved.typed == {"beneficiaries": "约六十"}
    assert saved.beneficiaries == 30

    again = save_draft(
        saved, DraftText(values={"beneficiaries": 60}), revision=1, acting_user=cast.en
    )
    assert (again.typed, again.beneficiaries) == ({}, 60)


def test_after_the_close_not_even_a_draft_is_saved(cast: Cast, round: Round, draft: Proposal):
    close(round)

    with pytest.raises(RoundClosed):
        save_draft(draft, DraftText(values={"title": "晚了"}), revision=0, acting_user=cast.en)

    draft.refresh_from_db()
    assert (draft.title, draft.revision) == ("楼道里的热茶", 0)


def test_what_was_submitted_is_not_written_any_more(cast: Cast, submitted: Proposal):
    with pytest.raises(DraftLocked):
        save_draft(submitted, DraftText(values={"title": "再改"}), revision=0, acting_user=cast.en)


def test_others_save_nothing(cast: Cast, draft: Proposal):
    for key in ("pan", "fan", "ou", "shu"):
        with pytest.raises(NotAllowed):
            save_draft(
                draft,
                DraftText(values={"title": "别人写的"}),
                revision=0,
                acting_user=getattr(cast, key),
            )


# Submitting -----------------------------------------------------------------------


def test_submission_freezes_a_version_and_tells_both(cast: Cast, draft: Proposal):
    version = submit_proposal(draft, acting_user=cast.en)

    draft.refresh_from_db()
    assert draft.state == Proposal.State.SUBMITTED
    assert draft.submitted_at == version.submitted_at
    assert str(draft.tier) == "微项目"
    assert version.number == 1
    version.refresh_from_db()
    assert version.sha256 == digest_of(version.snapshot)
    assert version.snapshot["title"] == "楼道里的热茶"
    assert version.snapshot["requested_fen"] == 615_000
    told = set(Message.objects.filter(kind="proposal_submitted").values_list("to_user", flat=True))
    assert told == {cast.en.pk, cast.enxiao.pk}
    change = Change.objects.get(verb="submit")
    assert change.facts["sha256"] == version.sha256


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"title": ""}, "填写项目名称"),
        ({"track": None}, "填写服务人群"),
        ({"communities": []}, "填写实施社区"),
        ({"beneficiaries": None}, "填写直接服务人数"),
        ({"typed": {"person_times": "三百"}}, "服务人次的填写需要更正"),
        ({"typed": {"budget": [{}]}}, "预算表里有需要更正的行"),
        ({"budget": False}, "填写预算表，至少一行"),
        ({"requested_fen": 5_000_001, "budget": False}, "超过上限 ¥50,000.00，请减少 ¥0.01"),
    ],
)
def test_incomplete_proposal_is_not_taken(
    cast: Cast, round: Round, changes: dict[str, object], sentence: str
):
    proposal = make_proposal(round, cast.organisations["enze"], created_by=cast.en, **changes)

    with pytest.raises(ProposalIncomplete) as refused:
        submit_proposal(proposal, acting_user=cast.en)

    assert any(sentence in str(one) for one in refused.value.facts["missing"])
    assert not ProposalVersion.objects.exists()
    proposal.refresh_from_db()
    assert proposal.state == Proposal.State.DRAFT


def test_no_beneficiaries_is_an_answer_too(cast: Cast, round: Round):
    proposal = make_proposal(round, cast.organisations["enze"], created_by=cast.en, beneficiaries=0)

    assert submit_proposal(proposal, acting_user=cast.en).number == 1


def test_micro_tier_takes_at_most_its_lines(cast: Cast, round: Round, draft: Proposal):
    for position in range(3, 10):
        make_budget_line(draft, position=position, unit_price_fen=100)

    with pytest.raises(ProposalIncomplete) as refused:
        submit_proposal(draft, acting_user=cast.en)

    assert "最多 8 行，现在有 9 行" in str(refused.value)


def test_larger_amount_asks_for_the_standard_form(cast: Cast, round: Round, draft: Proposal):
    Proposal.objects.filter(pk=draft.pk).update(requested_fen=1_000_001)

    with pytest.raises(ProposalIncomplete) as refused:
        submit_proposal(draft, acting_user=cast.en)

    assert "填写实施步骤" in refused.value.facts["missing"]


def test_nothing_is_submitted_after_the_close(cast: Cast, round: Round, draft: Proposal):
    close(round)

    with pytest.raises(RoundClosed):
        submit_proposal(draft, acting_user=cast.en)

    assert not ProposalVersion.objects.exists()
    assert not Message.objects.exists()


def test_submitting_twice_makes_one_version(cast: Cast, submitted: Proposal):
    with pytest.raises(OutOfTurn):
        submit_proposal(submitted, acting_user=cast.en)

    assert submitted.versions.count() == 1


def test_outsiders_submit_nothing(cast: Cast, draft: Proposal):
    for key in ("pan", "fan", "ou", "xu", "anan"):
        with pytest.raises(NotAllowed):
            submit_proposal(draft, acting_user=getattr(cast, key))


# Taking back ------------------------------------------------------------------------


def test_withdrawn_is_revived_and_submitted_again(cast: Cast, submitted: Proposal):
    withdraw_proposal(submitted, acting_user=cast.en, reason="数字写错了")
    revive_proposal(submitted, acting_user=cast.en)
    version = submit_proposal(submitted, acting_user=cast.enxiao)

    assert version.number == 2
    assert [v.number for v in submitted.versions.all()] == [1, 2]


def test_after_the_close_nothing_is_withdrawn_or_revived(
    cast: Cast, round: Round, submitted: Proposal
):
    close(round)
    with pytest.raises(RoundClosed):
        withdraw_proposal(submitted, acting_user=cast.en)

    Proposal.objects.filter(pk=submitted.pk).update(state=Proposal.State.WITHDRAWN)
    with pytest.raises(RoundClosed):
        revive_proposal(submitted, acting_user=cast.en)


def test_withdrawn_stays_so_when_another_was_begun(cast: Cast, round: Round, draft: Proposal):
    withdraw_proposal(draft, acting_user=cast.en)
    begin_proposal(round, cast.organisations["enze"], acting_user=cast.en)

    with pytest.raises(AlreadyFiled):
        revive_proposal(draft, acting_user=cast.en)


# Completing ------------------------------------------------------------------------


def returned(cast: Cast, proposal: Proposal, *, hours: int = 24) -> Proposal:
    return_proposal(
        proposal,
        reason="安全措施没写保险",
        marked_fields=["safety"],
        complete_by=timezone.now() + timedelta(hours=hours),
        acting_user=cast.fan,
    )
    proposal.refresh_from_db()
    return proposal


def test_returned_proposal_is_completed_after_the_close(
    cast: Cast, round: Round, submitted: Proposal
):
    proposal = returned(cast, submitted)
    close(round)

    saved = save_draft(
        proposal, DraftText(values={"safety": "已买保险"}), revision=0, acting_user=cast.en
    )
    with pytest.raises(FieldLocked):
        save_draft(
            proposal, DraftText(values={"plan": "换个项目"}), revision=1, acting_user=cast.en
        )
    version = submit_proposal(saved, acting_user=cast.en)

    assert version.number == 2
    assert version.snapshot["safety"] == "已买保险"


def test_before_the_close_a_returned_proposal_is_free(cast: Cast, submitted: Proposal):
    proposal = returned(cast, submitted)

    saved = save_draft(
        proposal, DraftText(values={"plan": "写得更清楚"}), revision=0, acting_user=cast.en
    )

    assert saved.plan == "写得更清楚"


def test_completion_ends_on_its_day(cast: Cast, round: Round, submitted: Proposal):
    proposal = returned(cast, submitted)
    close(round)
    Proposal.objects.filter(pk=proposal.pk).update(
        complete_by=timezone.now() - timedelta(seconds=1)
    )

    with pytest.raises(CompletionOverdue):
        submit_proposal(proposal, acting_user=cast.en)
    with pytest.raises(CompletionOverdue):
        save_draft(proposal, DraftText(values={"safety": "晚了"}), revision=0, acting_user=cast.en)


# Files --------------------------------------------------------------------------------


def test_file_is_kept_and_named_in_the_version(cast: Cast, draft: Proposal):
    file = add_proposal_file(draft, pdf(), kind="signature", acting_user=cast.en)

    version = submit_proposal(draft, acting_user=cast.en)

    assert version.snapshot["files"] == [
        {"kind": "signature", "name": "signed.pdf", "sha256": file.attachment.sha256}
    ]


def test_what_is_no_pdf_is_refused(cast: Cast, draft: Proposal):
    fake = SimpleUploadedFile("signed.pdf", b"MZ...", content_type="application/pdf")

    with pytest.raises(FileRefused):
        add_proposal_file(draft, fake, kind="signature", acting_user=cast.en)


def test_signed_page_follows_until_its_day(cast: Cast, round: Round, submitted: Proposal):
    close(round)
    with pytest.raises(SignatureOverdue):
        add_proposal_file(submitted, pdf(), kind="signature", acting_user=cast.en)

    Round.objects.filter(pk=round.pk).update(signature_due_on=timezone.localdate())
    add_proposal_file(submitted, pdf(), kind="signature", acting_user=cast.en)
    with pytest.raises(SignatureOverdue):
        add_proposal_file(submitted, pdf(), kind="other", acting_user=cast.en)

    Round.objects.filter(pk=round.pk).update(
        signature_due_on=timezone.localdate() - timedelta(days=1)
    )
    with pytest.raises(SignatureOverdue):
        add_proposal_file(submitted, pdf(), kind="signature", acting_user=cast.en)


def test_removed_file_stays_on_record(cast: Cast, draft: Proposal):
    file = add_proposal_file(draft, pdf(), kind="other", acting_user=cast.en)

    remove_proposal_file(file, acting_user=cast.en)
    remove_proposal_file(file, acting_user=cast.en)

    file.refresh_from_db()
    assert file.removed_at is not None
    assert submit_proposal(draft, acting_user=cast.en).snapshot["files"] == []
    assert Change.objects.filter(verb="remove_file").count() == 1


# Written once ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ventures_proposalversion SET sha256 = ''",
        "DELETE FROM ventures_proposalversion",
        "TRUNCATE ventures_proposalversion CASCADE",
        "UPDATE ventures_screening SET reason = ''",
        "DELETE FROM ventures_screening",
    ],
)
def test_web_role_rewrites_no_version(cast: Cast, submitted: Proposal, statement: str):
    returned(cast, submitted)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("qicai_web",)

        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            cursor.execute(statement)


def test_operator_competes_in_no_round_it_receives(cast: Cast):
    operator = cast.organisations["shelifang"]
    round = make_round(created_by=cast.fan, operator=operator)
    grant_role(cast.ou, Role.Kind.MANAGER, organisation=operator, acting_user=cast.system)

    with pytest.raises(OperatorMayNotApply):
        begin_proposal(round, operator, acting_user=cast.ou)

    assert not round.proposals.exists()
    assert organisations_free_for(cast.ou, round) == []
